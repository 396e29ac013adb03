--- The first stage: Markdown of one chapter -> its blocks, with every construct of ours in one
--- neutral form, and what the other chapters need to know of it.

---   floats    Div .float   {kind=box}, first child Div .float-caption when it has one
---   callouts  Div .callout {kind=note}, first child Div .callout-title
---   equations Span .equation #eq-…
--- Constructs that the embedded engine does not know are reported, never passed on in silence.

local code = require("code")
local elements = require("elements")
local files = require("files")
local floats = require("floats")
local forms = require("forms")
local guard = require("guard")
local layouts = require("layouts")
local lines = require("lines")
local network = require("network")
local number = require("number")
local put_in = require("put_in")
local raw = require("raw")
local refer = require("refer")
local shared = require("shared")
local shortcodes = require("shortcodes")
local tables = require("tables")
local theorems = require("theorems")
local passages = require("passages")

local M = {}

-- ---- content for some profiles -----------------------------------------------------------------

--- Conditions that are written several times in one place, each as one with all of its values.
local function gathered(el)
  local list, conditions, is_repeated = {}, {}, false
  for _, attribute in ipairs(el.attributes) do
    local name, value = attribute[1], attribute[2]
    local first = conditions[name]
    if first then
      first[2] = first[2] .. " " .. value
      is_repeated = true
    else
      table.insert(list, { name, value })
      if name:match("^when%-") or name:match("^unless%-") then conditions[name] = list[#list] end
    end
  end
  if not is_repeated then return nil end
  el.attributes = list
  return el
end

--- Whether a `content-visible`/`content-hidden` element stays, as far as the publication decides.
--- Conditions on the format stay in the document; html.lua and typst.lua settle them.
local function stays(el, job, chapter)
  local visible, hidden = el.classes:includes("content-visible"), el.classes:includes("content-hidden")
  if not (visible or hidden) then return true end
  local attributes = el.attributes
  local decided, met = false, true
  local function condition(name, holds)
    for _, form in ipairs({ { "when-", true }, { "unless-", false } }) do
      local wanted = attributes[form[1] .. name]
      if wanted then
        decided = true
        met = met and shared.any(wanted, holds) == form[2]
      end
    end
  end
  condition("profile", function(wanted) return wanted == job.profile end)
  condition("meta", function(wanted)
    local value = shortcodes.metadata_value(chapter.metadata, wanted)
    return value ~= nil and value ~= "false"
  end)
  if attributes["when-format"] or attributes["unless-format"] then
    return not decided or met == visible
  end
  return met == visible
end

-- ---- callouts ----------------------------------------------------------------------------------

--- A heading within a callout is no part of the contents.
local UNLISTED = {
  Header = function(el)
    el.classes:insert("unlisted")
    return el
  end,
}

local function callout(div, kind, job)
  local content = div.content:walk(UNLISTED)
  local title = div.attributes["title"] and lines.inlines_of(div.attributes["title"])
  if not title and content[1] and content[1].t == "Header" then
    title = content[1].content
    content:remove(1)
  end
  local is_named = title ~= nil
  title = title or pandoc.Inlines({ pandoc.Str(job.callouts[kind]) })
  content:insert(1, pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title" }))
  return pandoc.Div(content, pandoc.Attr(div.identifier, { "callout" },
    { kind = kind, named = is_named and "true" or nil, collapse = div.attributes["collapse"] }))
end

-- ---- equations ---------------------------------------------------------------------------------

--- `$$ … $$ {#eq-x}`: the maths and its label become one span.
local function equations(inlines)
  for i = #inlines, 1, -1 do
    local el = inlines[i]
    local label = el and el.t == "Str" and el.text:match("^{#(eq%-[%w%-_]+)}")
    if label then
      local j = i - 1
      while inlines[j] and (inlines[j].t == "Space" or inlines[j].t == "SoftBreak") do j = j - 1 end
      local maths = inlines[j]
      if maths and maths.t == "Math" then
        local rest = el.text:sub(#label + 4)
        for _ = j, i do inlines:remove(j) end
        if rest ~= "" then inlines:insert(j, pandoc.Str(rest)) end
        inlines:insert(j, pandoc.Span({ maths }, { id = label, class = "equation" }))
      end
    end
  end
  return inlines
end

-- ---- a chapter ---------------------------------------------------------------------------------

--- A figure, callout or the like that is for some formats -> the same within a div that says so; nil for others.
local function apart(div)
  local attributes, condition = div.attributes, {}
  for _, name in ipairs({ "when-format", "unless-format" }) do condition[name] = attributes[name] end
  local function decides(class) return class == "content-visible" or class == "content-hidden" end
  local outer, inner = div.classes:filter(decides), div.classes:filter(function(class) return not decides(class) end)
  if not next(condition) or #outer == 0 or (#inner == 0 and div.identifier == "") then return nil end
  for name in pairs(condition) do div.attributes[name] = nil end
  div.classes = inner
  return pandoc.Div({ div }, pandoc.Attr("", outer, condition))
end

local function div_of_ours(div, job, chapter, report)
  if not stays(div, job, chapter) then return {} end
  local conditional = apart(div)
  if conditional then return conditional end
  if div.classes:includes("float") then return nil end
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if job.callouts[kind or ""] then return callout(div, kind, job) end
  end
  if div.classes:includes("list-table") then return layouts.of(div) end
  local prefix = floats.kind_of(div.identifier)
  if prefix and (prefix == "fig" or prefix == "tbl" or job.floats[prefix]) then
    return floats.of_div(div, prefix, chapter, report)
  end
  return theorems.of(div, job)
    or layouts.of(div, function(...) report(chapter, ...) end)
end

--- Raise all headings so that the outermost has level 1.
local function raise_headings(blocks)
  local outermost = 7
  blocks:walk({
    traverse = "topdown",
    Header = function(el) outermost = math.min(outermost, el.level) end,
    -- Headings within these follow the text around them (number.lua).
    Div = function(div)
      if div.classes:includes("float") or div.classes:includes("panel-tabset") then return div, false end
    end,
  })
  if outermost == 1 or outermost == 7 then return blocks end
  return blocks:walk({
    Header = function(el)
      el.level = math.max(el.level - outermost + 1, 1)
      return el
    end,
  })
end

--- Whether raw HTML holds comments alone: what authors tell each other and the checks.
local function is_comment(raw)
  return raw.t:match("^Raw") and raw.format == "html" and raw.text:find("<!--", 1, true)
    and raw.text:gsub("<!%-%-.-%-%->", ""):match("^%s*$") ~= nil
end

local function is_space(inline) return inline == nil or inline.t == "Space" or inline.t == "SoftBreak" end

--- Leave out comments, and of the spaces around one the second.
local WITHOUT_COMMENTS = {
  RawBlock = function(raw) if is_comment(raw) then return {} end end,
  Inlines = function(inlines)
    local kept, after = pandoc.Inlines({}), false
    for _, inline in ipairs(inlines) do
      if is_comment(inline) then
        after = true
      elseif not (after and is_space(inline) and is_space(kept[#kept])) then
        kept:insert(inline)
        after = false
      end
    end
    if after and #kept > 0 and is_space(kept[#kept]) then kept:remove() end
    return kept
  end,
}

local function has_title(blocks)
  local found = false
  blocks:walk({ Header = function(el) found = found or el.level == 1 end })
  return found
end

local FORMAT = "markdown-yaml_metadata_block"

--- Report a block between lines of `---` that is read as settings, so that Quarto prints nothing of it.
local function look_for_settings(markdown, note)
  for line in markdown:gmatch("\n[ \t]*\n%-%-%-[ \t]*\n([^\n]*%S[^\n]*)") do
    local is_read, document = pcall(pandoc.read, markdown, "markdown")
    if not is_read or next(document.meta) then
      note("text-is-printed", shared.first_line(line), "text between lines of `---` is read as settings",
        "put an empty line after the first `---`, or write `***` for a rule")
    end
    return
  end
end

local STRAY = { NoteDefinedButNotUsed = "unused note", DuplicateNoteReference = "repeated note" }

--- What pandoc says of notes that it does not print; in a list it counts lines from the item's first.
local function stray_notes(messages)
  local found = pandoc.List({})
  for _, message in ipairs(messages) do
    local told = pandoc.json.decode(pandoc.json.encode(message), false)
    if STRAY[told.type] then
      found:insert({ kind = STRAY[told.type], name = told.key or told.contents, passage = 0, at = 0,
        line = told.source == "" and told.line or nil })
    end
  end
  return found
end

--- The blocks of a chapter, and its stray notes.
local function read_blocks(source, job, report)
  local chapter = { path = source.path, metadata = source.metadata, variables = source.variables, brand = source.brand or {},
    environment = source.environment }
  local function note(...) report(chapter, ...) end
  local markdown = raw.marked(shortcodes.marked(guard.marked(source.markdown)))
  local messages, document = pandoc.log.silence(pandoc.read, markdown, FORMAT)
  look_for_settings(markdown, note)
  if job.style == "american" then
    document.meta = { imprint = { style = job.style } }
    for _, filter in ipairs(shared.own_filters("american", pandoc)) do document = document:walk(filter) end
  end
  if source.markdown:find("{{<", 1, true) then
    document.blocks = shortcodes.resolved(document.blocks, chapter, note)
  end
  if markdown:find("content-", 1, true) then
    document = document:walk({ Div = gathered, Span = gathered, CodeBlock = gathered })
  end
  document.blocks = put_in.read(document.blocks, source, note)
  if markdown:find("```", 1, true) or markdown:find("~~~", 1, true) then
    document.blocks = code.read(document.blocks, note)
  end
  document.blocks = raw.read(document.blocks, markdown, note)
  if source.markdown:find("<!--", 1, true) then document = document:walk(WITHOUT_COMMENTS) end
  local blocks = document.blocks
  -- To go through every list of inlines takes long.
  if source.markdown:find("{#eq-", 1, true) then blocks = blocks:walk({ Inlines = equations }) end
  blocks = guard.unmarked(blocks, source.markdown)
  if source.markdown:find("in-brief", 1, true) or source.markdown:find("finding-in-full", 1, true) then
    blocks = blocks:walk(shared.own_filters("findings", pandoc)[1])
  end
  blocks = blocks:walk({
    traverse = "topdown",
    Div = function(div) return div_of_ours(div, job, chapter, report) end,
    Span = function(span)
      if not stays(span, job, chapter) then return {} end
    end,
  })
  blocks = blocks:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("float") then return div, false end
    end,
    Figure = floats.of_figure,
    Table = floats.of_table,
    -- To hand over every paragraph takes long.
    Para = source.markdown:find("![](", 1, true) and floats.of_paragraph or nil,
  })
  if (source.about or "") ~= "" then
    local about = pandoc.read(raw.unmarked(source.about), FORMAT).blocks
    blocks:insert(1, pandoc.Div(lines.harmless(about), { class = "title-block" }))
  end
  blocks = floats.with_alts(blocks, false)
  if (source.markdown .. (source.about or "")):find("://", 1, true) then blocks = network.images(blocks, note) end
  local title = source.metadata.title
  if title and job.book and not (blocks[1] and blocks[1].t == "Header" and blocks[1].level == 1) then
    blocks:insert(1, pandoc.Header(1, lines.inlines_of(title)))
  elseif job.book and not title and not source.path:match("^index%.%w+$") and not has_title(blocks) then
    note("chapter-has-title", "", "this chapter has no title, in contents, links and print",
      "begin it with `# Title`, or give it a `title:` in its front matter")
  end
  local right = elements.of(blocks):walk(shared.own_filters("apostrophes", elements)[1])
  local found = guard.look(right, source.markdown, note)
  -- A single document without a heading of level 1 opens with level 2; its page's title is above.
  return job.book and found or raise_headings(found), stray_notes(messages)
end

--- The identifier of the first heading, for links to the whole chapter.
local function first_heading(blocks)
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.identifier ~= "" then return block.identifier end
  end
  return ""
end

--- The PDF's columns are wide enough to read.
local function wide_tables(job, report)
  return {
    Table = function(tbl)
      local fits, would_fit = tables.fits(tbl, job)
      if fits then return end
      local fix = "leave out columns, turn rows into columns, or make two tables of it"
      report("table-fits", tables.first_word(tbl), "a table of " .. #tbl.colspecs
        .. " columns is wider than the page of the PDF" .. (would_fit and "" or ", even turned on its side"),
        would_fit and "let it stand by itself, where its page is turned, or " .. fix or fix)
    end,
  }
end

--- Who cannot see an image has words for it; the PDF's contents want words in every heading and no level left
--- out, and so do readers.
local function in_order(report)
  local above = nil
  return {
    report = report,
    Link = guard.look_at_address,
    Image = function(image, note)
      guard.look_at_address(image, note)
      if image.attributes["alt"] == image.src then
        note("figure-has-alt", image.src, "image '" .. image.src .. "' has no alternative text",
          "say what it shows: {fig-alt=\"…\"}")
      end
    end,
    Header = function(el, note)
      local words = elements.utils.stringify(el.content)
      if not words:find("%S") then
        note("heading-has-words", "", "this heading has no words", "give it some, or delete its line")
      elseif above and el.level > above + 1 then
        note("headings-are-in-order", words:match("%S+"),
          "a heading of level " .. el.level .. " follows one of level " .. above,
          "write `" .. ("#"):rep(above + 1) .. "`, or put a heading of that level between them")
      end
      above = el.level
    end,
  }
end

--- Read one chapter: its blocks as a document in JSON and, in the order of the text, what it labels, refers to,
--- cites, shows and links to.
function M.read(request)
  local job, source = request.settings, request.chapter
  local problems = pandoc.List({})
  local seen = {}
  -- `needle` is a word of the source where it is wrong, or that place where it is known.
  local function report(chapter, code, needle, message, fix, severity, mention)
    seen[needle] = (seen[needle] or 0) + 1
    problems:insert({ chapter = chapter.path, code = code, needle = needle, count = seen[needle],
      message = message, fix = fix, severity = severity or "error", mention = mention })
  end
  local chapter = { path = source.path, role = source.role }
  local labels, begun, stray
  chapter.blocks, stray = read_blocks(source, job, report)
  chapter.blocks, labels, begun = number.chapter(chapter, job)
  local references, of_references = refer.survey(chapter, job, report)
  local citations, cited, of_citations = forms.survey(job)
  local anchors, of_anchors = files.anchors()
  local labelled, of_labelled = files.labelled()
  local used, of_used = files.used(chapter)
  local surveys = pandoc.List({ of_references, of_citations, of_anchors, of_used })
  local function note(...) report(chapter, ...) end
  local of_print = { of_labelled, wide_tables(job, note) }
  if source.is_conditional or source.markdown:find("content-", 1, true) then
    local printed = { blocks = chapter.blocks, conditional = true }
    local settled = shared.settle_formats(printed, { typst = true })
    tables.note_own(settled)
    shared.look(settled, of_print)
  else
    tables.note_own(chapter.blocks)
    surveys:extend(of_print)
  end
  shared.look(chapter.blocks, surveys)
  local read_passages, divs, mentions = passages.of(chapter.blocks, job, in_order(
    function(code, needle, message, fix, mention)
      report(chapter, code, needle, message, fix, "error", mention)
    end))
  mentions:extend(stray)
  return {
    blocks = elements.to_document(chapter.blocks), labels = labels, begun = begun,
    references = references, citations = citations, cited = cited,
    anchors = anchors, labelled = labelled, files = used,
    first_heading = first_heading(chapter.blocks), problems = problems,
    passages = read_passages, divs = divs, mentions = mentions,
  }
end

return M
