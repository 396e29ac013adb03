-- A paragraph that is bold and nothing else heads what follows, as the sub-headings within boxes do. It
-- is a heading for whoever hears or finds their way by headings, one level below the section's own,
-- and no entry of any list of contents; in print it is never left alone at the foot of a page.

if not FORMAT:match('html') and FORMAT ~= 'typst' then
  return { {} }
end

local level = 1

local function note_level(heading)
  level = heading.level
end

local function mark(paragraph)
  local inlines = paragraph.content
  if #inlines ~= 1 or inlines[1].t ~= 'Strong' then
    return nil
  end
  local own, opening, closing = math.min(level + 1, 6)
  if FORMAT == 'typst' then
    opening, closing = '#minor-heading(' .. own .. ')[', ']'
  else
    opening, closing = '<h' .. own .. ' class="minor">', '</h' .. own .. '>'
  end
  local format = FORMAT == 'typst' and 'typst' or 'html'
  local marked = pandoc.Inlines { pandoc.RawInline(format, opening) }
  marked:extend(inlines[1].content)
  marked:insert(pandoc.RawInline(format, closing))
  return pandoc.Plain(marked)
end

return { { traverse = 'topdown', Header = note_level, Para = mark } }
