--- HTML and TeX that stand among Markdown or come out of cells -> text that every format prints.
--- What no reader of the PDF would see is reported, never dropped.

local guard = require("guard")
local html_text = require("html_text")
local network = require("network")
local shared = require("shared")
local tags = require("tags")
local tex = require("tex")

local M = {}

-- ---- raw blocks on purpose ---------------------------------------------------------------------

--- `{=html}` is its author's choice and stays as it is; pandoc reads tags that stand in Markdown as
--- blocks of the same format, so that those written on purpose are read under another name.
local ON_PURPOSE = "-on-purpose"
local MARKED = "{=([%w_-]+)" .. ON_PURPOSE:gsub("%-", "%%-") .. "}"

--- What a cell displayed as HTML (`run/display.py`); its plain text may follow as code of this class.
local OUTPUT, PLAIN = "html-output", "cell-output-plain"

--- The Markdown with its raw blocks' formats renamed.
function M.marked(markdown)
  return (markdown:gsub("{=([%w_-]+)}", function(format)
    if format ~= OUTPUT then return "{=" .. format .. ON_PURPOSE .. "}" end
  end))
end

--- A text with the formats' own names.
function M.unmarked(text)
  return (text:gsub(MARKED, "{=%1}"))
end

--- Code may show how to write a raw block.
local function own_names(el)
  if not el.text:find(ON_PURPOSE, 1, true) then return nil end
  el.text = M.unmarked(el.text)
  return el
end

-- ---- what cells displayed ----------------------------------------------------------------------

local function has_words(blocks) return pandoc.utils.stringify(blocks):find("%S") ~= nil end

--- Libraries make identifiers up, anew in every run: those that no link of the chapter leads to go.
local function without_made_up(blocks, markdown)
  local function clear(el)
    for _, around in ipairs({ "()", '""', "''" }) do
      local address = around:sub(1, 1) .. "#" .. el.identifier .. around:sub(2)
      if markdown:find(address, 1, true) then return el end
    end
    el.identifier = ""
    return el
  end
  local function clear_rows(rows)
    for _, row in ipairs(rows) do
      clear(row)
      for _, cell in ipairs(row.cells) do clear(cell) end
    end
  end
  return blocks:walk({
    Div = clear, Span = clear,
    Table = function(tbl)
      clear_rows(tbl.head.rows)
      for _, body in ipairs(tbl.bodies) do
        clear_rows(body.head)
        clear_rows(body.body)
      end
      clear_rows(tbl.foot.rows)
      return clear(tbl)
    end,
  })
end

--- A table, or other text, for every format; else the page shows the HTML and the PDF its plain text.
local function displayed(html, plain, markdown, note)
  if html:find("<style[^>]*>[^<]*{") then
    note("html-is-text", shared.first_line(html), "colours and borders of a style sheet that a cell displays are not kept",
      "say in words what they tell", "warning")
  end
  local still = tags.without(html, tags.PAGE_ONLY):gsub("<[iI][fF][rR][aA][mM][eE].-</[iI][fF][rR][aA][mM][eE]%s*>", "")
  local needs_page = tags.first(html, tags.NO_PRINT) or tags.first(html, tags.PAGE_ONLY)
    or tags.first(html, { svg = true })
  local read = guard.displayed(html_text.read(still, {}) or pandoc.Blocks({}))
  read = without_made_up(read, markdown)
  if not needs_page or tags.first(html, { table = true }) then
    return has_words(read) and read or plain and pandoc.Blocks({ plain }) or read
  end
  if not plain and not has_words(read) then
    note("html-is-text", shared.first_line(html), "what a cell displays has no form that the PDF can print",
      "display a table or an image of it, or give the object a `__repr__`")
  end
  return pandoc.Blocks({ shared.shown_in("html", { pandoc.RawBlock("html", html) }),
    shared.shown_in("typst", { plain or pandoc.Div(read) }) })
end

--- A value of inline code that came as HTML.
local function displayed_inline(el)
  if el.format ~= OUTPUT then return nil end
  local blocks = html_text.read(el.text, {})
  return blocks and pandoc.utils.blocks_to_inlines(guard.displayed(blocks), { pandoc.Space() })
end

local function read_outputs(list, markdown, note)
  local out, i = pandoc.Blocks({}), 1
  while i <= #list do
    local block, follows = list[i], list[i + 1]
    if block.t == "RawBlock" and block.format == OUTPUT then
      local plain = follows and follows.t == "CodeBlock" and follows.classes:includes(PLAIN) and follows
      if plain then i = i + 1 end
      if plain then plain.classes = {} end
      out:extend(displayed(block.text, plain, markdown, note))
    else
      out:insert(block)
    end
    i = i + 1
  end
  return out
end

-- ---- a document --------------------------------------------------------------------------------

local OTHER = { html = "typst", typst = "html" }

--- The format of a raw block on purpose by its own name; nil for anything else.
local function own_format(el)
  local at = el and (el.t == "RawBlock" or el.t == "RawInline") and el.format:find(ON_PURPOSE, 1, true)
  return at and el.format:sub(1, at - 1) or nil
end

--- Whether a raw block on purpose has the other format's beside it.
local function has_other(list, i)
  local other = OTHER[own_format(list[i])]
  return other ~= nil and (own_format(list[i - 1]) == other or own_format(list[i + 1]) == other)
end

local function warn(list, note)
  for i, el in ipairs(list) do
    local format = own_format(el)
    if format and not has_other(list, i) then
      local lacking = format == "html" and "the PDF lacks" or format == "typst" and "the pages lack"
        or "pages and PDF lack"
      note("raw-is-for-both", shared.first_line(el.text), lacking .. " what a raw block `{=" .. format .. "}` holds",
        "write one `{=html}` and, beside it, one `{=typst}`", "warning")
    end
  end
end

--- As Quarto has it, a table of HTML alone serves every format.
local function tables(list)
  for i = #list, 1, -1 do
    if own_format(list[i]) == "html" and not has_other(list, i) and tags.first(list[i].text, { table = true }) then
      local found = html_text.read(list[i].text, {})
      list:remove(i)
      for j, block in ipairs(found) do list:insert(i + j - 1, block) end
    end
  end
  return list
end

local function by_own_name(el)
  el.format = own_format(el) or el.format
  return el
end

local function marks_conditions(el)
  if el.attributes["when-format"] or el.attributes["unless-format"] then return el, false end
end

--- The blocks with HTML and TeX read as text. `note` reports (rule, words in the source, what is wrong,
--- fix, and "warning" where nothing is lost).
function M.read(blocks, markdown, note)
  if markdown:find("{=", 1, true) then
    blocks = blocks:walk({ RawInline = displayed_inline,
      Blocks = function(list) return read_outputs(list, markdown, note) end })
  end
  if markdown:find("<[%a/]") or markdown:find("\\%a") then
    local steps = tex.steps(note)
    steps.traverse = "topdown"
    steps.Div, steps.Span = marks_conditions, marks_conditions
    steps.Blocks = function(list) return html_text.blocks(list, note) end
    steps.Inlines = function(list) return html_text.inlines(list, note) end
    blocks = blocks:walk(steps)
  end
  if markdown:find(ON_PURPOSE, 1, true) then
    local function look(list) warn(list, note) end
    blocks = blocks:walk({ Blocks = tables })
    blocks:walk({ traverse = "topdown", Div = marks_conditions, Span = marks_conditions,
      Blocks = look, Inlines = look })
    local function ask(el)
      if own_format(el) == "html" then network.asked_for(el.text, note) end
    end
    blocks:walk({ RawBlock = ask, RawInline = ask })
    blocks = blocks:walk({ RawBlock = by_own_name, RawInline = by_own_name })
      :walk({ Code = own_names, CodeBlock = own_names, Str = own_names, Math = own_names })
  end
  if markdown:find("$", 1, true) or markdown:find("\\begin", 1, true) then
    blocks = blocks:walk({ Math = function(el) return tex.maths(el, note) end })
  end
  return blocks
end

return M
