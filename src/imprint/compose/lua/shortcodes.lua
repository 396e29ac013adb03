--- Quarto's shortcodes: `{{< name … >}}` anywhere in a text -> what each stands for.
--- While pandoc reads the text, a word of letters and digits stands for each, so that it may stand in
--- an address, an attribute or code as well as among words.

local lines = require("lines")
local lipsum = require("lipsum")

local M = {}

local OPEN, CLOSE = "zqx7b", "zqx7e"
local MARK = OPEN .. "(%x+)" .. CLOSE

local function marked(text)
  return OPEN .. text:gsub(".", function(letter) return ("%02x"):format(letter:byte()) end) .. CLOSE
end

local function unmarked(hex)
  return (hex:gsub("%x%x", function(code) return string.char(tonumber(code, 16)) end))
end

--- The Markdown with a word for each shortcode.
function M.marked(markdown)
  if not markdown:find("{{<", 1, true) then return markdown end
  return (markdown:gsub("{{{<([^\n]-)>}}}", function(body) return marked("{{{<" .. body .. ">}}}") end)
    :gsub("{{<%s([^\n]-)%s>}}", function(body) return marked("{{< " .. body .. " >}}") end))
end

--- The words of a shortcode: `name`, its arguments in order, and by name.
local function words(written)
  local body = written:match("^{{<%s*(.-)%s*>}}$")
  local list, named = {}, {}
  local function take(name, value)
    if name then named[name] = value else table.insert(list, value) end
    return ""
  end
  while body ~= "" do
    local name, rest = body:match("^([%w_-]+)=(.*)$")
    local quote = (rest or body):match("^([\"'])")
    local value, after
    if quote then
      value, after = (rest or body):match("^" .. quote .. "(.-)" .. quote .. "%s*(.*)$")
    end
    if not value then value, after = (rest or body):match("^(%S*)%s*(.*)$") end
    take(name, value)
    body = after
  end
  return table.remove(list, 1) or "", list, named
end

--- A metadata value by its dotted name, as text, items of lists by their numbers; nil when there is none.
function M.metadata_value(metadata, name)
  local value = metadata
  for key in name:gmatch("[^.]+") do
    if type(value) ~= "table" then return nil end
    value = value[key] or value[tonumber(key)]
  end
  if type(value) == "table" or value == nil then return nil end
  return tostring(value)
end

local LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

--- Bytes in base 64.
local function base64(text)
  local out = {}
  for at = 1, #text, 3 do
    local a, b, c = text:byte(at, at + 2)
    local number = a * 65536 + (b or 0) * 256 + (c or 0)
    for place = 0, 3 do
      local index = (number >> (18 - 6 * place)) & 63
      local has = place < 2 or (place == 2 and b) or (place == 3 and c)
      table.insert(out, has and LETTERS:sub(index + 1, index + 1) or "=")
    end
  end
  return table.concat(out)
end

--- The address of a grey picture, with its width and height in pixels.
local function placeholder(list)
  local wide, high = tonumber(list[1]) or 100, tonumber(list[2] or list[1]) or 100
  local picture = ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">'
    .. '<rect width="100%%" height="100%%" fill="#ddd"/></svg>'):format(wide, high, wide, high)
  return "data:image/svg+xml;base64," .. base64(picture), ("%d"):format(wide), ("%d"):format(high)
end

--- The text that one stands for where it is a value; nil where it is none, or there is no such value.
local function value_of(written, chapter)
  local name, list = words(written)
  local key = list[1] or ""
  if name == "meta" then return M.metadata_value(chapter.metadata, key) end
  if name == "var" then return M.metadata_value(chapter.variables, key) end
  if name == "brand" and list[1] == "color" then return chapter.brand[table.concat(list, " ")] end
  if name == "placeholder" then return (placeholder(list)) end
  if name == "env" then return chapter.environment[key] or list[2] end
end

local NOT_KEPT = "the shortcode '%s' is not supported by the embedded engine"
local INSTEAD = "write it with a construct listed in docs/quarto-subset.md, or render with Quarto"

--- A text that is no Markdown, such as an address or code, with the values of its shortcodes. `note`
--- reports one that has none; code shows it.
local function plain(text, chapter, note)
  return (text:gsub(MARK, function(hex)
    local written = unmarked(hex)
    local shown = written:match("^{({{<.*>}})}$")
    local value = shown or value_of(written, chapter)
    if not value and note then
      local name = words(written)
      note("shortcode-is-supported", "{{< " .. name, NOT_KEPT:format(name), INSTEAD)
    end
    return value or written
  end))
end

-- ---- among words -------------------------------------------------------------------------------

--- What a shortcode of several lines, or one that shows something, stands for: blocks.
local BLOCKS = {
  lipsum = function(list)
    return lipsum.paragraphs(list[1]):map(function(text) return pandoc.Para(pandoc.Str(text)) end)
  end,
}

local INLINES = {
  pagebreak = function() return { pandoc.Span({}, { class = "pagebreak" }) } end,
  kbd = function(list, named)
    local keys = list[1] or named.win or named.linux or named.mac or ""
    return { pandoc.Span({ pandoc.Code(keys) }, { class = "kbd" }) }
  end,
  placeholder = function(list)
    local address, wide, high = placeholder(list)
    return { pandoc.Image({}, address, "", { alt = "placeholder", width = wide, height = high }) }
  end,
  video = function(list, named, note)
    local address = list[1] or named.src or ""
    local title = named.title or named["aria-label"] or address
    note("construct-is-supported", "{{< video", "the video '" .. address .. "' is a link here",
      "nothing need be done: Quarto's pages play it", "warning")
    return { pandoc.Link({ pandoc.Str("Video: " .. title) }, address) }
  end,
}

local WHAT = { meta = "metadata", var = "variable", env = "variable of the environment", brand = "part of the brand" }
local WHERE = { meta = "add it to _quarto.yml or to the chapter's front matter", var = "add it to _variables.yml",
  brand = "add it to _brand.yml",
  env = "set it, or write a value for want of it: `{{< env NAME value >}}`" }

--- What one stands for among words.
local function inlines(written, chapter, note)
  local shown = written:match("^{({{<.*>}})}$")
  if shown then return { pandoc.Str(shown) } end
  local name, list, named = words(written)
  if WHAT[name] then
    local value = value_of(written, chapter)
    if value then return lines.inlines_of(value) end
    local key = name == "brand" and table.concat(list, " ") or list[1] or ""
    local logo = name == "brand" and chapter.brand[key]
    if logo then return { pandoc.Image({}, logo.path, "", { alt = logo.alt ~= "" and logo.alt or nil }) } end
    note("metadata-exists", key, "no " .. WHAT[name] .. " '" .. key .. "'", WHERE[name])
    return { pandoc.Strong({ pandoc.Str("?" .. name .. ":" .. key) }) }
  end
  if INLINES[name] then return INLINES[name](list, named, note) end
  if BLOCKS[name] then return pandoc.utils.blocks_to_inlines(BLOCKS[name](list), { pandoc.Space() }) end
  note("shortcode-is-supported", "{{< " .. name, NOT_KEPT:format(name), INSTEAD)
  -- What stands beside it is read as beside a word.
  return { pandoc.Str("\u{fffc}") }
end

--- The shortcode that a paragraph is: its name and its arguments; nil for any other paragraph.
local function alone(el)
  local only = #el.content == 1 and el.content[1].t == "Str" and el.content[1].text:match("^" .. MARK .. "$")
  if only then return words(unmarked(only)) end
end

--- A paragraph of one shortcode that stands for blocks.
local function block(el)
  local name, list, named = alone(el)
  return BLOCKS[name] and BLOCKS[name](list, named)
end

--- The blocks with each division where the shortcode `contents` asks for it, in place of where it stands.
local function moved(blocks, note)
  local wanted = {}
  local function find(el)
    local name, list = alone(el)
    if name == "contents" and list[1] then wanted[list[1]] = false end
  end
  blocks:walk({ Para = find, Plain = find })
  if not next(wanted) then return blocks end
  blocks = blocks:walk({ Div = function(div)
    if wanted[div.identifier] ~= false then return nil end
    wanted[div.identifier] = div.content
    return {}
  end })
  local function put(el)
    local name, list = alone(el)
    if name ~= "contents" then return nil end
    local id = list[1] or ""
    if not wanted[id] then
      note("metadata-exists", id, "no division has the identifier '" .. id .. "'", "write `::: {#" .. id .. "}`")
    end
    return wanted[id] or {}
  end
  return blocks:walk({ Para = put, Plain = put })
end

local function in_attributes(el, chapter, note)
  if el.identifier:find(OPEN, 1, true) then
    local id = plain(el.identifier, chapter):lower():gsub("[^%w%-_.]+", "-"):gsub("^%-+", ""):gsub("%-+$", "")
    el.identifier = id
  end
  for name, value in pairs(el.attributes) do
    if value:find(OPEN, 1, true) then el.attributes[name] = plain(value, chapter, note) end
  end
  return el
end

--- The blocks with what each shortcode stands for. `note` reports.
function M.resolved(blocks, chapter, note)
  local function text(el)
    if el.attr then el = in_attributes(el, chapter, note) end
    el.text = plain(el.text, chapter)
    return el
  end
  local function address(el)
    local name = el.t == "Image" and "src" or "target"
    el[name], el.title = plain(el[name], chapter, note), plain(el.title, chapter, note)
    return in_attributes(el, chapter, note)
  end
  local function attributes(el) return in_attributes(el, chapter, note) end
  local function words_of(el)
    if not el.text:find(OPEN, 1, true) then return nil end
    local out, at = pandoc.Inlines({}), 1
    for first, hex, last in el.text:gmatch("()" .. MARK .. "()") do
      if first > at then out:insert(pandoc.Str(el.text:sub(at, first - 1))) end
      out:extend(inlines(unmarked(hex), chapter, note))
      at = last
    end
    if at <= #el.text then out:insert(pandoc.Str(el.text:sub(at))) end
    return out
  end
  return moved(blocks, note):walk({ Para = block, Plain = block }):walk({
    Str = words_of, Code = text, CodeBlock = text, RawInline = text, RawBlock = text, Math = text,
    Link = address, Image = address, Span = attributes, Div = attributes, Header = attributes,
    Table = attributes, Figure = attributes,
  })
end

return M
