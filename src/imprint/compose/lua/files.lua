--- Surveys (shared.lua) of what a chapter shows and links to: images, files, other chapters, and what
--- can be linked to in it.

local shared = require("shared")

local M = {}

local function identifiers(kinds)
  local found, add = shared.once_each()
  local function note(el)
    if el.identifier ~= "" then add(el.identifier) end
  end
  local survey = {}
  for _, kind in ipairs(kinds) do survey[kind] = note end
  return found, survey
end

--- Identifiers of a chapter that a link may name.
function M.anchors()
  return identifiers({ "Header", "Div", "Span", "Link", "Code", "CodeBlock", "Image", "Table",
    "Figure" })
end

--- Identifiers that are labels in the PDF, of those that can have one.
function M.labelled()
  return identifiers({ "Header", "Div", "Span" })
end

--- Images and links of a chapter: { kind, needle, path, whole, anchor }; a path is one from the root,
--- still encoded, empty for a link within the publication. A name may hold `#` and `?`: `whole` is the
--- path of a file that is called so.
function M.used(chapter)
  local found = pandoc.List({})
  return found, {
    Image = function(image)
      if not shared.is_external(image.src) then
        local path = shared.from_root(image.src, chapter.path)
        found:insert({ kind = "image", needle = image.src, anchor = "", path = path, whole = path })
      end
    end,
    Link = function(link)
      if shared.is_external(link.target) then return end
      local path, anchor = link.target:match("^([^#?]*)[^#]*#?(.*)$")
      found:insert({ kind = "link", needle = link.target, anchor = anchor,
        path = path ~= "" and shared.from_root(path, chapter.path) or "",
        whole = path ~= "" and shared.from_root(link.target, chapter.path) or "" })
    end,
  }
end

return M
