--- Resolves cross-references: `@fig-x`, `[-@sec-x]`, `[see @box-y]` become links with numbers.
--- What remains a citation is citeproc's.

local read = require("read")

local M = {}

local NBSP = "\u{a0}"

--- The words of one reference as inlines.
local function words(cite, entry, capital)
  local text = pandoc.Inlines({})
  if #cite.prefix > 0 then
    text:extend(cite.prefix)
    text:insert(pandoc.Str(NBSP))
  elseif cite.mode ~= "SuppressAuthor" then
    local word = entry.word
    if not capital and word == "" then word = entry.title or "" end
    text:insert(pandoc.Str(word .. NBSP))
  end
  if entry.number == "" then
    -- An unnumbered section is named by its title.
    return pandoc.Inlines({ pandoc.Str(entry.title or entry.identifier) })
  end
  text:insert(pandoc.Str(entry.number))
  return text
end

local function is_reference(id, job)
  local prefix = id:lower():match("^(%a+)%-")
  return prefix ~= nil and (prefix == "fig" or prefix == "tbl" or prefix == "sec" or prefix == "eq"
    or job.floats[prefix] ~= nil)
end

--- Replace every cross-reference of every chapter by a link with class `quarto-xref`.
function M.chapters(chapters, index, job, report)
  for _, chapter in ipairs(chapters) do
    local function resolve(el)
      local references, others = {}, 0
      for _, citation in ipairs(el.citations) do
        if is_reference(citation.id, job) then
          table.insert(references, citation)
        else
          others = others + 1
        end
      end
      if #references == 0 then return nil end
      if others > 0 then
        report(chapter, "reference-stands-alone", references[1].id,
          "'@" .. references[1].id .. "' shares its brackets with a citation",
          "give the cross-reference brackets of its own")
        return nil
      end
      local out = pandoc.Inlines({})
      for i, citation in ipairs(references) do
        local label = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
        local entry = index[label]
        if i > 1 then out:extend({ pandoc.Str(","), pandoc.Space() }) end
        if entry then
          out:insert(pandoc.Link(words(citation, entry), "#" .. label, "", { class = "quarto-xref" }))
          out:extend(citation.suffix)
        else
          if not job.elsewhere[label] then
            report(chapter, "reference-resolves", "@" .. citation.id,
              "nothing is labelled '" .. label .. "'", "")
          end
          out:insert(pandoc.Strong({ pandoc.Str("?@" .. label) }))
        end
      end
      return out
    end
    chapter.blocks = chapter.blocks:walk({ Cite = resolve })
  end
end

return M
