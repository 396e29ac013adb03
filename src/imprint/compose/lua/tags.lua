--- The tags of HTML: which there are in a piece of it, and what each does to a page and to print.

local shared = require("shared")

local M = {}

local VOID = shared.set("area base br col embed hr img input link meta param source track wbr")
--- Whose end may not be missing: what follows would be read as a part of them.
M.CLOSED = shared.set("table ul ol dl details figure blockquote")
--- Whose inner tags are none of HTML's.
M.WHOLE = shared.set("script style svg math")
--- Without words: how a page looks, and what it does.
M.PAGE_ONLY = shared.set("script style link meta base")
--- How the names of Word's own tags begin, which browsers pass over.
M.OF_WORD = shared.set("o: v: w: m: st1:")
--- What paper cannot show.
M.NO_PRINT = shared.set([[iframe video audio object embed canvas input select textarea button form map
  template frameset frame applet progress meter]])
M.TEXT = shared.set([[a abbr acronym address article aside b bdi bdo big blockquote body br caption center
  cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption
  figure font footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i img ins kbd label legend li main
  mark menu nav nobr noscript ol optgroup option output p picture pre q rb rp rt rtc ruby s samp
  search section small source span strike strong sub summary sup table tbody td tfoot th thead time
  title tr tt u ul var wbr math svg]])

--- Goes through a piece of HTML's tags: name, whether it closes, whether it stands alone, the name as
--- it is written, its attributes, where it begins and ends; scripts, styles and drawings are one tag.
function M.of(text)
  local at = 1
  return function()
    local first, last, slash, name = text:find("<(/?)(%a[%w:_.-]*)", at)
    local comment = text:find("<!--", at, true)
    while first and comment and comment < first do
      local _, ended = text:find("-->", comment, true)
      at = (ended or #text) + 1
      first, last, slash, name = text:find("<(/?)(%a[%w:_.-]*)", at)
      comment = text:find("<!--", at, true)
    end
    if not first then return nil end
    local written = name
    name = name:lower()
    local ended = last + 1
    while true do
      local _, quoted = text:find("^[^\"'>]*=%s*\"[^\"]*\"", ended)
      if not quoted then _, quoted = text:find("^[^\"'>]*=%s*'[^']*'", ended) end
      if not quoted then break end
      ended = quoted + 1
    end
    local _, close = text:find(">", ended, true)
    local attributes = text:sub(last + 1, (close or #text + 1) - 1)
    at = (close or #text) + 1
    if slash == "" and M.WHOLE[name] then
      local _, over = text:lower():find("</" .. name .. "%s*>", at)
      at = (over or #text) + 1
      return name, false, true, written, nil, first, at - 1
    end
    local alone = VOID[name] or text:sub(at - 2, at - 2) == "/"
    return name, slash == "/", alone, written, attributes, first, at - 1
  end
end

local BARE = shared.set("open reversed hidden nowrap noshade compact ismap async defer scoped inert")

--- Whether words stand where attributes should: `a<b and c>d` is no tag to its author.
function M.holds_words(attributes)
  local rest = attributes:gsub("[%w:_-]+%s*=%s*\"[^\"]*\"", ""):gsub("[%w:_-]+%s*=%s*'[^']*'", "")
    :gsub("[%w:_-]+%s*=%s*[^%s\"'>]+", "")
  for word in rest:gmatch("[^%s/]+") do
    if not BARE[word:lower()] then return true end
  end
  return false
end

--- The first of these that is among a piece's tags; nil without any.
function M.first(text, names)
  for name in M.of(text) do
    if names[name] then return name end
  end
end

--- A piece of HTML without comments and without these tags, scripts and styles with what they hold.
function M.without(text, names)
  local out, at = {}, 1
  for name, _, _, _, _, first, last in M.of(text) do
    if names[name] then
      table.insert(out, text:sub(at, first - 1))
      at = last + 1
    end
  end
  return ((table.concat(out) .. text:sub(at)):gsub("<!%-%-.-%-%->", ""))
end

return M
