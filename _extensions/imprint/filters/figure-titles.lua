-- Sets the title of a figure apart from the rest of its caption in the PDF: [What it shows.]{.figure-title}
-- becomes #figure-title[What it shows.]; pages keep the span for the style sheet.

if FORMAT ~= 'typst' then
  return { {} }
end

local function mark(span)
  if not span.classes:includes('figure-title') then return nil end
  local inlines = pandoc.Inlines { pandoc.RawInline('typst', '#figure-title[') }
  inlines:extend(span.content)
  inlines:insert(pandoc.RawInline('typst', '];'))
  return inlines
end

return { { Span = mark } }
