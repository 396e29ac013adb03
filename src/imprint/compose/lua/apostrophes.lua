--- pandoc takes the apostrophe after a citation, code or a link for the beginning of a quotation:
--- @smith's view, `x`'s value. What follows a word without a space is an apostrophe. Under Quarto the
--- extension's filter of this name does the same.

local pandoc = require("elements")

local APOSTROPHE, OPENING = "’", "‘"
local ENDS_A_WORD = { Cite = true, Code = true, Emph = true, Link = true, Math = true, Span = true,
  Strong = true, Subscript = true, Superscript = true }

local function put_right(inlines)
  local found = pandoc.Inlines({})
  for _, inline in ipairs(inlines) do
    local follows = #found > 0 and ENDS_A_WORD[found[#found].t]
    if follows and inline.t == "Quoted" and inline.quotetype == "SingleQuote" then
      found:insert(pandoc.Str(APOSTROPHE))
      found:extend(inline.content)
      found:insert(pandoc.Str(APOSTROPHE))
    elseif follows and inline.t == "Str" and inline.text:sub(1, #OPENING) == OPENING then
      found:insert(pandoc.Str(APOSTROPHE .. inline.text:sub(#OPENING + 1)))
    else
      found:insert(inline)
    end
  end
  return found
end

return { Inlines = put_right }
