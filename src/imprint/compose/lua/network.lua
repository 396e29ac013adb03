--- What a page or the PDF would have to fetch from the network -> a link to it, for nothing is fetched.

local shared = require("shared")
local tags = require("tags")

local M = {}

local RULE = "nothing-is-fetched"

--- Whether an address is one of the network's.
local function is_remote(address)
  return shared.is_external(address) and not address:match("^data:") and shared.is_safe(address)
end

local function linked(words, address)
  return pandoc.Link(#words > 0 and words or { pandoc.Str(address) }, address)
end

--- The blocks without images of the network; in place of each stands a link to it, in the words of its
--- description unless a caption has them. `note` reports.
function M.images(blocks, note)
  local function look(captioned)
    return { Image = function(image)
      if not is_remote(image.src) then return nil end
      note(RULE, image.src, "the image of the network '" .. image.src .. "' is a link here",
        "save it beside the document, and name that file's path")
      local said, alt = pandoc.utils.stringify(image.caption), image.attributes["alt"] or ""
      if alt == "" or alt == image.src then alt = said end
      return linked(captioned and alt == said and {} or pandoc.Inlines(alt), image.src)
    end }
  end
  return blocks:walk({ Div = function(div)
    if div.classes:includes("float") then return div:walk(look(true)) end
  end }):walk(look(false))
end

--- A piece of HTML whose frames with pages of the network are links to those.
function M.frames(html, note)
  local out, at = {}, 1
  for name, closes, _, written, attributes, first, last in tags.of(html) do
    local address = name == "iframe" and (attributes or ""):match("%f[%w]src%s*=%s*[\"']?([^\"'%s>]+)")
    if name == "iframe" and (closes or address and is_remote(address)) then
      table.insert(out, html:sub(at, first - 1))
      at = last + 1
      if not closes then
        note(RULE, "<" .. written, "the page of the network '" .. address .. "' is a link here",
          "show an image of it, saved beside the document, or say in words what it shows")
        local title = attributes:match("%f[%w]title%s*=%s*\"([^\"]*)\"") or address
        table.insert(out, ('<a href="%s">%s</a>'):format(address, title))
      end
    end
  end
  return table.concat(out) .. html:sub(at)
end

--- What each tag asks for by its address, beside `src`.
local ASKS = { link = "href", object = "data", video = "poster" }

--- Report what a raw block of HTML, which stays as it is, asks other hosts for.
function M.asked_for(html, note)
  if not html:find("//", 1, true) then return end
  for name, closes, _, written, attributes, first, last in tags.of(html) do
    local within = attributes or html:sub(first, last):match("^[^>]*")
    for _, attribute in ipairs(closes and {} or { "src", ASKS[name] }) do
      local address = within:match("%f[%w]" .. attribute .. "%s*=%s*[\"']?([^\"'%s>]+)")
      if address and is_remote(address) then
        note(RULE, "<" .. written, "a raw block asks another host for '" .. address .. "' while the page is read",
          "save it beside the document and name that file's path, or write a link to it", "warning")
      end
    end
  end
end

return M
