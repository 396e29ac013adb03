--- The form of a citation: all that decides how it is printed, as one string.

local refer = require("refer")

local M = {}

--- JSON of the works cited with what stands around them, without their place in the text.
function M.of(cite)
  local citations = pandoc.List({})
  for _, citation in ipairs(cite.citations) do
    local plain = citation:clone()
    plain.hash, plain.note_num = 0, 0
    citations:insert(plain)
  end
  return pandoc.json.encode(pandoc.Cite({}, citations))
end

--- The forms of a chapter's citations, each once, and the keys they cite, in the order of the text.
function M.survey(chapter, job)
  local found, keys, seen = pandoc.List({}), pandoc.List({}), {}
  local function once(list, value)
    if not seen[value] then
      seen[value] = true
      list:insert(value)
    end
  end
  chapter.blocks:walk({
    Cite = function(cite)
      if not refer.cites(cite, job) then return end
      once(found, M.of(cite))
      for _, citation in ipairs(cite.citations) do
        if not refer.is_reference(citation.id, job) then once(keys, citation.id) end
      end
    end,
  })
  return found, keys
end

return M
