--- Tables of HTML as browsers read them -> tables as pandoc wants them: every element closed, rows of
--- one length, one head and one foot. What pandoc cannot read as a table it takes for loose words.

local shared = require("shared")
local tags = require("tags")

local M = {}

local SECTIONS = { "thead", "tbody", "tfoot" }
local PARTS = shared.set("table caption colgroup col thead tbody tfoot tr td th")
local WIDEST = 1000

-- ---- reading -----------------------------------------------------------------------------------

local function new_table(attributes)
  return { attributes = attributes, section = "tbody", thead = {}, tbody = {}, tfoot = {}, columns = {},
    before = {} }
end

--- What stands between rows and cells is shown before the table, as in browsers.
local function add(tbl, text)
  local place = tbl.cell or tbl.is_captioned and tbl.caption
  if place then
    table.insert(place.parts, text)
  elseif text:find("%S") then
    table.insert(tbl.before, text)
  end
end

local function new_row(tbl, attributes)
  tbl.row, tbl.cell = { attributes = attributes, cells = {} }, nil
  table.insert(tbl[tbl.section], tbl.row)
end

local function span(attributes, name)
  for key, value in attributes:gmatch("([%w-]+)%s*=%s*[\"']?%s*(%d+)") do
    if key:lower() == name then return math.min(tonumber(value), WIDEST) end
  end
  return 1
end

local function without_spans(attributes)
  for _, value in ipairs({ '"[^"]*"', "'[^']*'", "[^%s\"'>]+" }) do
    attributes = attributes:gsub("%s[cCrR][oO][lLwW][sS][pP][aA][nN]%s*=%s*" .. value, "")
  end
  return attributes
end

local function new_cell(tbl, name, attributes)
  if not tbl.row then new_row(tbl, "") end
  tbl.cell = { name = name, attributes = without_spans(attributes), parts = {},
    width = math.max(span(attributes, "colspan"), 1), height = span(attributes, "rowspan") }
  table.insert(tbl.row.cells, tbl.cell)
end

--- Take in one tag of a table's own.
local function take(tbl, name, closes, attributes, text)
  tbl.is_captioned = false
  if name == "td" or name == "th" then
    if closes then tbl.cell = nil else new_cell(tbl, name, attributes) end
  elseif name == "tr" then
    if closes then tbl.row, tbl.cell = nil, nil else new_row(tbl, attributes) end
  elseif name == "caption" then
    if not closes then tbl.caption, tbl.is_captioned = tbl.caption or { parts = {} }, true end
  elseif name == "col" then
    table.insert(tbl.columns, text)
  elseif name ~= "colgroup" then
    tbl.section, tbl.row, tbl.cell = closes and "tbody" or name, nil, nil
  end
end

-- ---- writing -----------------------------------------------------------------------------------

--- Go through a section's rows with how many columns each fills; no cell reaches beyond the section.
local function measure(rows)
  local open, widest = {}, 0
  for i, row in ipairs(rows) do
    local at = 0
    local function pass()
      while (open[at + 1] or 0) >= i do at = at + 1 end
    end
    for _, cell in ipairs(row.cells) do
      pass()
      local left = #rows - i + 1
      cell.height = cell.height == 0 and left or math.min(cell.height, left)
      for _ = 1, cell.width do
        at = at + 1
        open[at] = i + cell.height - 1
      end
    end
    pass()
    row.width, widest = at, math.max(widest, at)
  end
  return widest
end

local function written_cell(cell)
  local spans = (cell.width > 1 and ' colspan="' .. cell.width .. '"' or "")
    .. (cell.height > 1 and ' rowspan="' .. cell.height .. '"' or "")
  return "<" .. cell.name .. cell.attributes .. spans .. ">" .. table.concat(cell.parts)
    .. "</" .. cell.name .. ">"
end

local function written(tbl)
  local out, width = { table.concat(tbl.before), "<table" .. tbl.attributes .. ">" }, 0
  local function put(...) for _, text in ipairs({ ... }) do table.insert(out, text) end end
  for _, section in ipairs(SECTIONS) do width = math.max(width, measure(tbl[section])) end
  if width == 0 then return out[1] end
  if tbl.caption then put("<caption>", table.concat(tbl.caption.parts), "</caption>") end
  if #tbl.columns == width then put("<colgroup>", table.concat(tbl.columns), "</colgroup>") end
  for _, section in ipairs(SECTIONS) do
    if #tbl[section] > 0 then put("<" .. section .. ">") end
    for _, row in ipairs(tbl[section]) do
      put("<tr" .. row.attributes .. ">")
      for _, cell in ipairs(row.cells) do put(written_cell(cell)) end
      put(("<td></td>"):rep(width - row.width), "</tr>")
    end
    if #tbl[section] > 0 then put("</" .. section .. ">") end
  end
  put("</table>")
  return table.concat(out)
end

--- The HTML with its tables in order.
function M.ordered(html)
  if not tags.first(html, { table = true }) then return html end
  local out, open, at = {}, pandoc.List({}), 1
  local function sink(text)
    if #open > 0 then add(open[#open], text) else table.insert(out, text) end
  end
  local function close()
    local tbl = open:remove()
    sink(written(tbl))
  end
  for name, closes, _, _, attributes, first, last in tags.of(html) do
    local is_part = PARTS[name] and (#open > 0 or name == "table")
    if is_part then
      sink(html:sub(at, first - 1))
      at = last + 1
      if name ~= "table" then
        take(open[#open], name, closes, attributes or "", html:sub(first, last))
      elseif not closes then
        open:insert(new_table(attributes or ""))
      elseif #open > 0 then
        close()
      end
    end
  end
  sink(html:sub(at))
  while #open > 0 do close() end
  return table.concat(out)
end

return M
