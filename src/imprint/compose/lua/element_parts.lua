--- What elements consist of, and how they stand in pandoc's JSON: see elements.lua.

local M = {}

--- Lists of elements can be walked, as each element can (element_walks.lua).
M.Elements, M.Element = setmetatable({}, { __index = pandoc.List }), {}
M.Elements.__index, M.Element.__index = M.Elements, M.Element

local function elements(list) return setmetatable(list or {}, M.Elements) end
M.elements = elements

--- The same in a table of its own.
function M.copy(el)
  local out = {}
  for name, value in pairs(el) do out[name] = value end
  return setmetatable(out, getmetatable(el))
end

-- ---- parts -------------------------------------------------------------------------------------
-- A part of an element stands in one of its fields. `take` reads it from JSON, `give` writes it, and
-- `walk`, where it holds elements, lets `go` make another of each list of them.

local from, to, walk_parts

local plain = { take = function(el, name, value) el[name] = value end, give = function(el, name) return el[name] end }
local integer = { take = function(el, name, value) el[name] = math.tointeger(value) end, give = plain.give }
local tag = {
  take = function(el, name, value) el[name] = value.t end,
  give = function(el, name) return { t = el[name] } end,
}
local width = {
  take = function(el, name, value) el[name] = value.c end,
  give = function(el, name)
    return el[name] and { t = "ColWidth", c = el[name] } or { t = "ColWidthDefault" }
  end,
}
local target = {
  take = function(el, name, value) el[name], el.title = value[1], value[2] end,
  give = function(el, name) return { el[name], el.title } end,
}

--- The same for all of a list, or for what may be missing (null in JSON).
local function each(part)
  return {
    take = function(el, name, value)
      local list = pandoc.List({})
      for i, it in ipairs(value) do part.take(list, i, it) end
      el[name] = list
    end,
    give = function(el, name)
      local list = pandoc.List({})
      for i in ipairs(el[name]) do list[i] = part.give(el[name], i) end
      return list
    end,
    walk = part.walk and function(el, name, go)
      el[name] = el[name]:clone()
      for i in ipairs(el[name]) do part.walk(el[name], i, go) end
    end,
  }
end

local function maybe(part)
  return {
    take = function(el, name, value)
      if type(value) == "table" then part.take(el, name, value) end
    end,
    give = function(el, name) return el[name] and part.give(el, name) or pandoc.json.null end,
    walk = function(el, name, go) if el[name] then part.walk(el, name, go) end end,
  }
end

--- What has parts of its own.
local function record(parts)
  return {
    take = function(el, name, value) el[name] = from(parts, {}, value) end,
    give = function(el, name) return to(parts, el[name]) end,
    walk = function(el, name, go)
      el[name] = M.copy(el[name])
      walk_parts(parts, el[name], go)
    end,
  }
end

local content = {
  take = function(el, name, value)
    local list = elements()
    for i, it in ipairs(value) do list[i] = M.element(it) end
    el[name] = list
  end,
  give = function(el, name) return M.plain(el[name]) end,
  walk = function(el, name, go) el[name] = go(el[name]) end,
}

--- Attributes by name, which keep the order in which they were written.
local function attributes_of(pairs_of_it)
  local names, values = pandoc.List({}), {}
  local function set(_, name, value)
    if values[name] == nil and value ~= nil and not names:includes(name) then names:insert(name) end
    values[name] = value ~= nil and tostring(value) or nil
  end
  for _, pair in ipairs(pairs_of_it) do set(nil, pair[1], pair[2]) end
  return setmetatable({}, { __index = values, __newindex = set, __pairs = function()
    local i = 0
    return function()
      repeat i = i + 1 until names[i] == nil or values[names[i]] ~= nil
      return names[i], values[names[i]]
    end
  end })
end

local attr = {
  take = function(el, _, value)
    el.identifier, el.classes, el.attributes = value[1], value[2], attributes_of(value[3])
  end,
  give = function(el)
    local list = pandoc.List({})
    for name, value in pairs(el.attributes) do list:insert({ name, value }) end
    return { el.identifier, pandoc.List(el.classes), list }
  end,
}

M.attr, M.attributes_of = attr, attributes_of

-- ---- elements ----------------------------------------------------------------------------------

local CITATION = { { "id", plain, "citationId" }, { "prefix", content, "citationPrefix" },
  { "suffix", content, "citationSuffix" }, { "mode", tag, "citationMode" },
  { "note_num", integer, "citationNoteNum" }, { "hash", integer, "citationHash" } }
local CAPTION = { { "short", maybe(content) }, { "long", content } }
local CELL = { { "attr", attr }, { "alignment", tag }, { "row_span", integer }, { "col_span", integer },
  { "contents", content } }
local ROWS = each(record({ { "attr", attr }, { "cells", each(record(CELL)) } }))
local SECTION = { { "attr", attr }, { "rows", ROWS } }
local BODY = { { "attr", attr }, { "row_head_columns", integer }, { "head", ROWS }, { "body", ROWS } }

--- By type: the part that is all of an element, or a list of its parts.
local INLINES = {
  Str = { "text", plain }, Space = {}, SoftBreak = {}, LineBreak = {}, Note = { "content", content },
  Quoted = { { "quotetype", tag }, { "content", content } },
  Cite = { { "citations", each(record(CITATION)) }, { "content", content } },
  Code = { { "attr", attr }, { "text", plain } },
  Math = { { "mathtype", tag }, { "text", plain } },
  RawInline = { { "format", plain }, { "text", plain } },
  Link = { { "attr", attr }, { "content", content }, { "target", target } },
  Image = { { "attr", attr }, { "caption", content }, { "src", target } },
  Span = { { "attr", attr }, { "content", content } },
}
for kind in ("Emph Underline Strong Strikeout Superscript Subscript SmallCaps"):gmatch("%a+") do
  INLINES[kind] = { "content", content }
end
local BLOCKS = {
  Plain = { "content", content }, Para = { "content", content }, BlockQuote = { "content", content },
  HorizontalRule = {}, LineBlock = { "content", each(content) }, BulletList = { "content", each(content) },
  CodeBlock = { { "attr", attr }, { "text", plain } },
  RawBlock = { { "format", plain }, { "text", plain } },
  OrderedList = { { "list_attributes", plain }, { "content", each(content) } },
  DefinitionList = { "content", each(record({ { 1, content }, { 2, each(content) } })) },
  Header = { { "level", integer }, { "attr", attr }, { "content", content } },
  Div = { { "attr", attr }, { "content", content } },
  Figure = { { "attr", attr }, { "caption", record(CAPTION) }, { "content", content } },
  Table = { { "attr", attr }, { "caption", record(CAPTION) },
    { "colspecs", each(record({ { 1, tag }, { 2, width } })) }, { "head", record(SECTION) },
    { "bodies", each(record(BODY)) }, { "foot", record(SECTION) } },
}
local function parts_of(el) return INLINES[el.t] or BLOCKS[el.t] end
local function is_single(parts) return type(parts[1]) ~= "table" end

from = function(parts, el, value)
  for i, part in ipairs(parts) do part[2].take(el, part[1], value[part[3] or i]) end
  return el
end

to = function(parts, el)
  local value = {}
  for i, part in ipairs(parts) do value[part[3] or i] = part[2].give(el, part[1]) end
  return value
end

walk_parts = function(parts, el, go)
  for _, part in ipairs(parts) do
    if part[2].walk then part[2].walk(el, part[1], go) end
  end
end

M.INLINES, M.BLOCKS = INLINES, BLOCKS

--- Let `go` make another of each list of elements that an element holds, in its own table.
function M.walk_parts(el, go)
  local parts = parts_of(el)
  if not is_single(parts) then
    walk_parts(parts, el, go)
  elseif parts[2] and parts[2].walk then
    parts[2].walk(el, parts[1], go)
  end
end

--- Whether elements of a type may hold others, by type.
M.HOLDERS = {}
for _, kinds in ipairs({ INLINES, BLOCKS }) do
  for kind, parts in pairs(kinds) do
    local all = is_single(parts) and { parts } or parts
    for _, part in ipairs(all) do
      if part[2] and part[2].walk then M.HOLDERS[kind] = true end
    end
  end
end

--- An element from the table that JSON gives of it.
function M.element(read)
  local el, parts = setmetatable({ t = read.t }, M.Element), parts_of(read)
  if not is_single(parts) then return from(parts, el, read.c) end
  if parts[2] then parts[2].take(el, parts[1], read.c) end
  return el
end

--- A list of elements as tables that JSON can hold.
function M.plain(list)
  local out = pandoc.List({})
  for i, el in ipairs(list) do
    local parts = parts_of(el)
    if not is_single(parts) then
      out[i] = { t = el.t, c = to(parts, el) }
    else
      out[i] = { t = el.t, c = parts[2] and parts[2].give(el, parts[1]) }
    end
  end
  return out
end

--- A list of elements from tables of JSON.
function M.all(read)
  local holder = {}
  content.take(holder, "content", read)
  return holder.content
end

return M
