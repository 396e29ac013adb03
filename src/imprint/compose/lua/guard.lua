--- What may not come alive in a page: shortcodes in data, addresses that run scripts, attributes that do.

local pandoc = require("elements")
local shared = require("shared")

local M = {}

-- ---- shortcodes --------------------------------------------------------------------------------

--- Stands in the text while it is read, between the braces of a shortcode that was escaped.
local MARK = "\u{f8f0}"
local ESCAPED = "\\{\\{\\<"
local DISPLAYED = "{=html-output}"

--- pandoc takes backslashes away; a mark keeps `\{\{\<` of data apart from a shortcode's `{{<`.
function M.marked(markdown)
  return (markdown:gsub(ESCAPED, "\\{\\{" .. MARK .. "\\<"))
end

--- What a cell displayed as HTML, with a mark in whatever reads as a shortcode: it is data, too.
function M.displayed(blocks)
  return blocks:walk({ Str = function(el)
    if not el.text:find("{{<", 1, true) then return nil end
    el.text = el.text:gsub("{{<", "{{" .. MARK .. "<")
    return el
  end })
end

--- The blocks without the marks, once shortcodes have been put in.
function M.unmarked(blocks, markdown)
  if not markdown:find(ESCAPED, 1, true) and not markdown:find(DISPLAYED, 1, true) then return blocks end
  local json = pandoc.write(pandoc.Pandoc(blocks), "json"):gsub(MARK, "")
  return pandoc.read(json, "json").blocks
end

-- ---- attributes --------------------------------------------------------------------------------

local WITH_ATTRIBUTES = { "Span", "Div", "Link", "Image", "Header", "Code", "CodeBlock", "Table", "Figure" }

local function handlers(note)
  local steps = {}
  for _, kind in ipairs(WITH_ATTRIBUTES) do
    steps[kind] = function(el)
      local found = false
      for name in pairs(el.attributes) do
        if name:lower():match("^on%a") or name:lower() == "srcdoc" then
          note(name)
          el.attributes[name] = nil
          found = true
        end
      end
      if found then return el end
    end
  end
  return steps
end

--- The inlines without attributes that run scripts.
function M.harmless(inlines)
  return inlines:walk(handlers(function() end))
end

-- ---- addresses ---------------------------------------------------------------------------------

local ENTITIES = { colon = ":", Tab = "\t", NewLine = "\n", amp = "&" }

local function decoded(text)
  return (text:gsub("&#[xX](%x+);?", function(code) return utf8.char(tonumber(code, 16) % 0x110000) end)
    :gsub("&#(%d+);?", function(code) return utf8.char(tonumber(code) % 0x110000) end)
    :gsub("&(%a+);", ENTITIES))
end

local UNSAFE = "a link may not lead to '%s'"
local SAFE = "use an address with https://, http://, mailto:, tel: or doi:, or one within the report"

--- The first address in a piece of HTML that it may not have; nil without one.
local function unsafe_address(text)
  local read = decoded(text)
  for name, rest in read:gmatch("([%a:-]+)%s*=%s*([^=]*)") do
    local is_image = name:lower() == "src"
    if is_image or name:lower():match("href$") or name:lower():match("action$") then
      local address = rest:match('^"([^"]*)') or rest:match("^'([^']*)") or rest:match("^[^%s>]*")
      if not shared.is_safe(address, is_image) then return address end
    end
  end
end

--- Report the address of a link or an image that it may not have.
function M.look_at_address(el, report)
  if el.t == "Image" and not shared.is_safe(el.src, true) then
    report("address-is-safe", el.src, "an image cannot be taken from '" .. el.src .. "'",
      "put its file into the report, and name that file's path")
  elseif el.t == "Link" and not shared.is_safe(el.target) then
    report("address-is-safe", el.target, UNSAFE:format(el.target), SAFE)
  end
end

--- Report addresses in HTML that are none of a link's, and attributes that run scripts, which are left out.
function M.look(blocks, markdown, report)
  local function raw(el)
    local address = el.format:match("^html") and unsafe_address(el.text)
    if address then
      local needle = markdown:find(address, 1, true) and address or el.text
      report("address-is-safe", needle, UNSAFE:format(address), SAFE)
    end
  end
  shared.look(blocks, { { RawInline = raw, RawBlock = raw } })
  if not markdown:lower():find("on%a+%s*=") and not markdown:lower():find("srcdoc", 1, true) then
    return blocks
  end
  return blocks:walk(handlers(function(name)
    report("attribute-runs-nothing", name, "the attribute '" .. name .. "' would run a script",
      "take it out; a page's scripts belong to the extension")
  end))
end

return M
