--- What a reader reads of one chapter: its paragraphs, headings, items, cells of tables, captions, notes
--- and alternative texts in the order of the text, with what their runs of words are.
--- alignment.py finds where each of them stands in the source.
---
--- A passage's `text` is a list of strings, of runs that begin ({ kind = … }) and, as 0, of runs that end.
--- A mention is a label, a link or an image: { kind, name, passage, at } says that it stands in the passage
--- with this index, after so many of its strings and runs, or before it; the words of a link begin after `from`.

local pandoc = require("elements")
local refer = require("refer")
local shared = require("shared")

local M = {}

local SIMPLE = { Emph = "emphasis", Strong = "strong", Strikeout = "deleted", Superscript = "superscript",
  Subscript = "subscript", SmallCaps = "emphasis", Underline = "emphasis" }
local NO_TEXT = { ["float-caption"] = "caption", ["callout-title"] = "title",
  ["theorem-name"] = "title" }

--- Stands in a text for an image.
local IMAGE = "\u{fffc}"

--- Whether there is nothing among runs to be read but images.
local function only_images(text)
  for i, it in ipairs(text) do
    local before = text[i - 1]
    local is_image = type(before) == "table" and before.kind == "image"
    if type(it) == "string" and not is_image and it:find("%S") then return false end
  end
  return true
end

--- What JSON can hold of a div or table.
local function holder(el, classes)
  local attributes = {}
  for name, value in pairs(el.attributes) do
    -- Which number the chapter has is not known yet.
    if name ~= "number" then attributes[name] = value end
  end
  return { id = el.identifier, classes = classes or el.classes, attributes = attributes }
end

--- The passages of a chapter's blocks, the divs that hold them, and what they mention. `look` has functions by
--- kind of element, which get it with a function to report (rule, word, what is wrong, fix) at its place.
function M.of(blocks, job, look)
  local passages, divs, mentions = pandoc.List({}), pandoc.List({}), pandoc.List({})
  local within = pandoc.List({})
  local read_blocks

  --- Numbers, claims and citations are numbered, and keep theirs: record.lua notes it with their use, whatever has
  --- since been moved or left out.
  local uses = 0
  local function next_use()
    uses = uses + 1
    return uses
  end

  local function add(kind, text, more)
    local passage = { kind = kind, text = text, within = within:clone() }
    for name, value in pairs(more or {}) do passage[name] = value end
    passages:insert(passage)
  end

  --- Note what stands here: before the next passage, or after the `text` that it has so far.
  local function mention(kind, name, text, from)
    if name ~= "" then
      mentions:insert({ kind = kind, name = name, passage = #passages, from = from, at = text and #text or 0 })
    end
  end

  --- Have an element looked at; what is reported stands where it was mentioned last.
  local function looked(el)
    if not look[el.t] then return end
    look[el.t](el, function(code, needle, message, fix)
      look.report(code, needle, message, fix, #mentions - 1)
    end)
  end

  local function held(div, inside)
    mention("label", div.id)
    divs:insert(div)
    within:insert(#divs - 1)
    inside()
    within:remove()
  end

  --- The text of inlines; what stands elsewhere than in the line of words goes to `later`.
  local function text_of(inlines, later)
    local text = pandoc.List({})
    local function say(more)
      if type(text[#text]) == "string" then
        text[#text] = text[#text] .. more
      else
        text:insert(more)
      end
    end
    local read
    local function run(begun, inside)
      text:insert(begun)
      inside()
      text:insert(0)
    end
    local function span(el)
      local ids = shared.words(el.attributes["data-stat"] or el.attributes["stat"])
      if #ids > 0 then
        local is_claim = el.classes:includes("claim")
        local use
        if not el.classes:includes("stat-row") then
          use = next_use()
          el.attributes["data-run"] = tostring(use)
        end
        run({ kind = is_claim and "claim" or "number", ids = ids, form = el.attributes["data-form"], use = use },
          function() read(el.content) end)
      elseif el.classes:includes("equation") then
        run({ kind = "equation", ids = { el.identifier } }, function() read(el.content) end)
        mention("label", el.identifier, text)
      elseif el.identifier ~= "" then
        run({ kind = "anchor", ids = { el.identifier } }, function() read(el.content) end)
        mention("label", el.identifier, text)
      else
        read(el.content)
      end
    end
    local function cite(el)
      local ids, locators = shared.cited(el)
      local mode = el.citations[1].mode
      local form = mode == "AuthorInText" and "text" or mode == "SuppressAuthor" and "year" or "brackets"
      local is_citation = refer.cites(el, job)
      local use = is_citation and next_use() or nil
      if use then el.citations[1].hash = use end
      run({ kind = is_citation and "citation" or "reference", ids = ids, form = form, locators = locators,
        use = use }, function() read(el.content) end)
    end
    read = function(list)
      for _, el in ipairs(list) do
        local kind = el.t
        if kind == "Str" then
          say(el.text)
        elseif kind == "Space" then
          say(" ")
        elseif kind == "SoftBreak" or kind == "LineBreak" then
          say("\n")
        elseif kind == "Quoted" then
          local quotes = pandoc.QUOTES[el.quotetype]
          run({ kind = "quotation" }, function()
            say(quotes[1])
            read(el.content)
            say(quotes[2])
          end)
        elseif kind == "Span" then
          span(el)
        elseif kind == "Cite" then
          cite(el)
        elseif kind == "Link" then
          local from = #text
          run({ kind = "link", target = el.target }, function() read(el.content) end)
          mention("link", el.target, text, from)
          looked(el)
        elseif kind == "Code" then
          run({ kind = "code" }, function() say(el.text) end)
        elseif kind == "Math" then
          run({ kind = "math" }, function() say(el.text) end)
        elseif kind == "RawInline" then
          run({ kind = "raw", form = el.format }, function() say(el.text) end)
        elseif kind == "Note" then
          run({ kind = "note" }, function() end)
          later:insert({ kind = "note", blocks = el.content })
        elseif kind == "Image" then
          local alt = el.attributes["alt"] or pandoc.utils.stringify(el.caption)
          run({ kind = "image", target = el.src }, function() say(IMAGE) end)
          mention("image", el.src, text)
          looked(el)
          if alt ~= "" and alt ~= el.src then
            later:insert({ kind = "alt", target = el.src, text = { alt } })
          end
        elseif SIMPLE[kind] then
          run({ kind = SIMPLE[kind] }, function() read(el.content) end)
        elseif el.content then
          read(el.content)
        end
      end
    end
    read(inlines)
    return text
  end

  local function passage(kind, inlines, more)
    local later, first = pandoc.List({}), #mentions + 1
    local text = text_of(inlines, later)
    if #text > 0 and not only_images(text) then
      add(kind, text, more)
    else
      for i = first, #mentions do mentions[i].at = 0 end
    end
    for _, found in ipairs(later) do
      if found.blocks then
        read_blocks(found.blocks, "note")
      else
        add(found.kind, found.text, { target = found.target })
      end
    end
  end

  local function table_of(tbl)
    if #tbl.caption.long > 0 then passage("caption", pandoc.utils.blocks_to_inlines(tbl.caption.long)) end
    local row_number = 0
    local function rows(list, is_head, heads)
      for _, row in ipairs(list) do
        row_number = row_number + 1
        for column, cell in ipairs(row.cells) do
          for _, block in ipairs(cell.contents) do
            local more = { row = row_number, column = column, is_head = is_head or column <= heads }
            if block.t == "Plain" or block.t == "Para" then
              passage("cell", block.content, more)
            else
              read_blocks({ block }, "cell", more)
            end
          end
        end
      end
    end
    held(holder(tbl, { "table" }), function()
      rows(tbl.head.rows, true, 0)
      for _, body in ipairs(tbl.bodies) do
        rows(body.head, true, 0)
        rows(body.body, false, body.row_head_columns)
      end
      rows(tbl.foot.rows, false, 0)
    end)
  end

  --- Blocks as passages; paragraphs among them are of `kind`, of an item the first alone.
  read_blocks = function(list, kind, more)
    for i, el in ipairs(list) do
      local t = el.t
      local own = (kind == "item" and i > 1) and "text" or kind
      if t == "Para" or t == "Plain" then
        passage(own, el.content, more)
      elseif t == "Header" then
        mentions:insert({ kind = "line", name = "#", passage = #passages, at = 0 })
        looked(el)
        passage("heading", el.content, { level = el.level, id = el.identifier })
        mention("heading", el.identifier)
      elseif t == "CodeBlock" then
        mention("label", el.identifier)
        add("code", { el.text }, { id = el.identifier, classes = el.classes })
      elseif t == "RawBlock" then
        add("raw", { el.text }, { classes = { el.format } })
      elseif t == "LineBlock" then
        local inlines = pandoc.Inlines({})
        for line, content in ipairs(el.content) do
          if line > 1 then inlines:insert(pandoc.LineBreak()) end
          inlines:extend(content)
        end
        passage(own, inlines, more)
      elseif t == "BulletList" or t == "OrderedList" then
        for _, item in ipairs(el.content) do read_blocks(item, kind == "text" and "item" or kind, more) end
      elseif t == "DefinitionList" then
        for _, item in ipairs(el.content) do
          passage("term", item[1], more)
          for _, definition in ipairs(item[2]) do read_blocks(definition, own, more) end
        end
      elseif t == "BlockQuote" then
        held({ id = "", classes = { "block-quotation" }, attributes = {} }, function()
          read_blocks(el.content, own, more)
        end)
      elseif t == "Table" then
        table_of(el)
      elseif t == "Div" then
        local special
        for class, named in pairs(NO_TEXT) do
          if el.classes:includes(class) then special = named end
        end
        if special then
          passage(special, pandoc.utils.blocks_to_inlines(el.content))
        else
          held(holder(el), function()
            read_blocks(el.content, own, more)
          end)
        end
      elseif t == "Figure" then
        if #el.caption.long > 0 then passage("caption", pandoc.utils.blocks_to_inlines(el.caption.long)) end
        read_blocks(el.content, own, more)
      end
    end
  end
  read_blocks(blocks, "text")
  return passages, divs, mentions
end

return M
