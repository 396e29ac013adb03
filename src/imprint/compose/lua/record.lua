--- Notes down what a chapter uses: every printed statistic, cited work, figure and table of data,
--- each with its section. Uses get an identifier for pages (`id`, once per page) and a number for the
--- PDF (`data-use`), counted within the chapter and between marks, for numbers before it may change;
--- paragraphs get the anchor of a permanent link.

local pandoc = require("elements")
local shared = require("shared")

local M = {}

--- Marks around a use's number in an attribute.
local NUMBER, END = "\u{E004}", "\u{E005}"

local WORDS = { Str = true, Space = true, SoftBreak = true, LineBreak = true }

--- Whether inlines are words alone, among which there is nothing to note.
local function are_words(inlines)
  for _, inline in ipairs(inlines) do
    if not WORDS[inline.t] then return false end
  end
  return true
end

local function holds_text(inlines)
  if #inlines == 1 and inlines[1].t == "Strong" then return false end
  for _, inline in ipairs(inlines) do
    if inline.t == "Str" then return true end
  end
  local found = false
  inlines:walk({
    traverse = "topdown",
    Str = function() found = true end,
    Image = function(image) return image, false end,
  })
  return found
end

--- The blocks of a chapter with its uses numbered, and the uses in the order of the text.
function M.chapter(blocks, chapter, around)
  local uses = pandoc.List({})
  local section = { number = "", title = "", anchor = "" }
  local counts = {}

  local function nth(name)
    counts[name] = (counts[name] or 0) + 1
    return name .. "-" .. counts[name]
  end

  local function note(use)
    use.number = #uses + 1
    use.section, use.section_title = section.number, section.title
    use.section_anchor = section.anchor
    uses:insert(use)
    return NUMBER .. use.number .. END
  end

  local function statistic(span)
    local ids = shared.words(span.attributes["data-stat"] or span.attributes["stat"])
    if #ids == 0 or span.classes:includes("stat-row") then return nil end
    span.identifier = nth("use-" .. ids[1])
    span.attributes["data-use"] = note({
      kind = span.classes:includes("claim") and "claim" or "statistic", ids = ids,
      anchor = span.identifier, text = pandoc.utils.stringify(span),
      form = span.attributes["data-form"], run = tonumber(span.attributes["data-run"]),
    })
    span.attributes["data-run"], span.attributes["data-form"] = nil, nil
    return span, false
  end

  local function citation(cite)
    local ids, locators = shared.cited(cite)
    local anchor = nth("cite-" .. ids[1])
    local number = note({ kind = "citation", ids = ids, locators = locators, anchor = anchor,
      text = pandoc.utils.stringify(cite), run = cite.citations[1].hash })
    return pandoc.Span({ cite }, { id = anchor, class = "cited", ["data-use"] = number }), false
  end

  local unanchored

  --- The inlines of a block of text with its uses noted, those of its notes after its own.
  local function noted(inlines)
    if are_words(inlines) then return inlines end
    local has_notes = false
    inlines = inlines:walk({
      traverse = "topdown",
      Note = function(found)
        has_notes = true
        return found, false
      end,
      -- what stands for an image where it cannot be seen repeats its caption
      Image = function(image) return image, false end,
      Span = statistic,
      Cite = citation,
    })
    if has_notes then inlines = inlines:walk({ traverse = "topdown", Note = unanchored }) end
    return inlines
  end

  local function float(div)
    local kind, id = div.attributes["kind"], nil
    if kind == "fig" then
      div:walk({ Image = function(image) id = id or shared.file(image.src, around, chapter).path end })
    elseif kind == "tbl" then
      id = div.attributes["data-table"]
    end
    if id then
      local caption = shared.float_parts(div)
      div.attributes["data-use"] = note({ kind = kind == "fig" and "figure" or "table",
        ids = { id }, anchor = div.identifier, label = div.attributes["number"],
        text = caption and pandoc.utils.stringify(caption:walk({
          Note = function() return {} end })) or "" })
    end
  end

  --- Walks blocks. Anchors of paragraphs are named after `place`: "section", the identifier of a
  --- float, or nil where they get none.
  local function handlers(place)
    local function within(inner)
      return function(el) return el:walk(handlers(inner)), false end
    end
    local function paragraph(el)
      local inlines = noted(el.content)
      if place and holds_text(inlines) then
        local name = place == "section" and section.anchor:gsub("^sec%-", "") or place
        inlines:insert(1, pandoc.Span({}, { id = nth("p-" .. name), class = "permalink" }))
      end
      el.content = inlines
      return el, false
    end
    return {
      traverse = "topdown",
      Header = function(el)
        if place == "section" then
          section = { number = el.attributes["number"] or "", anchor = el.identifier,
            title = pandoc.utils.stringify(el.content) }
        end
        el.content = noted(el.content)
        return el, false
      end,
      Div = function(div)
        if div.classes:includes("references") then return div, false end
        if div.classes:includes("float-caption") or div.classes:includes("callout-title")
          or div.classes:includes("theorem-name") then
          return unanchored(div)
        end
        if div.classes:includes("float") then
          float(div)
          return within(div.identifier ~= "" and div.identifier or nil)(div)
        end
      end,
      Para = paragraph,
      Plain = paragraph,
      Note = unanchored,
      Table = unanchored,
    }
  end
  unanchored = function(el) return el:walk(handlers(nil)), false end

  return blocks:walk(handlers("section")), uses
end

return M
