--- Finds the files that the text shows or links to, and links within the publication that lead
--- nowhere. Runs before citations are set, so that every link is the author's own.

local shared = require("shared")

local M = {}

--- Every identifier of every chapter, by chapter path.
local function anchors(chapters)
  local found = {}
  for _, chapter in ipairs(chapters) do
    local here = {}
    local function note(el)
      if el.identifier ~= "" then here[el.identifier] = true end
    end
    chapter.blocks:walk({ Header = note, Div = note, Span = note, Link = note, Code = note,
      CodeBlock = note, Image = note, Table = note, Figure = note })
    found[chapter.path] = here
  end
  return found
end

--- Uses of files in the order of the text: { chapter, kind, needle, path }, `kind` image or link.
function M.of(chapters, job, report)
  local files = pandoc.List({})
  local known = anchors(chapters)

  local function nowhere(chapter, target, message)
    report(chapter, "link-resolves", target, message, "mend the link, or take it out")
  end

  local function anchor_exists(path, anchor)
    if path then return known[path][anchor] end
    for _, here in pairs(known) do
      if here[anchor] then return true end
    end
    return false
  end

  for _, chapter in ipairs(chapters) do
    chapter.blocks:walk({
      Image = function(image)
        if not shared.is_external(image.src) then
          files:insert({ chapter = chapter.path, kind = "image", needle = image.src,
            path = shared.from_root(image.src, chapter.path) })
        end
      end,
      Link = function(link)
        if link.classes:includes("quarto-xref") or shared.is_external(link.target) then return end
        local path, anchor = link.target:match("^([^#?]*)[^#]*#?(.*)$")
        local target = path ~= "" and shared.from_root(path, chapter.path) or nil
        if target == nil or known[target] then
          if anchor ~= "" and not anchor_exists(target, anchor) and not job.elsewhere[anchor] then
            nowhere(chapter, link.target, "no heading or label '" .. anchor .. "' to link to")
          end
        elseif not job.chapters_elsewhere[target] then
          files:insert({ chapter = chapter.path, kind = "link", needle = link.target, path = target })
        end
      end,
    })
  end
  return files
end

return M
