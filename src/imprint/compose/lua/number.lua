--- Numbers what one chapter holds: sections, floats and equations. The numbers are kept in the
--- elements (attribute `number`) and listed with their labels, for references.
--- Which number the chapter itself has is not known yet: a mark stands for it, that of its first
--- numbered heading of level 1 `OPEN 1 CLOSE`; numbering.py puts the number in its place.

local pandoc = require("elements")
local floats = require("floats")

local M = {}

local OPEN, CLOSE = "\u{E002}", "\u{E003}"

--- Number a chapter; returns its blocks, its labels in order and how many chapters it begins.
function M.chapter(chapter, job)
  local labels = pandoc.List({})
  local begun = 0
  local counts = {}
  local sections = { 0, 0, 0, 0, 0, 0 }
  local level = 1
  local own, unnumbered_chapter = "", false

  local function add(label, number, word, title, implicit)
    labels:insert({ label = label, number = number, word = word, title = title,
      implicit = implicit })
  end

  local function within(n)
    return own ~= "" and own .. "." .. n or tostring(n)
  end

  local function header(el)
    level = el.level
    local unnumbered = el.classes:includes("unnumbered") or not job.number_sections
    if el.level == 1 and job.book then
      unnumbered_chapter = unnumbered or chapter.role == "part"
      if not unnumbered_chapter then
        begun = begun + 1
        sections, counts = { 0, 0, 0, 0, 0, 0 }, {}
        own = OPEN .. begun .. CLOSE
      end
    end
    local number = ""
    if unnumbered_chapter or unnumbered then
      el.classes = el.classes:filter(function(class) return class ~= "unnumbered" end)
      el.classes:insert("unnumbered")
    elseif el.level == 1 and job.book then
      number = own
    elseif el.level <= job.number_depth then
      sections[el.level] = sections[el.level] + 1
      for deeper = el.level + 1, 6 do sections[deeper] = 0 end
      local parts = {}
      for level = job.book and 2 or 1, el.level do table.insert(parts, sections[level]) end
      number = table.concat(parts, ".")
      if own ~= "" then number = own .. "." .. number end
    else
      el.classes:insert("unnumbered")
    end
    if number ~= "" then el.attributes["number"] = number end
    local word = job.section_words.section
    if job.book and el.level == 1 then
      word = job.section_words[chapter.role == "appendix" and "appendix" or "chapter"]
    end
    if job.section_prefix ~= "" then word = job.section_prefix end
    if el.identifier ~= "" then
      add(el.identifier, number, word, pandoc.utils.stringify(el.content),
        not el.identifier:match("^sec%-"))
    end
    return el
  end

  local function numbered(el, kind, word)
    counts[kind] = (counts[kind] or 0) + 1
    local number = within(counts[kind])
    el.attributes["number"] = number
    add(el.identifier, number, word, "", false)
    return el
  end

  --- The parts of a float are lettered.
  local function lettered(div, number)
    local count = 0
    return div.content:walk({
      traverse = "topdown",
      Div = function(part)
        if not part.classes:includes("part") then return nil end
        count = count + 1
        local letter = "(" .. string.char(96 + (count - 1) % 26 + 1) .. ")"
        part.attributes["number"] = letter
        add(part.identifier, number .. "\u{a0}" .. letter, job.floats[part.attributes["kind"]].prefix, "", false)
        return part, false
      end,
    })
  end

  --- Headings within a block belong to it, not to the contents, and skip no level.
  local function inner_headings(blocks)
    local outermost
    return blocks:walk({
      traverse = "topdown",
      Header = function(el)
        outermost = outermost or el.level
        el.level = math.min(level + 1 + math.max(el.level - outermost, 0), 6)
        el.classes:insert("unnumbered")
        el.classes:insert("unlisted")
        return el
      end,
    })
  end

  local blocks = chapter.blocks:walk({
    traverse = "topdown",
    Header = header,
    Div = function(div)
      if div.classes:includes("float") then
        local kind = div.attributes["kind"]
        if floats.kind_of(div.identifier) == kind then
          div = numbered(div, kind, job.floats[kind].prefix)
        elseif div.identifier ~= "" then
          add(div.identifier, "", "", "", true)
        end
        div.content = lettered(div, div.attributes["number"] or "")
        div.content = inner_headings(div.content)
        return div, false
      elseif div.classes:includes("theorem") and job.prefixes[div.attributes["kind"]] then
        return numbered(div, div.attributes["kind"], job.prefixes[div.attributes["kind"]])
      elseif div.classes:includes("callout") and job.callout_labels[div.identifier:match("^(%a+)%-") or ""] then
        local kind = div.identifier:match("^(%a+)%-")
        return numbered(div, kind, job.prefixes[kind])
      elseif div.classes:includes("panel-tabset") then
        div.content = inner_headings(div.content)
        return div
      elseif div.identifier ~= "" and div.identifier ~= "refs" then
        add(div.identifier, "", "", "", true)
      end
    end,
    Span = function(span)
      if span.classes:includes("equation") then
        return numbered(span, "eq", job.equation_prefix)
      end
    end,
  })
  return blocks, labels, begun
end

return M
