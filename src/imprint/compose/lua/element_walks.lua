--- Walks through elements (elements.lua), as pandoc's are: a walk leaves what it goes through as it
--- is, and returns another list or element, which shares with it what no handler has changed.

local parts = require("element_parts")

local M = {}

local elements, copy, descended = parts.elements, parts.copy, parts.descended
local INLINES, BLOCKS = parts.INLINES, parts.BLOCKS

--- A copy for a handler, which may change it, its list of content and its attributes.
local function handed(el)
  local out = copy(el)
  if el.content then out.content = el.content:clone() end
  if el.attributes then
    out.classes, out.attributes = el.classes:clone(), parts.attributes_of(parts.attr.give(el)[3])
  end
  return out
end

--- What comes in place of elements, one after another: the list itself while nothing else has come.
local function replacing(list)
  local out
  return function(i, old, made)
    if not out and rawequal(old, made) then return list end
    out = out or elements(table.move(list, 1, i - 1, 1, {}))
    if made.t then out[#out + 1] = made else out:extend(made) end
    return out
  end
end

local function topdown(filter)
  local function go(list)
    local out, put = list, nil
    for i, el in ipairs(list) do
      local handler = filter[el.t]
      local found, deeper
      if handler then found, deeper = handler(handed(el)) end
      found = found or el
      if deeper ~= false then
        if found.t then
          found = descended(found, go)
        else
          local all = {}
          for n, it in ipairs(found) do all[n] = descended(it, go) end
          found = all
        end
      end
      if put or not rawequal(found, el) then
        put = put or replacing(list)
        out = put(i, el, found)
      end
    end
    return out
  end
  return go
end

--- A walk from the innermost to the outermost for elements of some types; `of_list` handles lists.
local function bottom_up(filter, kinds, of_list)
  local handlers = {}
  for kind, handler in pairs(filter) do
    if kinds[kind] then handlers[kind] = handler end
  end
  local function go(list)
    local out, put = list, nil
    for i, el in ipairs(list) do
      local found = descended(el, go)
      local handler = handlers[el.t]
      found = handler and handler(handed(found)) or found
      if put or not rawequal(found, el) then
        put = put or replacing(list)
        out = put(i, el, found)
      end
    end
    if of_list and out[1] and kinds[out[1].t] then
      if rawequal(out, list) then out = list:clone() end
      out = of_list(out) or out
    end
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
  return rawequal(list, self) and self:clone() or list
end

--- The element with what it holds walked, and not itself.
function parts.Element:walk(filter)
  local el = self
  for _, go in ipairs(passes(filter)) do el = descended(el, go) end
  return rawequal(el, self) and copy(el) or el
end

return M
