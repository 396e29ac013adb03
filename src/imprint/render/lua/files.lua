--- Finds what a chapter shows and links to: images, files, other chapters, and what can be linked to
--- in it.

local shared = require("shared")

local M = {}

--- Identifiers of a chapter that a link may name.
function M.anchors(chapter)
  local found, seen = pandoc.List({}), {}
  local function note(el)
    local id = el.identifier
    if id ~= "" and not seen[id] then
      seen[id] = true
      found:insert(id)
    end
  end
  chapter.blocks:walk({ Header = note, Div = note, Span = note, Link = note, Code = note,
    CodeBlock = note, Image = note, Table = note, Figure = note })
  return found
end

--- Identifiers that are labels in the PDF: of what is printed there and can have one.
function M.labelled(chapter)
  local found, seen = pandoc.List({}), {}
  local function note(el)
    local id = el.identifier
    if id ~= "" and not seen[id] then
      seen[id] = true
      found:insert(id)
    end
  end
  local printed = { blocks = chapter.blocks, conditional = true }
  shared.settle_formats(printed, { typst = true }):walk({ Header = note, Div = note, Span = note })
  return found
end

--- Images and links of a chapter: { kind, needle, path, anchor }; a path is one from the root,
--- empty for a link within the publication.
function M.used(chapter)
  local found = pandoc.List({})
  chapter.blocks:walk({
    Image = function(image)
      if not shared.is_external(image.src) then
        found:insert({ kind = "image", needle = image.src, anchor = "",
          path = shared.from_root(image.src, chapter.path) })
      end
    end,
    Link = function(link)
      if shared.is_external(link.target) then return end
      local path, anchor = link.target:match("^([^#?]*)[^#]*#?(.*)$")
      found:insert({ kind = "link", needle = link.target, anchor = anchor,
        path = path ~= "" and shared.from_root(path, chapter.path) or "" })
    end,
  })
  return found
end

return M
