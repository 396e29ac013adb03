--- Notes down what the publication uses: every printed statistic, cited work, figure and table of
--- data, each with its section. Uses get an identifier for pages (`id`, once per page) and a number
--- for the PDF (`data-use`); paragraphs get the anchor of a permanent link.

local shared = require("shared")

local M = {}

--- Marks in a block's text where a use begins: its number stands between the two.
local OPEN, CLOSE = "\u{E000}", "\u{E001}"

local function words(text)
  local list = pandoc.List({})
  for word in (text or ""):gmatch("%S+") do list:insert(word) end
  return list
end

--- The text of a block's inlines without notes, every use in it marked.
local function marked_text(inlines)
  return pandoc.utils.stringify(inlines:walk({
    traverse = "topdown",
    Note = function() return {}, false end,
    Span = function(span)
      if span.attributes["data-use"] then
        span.content:insert(1, pandoc.Str(OPEN .. span.attributes["data-use"] .. CLOSE))
        return span
      end
    end,
  }))
end

local function holds_text(inlines)
  local found = false
  inlines:walk({
    traverse = "topdown",
    Str = function() found = true end,
    Image = function(image) return image, false end,
  })
  return found and not (#inlines == 1 and inlines[1].t == "Strong")
end

--- What one chapter uses goes to `uses`, the text around it to `texts`.
local function record(chapter, uses, texts)
  local section = { number = "", title = "", anchor = "" }
  local counts = {}

  local function nth(name)
    counts[name] = (counts[name] or 0) + 1
    return name .. "-" .. counts[name]
  end

  local function note(use)
    use.number = #uses + 1
    use.page, use.chapter = chapter.output, chapter.path
    use.section, use.section_title = section.number, section.title
    use.section_anchor = section.anchor
    uses:insert(use)
    return tostring(use.number)
  end

  local function statistic(span)
    local ids = words(span.attributes["data-stat"] or span.attributes["stat"])
    if #ids == 0 or span.classes:includes("stat-row") then return nil end
    span.identifier = nth("use-" .. ids[1])
    span.attributes["data-use"] = note({
      kind = span.classes:includes("claim") and "claim" or "statistic", ids = ids,
      anchor = span.identifier, text = pandoc.utils.stringify(span),
      form = span.attributes["data-form"], line = tonumber(span.attributes["data-line"]),
    })
    span.attributes["data-line"], span.attributes["data-form"] = nil, nil
    return span, false
  end

  local function citation(cite)
    local ids, locators = pandoc.List({}), pandoc.List({})
    for _, cited in ipairs(cite.citations) do
      ids:insert(cited.id)
      locators:insert((pandoc.utils.stringify(cited.suffix):gsub("^[,%s]+", "")))
    end
    local anchor = nth("cite-" .. ids[1])
    local hash = cite.citations[1].hash
    local number = note({ kind = "citation", ids = ids, locators = locators, anchor = anchor,
      text = pandoc.utils.stringify(cite), line = hash > 0 and hash - 1 or nil })
    return pandoc.Span({ cite }, pandoc.Attr(anchor, { "cited" }, { ["data-use"] = number })), false
  end

  --- A block of text: its uses noted, its text kept where it has any.
  local function block_of_text(el)
    local before = #uses
    el.content = el.content:walk({
      traverse = "topdown",
      Note = function(noted) return noted, false end,
      -- what stands for an image where it cannot be seen repeats its caption
      Image = function(image) return image, false end,
      Span = statistic,
      Cite = citation,
    })
    if #uses > before then
      texts:insert(marked_text(el.content))
      for i = before + 1, #uses do uses[i].block = #texts - 1 end
    end
    return el
  end

  local function float(div)
    local kind, id = div.attributes["kind"], nil
    if kind == "fig" then
      div:walk({ Image = function(image) id = id or shared.from_root(image.src, chapter.path) end })
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
    local unanchored = within(nil)
    local function paragraph(el)
      block_of_text(el)
      if place and holds_text(el.content) then
        local name = place == "section" and section.anchor:gsub("^sec%-", "") or place
        el.content:insert(1, pandoc.Span({}, { id = nth("p-" .. name), class = "permalink" }))
      end
      return el
    end
    return {
      traverse = "topdown",
      Header = function(el)
        if place == "section" then
          section = { number = el.attributes["number"] or "", anchor = el.identifier,
            title = pandoc.utils.stringify(el.content) }
        end
        return block_of_text(el)
      end,
      Div = function(div)
        if div.classes:includes("references") then return div, false end
        if div.classes:includes("float-caption") or div.classes:includes("callout-title") then
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

  chapter.blocks = chapter.blocks:walk(handlers("section"))
end

--- Uses in the order of the text and the texts of their blocks: see compose.py, `_use`.
function M.uses(chapters)
  local uses, texts = pandoc.List({}), pandoc.List({})
  for _, chapter in ipairs(chapters) do record(chapter, uses, texts) end
  return uses, texts
end

return M
