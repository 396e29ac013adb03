--- The stage of citing: citations in their forms -> the same as printed, and the list of works.
--- All of a publication's citations are set together, so that year letters agree on every page.

local elements = require("elements")
local forms = require("forms")

local M = {}

local function meta_of(style)
  local meta = { references = pandoc.read(style.works, "json").meta.references, lang = style.lang }
  if style.csl ~= "" then meta.csl = style.csl end
  meta["link-citations"] = style.link_citations
  meta["link-bibliography"] = style.link_bibliography
  meta["suppress-bibliography"] = style.suppress_bibliography
  if style.works_title ~= "" then meta["reference-section-title"] = style.works_title end
  if style.nocite ~= "" then meta.nocite = pandoc.read(style.nocite, "markdown").blocks end
  return meta
end

local function ends_with_stop(cite)
  return elements.utils.stringify(cite.content):sub(-1) == "."
end

--- Print every form. The list of works comes as JSON of its blocks, empty where there is none, with
--- the identifiers of its entries; `names` are those of running text, by key, where they are asked for.
function M.cite(request)
  local style = request.style
  local blocks = pandoc.Blocks({})
  for _, form in ipairs(request.citations) do
    blocks:insert(pandoc.Plain({ pandoc.json.decode(form) }))
  end
  local meta = meta_of(style)
  local named = request.names and pandoc.utils.references(pandoc.Pandoc(blocks, meta)) or {}
  for _, work in ipairs(named) do
    blocks:insert(pandoc.Plain({ pandoc.Cite({}, { pandoc.Citation(work.id, "AuthorInText") }) }))
  end
  local document = pandoc.utils.citeproc(pandoc.Pandoc(blocks, meta))
  local printed, ends_in_stop, cited = pandoc.List({}), false, {}
  for i = 1, #request.citations do
    local cite = document.blocks[i].content[1]
    printed:insert(pandoc.json.encode(cite))
    ends_in_stop = ends_in_stop or ends_with_stop(cite)
    for _, citation in ipairs(cite.citations) do cited["ref-" .. citation.id] = true end
  end
  local works, entries = pandoc.Blocks({}), pandoc.List({})
  local names = {}
  for i, work in ipairs(named) do
    names[work.id] = pandoc.utils.stringify(document.blocks[#request.citations + i])
  end
  for i = #request.citations + #named + 1, #document.blocks do works:insert(document.blocks[i]) end
  works = works:walk({
    Div = function(div)
      if not div.classes:includes("csl-entry") then return nil end
      -- `nocite` may be there for the year letters alone.
      if request.only_cited and not cited[div.identifier] then return {} end
      entries:insert(div.identifier)
    end,
  })
  return { citations = printed, works = #works > 0 and pandoc.json.encode(works) or "",
    entries = entries, ends_in_stop = ends_in_stop, names = names }
end

-- ---- in a chapter ------------------------------------------------------------------------------

--- A full stop after a citation that ends in one is left out, as citeproc does in running text.
local function without_double_stops(inlines)
  for i = 1, #inlines - 1 do
    local after = inlines[i + 1]
    if inlines[i].t == "Cite" and after.t == "Str" and after.text:sub(1, 1) == "."
      and ends_with_stop(inlines[i]) then
      after.text = after.text:sub(2)
    end
  end
  return inlines
end

--- The blocks with their citations as `citing` says: printed already, form -> Cite as JSON; or to be
--- set by themselves, for a style whose citations depend on those before them.
function M.chapter(blocks, citing)
  if citing.style then
    local document = pandoc.Pandoc(elements.pandocs(blocks), meta_of(citing.style))
    return elements.of(pandoc.utils.citeproc(document).blocks)
  end
  return blocks:walk({
    Cite = function(cite)
      local printed = citing.citations[forms.of(cite)]
      if printed then
        cite.content = elements.from_json("[" .. printed .. "]")[1].content
        return cite
      end
    end,
    Inlines = citing.ends_in_stop and without_double_stops or nil,
  })
end

--- The blocks with the list of works (JSON of its blocks) in `::: {#refs}`, else at their end.
function M.with_works(blocks, works)
  local listed, placed = elements.from_json(works), false
  local list = listed[#listed]
  blocks = blocks:walk({
    Div = function(div)
      if div.identifier ~= "refs" then return nil end
      placed = true
      for _, class in ipairs(div.classes) do
        if not list.classes:includes(class) then list.classes:insert(class) end
      end
      for name, value in pairs(div.attributes) do list.attributes[name] = value end
      div.content:extend(list.content)
      list.content = div.content
      return list
    end,
  })
  if not placed then blocks:extend(listed) end
  return blocks
end

return M
