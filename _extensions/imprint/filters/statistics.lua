-- Marks statistics in the PDF: [64 per cent]{.stat data-stat="id"} and [most]{.claim data-stat="id"}
-- become #stat("id")[64 per cent]; pages keep the span with its id. Several ids are parted by spaces.

local function quoted_ids(span)
  local ids = {}
  for id in (span.attributes['data-stat'] or span.attributes['stat'] or ''):gmatch('%S+') do
    ids[#ids + 1] = '"' .. id:gsub('[\\"]', '\\%0') .. '"'
  end
  return table.concat(ids, ', ')
end

local function mark(span)
  if FORMAT ~= 'typst' or not (span.classes:includes('stat') or span.classes:includes('claim')) then
    return nil
  end
  local inlines = pandoc.Inlines { pandoc.RawInline('typst', '#stat(' .. quoted_ids(span) .. ')[') }
  inlines:extend(span.content)
  -- the semicolon ends the call, whatever follows in the sentence
  inlines:insert(pandoc.RawInline('typst', '];'))
  return inlines
end

return { { Span = mark } }
