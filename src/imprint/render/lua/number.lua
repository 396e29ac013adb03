--- Numbers the whole publication once: chapters, sections, floats and equations.
--- The numbers are kept in the elements (attribute `number`) and in an index for references.

local read = require("read")

local M = {}

local function letter(n) return string.char(string.byte("A") + n - 1) end

--- What stays the same for a label: its number, the word before it, where it stands.
local function entry(chapter, number, word, identifier)
  return { number = number, word = word, page = chapter.output, chapter = chapter.path,
    identifier = identifier }
end

--- Number chapters in order; returns index: label -> entry.
function M.chapters(chapters, job, report)
  local index = {}
  local chapter_count, appendix_count = 0, 0
  -- A publication of one page counts through; a book starts anew with every chapter.
  local counts = {}

  for _, chapter in ipairs(chapters) do
    local sections = { 0, 0, 0, 0, 0, 0 }
    local level = 1
    if job.book then counts = {} end
    chapter.number = ""

    local function add(identifier, made)
      if index[identifier] and not index[identifier].implicit then
        report(chapter, "label-is-unique", identifier,
          "the label '" .. identifier .. "' is used twice, first in " .. index[identifier].chapter,
          "give one of them another name")
      else
        index[identifier] = made
      end
    end

    local function within(n)
      return chapter.number ~= "" and chapter.number .. "." .. n or tostring(n)
    end

    local function header(el)
      level = el.level
      local unnumbered = el.classes:includes("unnumbered") or not job.number_sections
      if el.level == 1 and job.book then
        chapter.unnumbered = unnumbered or chapter.role == "part"
        if not chapter.unnumbered then
          if chapter.role == "appendix" then
            appendix_count = appendix_count + 1
            chapter.number = letter(appendix_count)
          else
            chapter_count = chapter_count + 1
            chapter.number = tostring(chapter_count)
          end
        end
        chapter.title = chapter.title or el
      end
      local number = ""
      if chapter.unnumbered or unnumbered then
        el.classes = el.classes:filter(function(class) return class ~= "unnumbered" end)
        el.classes:insert("unnumbered")
      elseif el.level == 1 and job.book then
        number = chapter.number
      elseif el.level <= job.number_depth then
        sections[el.level] = sections[el.level] + 1
        for deeper = el.level + 1, 6 do sections[deeper] = 0 end
        local parts = {}
        for level = job.book and 2 or 1, el.level do table.insert(parts, sections[level]) end
        number = table.concat(parts, ".")
        if chapter.number ~= "" then number = chapter.number .. "." .. number end
      else
        el.classes:insert("unnumbered")
      end
      if number ~= "" then el.attributes["number"] = number end
      local word = "Section"
      if job.book and el.level == 1 then
        word = chapter.role == "appendix" and "Appendix" or "Chapter"
      end
      if job.section_prefix ~= "" then word = job.section_prefix end
      local made = entry(chapter, number, word, el.identifier)
      made.title = pandoc.utils.stringify(el.content)
      made.implicit = not el.identifier:match("^sec%-")
      if el.identifier ~= "" and not (made.implicit and index[el.identifier]) then
        add(el.identifier, made)
      end
      return el
    end

    local function numbered(el, kind, word)
      counts[kind] = (counts[kind] or 0) + 1
      local number = within(counts[kind])
      el.attributes["number"] = number
      add(el.identifier, entry(chapter, number, word, el.identifier))
      return el
    end

    chapter.blocks = chapter.blocks:walk({
      traverse = "topdown",
      Header = header,
      Div = function(div)
        if div.classes:includes("float") then
          local kind = div.attributes["kind"]
          if div.identifier ~= "" then
            div = numbered(div, kind, job.floats[kind].prefix)
          end
          -- Headings inside a float belong to it, not to the contents, and skip no level.
          local outermost
          div.content = div.content:walk({
            traverse = "topdown",
            Header = function(el)
              outermost = outermost or el.level
              el.level = math.min(level + 1 + math.max(el.level - outermost, 0), 6)
              el.classes:insert("unnumbered")
              el.classes:insert("unlisted")
              return el
            end,
          })
          return div, false
        elseif div.identifier ~= "" and div.identifier ~= "refs" then
          local made = entry(chapter, "", "", div.identifier)
          made.implicit = true
          if not index[div.identifier] then index[div.identifier] = made end
        end
      end,
      Span = function(span)
        if span.classes:includes("equation") then
          return numbered(span, "eq", job.equation_prefix)
        end
      end,
    })
  end
  return index
end

return M
