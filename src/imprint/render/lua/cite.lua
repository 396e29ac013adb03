--- Cites once for the whole publication, so that year suffixes agree on every page.

local M = {}

local function meta_list(values)
  local list = pandoc.List({})
  for _, value in ipairs(values) do list:insert(value) end
  return list
end

--- Run citeproc over all chapters together and hand each its blocks back.
--- The list of works goes where a chapter holds `::: {#refs}`, else to the end of the last chapter.
function M.chapters(chapters, job, report)
  local all = pandoc.Blocks({})
  local cited = {}
  for i, chapter in ipairs(chapters) do
    chapter.blocks:walk({
      Cite = function(el)
        for _, citation in ipairs(el.citations) do
          cited[citation.id] = true
          if not job.keys[citation.id] then
            report(chapter, "citation-resolves", "@" .. citation.id,
              "no entry '" .. citation.id .. "' in the bibliography", "")
          end
        end
      end,
    })
    all:insert(pandoc.Div(chapter.blocks, { class = "imprint-chapter", number = tostring(i) }))
  end
  if #job.bibliography == 0 then return end

  local meta = { bibliography = meta_list(job.bibliography), lang = job.metadata.lang or "en" }
  if job.csl ~= "" then meta.csl = job.csl end
  meta["link-citations"] = job.metadata["link-citations"] ~= false
  meta["link-bibliography"] = job.metadata["link-bibliography"] ~= false
  meta["suppress-bibliography"] = job.metadata["suppress-bibliography"] == true
  if job.metadata.nocite then
    meta.nocite = pandoc.read(job.metadata.nocite, "markdown").blocks
  end
  local title = job.metadata["reference-section-title"]
  if title then meta["reference-section-title"] = title end

  local document = pandoc.utils.citeproc(pandoc.Pandoc(all, meta))
  local last
  for _, block in ipairs(document.blocks) do
    if block.t == "Div" and block.classes:includes("imprint-chapter") then
      last = chapters[tonumber(block.attributes["number"])]
      last.blocks = block.content
    elseif last then
      last.blocks:insert(block)
    end
  end

  -- A publication of one page lists what it cites; `nocite` is there for the year suffixes.
  if not job.book then
    last.blocks = last.blocks:walk({
      Div = function(div)
        local key = div.identifier:match("^ref%-(.*)$")
        if key and div.classes:includes("csl-entry") and not cited[key] then return {} end
      end,
    })
  end
end

return M
