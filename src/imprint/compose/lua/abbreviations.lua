--- Abbreviations and terms in the text of a page: each explained where a section has an abbreviation,
--- or a page a term, for the first time.

local pandoc = require("elements")
local shared = require("shared")

local M = {}

--- The parts of a word before, in and behind an abbreviation, and what that means; nil for another word.
local function parted(word, meanings)
  local from, to = word:find("%w[%w&]*")
  if not from then return nil end
  local short = word:sub(from, to)
  if not meanings[short] and short:match("s$") then
    to = to - 1
    short = word:sub(from, to)
  end
  return meanings[short] and short, word:sub(1, from - 1), word:sub(to + 1)
end

local function is_word(el)
  return el and el.t == "Str"
end

local function is_space(el)
  return el and (el.t == "Space" or el.t == "SoftBreak")
end

--- The terms among the meanings, which begin with a small letter or have several words, by their first
--- words: lists of all their words, longest first.
local function terms_in(meanings)
  local found = {}
  for term in pairs(meanings) do
    if term:match("^%l") or term:find(" ", 1, true) then
      local words = { term = term }
      for word in term:gmatch("%S+") do table.insert(words, word) end
      found[words[1]] = found[words[1]] or {}
      table.insert(found[words[1]], words)
    end
  end
  for _, terms in pairs(found) do
    table.sort(terms, function(a, b) return #a > #b or #a == #b and a.term < b.term end)
  end
  return found
end

--- The terms that may begin with a word, a plural too.
local function terms_of(word, terms)
  local stem = word:match("^%w+") or ""
  return terms[word] or terms[stem] or terms[(stem:gsub("s$", ""))]
end

--- The term that begins with an inline: its words, what stands before them in the first and behind
--- them in the last, and the last one's text within; nil for none.
local function term_at(inlines, at, terms)
  local before, first = inlines[at].text:match("^([^%w]*)(.*)$")
  local named = terms_of(first, terms)
  if not named and first:match("^%u") then
    first = first:gsub("^%u", string.lower)
    named = terms_of(first, terms)
  end
  for _, words in ipairs(named or {}) do
    local fits = #words == 1 or first == words[1]
    for n = 2, #words do
      local el = inlines[at + 2 * n - 2]
      fits = fits and is_space(inlines[at + 2 * n - 3]) and is_word(el)
        and (el.text == words[n] or n == #words and el.text:sub(1, #words[n]) == words[n])
    end
    if fits then
      local text = #words == 1 and inlines[at].text:sub(#before + 1) or inlines[at + 2 * #words - 2].text
      local within = #words[#words] + (text:sub(#words[#words] + 1):match("^s") and 1 or 0)
      if not text:sub(within + 1):match("^%w") then
        return words, before, text:sub(within + 1), text:sub(1, within)
      end
    end
  end
end

--- Puts a term into `out`; returns the place of its last inline.
local function put_term(out, inlines, at, words, parts, meaning)
  local last = at + 2 * #words - 2
  if parts.before ~= "" then out:insert(pandoc.Str(parts.before)) end
  out:insert(pandoc.RawInline("html", '<span class="term" title="' .. shared.escape(meaning) .. '">'))
  for n = at, last do
    local el = inlines[n]
    if n == last then
      el = pandoc.Str(parts.within)
    elseif n == at then
      el = pandoc.Str(el.text:sub(#parts.before + 1))
    end
    out:insert(el)
  end
  out:insert(pandoc.RawInline("html", "</span>"))
  if parts.behind ~= "" then out:insert(pandoc.Str(parts.behind)) end
  return last
end

local function explained_inlines(inlines, meanings, terms, seen)
  local out, at = pandoc.Inlines({}), 0
  while at < #inlines do
    at = at + 1
    local el = inlines[at]
    local short, before, behind, words, within
    if el.t == "Str" then
      words, before, behind, within = term_at(inlines, at, terms)
      if not words then short, before, behind = parted(el.text, meanings) end
    end
    if words and not seen.terms[words.term] then
      seen.terms[words.term] = true
      local parts = { before = before, behind = behind, within = within }
      at = put_term(out, inlines, at, words, parts, meanings[words.term])
    elseif not short or seen.short[short] then
      out:insert(el)
    else
      seen.short[short] = true
      -- in brackets it stands behind what it means
      if before:find("(", 1, true) then
        out:insert(el)
      else
        if before ~= "" then out:insert(pandoc.Str(before)) end
        local title = shared.escape(meanings[short])
        out:insert(pandoc.RawInline("html", '<abbr title="' .. title .. '">' .. shared.escape(short) .. "</abbr>"))
        if behind ~= "" then out:insert(pandoc.Str(behind)) end
      end
    end
  end
  return out
end

--- The blocks with `abbr` elements and terms; `meanings` are what abbreviations and terms mean.
function M.explained(blocks, meanings)
  local seen, terms = { short = {}, terms = {} }, terms_in(meanings)
  local function paragraph(el)
    el.content = explained_inlines(el.content, meanings, terms, seen)
    return el
  end
  return blocks:walk({
    traverse = "topdown",
    Header = function() seen.short = {} end,
    Para = paragraph,
    Plain = paragraph,
    Div = function(div) if div.classes:includes("references") then return div, false end end,
    Table = function(el) return el, false end,
  })
end

return M
