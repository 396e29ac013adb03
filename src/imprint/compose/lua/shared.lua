--- What stages have in common: surveys, conditions on the format, the extension's filters, and the
--- pieces of a float.

local elements = require("elements")

local M = {}

--- A set of names that are written one after the other.
function M.set(names)
  local found = {}
  for name in names:gmatch("%S+") do found[name] = true end
  return found
end

--- Each value once, and what adds one to them.
function M.once_each()
  local found, seen = pandoc.List({}), {}
  return found, function(value)
    if not seen[value] then
      seen[value] = true
      found:insert(value)
    end
  end
end

--- A text as it may stand in HTML, within quotation marks too.
function M.escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

--- A Typst string literal.
function M.quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

--- Blocks that one format alone shows.
function M.shown_in(format, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", { "content-visible" }, { ["when-format"] = format }))
end

--- The first line of a text, by which it is found in the source.
function M.first_line(text) return text:match("^%s*([^\n]*)") end

--- Make several surveys in one walk through the blocks, for most of its time goes into the walk. A
--- survey is a table of functions by kind of element, which look and change nothing.
function M.look(blocks, surveys)
  local by_kind = {}
  for _, survey in ipairs(surveys) do
    for kind, note in pairs(survey) do
      by_kind[kind] = by_kind[kind] or {}
      table.insert(by_kind[kind], note)
    end
  end
  local together = {}
  for kind, notes in pairs(by_kind) do
    together[kind] = function(el)
      for _, note in ipairs(notes) do note(el) end
    end
  end
  blocks:walk(together)
end

--- Whether something holds for one of the words.
function M.any(words, holds)
  for word in words:gmatch("%S+") do
    if holds(word) then return true end
  end
  return false
end

--- The chapter's blocks with what is meant for this format; what stays is unwrapped.
function M.settle_formats(chapter, names)
  if not chapter.conditional then return chapter.blocks end
  local function settle(el)
    local visible, hidden = el.classes:includes("content-visible"), el.classes:includes("content-hidden")
    if not (visible or hidden) then return nil end
    local met = true
    local function is_one_of(formats) return M.any(formats, function(name) return names[name] end) end
    local wanted, unwanted = el.attributes["when-format"], el.attributes["unless-format"]
    if wanted then met = met and is_one_of(wanted) end
    if unwanted then met = met and not is_one_of(unwanted) end
    if met ~= visible then return {} end
    return el.content
  end
  return chapter.blocks:walk({ Div = settle, Span = settle })
end

--- The extension's own filters for a format, in the order `_extension.yml` lists them; those without
--- a function are left out. They see FORMAT as they do under pandoc and Quarto. What one of them sets
--- for all to see is seen by itself alone, for the process goes on to other chapters.
function M.extension_filters(paths, format)
  local all = pandoc.List({})
  for _, path in ipairs(paths) do
    local own = setmetatable({ FORMAT = format }, { __index = _G })
    local filters = assert(loadfile(path, "t", own))()
    if type(filters) == "table" then
      if #filters == 0 then filters = { filters } end
      for _, filter in ipairs(filters) do
        if next(filter) then all:insert(filter) end
      end
    end
  end
  return all
end

--- What a filter of the extension returns that runs there under Quarto alone, for here a stage wants
--- earlier what it does. `made` makes elements: pandoc, or those of elements.lua.
function M.own_filters(name, made)
  local own = setmetatable({ quarto = {}, pandoc = made }, { __index = _G })
  return assert(loadfile(arg[1] .. "/" .. name .. ".lua", "t", own))()
end

--- pandoc's own blocks with the filters run over them.
function M.filtered(blocks, filters)
  local document = pandoc.Pandoc(blocks)
  for _, filter in ipairs(filters) do document = document:walk(filter) end
  return document.blocks
end

--- The words of a text, as attributes list ids.
function M.words(text)
  local list = pandoc.List({})
  for word in (text or ""):gmatch("%S+") do list:insert(word) end
  return list
end

--- The keys of a citation and, one for each, their locators.
function M.cited(cite)
  local ids, locators = pandoc.List({}), pandoc.List({})
  for _, cited in ipairs(cite.citations) do
    ids:insert(cited.id)
    locators:insert((elements.utils.stringify(cited.suffix):gsub("^[,%s]+", "")))
  end
  return ids, locators
end

--- Caption inlines (nil without one) and the rest of a float.
function M.float_parts(div)
  local content = div.content:clone()
  local first = content[1]
  if first and first.t == "Div" and first.classes:includes("float-caption") then
    content:remove(1)
    return first.content[1].content, content
  end
  return nil, content
end

--- Title inlines and the rest of a callout; a numbered one begins with its word and number. `made`
--- makes elements: pandoc, or those of elements.lua.
function M.callout_parts(div, job, made)
  local content = div.content:clone()
  local title = content:remove(1).content[1].content
  local number = div.attributes["number"]
  if number then
    local word = job.callouts[div.attributes["kind"]] .. "\u{a0}" .. number
    local named = made.Inlines({ made.Str(div.attributes["named"] and word .. ":" or word) })
    if div.attributes["named"] then
      named:insert(made.Space())
      named:extend(title)
    end
    title = named
  end
  return title, content
end

--- A path from the project's root for a link or image written in `file`, `..` worked out.
function M.from_root(target, file)
  local folder = pandoc.path.directory(file)
  if target:sub(1, 1) == "/" then
    target = target:sub(2)
  elseif folder ~= "." then
    target = folder .. "/" .. target
  end
  local parts = {}
  for part in target:gmatch("[^/\\]+") do
    if part == ".." and #parts > 0 and parts[#parts] ~= ".." then
      table.remove(parts)
    elseif part ~= "." then
      table.insert(parts, part)
    end
  end
  return table.concat(parts, "/")
end

--- What `around` says of the file that an address means: { path, is_whole }. Those that filters have
--- put in mean what they say.
function M.file(target, around, chapter)
  return around.files[target] or { path = M.from_root(target:match("^[^#]*"), chapter.path) }
end

--- What stands in place of an image that is not there; nil for one that is.
function M.missing(image, around)
  local file = around.files[image.src]
  if not file or file.is_there ~= false then return nil end
  local words = image.attributes["alt"] ~= image.src and image.attributes["alt"] or image.src
  return elements.Span({ elements.Str("[" .. words .. "]") }, { class = "missing-image" })
end

--- A path as an address: what would end it, or is none of an address's letters, is encoded.
function M.encoded(path)
  return (path:gsub("[^%w%-._~/!$&'()*+,;=@\128-\255]", function(letter)
    return ("%%%02X"):format(letter:byte())
  end))
end

-- ---- what may stand in a page ------------------------------------------------------------------

local SCHEMES = { http = true, https = true, mailto = true, tel = true, doi = true }

--- Whether a link, or an image, may have this address: as `is_safe_address` of the package has it.
--- Browsers take no notice of case, blanks and control characters.
function M.is_safe(target, is_image)
  local read = target:gsub("[\0-\32\127]", ""):gsub("\u{a0}", ""):gsub("\u{200b}", "")
  if is_image and read:lower():match("^data:image/[%w+.-]+[;,]") then return true end
  local scheme = read:match("^([^:/?#]*):")
  return scheme == nil or SCHEMES[scheme:lower()] == true
end

--- Links and images without the addresses that they may not have.
M.SAFE = {
  Link = function(link)
    if not M.is_safe(link.target) then return link.content end
  end,
  Image = function(image)
    if not M.is_safe(image.src, true) then return image.caption end
  end,
}

--- True for addresses that lead out of the publication.
function M.is_external(target)
  return target:match("^%a[%w+.-]*:") ~= nil or target:match("^//") ~= nil
end

local NO_BREAK = "\u{a0}"

--- An ISBN whose groups are parted by spaces, as one word: it stays on one line, and a column of a
--- table is made wide enough for it. nil where there is none.
function M.with_whole_isbns(inlines)
  local out, n = pandoc.List({}), 1
  while n <= #inlines do
    local groups, m = pandoc.List({}), n
    while inlines[m] and inlines[m].t == "Str" and #groups < 5 do
      groups:insert(inlines[m].text)
      if not (inlines[m + 1] and inlines[m + 1].t == "Space") then break end
      m = m + 2
    end
    local whole = table.concat(groups, " ")
    if #groups == 5 and whole:find("97[89] %d+ %d+ %d+ [%dX]") then
      out:insert(elements.Str(table.concat(groups, NO_BREAK)))
      n = n + 9
    else
      out:insert(inlines[n])
      n = n + 1
    end
  end
  return #out < #inlines and elements.Inlines(out) or nil
end

return M
