-- On pages: which cells head the columns of a table, and, where its first column names each row, the
-- rows. Typst tags the heads of columns itself; it has no way yet to tag those of rows.

if not FORMAT:match('html') then
  return { {} }
end

local function names_rows(rows)
  local seen = {}
  for _, row in ipairs(rows) do
    local cell = row.cells[1]
    local text = cell and pandoc.utils.stringify(cell.contents) or ''
    if text == '' or seen[text] or cell.row_span > 1 or cell.col_span > 1 then return false end
    seen[text] = true
  end
  return true
end

local function scoped(rows, scope, only_first)
  for _, row in ipairs(rows) do
    for n, cell in ipairs(row.cells) do
      if n == 1 or not only_first then cell.attributes['scope'] = scope end
    end
  end
end

local function mark(table)
  scoped(table.head.rows, 'col')
  local rows = pandoc.List {}
  for _, body in ipairs(table.bodies) do
    rows:extend(body.body)
  end
  if #table.colspecs < 2 or #table.head.rows == 0 or not names_rows(rows) then return table end
  for _, body in ipairs(table.bodies) do
    body.row_head_columns = math.max(body.row_head_columns, 1)
    scoped(body.body, 'row', true)
  end
  return table
end

return { { Table = mark } }
