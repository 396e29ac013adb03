--- HTML that stands among Markdown, which pandoc takes apart tag by tag -> text that every format prints.

local html_tables = require("html_tables")
local network = require("network")
local shared = require("shared")
local tags = require("tags")

local M = {}

local READ_AS = { details = 'div class="details"', summary = 'div class="summary"' }
--- pandoc reads these for their letters alone, which would lose what Markdown has made of them.
local CODE = { code = true, samp = true, tt = true, var = true }

local function renamed(text, holds)
  return (text:gsub("<(/?)(%a[%w-]*)", function(slash, name)
    local as = READ_AS[name:lower()]
    if holds and CODE[name:lower()] then as = 'span class="html-code"' end
    if as then return "<" .. slash .. (slash == "/" and as:match("^%a+") or as) end
  end))
end

local function as_code(span)
  if not span.classes:includes("html-code") then return nil end
  for _, inline in ipairs(span.content) do
    if inline.t ~= "Str" and inline.t ~= "Space" then return span.content end
  end
  return pandoc.Code(pandoc.utils.stringify(span.content))
end

--- A heading is named by its words, which were not there while pandoc named it.
local function with_name(header)
  if #header.content == 0 or not header.identifier:match("^section%-?%d*$") then return nil end
  local words = pandoc.utils.stringify(header.content):lower():gsub("[^%w\128-\255_.]+", "-")
  header.identifier = words:gsub("^[^%a\128-\255]+", ""):gsub("%-+$", "")
  return header
end

--- Markdown that an element of HTML carries for pandoc, as `data-qmd` or, in base 64, `data-qmd-base64`.
local function carried(el)
  local coded = el.attributes["qmd-base64"]
  local text = el.attributes["qmd"]
  if coded then
    local _, content = pandoc.mediabag.fetch("data:text/plain;base64," .. coded)
    text = content
  end
  if not text then return nil end
  local blocks = pandoc.read(text, "markdown-raw_html").blocks
  return el.t == "Div" and blocks or pandoc.utils.blocks_to_inlines(blocks)
end

--- Read HTML whose `held` elements stand as places in it; nil where one of them would be lost.
local function read(html, held)
  local found, count = pandoc.read(renamed(html_tables.ordered(html), #held > 0), "html").blocks, 0
  local function put_back(el)
    local number = tonumber(el.attributes["imprint"])
    if not number then return nil end
    count = count + 1
    return held[number]
  end
  found = found:walk({ Div = put_back, Span = put_back })
  if html:find("data-qmd", 1, true) then found = found:walk({ Div = carried, Span = carried }) end
  found = found:walk({ Span = as_code, Header = with_name })
  return count == #held and found or nil
end

local function place(kind, number)
  return "<" .. kind .. ' data-imprint="' .. number .. '"></' .. kind .. ">"
end

--- Whether every format can print what these tags hold; those are reported that none or one can.
local function is_text(html, note)
  local readable = true
  for name, closes, _, written, attributes in tags.of(html) do
    local needle = "<" .. written
    if not closes and tags.NO_PRINT[name] then
      readable = false
      note("html-is-text", needle, "the PDF cannot show `<" .. name .. ">`",
        'put it in `::: {.content-visible when-format="html"}`, and what the PDF prints instead in one '
          .. 'with `when-format="typst"`')
    elseif not closes and name == "svg" then
      readable = false
      note("html-is-text", needle, "a drawing in `<svg>` has no description for those who cannot see it",
        'save it as a file, and show it by `![](drawing.svg){fig-alt="…"}`')
    elseif not closes and not tags.PAGE_ONLY[name] and not tags.OF_WORD[name:match("^%w+:") or ""]
      and (not tags.TEXT[name] or tags.holds_words(attributes or "")) then
      readable = false
      note("html-tag-is-known", needle,
        "`" .. needle .. (attributes or "") .. ">` reads as an HTML tag, so that neither page nor PDF shows it",
        "write `\\" .. needle .. "`, or put it in backticks as code")
    end
  end
  return readable
end

local function looks_only(html, note)
  local only = true
  for name in tags.of(html) do
    if tags.PAGE_ONLY[name] then
      note("raw-is-for-both", shared.first_line(html), "`<" .. name .. ">` changes the page alone",
        "put the style or script into the extension's `assets/`, or leave it out", "warning")
    else
      only = false
    end
  end
  return only
end

local function is_html(el)
  return (el.t == "RawBlock" or el.t == "RawInline") and el.format == "html"
end

--- The index at which what opens at `first` is closed, and nil or the name of what never is.
local function closing(list, first)
  local open = pandoc.List({})
  for i = first, #list do
    if is_html(list[i]) then
      for name, closes, alone in tags.of(list[i].text) do
        if closes then
          local at
          for depth = #open, 1, -1 do
            if open[depth] == name then at = depth break end
          end
          if at then
            for _ = at, #open do open:remove() end
          end
        elseif not alone then
          open:insert(name)
        end
      end
    end
    if #open == 0 then return i end
  end
  return first, open[1]
end

--- A run of blocks from an opening tag to its end, as text.
local function read_run(list, first, last, note)
  local html, held = {}, {}
  for i = first, last do
    local block = list[i]
    if is_html(block) then
      table.insert(html, block.text)
    elseif block.t == "Plain" then
      table.insert(held, block.content)
      table.insert(html, place("span", #held))
    elseif block.t == "Para" then
      table.insert(held, block.content)
      table.insert(html, "<p>" .. place("span", #held) .. "</p>")
    else
      table.insert(held, pandoc.Blocks({ block }))
      table.insert(html, place("div", #held))
    end
  end
  local text = table.concat(html, "\n")
  local as_they_are = list:clone()
  for i = #as_they_are, 1, -1 do
    if i < first or i > last then as_they_are:remove(i) end
  end
  if text:find("://", 1, true) then text = network.frames(text, note) end
  if not text:find("<[%a/]") or looks_only(text, note) or not is_text(text, note) then return as_they_are end
  local found = read(text, held)
  if not found then
    note("html-is-text", shared.first_line(text), "this HTML cannot be read as text",
      "write it in Markdown, or close its tags in the order in which they open")
    return as_they_are
  end
  return found
end

--- Blocks whose runs of HTML are text; `note` reports what is none (raw.lua).
function M.blocks(list, note)
  local out, i = pandoc.Blocks({}), 1
  while i <= #list do
    if is_html(list[i]) then
      local last, unclosed = closing(list, i)
      if unclosed and tags.CLOSED[unclosed] then
        note("html-is-text", shared.first_line(list[i].text), "`<" .. unclosed .. ">` is never closed",
          "close it with `</" .. unclosed .. ">`")
      end
      out:extend(read_run(list, i, last, note))
      i = last + 1
    else
      out:insert(list[i])
      i = i + 1
    end
  end
  return out
end

--- The same for inlines; nil where there is no HTML.
function M.inlines(list, note)
  local html, held, all, has_tags, within = {}, {}, {}, false, nil
  for _, inline in ipairs(list) do
    if is_html(inline) and not inline.text:find("^<!") then
      has_tags = true
      table.insert(html, inline.text)
      table.insert(all, inline.text)
      local slash, name = inline.text:lower():match("^<(/?)(%a+)")
      if tags.WHOLE[name] then within = slash == "" and name or nil end
    elseif within then
      table.insert(html, pandoc.utils.stringify(inline))
    else
      if #html == 0 or html[#html] ~= place("span", #held) then
        table.insert(held, pandoc.Inlines({}))
        table.insert(html, place("span", #held))
      end
      held[#held]:insert(inline)
    end
  end
  local text = table.concat(html)
  local tagged = table.concat(all)
  if tagged:find("://", 1, true) then
    text, tagged = network.frames(text, note), network.frames(tagged, function() end)
  end
  if not has_tags or looks_only(tagged, note) or not is_text(tagged, note) then return nil end
  local found = read(text, held)
  if found then return pandoc.utils.blocks_to_inlines(found, { pandoc.Space() }) end
  note("html-is-text", shared.first_line(tagged), "this HTML cannot be read as text",
    "write it in Markdown, or close its tags in the order in which they open")
end

M.read = read

return M
