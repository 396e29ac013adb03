-- Marks statistics in the PDF: [64 per cent]{.stat data-stat="id"} and [most]{.claim data-stat="id"}
-- become #stat("id")[64 per cent]; pages keep the span with its id. Several ids are parted by spaces.
-- [id]{.stat-row data-stat="id"} in a table becomes #stat-row("id")[id]: the row that numbers link
-- to. A number in such a table is `listed` and leads nowhere.

if FORMAT ~= 'typst' then
  return { {} }
end

local function quoted_ids(span)
  local ids = {}
  for id in (span.attributes['data-stat'] or span.attributes['stat'] or ''):gmatch('%S+') do
    ids[#ids + 1] = '"' .. id:gsub('[\\"]', '\\%0') .. '"'
  end
  return table.concat(ids, ', ')
end

local function is_row(span)
  return span.classes:includes('stat-row')
end

-- One walk to look and one to mark: a walk through each cell would cost many times as much.
local function mark_rows(register)
  local holds_rows = false
  register:walk { Span = function(span) holds_rows = holds_rows or is_row(span) end }
  if not holds_rows then return nil end
  return register:walk {
    Span = function(span)
      if span.classes:includes('stat') then
        span.classes:insert('listed')
        return span
      end
    end,
  }
end

local function mark(span)
  local call
  if is_row(span) then
    call = '#stat-row(' .. quoted_ids(span)
  elseif span.classes:includes('stat') or span.classes:includes('claim') then
    call = '#stat(' .. quoted_ids(span)
    local use = span.attributes['data-use']
    if use then call = call .. ', use: ' .. use end
    if span.classes:includes('listed') then call = call .. ', listed: true' end
  else
    return nil
  end
  local inlines = pandoc.Inlines { pandoc.RawInline('typst', call .. ')[') }
  inlines:extend(span.content)
  -- the semicolon ends the call, whatever follows in the sentence
  inlines:insert(pandoc.RawInline('typst', '];'))
  return inlines
end

return { { Table = mark_rows }, { Span = mark } }
