-- A paragraph that is bold and nothing else heads what follows, as the sub-headings within boxes do;
-- in the PDF it becomes #minor-heading[...], which is never left alone at the foot of a page.

if FORMAT ~= 'typst' then
  return { {} }
end

local function mark(paragraph)
  local inlines = paragraph.content
  if #inlines ~= 1 or inlines[1].t ~= 'Strong' then
    return nil
  end
  local marked = pandoc.Inlines { pandoc.RawInline('typst', '#minor-heading[') }
  marked:extend(inlines[1].content)
  marked:insert(pandoc.RawInline('typst', ']'))
  return pandoc.Para(marked)
end

return { { Para = mark } }
