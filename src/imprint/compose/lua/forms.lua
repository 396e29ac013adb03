--- The form of a citation: all that decides how it is printed, as one string.

local elements = require("elements")
local refer = require("refer")
local shared = require("shared")

local M = {}

--- JSON of the works cited with what stands around them, without their place in the text.
function M.of(cite)
  local form = elements.plain({ cite })[1]
  for _, citation in ipairs(form.c[1]) do citation.citationHash, citation.citationNoteNum = 0, 0 end
  form.c[2] = pandoc.List({})
  return pandoc.json.encode(form)
end

--- A survey (shared.lua) of the forms of a chapter's citations, each once, and the keys they cite, in
--- the order of the text.
function M.survey(job)
  local found, add_form = shared.once_each()
  local keys, add_key = shared.once_each()
  return found, keys, {
    Cite = function(cite)
      if not refer.cites(cite, job) then return end
      add_form(M.of(cite))
      for _, citation in ipairs(cite.citations) do
        if not refer.is_reference(citation.id, job) then add_key(citation.id) end
      end
    end,
  }
end

return M
