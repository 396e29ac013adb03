--- `pandoc lua works.lua`: bibliographies -> their works as pandoc has read them, and their names as
--- its citeproc prints them in running text. csl.py describes the request and the answer, both JSON.

--- What pandoc makes of `\\'{\\i}`: two signs where there is one.
local DOTLESS = { ["\u{131}\u{300}"] = "ì", ["\u{131}\u{301}"] = "í", ["\u{131}\u{302}"] = "î",
  ["\u{131}\u{303}"] = "ĩ", ["\u{131}\u{308}"] = "ï" }

local ROLES = { "author", "editor", "translator" }

local ALL = pandoc.MetaInlines({ pandoc.Cite({}, { pandoc.Citation("*", "NormalCitation") }) })

local function dotted(text) return (text:gsub("\u{131}\xCC[\x80-\x88]", DOTLESS)) end

--- With particles as British use has them in running text: part of the family name (`van der Berg`),
--- not left out.
local function corrected_name(name)
  if name["dropping-particle"] then
    name["non-dropping-particle"] = name["dropping-particle"]
    name["dropping-particle"] = nil
  end
  for part, text in pairs(name) do
    if type(text) == "string" then name[part] = dotted(text) end
  end
end

--- One work with what pandoc reads otherwise than is meant put right; `has_dotless`, whether letters
--- without their dots may be in it.
local function corrected(work, has_dotless)
  -- pandoc takes the type over as it is written.
  local kind = type(work.genre) == "string" and work.genre or ""
  if kind:find("[{\\]") then
    work.genre = pandoc.utils.blocks_to_inlines(pandoc.read(kind, "latex").blocks)
  end
  for field, value in pairs(work) do
    if has_dotless and pandoc.utils.type(value) == "Inlines" then
      work[field] = value:walk({ Str = function(str) return pandoc.Str(dotted(str.text)) end })
    elseif type(value) == "table" then
      for _, name in ipairs(value) do
        if type(name) == "table" then corrected_name(name) end
      end
    end
  end
  return work
end

--- Dates that are words to pandoc, as `2010-2015`, by key; its references leave them out.
local function dates_in_words(document)
  local found = {}
  for _, entry in ipairs(document.meta.references or {}) do
    local issued = entry.issued
    if issued and pandoc.utils.type(issued) ~= "table" then
      found[pandoc.utils.stringify(entry.id)] = pandoc.utils.stringify(issued)
    end
  end
  return found
end

local function works_of(file)
  local text = file.text
  local document = pandoc.read(text, file.format)
  document.meta.nocite = ALL
  local words = dates_in_words(document)
  -- To go through every field of every work takes long.
  local has_dotless = text:find("\\i%A") or text:find("\u{131}", 1, true)
  return pandoc.utils.references(document):map(function(work)
    if file.format ~= "biblatex" then return work end
    local date = work.issued and work.issued["date-parts"]
    if date and #date == 0 and words[work.id] then work.issued = { literal = words[work.id] } end
    return corrected(work, has_dotless)
  end)
end

--- `van der Berg and Scott (2010a)` for each of the works, with letters as if all were listed.
local function names_of(works, style)
  local blocks = pandoc.Blocks({})
  for _, work in ipairs(works) do
    blocks:insert(pandoc.Plain({ pandoc.Cite({}, { pandoc.Citation(work.id, "AuthorInText") }) }))
  end
  local meta = { references = works, lang = style.lang, csl = style.csl,
    ["suppress-bibliography"] = true }
  local printed = pandoc.utils.citeproc(pandoc.Pandoc(blocks, meta)).blocks
  local names = pandoc.List({})
  for i = 1, #works do names:insert(pandoc.utils.stringify(printed[i])) end
  return names
end

local function people(names)
  local found = pandoc.List({})
  for _, name in ipairs(names) do
    local particle = name["non-dropping-particle"]
    local family = name.literal or name.family or ""
    found:insert({ (particle and particle .. " " or "") .. family, name.given or "",
      name.suffix or "" })
  end
  return found
end

--- A work without markup.
local function plain(work, name, file)
  local found = { key = work.id, name = name, year = "", file = file, people = {}, printed = {} }
  for _, role in ipairs(ROLES) do
    if work[role] then found.people[role] = people(work[role]) end
  end
  for field, value in pairs(work) do
    if pandoc.utils.type(value) == "Inlines" or type(value) == "string" then
      found.printed[field] = pandoc.utils.stringify(value)
    end
  end
  local date = work.issued and work.issued["date-parts"]
  if date and date[1] then found.year = tostring(date[1][1]) end
  return found
end

--- The works of all files, of those with one key the last, as pandoc has it; the file of each by its key; and
--- what cannot be read.
local function read(files)
  local all, from, refused = pandoc.List({}), {}, pandoc.List({})
  for _, file in ipairs(files) do
    local is_read, found = pcall(works_of, file)
    if is_read then
      all:extend(found)
      for _, work in ipairs(found) do from[work.id] = file.path end
    else
      refused:insert({ file.path, tostring(found) })
    end
  end
  local last = {}
  for i, work in ipairs(all) do last[work.id] = i end
  local works = pandoc.List({})
  for i, work in ipairs(all) do
    if last[work.id] == i then works:insert(work) end
  end
  return works, from, refused
end

local request = pandoc.json.decode(io.read("a"), false)
local works, from, refused = read(request.files)
-- A style that cannot be read is told of where works are cited.
local is_named, names = pcall(names_of, works, request)
if not is_named then names = names_of(works, { lang = request.lang }) end
local found = pandoc.List({})
for i, work in ipairs(works) do found:insert(plain(work, names[i], from[work.id])) end
local whole = pandoc.write(pandoc.Pandoc({}, { references = works }), "json")
print(pandoc.json.encode({ works = found, refused = refused, references = whole }))
