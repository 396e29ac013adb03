-- Under Quarto: statistics print `64 percent` in a publication of American style (`imprint: style:`,
-- else `lang: en-US`). The embedded engine runs this while it reads a text.

if quarto == nil then
  return { {} }
end

local is_american = false

local function read_style(meta)
  local style = meta.imprint and meta.imprint.style
  local lang = meta.lang and pandoc.utils.stringify(meta.lang)
  is_american = style and pandoc.utils.stringify(style) == 'american' or not style and lang == 'en-US'
end

local function in_style(span)
  if not is_american or not span.classes:includes('stat') then return nil end
  local said = pandoc.Inlines {}
  for _, inline in ipairs(span.content) do
    local before, space = said[#said - 1], said[#said]
    if inline.t == 'Str' and inline.text:match('^cent') and space and space.t == 'Space'
      and before and before.t == 'Str' and before.text:match('%f[%a]per$') then
      said:remove()
      before.text = before.text .. inline.text
    else
      said:insert(inline)
    end
  end
  span.content = said
  return span
end

return { { Meta = read_style }, { Span = in_style } }
