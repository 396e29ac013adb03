--- Code that is shown: listings with captions, names of files above it, code for one format alone; and
--- blocks that pandoc reads in another of its formats.

local lines = require("lines")

local M = {}

local READER = "^pandoc%-reader%-(.+)%-on%-purpose$"

--- What `{=pandoc-reader-FORMAT}` or `{=pandoc-native}` holds is read as that format; nil for anything else.
local function in_its_format(el, note)
  local format = el.format == "pandoc-native-on-purpose" and "native" or el.format:match(READER)
  if not format then return nil end
  -- Some readers take a last line without its end for another one.
  local read, document = pcall(pandoc.read, el.text .. "\n", format)
  if read then return document.blocks end
  note("construct-is-supported", "pandoc-reader-" .. format, "pandoc cannot read this as '" .. format .. "'",
    "name one of pandoc's formats, or write it as Markdown")
  return {}
end

local function shown(el)
  local id, attributes = el.identifier, el.attributes
  local conditions = {}
  for _, name in ipairs({ "when-format", "unless-format", "when-profile", "unless-profile", "when-meta", "unless-meta" }) do
    conditions[name], attributes[name] = attributes[name], nil
  end
  local file, caption = attributes["filename"], attributes["lst-cap"]
  attributes["filename"], attributes["lst-cap"] = nil, nil
  local label = id:match("^lst%-") and id or ""
  if label ~= "" then el.identifier = "" end
  for _, class in ipairs({ "content-visible", "content-hidden" }) do
    if el.classes:includes(class) then
      el.classes = el.classes:filter(function(it) return it ~= class end)
      conditions.class = class
    end
  end
  local out = pandoc.Blocks({ el })
  if file then
    out:insert(1, pandoc.Div({ pandoc.Plain({ pandoc.Code(file) }) }, { class = "code-file" }))
    out = pandoc.Blocks({ pandoc.Div(out, { class = "code-with-file" }) })
  end
  if label ~= "" or caption then
    if caption then
      out:insert(1, pandoc.Div({ pandoc.Plain(lines.inlines_of(caption)) }, { class = "float-caption" }))
    end
    out = pandoc.Blocks({ pandoc.Div(out, pandoc.Attr(label, { "float" }, { kind = "lst" })) })
  end
  return conditions.class and pandoc.Div(out, conditions) or out
end

--- The blocks with code in these forms.
function M.read(blocks, note)
  return blocks:walk({
    RawBlock = function(el) return in_its_format(el, note) end,
    RawInline = function(el)
      local found = in_its_format(el, note)
      return found and pandoc.utils.blocks_to_inlines(found, { pandoc.Space() })
    end,
    CodeBlock = function(el)
      if el.identifier == "" and #el.attributes == 0 and #el.classes < 2 then return nil end
      return shown(el)
    end,
  })
end

return M
