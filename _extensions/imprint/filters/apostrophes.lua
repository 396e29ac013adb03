-- pandoc takes the apostrophe after a citation, code or a link for the beginning of a quotation:
-- @smith's view, `x`'s value. What follows a word without a space is an apostrophe. The embedded
-- engine runs this while it reads a text.

if quarto == nil then
  return { {} }
end

local APOSTROPHE, OPENING = '\u{2019}', '\u{2018}'
local ENDS_A_WORD = { Cite = true, Code = true, Emph = true, Link = true, Math = true, Span = true,
  Strong = true, Subscript = true, Superscript = true }

local function with_apostrophes(inlines)
  local found = pandoc.Inlines {}
  for _, inline in ipairs(inlines) do
    local follows = #found > 0 and ENDS_A_WORD[found[#found].t]
    if follows and inline.t == 'Quoted' and inline.quotetype == 'SingleQuote' then
      found:insert(pandoc.Str(APOSTROPHE))
      found:extend(inline.content)
      found:insert(pandoc.Str(APOSTROPHE))
    else
      if follows and inline.t == 'Str' and inline.text:sub(1, #OPENING) == OPENING then
        inline.text = APOSTROPHE .. inline.text:sub(#OPENING + 1)
      end
      found:insert(inline)
    end
  end
  return found
end

return { { Inlines = with_apostrophes } }
