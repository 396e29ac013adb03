--- Cross-references: `@fig-x`, `[-@sec-x]`, `[see @box-y]` become links with numbers.
--- What remains a citation is citeproc's.

local pandoc = require("elements")

local M = {}

local NBSP = "\u{a0}"

--- Whether a citation is a cross-reference.
function M.is_reference(id, job)
  local prefix = id:lower():match("^(%a+)%-")
  return prefix ~= nil and (prefix == "fig" or prefix == "tbl" or prefix == "sec" or prefix == "eq"
    or job.floats[prefix] ~= nil or job.prefixes[prefix] ~= nil)
end

local function label_of(citation)
  return citation.id:sub(1, 1):lower() .. citation.id:sub(2)
end

--- The cross-references of a Cite and how many citations share its brackets.
local function sorted_out(cite, job)
  local references, others = {}, 0
  for _, citation in ipairs(cite.citations) do
    if M.is_reference(citation.id, job) then
      table.insert(references, citation)
    else
      others = others + 1
    end
  end
  return references, others
end

--- A cross-reference among the words of a citation, such as `@fig-x` in `[@work, p. 3 and @fig-x]`.
local function within(cite, job)
  local found
  local function look(inner)
    for _, citation in ipairs(inner.citations) do
      if M.is_reference(citation.id, job) then found = found or citation end
    end
  end
  for _, citation in ipairs(cite.citations) do
    citation.prefix:walk({ Cite = look })
    citation.suffix:walk({ Cite = look })
  end
  return found
end

--- A survey (shared.lua) of the labels that a chapter refers to: { label, name } in the order of
--- the text.
function M.survey(chapter, job, report)
  local found = pandoc.List({})
  return found, {
    Cite = function(cite)
      local references, others = sorted_out(cite, job)
      local shared = others > 0 and (references[1] or within(cite, job))
      if shared then
        report(chapter, "reference-stands-alone", shared.id,
          "'@" .. shared.id .. "' shares its brackets with a citation",
          "give the cross-reference brackets of its own")
        return
      end
      for _, citation in ipairs(references) do
        found:insert({ label = label_of(citation), name = citation.id })
      end
    end,
  }
end

--- Whether a Cite is a citation, or shares its brackets with one.
function M.cites(cite, job)
  local _, others = sorted_out(cite, job)
  return others > 0
end

--- The words of one reference as inlines.
local function words(citation, label, entry)
  local text = pandoc.Inlines({})
  if entry.number == "" then
    -- An unnumbered section is named by its title.
    return pandoc.Inlines({ pandoc.Str(entry.title ~= "" and entry.title or label) })
  end
  if #citation.prefix > 0 then
    text:extend(citation.prefix)
    text:insert(pandoc.Str(NBSP))
  elseif citation.mode ~= "SuppressAuthor" then
    text:insert(pandoc.Str((entry.word ~= "" and entry.word or entry.title) .. NBSP))
  end
  text:insert(pandoc.Str(entry.number))
  return text
end

--- The blocks with every cross-reference a link with class `quarto-xref`.
--- `index` holds what the labels stand for: label -> { number, word, title }.
function M.resolved(blocks, index, job)
  return blocks:walk({
    Cite = function(cite)
      local references, others = sorted_out(cite, job)
      if #references == 0 or others > 0 then return nil end
      local out = pandoc.Inlines({})
      for i, citation in ipairs(references) do
        local label = label_of(citation)
        local entry = index[label]
        if i > 1 then out:extend({ pandoc.Str(","), pandoc.Space() }) end
        if entry then
          out:insert(pandoc.Link(words(citation, label, entry), "#" .. label, "",
            { class = "quarto-xref" }))
          out:extend(citation.suffix)
        else
          out:insert(pandoc.Strong({ pandoc.Str("?@" .. label) }))
        end
      end
      return out
    end,
  })
end

return M
