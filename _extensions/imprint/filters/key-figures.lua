-- A list in `::: {.key-figures}` whose items begin with a number in bold: in the PDF the numbers stand
-- large beside what they say, as the style sheet sets them on pages.

if FORMAT ~= 'typst' then
  return { {} }
end

local function raw(text)
  return pandoc.RawInline('typst', text)
end

local function with_number(item)
  local first = item[1]
  local number = first and (first.t == 'Plain' or first.t == 'Para') and first.content[1]
  if not number or number.t ~= 'Strong' then return item end
  local said = pandoc.Inlines { raw('#key-figure[') }
  said:extend(number.content)
  said:insert(raw(']['))
  for n = 2, #first.content do
    if n > 2 or first.content[n].t ~= 'Space' then said:insert(first.content[n]) end
  end
  said:insert(raw(']'))
  first.content = said
  return item
end

local function set(div)
  if not div.classes:includes('key-figures') then return nil end
  local blocks = pandoc.Blocks { pandoc.RawBlock('typst', '#key-figures[') }
  for _, block in ipairs(div.content) do
    if block.t == 'BulletList' then block.content = block.content:map(with_number) end
    blocks:insert(block)
  end
  blocks:insert(pandoc.RawBlock('typst', ']'))
  return blocks
end

return { { Div = set } }
