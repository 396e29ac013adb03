--- Walks through elements (elements.lua), as pandoc's are: a walk leaves what it goes through as it
--- is, and returns a copy.

local parts = require("element_parts")

local M = {}

local elements, copy = parts.elements, parts.copy
local INLINES, BLOCKS, HOLDERS = parts.INLINES, parts.BLOCKS, parts.HOLDERS

--- A copy for a handler, which may change it, its list of content and its attributes.
local function handed(el)
  local out = copy(el)
  if el.content then out.content = el.content:clone() end
  if el.attributes then
    out.classes, out.attributes = el.classes:clone(), parts.attributes_of(parts.attr.give(el)[3])
  end
  return out
end

--- The element with `go` applied to each list of elements in it.
function M.descended(el, go)
  if not HOLDERS[el.t] then return el end
  local out = copy(el)
  parts.walk_parts(out, go)
  return out
end
local descended = M.descended

local function topdown(filter)
  local function go(list)
    local out = elements()
    local function add(el, deeper) out[#out + 1] = deeper == false and el or descended(el, go) end
    for _, el in ipairs(list) do
      local handler = filter[el.t]
      local found, deeper
      if handler then found, deeper = handler(handed(el)) end
      if found == nil or found.t then
        add(found or el, deeper)
      else
        for _, it in ipairs(found) do add(it, deeper) end
      end
    end
    return out
  end
  return go
end

--- A walk from the innermost to the outermost for elements of some types; `of_list` handles lists.
local function bottom_up(filter, kinds, of_list)
  local function go(list)
    local out = elements()
    for _, el in ipairs(list) do
      el = descended(el, go)
      local handler = kinds[el.t] and filter[el.t]
      local found = handler and handler(handed(el)) or nil
      if found == nil or found.t then
        out[#out + 1] = found or el
      else
        out:extend(found)
      end
    end
    if of_list and out[1] and kinds[out[1].t] then out = of_list(out) or out end
    return out
  end
  return go
end

local function handles(filter, kinds)
  for kind in pairs(filter) do
    if kinds[kind] then return true end
  end
  return false
end

--- What a filter does, as functions from a list of elements to another.
local function passes(filter)
  if filter.traverse == "topdown" then return { topdown(filter) } end
  local list = {}
  if filter.Inlines or handles(filter, INLINES) then
    table.insert(list, bottom_up(filter, INLINES, filter.Inlines))
  end
  if handles(filter, BLOCKS) then table.insert(list, bottom_up(filter, BLOCKS)) end
  return list
end

function parts.Elements:walk(filter)
  local list = self
  for _, go in ipairs(passes(filter)) do list = go(list) end
  return list
end

--- The element with what it holds walked, and not itself.
function parts.Element:walk(filter)
  local el = self
  for _, go in ipairs(passes(filter)) do el = descended(el, go) end
  return el
end

return M
