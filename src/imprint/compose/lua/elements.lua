--- A document's elements as plain tables, with the fields, lists and walks that pandoc's own have.
--- pandoc hands each of its own over from Haskell whenever a walk comes to it, which takes most of a
--- stage's time; these are read once from JSON and written back to it. A module that goes through them
--- says `local pandoc = require("elements")`: what is not here is pandoc's.

local parts = require("element_parts")
local walks = require("element_walks")

local M = setmetatable({ utils = setmetatable({}, { __index = pandoc.utils }) }, { __index = pandoc })

local API = pandoc.json.decode(pandoc.write(pandoc.Pandoc({}), "json"), false)["pandoc-api-version"]

--- A list of elements as tables that JSON can hold.
M.plain = parts.plain

--- A list of elements from JSON of it.
function M.from_json(json)
  return parts.all(pandoc.json.decode(json, false))
end

--- The blocks of a document from pandoc's JSON of it, and that JSON again.
function M.from_document(json)
  return parts.all(pandoc.json.decode(json, false).blocks)
end

function M.to_document(blocks)
  return pandoc.json.encode({ ["pandoc-api-version"] = API, meta = {}, blocks = parts.plain(blocks) })
end

--- Blocks as a document of pandoc's own, and as its blocks.
function M.document(blocks) return pandoc.read(M.to_document(blocks), "json") end
function M.pandocs(blocks) return M.document(blocks).blocks end

--- Blocks and inlines of pandoc's own as these.
function M.of(blocks) return M.from_document(pandoc.write(pandoc.Pandoc(blocks), "json")) end

function M.of_inlines(inlines) return M.from_json(pandoc.json.encode(inlines)) end

-- ---- making them -------------------------------------------------------------------------------

local function made(kind, fields, given)
  local el = setmetatable({ t = kind }, parts.Element)
  for name, value in pairs(fields) do el[name] = value end
  if el.content then el.content = parts.elements(el.content) end
  if given then
    el.identifier, el.classes = given.id or "", pandoc.List({})
    local list = {}
    for class in (given.class or ""):gmatch("%S+") do el.classes:insert(class) end
    for name, value in pairs(given) do
      if name ~= "id" and name ~= "class" then table.insert(list, { name, value }) end
    end
    table.sort(list, function(a, b) return a[1] < b[1] end)
    el.attributes = parts.attributes_of(list)
  end
  return el
end

M.Inlines, M.Blocks = parts.elements, parts.elements
function M.Plain(inlines) return made("Plain", { content = inlines }) end
function M.Para(inlines) return made("Para", { content = inlines }) end
function M.RawBlock(format, text) return made("RawBlock", { format = format, text = text }) end
function M.RawInline(format, text) return made("RawInline", { format = format, text = text }) end
function M.Str(text) return made("Str", { text = text }) end
function M.Space() return made("Space", {}) end
function M.LineBreak() return made("LineBreak", {}) end
function M.Strong(inlines) return made("Strong", { content = inlines }) end
--- `given` is a table of attributes, among them `id` and `class`.
function M.Span(inlines, given) return made("Span", { content = inlines }, given or {}) end
function M.Div(blocks, given) return made("Div", { content = blocks }, given or {}) end
function M.Link(inlines, address, title, given)
  return made("Link", { content = inlines, target = address, title = title }, given or {})
end

-- ---- words -------------------------------------------------------------------------------------

--- The marks around what pandoc reads as quoted.
M.QUOTES = { SingleQuote = { "‘", "’" }, DoubleQuote = { "“", "”" } }
local BLANK = { Space = true, SoftBreak = true, LineBreak = true }

local function words(list, out)
  for _, el in ipairs(list) do
    local kind = el.t
    if BLANK[kind] then
      out:insert(" ")
    elseif kind == "Str" or kind == "Code" or kind == "Math" or kind == "CodeBlock" then
      out:insert(el.text)
    elseif kind == "Quoted" then
      out:insert(M.QUOTES[el.quotetype][1])
      words(el.content, out)
      out:insert(M.QUOTES[el.quotetype][2])
    elseif kind == "RawInline" then
      if el.format == "html" and el.text:match("^<br") then out:insert(" ") end
    elseif kind == "Cite" then
      words(el.content, out)
    elseif kind ~= "Note" then
      walks.descended(el, function(inner)
        words(inner, out)
        return inner
      end)
    end
  end
  return out
end

local function is_pandocs(el)
  return type(el) ~= "table" or type(el[1]) == "userdata" or (el.t and getmetatable(el) ~= parts.Element)
end

--- As pandoc's.
function M.utils.stringify(el)
  if is_pandocs(el) then return pandoc.utils.stringify(el) end
  return table.concat(words(el.t and { el } or el, pandoc.List({})))
end

--- As pandoc's, which is asked where there is more than one paragraph.
function M.utils.blocks_to_inlines(blocks)
  if is_pandocs(blocks) then return pandoc.utils.blocks_to_inlines(blocks) end
  if #blocks == 0 then return parts.elements() end
  if #blocks == 1 and (blocks[1].t == "Plain" or blocks[1].t == "Para") then return blocks[1].content end
  return M.of_inlines(pandoc.utils.blocks_to_inlines(M.pandocs(blocks)))
end

return M
