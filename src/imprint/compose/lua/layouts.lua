--- Blocks that stand beside each other or apart: layouts and columns, tabs, margins and wide content.
---   Div .layout-row {columns="1fr 2fr"}   its children are the cells
---   Div .panel-tabset                     headings and what stands below them
---   Div .margin                           beside the text in Quarto, within it here

local shared = require("shared")

local M = {}

local ATTRIBUTES = shared.set("layout layout-ncol layout-nrow")
local MARGIN = shared.set("column-margin aside margin-caption")
local WIDE = shared.set("column-body-outset column-body-outset-left column-body-outset-right column-page "
  .. "column-page-left column-page-right column-page-inset column-page-inset-left column-page-inset-right "
  .. "column-screen column-screen-left column-screen-right column-screen-inset column-screen-inset-shaded "
  .. "column-screen-inset-left column-screen-inset-right column-body")

--- Whether a paragraph holds images alone.
function M.is_images(block)
  if block.t ~= "Para" and block.t ~= "Plain" then return false end
  local found = false
  for _, inline in ipairs(block.content) do
    if inline.t == "Image" then
      found = true
    elseif inline.t ~= "Space" and inline.t ~= "SoftBreak" and inline.t ~= "LineBreak" then
      return false
    end
  end
  return found
end

--- The cells of a layout: a block each, an image each, or what stands below a heading.
local function cells(blocks)
  local out = pandoc.List({})
  local headed = blocks:find_if(function(block) return block.t == "Header" end)
  for _, block in ipairs(blocks) do
    if M.is_images(block) then
      for _, inline in ipairs(block.content) do
        if inline.t == "Image" then out:insert(pandoc.Blocks({ pandoc.Plain({ inline }) })) end
      end
    elseif headed and block.t ~= "Header" and #out > 0 then
      out[#out]:insert(block)
    elseif block.t ~= "Null" then
      out:insert(pandoc.Blocks({ block }))
    end
  end
  return out
end

--- The widths of each row, as shares; negative ones are empty space.
local function rows_of(attributes, count)
  local rows = pandoc.List({})
  if attributes["layout"] then
    local read, wanted = pcall(pandoc.json.decode, attributes["layout"], false)
    if read and type(wanted) == "table" and #wanted > 0 then
      if type(wanted[1]) ~= "table" then wanted = { wanted } end
      for _, row in ipairs(wanted) do rows:insert(pandoc.List(row)) end
    end
  end
  local wide = tonumber(attributes["layout-ncol"])
  local high = tonumber(attributes["layout-nrow"])
  if not wide and high then wide = math.ceil(count / high) end
  if #rows == 0 then rows:insert(pandoc.List({ 1 })) end
  if wide then
    rows = pandoc.List({})
    for _ = 1, math.ceil(count / wide) do
      local row = pandoc.List({})
      for _ = 1, wide do row:insert(1) end
      rows:insert(row)
    end
  end
  return rows
end

local function fraction(width)
  local share = tonumber(width) or tonumber((tostring(width):gsub("%%", ""))) or 1
  return ("%gfr"):format(math.abs(share)), share < 0
end

--- Blocks in the rows that a div's attributes ask for.
function M.arranged(blocks, attributes)
  local all = cells(blocks)
  local out, at = pandoc.Blocks({}), 1
  local rows = rows_of(attributes, #all)
  while at <= #all do
    local row = rows:remove(1) or pandoc.List({ 1 })
    local columns, within = pandoc.List({}), pandoc.Blocks({})
    for _, width in ipairs(row) do
      local share, is_empty = fraction(width)
      columns:insert(share)
      local cell = not is_empty and all[at] or pandoc.Blocks({})
      if not is_empty then at = at + 1 end
      within:insert(pandoc.Div(cell, { class = "layout-cell" }))
    end
    out:insert(pandoc.Div(within, { class = "layout-row", columns = table.concat(columns, " ") }))
  end
  return out
end

--- Whether a div asks for a layout.
function M.is_layout(div)
  for name in pairs(ATTRIBUTES) do
    if div.attributes[name] then return true end
  end
  return false
end

--- `::: columns` with a `::: {.column width="40%"}` for each.
local function columns(div)
  local widths, within = pandoc.List({}), pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("column") then
      widths:insert((fraction((block.attributes["width"] or "50%"))))
      within:insert(pandoc.Div(block.content, { class = "layout-cell" }))
    else
      widths:insert("1fr")
      within:insert(pandoc.Div({ block }, { class = "layout-cell" }))
    end
  end
  return pandoc.Div(within, { id = div.identifier, class = "layout-row", columns = table.concat(widths, " ") })
end

--- `::: list-table`: a list of rows, each a list of cells, after a paragraph that is the caption -> a
--- table, whose first row is its head unless `header-rows="0"`; nil where the lists are no such table.
local function list_table(div)
  local content = div.content:clone()
  local caption = #content == 2 and content:remove(1).content or {}
  local rows = #content == 1 and content[1].t == "BulletList" and content[1].content
  if not rows then return nil end
  local head = tonumber(div.attributes["header-rows"] or "1") or 1
  local headers, lines, wide = pandoc.List({}), pandoc.List({}), 0
  for at, row in ipairs(rows) do
    if #row ~= 1 or row[1].t ~= "BulletList" then return nil end
    wide = math.max(wide, #row[1].content)
    if at == 1 and head > 0 then headers = row[1].content else lines:insert(row[1].content) end
  end
  local aligns, widths = pandoc.List({}), pandoc.List({})
  local letters = { l = "AlignLeft", c = "AlignCenter", r = "AlignRight" }
  local asked = shared.words((div.attributes["aligns"] or ""):gsub(",", " "))
  for at = 1, wide do
    aligns:insert(letters[asked[at] or ""] or "AlignDefault")
    widths:insert(0)
    if #headers > 0 and not headers[at] then headers:insert({}) end
    for _, line in ipairs(lines) do
      if not line[at] then line:insert({}) end
    end
  end
  local simple = pandoc.SimpleTable(caption, aligns, widths, headers, lines)
  local tbl = pandoc.utils.from_simple_table(simple)
  tbl.identifier = div.identifier
  return tbl
end

--- A div that stands beside others or apart, in its neutral form; nil for any other.
function M.of(div, note)
  if div.classes:includes("columns") then return columns(div) end
  if div.classes:includes("list-table") then return list_table(div) end
  for _, class in ipairs(div.classes) do
    if MARGIN[class] then
      note("construct-is-supported", class, "what Quarto sets in the margin, '." .. class .. "', stands within the text here",
        "nothing need be done: no word is lost", "warning")
      return pandoc.Div(div.content, { id = div.identifier, class = "margin" })
    elseif WIDE[class] then
      note("construct-is-supported", class, "what Quarto sets wider than the text, '." .. class
        .. "', is as wide as the text here", "nothing need be done: no word is lost", "warning")
      div.classes = div.classes:filter(function(it) return it ~= class end)
      return div
    end
  end
  if M.is_layout(div) then
    local attributes = div.attributes
    return pandoc.Div(M.arranged(div.content, attributes), pandoc.Attr(div.identifier, div.classes))
  end
end

return M
