--- What front matter or a project file puts into a text: Lua filters of its own, which run once for each
--- format, and pieces of HTML and Typst before and after it; and its headings moved by some levels.

local shared = require("shared")

local M = {}

local FORMATS = { "html", "typst" }

-- ---- headings ----------------------------------------------------------------------------------

--- As pandoc moves them: what rises above the first level is a paragraph.
local function shifted(blocks, by)
  if by == 0 then return blocks end
  return blocks:walk({
    Header = function(header)
      if header.level + by < 1 then return pandoc.Para(header.content) end
      header.level = header.level + by
      return header
    end,
  })
end

-- ---- filters -----------------------------------------------------------------------------------

local KINDS = {}
for name in ("Pandoc Meta Blocks Inlines Block Inline BlockQuote BulletList CodeBlock DefinitionList Div Figure Header "
  .. "HorizontalRule LineBlock OrderedList Para Plain RawBlock Table Cite Code Emph Image LineBreak Link Math Note "
  .. "Quoted RawInline SmallCaps SoftBreak Space Span Str Strikeout Strong Subscript Superscript Underline"):gmatch("%a+")
do
  KINDS[name] = true
end

--- As much of Quarto's own library as filters of texts ask for; anything else stops the filter with its name.
local function quarto_for(format, source, file, note)
  local function missing(name)
    return { __index = function(_, key) error("it calls " .. name .. "." .. key .. ", which Quarto alone has", 0) end }
  end
  local function is_format(name) return name == format or (name == "html:js" and format == "html") end
  local function left_out(what)
    return function() note("filter-runs", file.place, what, "put it into the extension", "warning") end
  end
  local head = left_out("what a filter adds to the head of the page or of the Typst document is not kept")
  local doc = { is_format = is_format, isFormat = is_format, input_file = source.path,
    include_text = head, includeText = head, include_file = head, add_html_dependency = head,
    addHtmlDependency = head, has_bootstrap = function() return false end,
    is_filter_active = function() return false end, cite_method = function() return "citeproc" end,
    pdf_engine = function() return "typst" end }
  local utils = {
    string_to_blocks = function(text) return pandoc.read(text, "markdown").blocks end,
    string_to_inlines = function(text) return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks) end,
    dump = function() end, resolve_path = function(path) return path end,
    as_blocks = function(content) return pandoc.Blocks(content) end,
    as_inlines = function(content) return pandoc.Inlines(content) end,
  }
  local metadata = { get = function(name) return source.metadata[name] end }
  local variables = { get = function(name) return source.variables[name] end }
  local formats = setmetatable({}, { __index = function(_, name)
    local asked = name:match("^is_([%w_]+)_output$")
    if asked then return function() return asked == format end end
    if name == "parse_format" then return function(it) return { format = it:match("^[%w_]+") } end end
  end })
  local log = setmetatable({}, { __index = function() return function() end end })
  return setmetatable({
    doc = setmetatable(doc, missing("quarto.doc")), utils = setmetatable(utils, missing("quarto.utils")),
    metadata = setmetatable(metadata, missing("quarto.metadata")), format = formats,
    variables = setmetatable(variables, missing("quarto.variables")),
    log = log, json = { encode = pandoc.json.encode, decode = pandoc.json.decode }, version = { 1, 9, 0 },
  }, missing("quarto"))
end

--- The filters of some code: those it returns, else its functions that are named after elements.
local function filters_of(file, format, quarto)
  local own = setmetatable({ FORMAT = format, quarto = quarto, PANDOC_SCRIPT_FILE = file.path }, { __index = _G })
  local returned = assert(load(file.code, "@" .. file.path, "t", own))()
  if type(returned) == "table" then return #returned > 0 and returned or { returned } end
  local filter = {}
  for name, value in pairs(own) do
    if KINDS[name] and type(value) == "function" then filter[name] = value end
  end
  return { filter }
end

--- A text by its filters for a format; nil where one fails, which is told.
local function filtered(json, format, source, note)
  local document = pandoc.read(json, "json")
  for key, value in pairs(source.metadata) do document.meta[key] = value end
  for _, file in ipairs(source.filters[format]) do
    local runs, result = pcall(function()
      local made = document
      for _, filter in ipairs(filters_of(file, format, quarto_for(format, source, file, note))) do
        if next(filter) then made = made:walk(filter) end
      end
      return made
    end)
    if not runs then
      local said = tostring(result):gsub("\n.*", "")
      note("filter-runs", file.place, "the filter '" .. file.path .. "' fails: " .. said, "correct it, or render with Quarto itself")
      return nil
    end
    document = result
  end
  return document.blocks
end

local function json_of(block) return pandoc.write(pandoc.Pandoc({ block }), "json") end

--- One text of those for both formats: what is alike stands once, the rest for its format alone.
local function together(html, typst, source)
  local pages, print = html:map(json_of), typst:map(json_of)
  local first, last = 1, 0
  while pages[first] and pages[first] == print[first] do first = first + 1 end
  while #pages - last >= first and #print - last >= first and pages[#pages - last] == print[#print - last] do
    last = last + 1
  end
  if first > #pages and first > #print then return html end
  source.is_conditional = true
  local out = pandoc.Blocks({})
  for i = 1, first - 1 do out:insert(html[i]) end
  local of_pages, of_print = pandoc.Blocks({}), pandoc.Blocks({})
  for i = first, #html - last do of_pages:insert(html[i]) end
  for i = first, #typst - last do of_print:insert(typst[i]) end
  if #of_pages > 0 then out:insert(shared.shown_in("html", of_pages)) end
  if #of_print > 0 then out:insert(shared.shown_in("typst", of_print)) end
  for i = #html - last + 1, #html do out:insert(html[i]) end
  return out
end

local function by_filters(blocks, source, note)
  if #source.filters.html == 0 and #source.filters.typst == 0 then return blocks end
  local json = pandoc.write(pandoc.Pandoc(blocks), "json")
  local html = filtered(json, "html", source, note)
  local typst = html and filtered(json, "typst", source, note)
  return typst and together(html, typst, source) or blocks
end

-- ---- before and after --------------------------------------------------------------------------

local function pieces(texts)
  local out = pandoc.Blocks({})
  for _, format in ipairs(FORMATS) do
    local text = texts[format] or ""
    if text ~= "" then out:insert(shared.shown_in(format, { pandoc.RawBlock(format, text) })) end
  end
  return out
end

--- The blocks of a chapter with all of it.
function M.read(blocks, source, note)
  if not source.filters then return blocks end
  blocks = shifted(by_filters(blocks, source, note), source.shift)
  local before, after = pieces(source.before), pieces(source.after)
  if #before == 0 and #after == 0 then return blocks end
  source.is_conditional = true
  before:extend(blocks)
  before:extend(after)
  return before
end

return M
