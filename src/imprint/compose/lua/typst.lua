--- Blocks of a chapter -> its part of the one Typst document; and the frame around all parts.

local elements = require("elements")
local lines = require("lines")
local shared = require("shared")
local theorems = require("theorems")
local tables = require("tables")

local M = {}

--- Quotation marks are pandoc's: with `smart`, Typst would guess them anew and turn ’10 into ‘10.
local TARGET = { format = "typst", extensions = { citations = false, smart = false } }

local function raw(text) return pandoc.RawBlock("typst", text) end

local function write(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), TARGET,
    { wrap_text = "wrap-none" })
end

--- Inlines as Typst markup on one line, to stand inside an argument's brackets: the mark of a line
--- break at their end would take the bracket for its own.
local function markup(inlines)
  local text = write({ pandoc.Plain(inlines) }):gsub("^%s+", ""):gsub("%s+$", "")
  local marks = text:match("\\+$") or ""
  return #marks % 2 == 0 and text or (text:sub(1, -2):gsub("%s+$", ""))
end

local function use_mark(number)
  return number and "#use-mark(" .. number .. ");" or ""
end

-- ---- floats, callouts, equations, images -------------------------------------------------------

--- A part of a float: what it shows, and `(a) Its caption`.
local function part(div)
  local caption, content = shared.float_parts(div)
  local words = pandoc.Inlines({ pandoc.Str(div.attributes["number"] or "") })
  if caption then
    words:insert(pandoc.Space())
    words:extend(caption)
  end
  local out = pandoc.Blocks({ raw("#block(breakable: false)[") })
  out:extend(content)
  out:extend({ raw("#block(above: 0.6em, text(size: 0.9em)[" .. markup(words) .. "])"), raw("] <" .. div.identifier .. ">") })
  return out
end

--- Blocks beside each other, in columns as wide as their shares.
local function row(div)
  local columns = div.attributes["columns"]:gsub(" ", ", ")
  local out = pandoc.Blocks({ raw("#grid(columns: (" .. columns .. ",), gutter: 4mm,") })
  for _, cell in ipairs(div.content) do
    out:insert(raw("["))
    out:extend(cell.content)
    out:insert(raw("],"))
  end
  out:insert(raw(")"))
  return out
end

local function float(div, job)
  if div.classes:includes("part") then return part(div) end
  local kind = div.attributes["kind"]
  local info = job.floats[kind]
  local caption, content = shared.float_parts(div)
  local number = div.attributes["number"]
  local arguments = { 'kind: "quarto-float-' .. kind .. '"' }
  if number then
    table.insert(arguments, "supplement: " .. shared.quoted(info.name))
    table.insert(arguments, "numbering: (..) => " .. shared.quoted(number))
  else
    table.insert(arguments, "supplement: none")
    table.insert(arguments, "numbering: none")
  end
  if caption or number then
    table.insert(arguments, "caption: figure.caption(position: " .. info.caption_location
      .. ", [" .. markup(caption or {}) .. "])")
  end
  content = content:walk({
    Table = function(tbl)
      tbl.classes:insert("typst:no-figure")
      return tbl
    end,
  })
  local label = div.identifier ~= "" and " <" .. div.identifier .. ">" or ""
  local out = pandoc.Blocks({ raw("#figure([" .. use_mark(div.attributes["data-use"])) })
  out:extend(content)
  out:insert(raw("], " .. table.concat(arguments, ", ") .. ")" .. label))
  return out
end

local function callout(div, job)
  local title, content = shared.callout_parts(div, job, pandoc)
  local out = pandoc.Blocks({ raw("#callout(kind: " .. shared.quoted(div.attributes["kind"]) .. ", title: ["
    .. markup(title) .. "], body: [") })
  out:extend(content)
  out:insert(raw("])" .. (div.attributes["number"] and " <" .. div.identifier .. ">" or "")))
  return out
end

--- Typst takes lengths as `50%`, `8cm`, `120pt`; pixels become points.
local function length(value)
  local pixels = value:match("^(%d+%.?%d*)p?x?$")
  if pixels then return tostring(tonumber(pixels) * 0.75) .. "pt" end
  return value:match("^%d+%.?%d*%%$") or value:match("^%d+%.?%d*[a-z]+$")
end

--- A picture that stands in its own address, as the bytes that Typst reads.
local function picture(address)
  local kind, content = pandoc.mediabag.fetch(address)
  local bytes = {}
  for i = 1, #content do bytes[i] = content:byte(i) end
  return "bytes((" .. table.concat(bytes, ",") .. ",))" .. (kind:find("svg", 1, true) and ', format: "svg"' or "")
end

--- Pandoc's writer drops the alternative text, which PDF/UA wants.
local function image(el)
  local source = el.src:match("^data:") and picture(el.src) or shared.quoted(el.src)
  -- Typst goes by a file's ending, and by how bytes begin.
  if el.attributes["data-bytes"] then source = "read(" .. source .. ", encoding: none)" end
  local arguments = { source, "alt: " .. shared.quoted(el.attributes["alt"] or "") }
  for _, side in ipairs({ "width", "height" }) do
    local size = el.attributes[side] and length(el.attributes[side])
    if size then table.insert(arguments, side .. ": " .. size) end
  end
  return pandoc.RawInline("typst", "#box(image(" .. table.concat(arguments, ", ") .. "))")
end

--- Pandoc leaves as they are the marks that Typst would make others of: ... -- --- -? and -5.
local SHORTHAND = { "%.%.%.+", "%-%-+", "%-%?", "^%-%f[%d]" }

--- Returns nil for a word without any, which most are.
local function verbatim(str)
  local text = str.text
  if not text:find("[.-][.?%d-]") then return nil end
  for _, pattern in ipairs(SHORTHAND) do
    local first, last = text:find(pattern)
    if first then
      local out = elements.Inlines({})
      local function add(part)
        if part ~= "" then out:extend(verbatim(elements.Str(part)) or { elements.Str(part) }) end
      end
      add(text:sub(1, first - 1))
      out:insert(elements.RawInline("typst", (text:sub(first, last):gsub(".", "\\%0"))))
      add(text:sub(last + 1))
      return out
    end
  end
end

local function constructs(job)
  return {
    Div = function(div)
      if div.classes:includes("float") then return float(div, job) end
      if div.classes:includes("callout") and div.attributes["kind"] then return callout(div, job) end
      if div.classes:includes("theorem") then
        return pandoc.Div(theorems.written(div, job, pandoc), { id = div.identifier })
      end
      if div.classes:includes("layout-row") then return row(div) end
      if div.classes:includes("margin") then
        local out = pandoc.Blocks({ raw("#block(inset: (left: 1em), text(size: 0.9em)[") })
        out:extend(div.content)
        out:insert(raw("])" .. (div.identifier ~= "" and " <" .. div.identifier .. ">" or "")))
        return out
      end
      if div.classes:includes("summary") then
        return pandoc.Para({ pandoc.Strong(pandoc.utils.blocks_to_inlines(div.content)) })
      end
      if div.classes:includes("cell") or div.classes:includes("cell-output") then return div.content end
    end,
    Span = function(span)
      if span.classes:includes("equation") then
        return pandoc.RawInline("typst", "#math.equation(block: true, alt: "
          .. shared.quoted(span.content[1].text) .. ", numbering: (..) => "
          .. shared.quoted("(" .. span.attributes["number"] .. ")") .. ", [ " .. markup(span.content)
          .. " ]) <" .. span.identifier .. ">")
      elseif span.classes:includes("pagebreak") then
        return pandoc.RawInline("typst", "#pagebreak(weak: true)")
      end
    end,
    Image = image,
  }
end

-- ---- one document: labels and links ------------------------------------------------------------

--- Identifiers that other chapters have too get the labels that numbering.py has chosen, since a
--- document has one space. Returns the blocks and their labels by identifier.
local function unique_labels(chapter, blocks, chosen)
  local stem = chapter.path:gsub("%.%w+$", ""):gsub("[^%w]+", "-")
  local labels, taken = {}, {}
  local function claim(el)
    local id = el.identifier
    if id == "" then return nil end
    local label = chosen[id] or id
    if taken[label] then label = stem .. "-" .. label end
    taken[label] = true
    labels[id] = labels[id] or label
    el.identifier = label
    return el
  end
  return blocks:walk({ Header = claim, Div = claim, Span = claim }), labels
end

--- Links within the document lead to labels; those that lead nowhere are plain text.
local function links(chapter, around, own)
  return {
    Link = function(link)
      local target = link.target
      if not shared.is_safe(target) then return link.content end
      if shared.is_external(target) then return nil end
      local label
      local id = target:match("^#(.+)$")
      if id then
        label = own[id] or around.labels[id]
      else
        local fragment = target:match("^[^#]*#?(.*)$")
        local there = around.places[shared.file(target, around, chapter).path] or {}
        label = there[fragment] or there[""]
      end
      if not label then return link.content end
      link.target = "#" .. label
      return link
    end,
    Image = function(el)
      if not shared.is_safe(el.src, true) then return el.caption end
      local missing = shared.missing(el, around)
      if missing then return missing end
      if not shared.is_external(el.src) then
        local file = shared.file(el.src, around, chapter)
        el.src = "/" .. file.path
        if file.is_misnamed then el.attributes["data-bytes"] = "" end
      end
      return el
    end,
  }
end

--- What a use was numbered stays in the document, to be asked for the page it came to stand on.
--- The extension's filter does so for statistics.
local USES = {
  Span = function(span)
    if span.classes:includes("permalink") then return {} end
    if span.classes:includes("cited") then
      span.content:insert(1, elements.RawInline("typst", use_mark(span.attributes["data-use"])))
      return span.content
    end
  end,
}

--- No level of headings left out, which tagged PDFs may not do; the text has been told (read.lua).
local function without_gaps()
  local above
  return {
    traverse = "topdown",
    Header = function(el)
      if above and el.level > above + 1 then el.level = above + 1 end
      above = el.level
      return el
    end,
  }
end

--- One chapter as Typst source, with the marks that typst.py settles.
function M.chapter(chapter, around, job)
  local blocks = shared.settle_formats(chapter, { typst = true }):walk(USES)
  local labelled, own = unique_labels(chapter, blocks, around.chosen)
  blocks = labelled:walk(links(chapter, around, own)):walk(without_gaps()):walk({
    Inlines = shared.with_whole_isbns,
    Str = verbatim,
  })
  blocks = tables.fitted(blocks, job)
  local filters = shared.extension_filters(job.filters.typst, "typst")
  return write(shared.filtered(elements.pandocs(blocks), filters):walk(constructs(job)))
end

-- ---- metadata ----------------------------------------------------------------------------------

--- YAML values as pandoc's template sees them: text is Markdown. A template would not escape what
--- opens a list of Typst's: `2010. A year`.
local function meta_of(value)
  if type(value) == "string" then
    return pandoc.MetaInlines({ pandoc.RawInline("typst", markup(lines.inlines_of(value))) })
  end
  if type(value) == "number" then return pandoc.MetaString(tostring(value):gsub("%.0$", "")) end
  if type(value) == "boolean" then return value end
  if type(value) ~= "table" then return nil end
  if #value > 0 then
    local list = pandoc.List({})
    for _, item in ipairs(value) do list:insert(meta_of(item)) end
    return pandoc.MetaList(list)
  end
  local map = {}
  for key, item in pairs(value) do map[key] = meta_of(item) end
  return pandoc.MetaMap(map)
end

--- The document around the chapters, with `request.mark` where they go, and the titles of parts as
--- markup.
function M.frame(request)
  local meta = {}
  for key, value in pairs(request.metadata) do meta[key] = meta_of(value) end
  local titles = pandoc.List({})
  for _, title in ipairs(request.parts) do titles:insert(markup(lines.inlines_of(title))) end
  local text = pandoc.write(pandoc.Pandoc({ raw(request.mark) }, meta), TARGET,
    { wrap_text = "wrap-none", template = pandoc.template.compile(request.template) })
  return { text = text, parts = titles }
end

return M
