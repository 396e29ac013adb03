--- Blocks of a chapter -> the body of its page as HTML, its contents, its description.

local pandoc = require("elements")
local abbreviations = require("abbreviations")
local lines = require("lines")
local shared = require("shared")
local theorems = require("theorems")

local M = {}

local OPTIONS = { section_divs = true, html_math_method = "mathml", wrap_text = "wrap-none",
  email_obfuscation = "none" }

local function write(blocks)
  return pandoc.write(pandoc.document(blocks), "html", OPTIONS)
end

local function write_inlines(inlines)
  return (write({ pandoc.Plain(inlines) }):gsub("%s+$", ""))
end

local function raw(text) return pandoc.RawBlock("html", text) end

--- The attribute that gives an element its identifier; empty without one.
local function id_of(el)
  return el.identifier ~= "" and ' id="' .. shared.escape(el.identifier) .. '"' or ""
end

-- ---- floats, callouts, equations ---------------------------------------------------------------

--- Stand around the number of a figure behind it, where what belongs to it may follow, and around its
--- number and image, in whose place drawings may stand (page_figures.py).
local FIGURE, END = "\u{E007}", "\u{E008}"
local IMAGE, IMAGE_END = "\u{E00A}", "\u{E00B}"

--- Stands behind the title of a page, where what belongs to it may follow.
local TITLE_END = FIGURE .. "0" .. END

--- Note a labelled figure of an image of the report down, and mark the image; what stands behind it.
local function figure_end(div, content, name, page)
  local image, has_parts
  content:walk({ RawInline = function(it) has_parts = has_parts or it.text:find(IMAGE, 1, true) end })
  if div.identifier == "" or has_parts then return content, "" end
  local marked = content:walk({
    Image = function(found)
      if image or not page.files[found.src] then return end
      image = page.files[found.src]
      page.figures:insert({ name = name, image = image, alt = found.attributes["alt"] or "" })
      return { pandoc.RawInline("html", IMAGE .. #page.figures .. END), found, pandoc.RawInline("html", IMAGE_END) }
    end,
  })
  return marked, image and FIGURE .. #page.figures .. END or ""
end

--- A title that opens a caption, and the rest of the caption; none where it has no title.
local function titled(caption)
  local first = caption and caption[1]
  if not first or first.t ~= "Span" or not first.classes:includes("figure-title") then return nil, caption end
  local rest = caption:clone()
  rest:remove(1)
  if #rest > 0 and rest[1].t == "Space" then rest:remove(1) end
  return pandoc.Inlines({ first }), rest
end

local function float(div, job, page)
  local kind = div.attributes["kind"]
  local info = job.floats[kind]
  local caption, content = shared.float_parts(div)
  local number = div.attributes["number"]
  local name = number and info.name .. "\u{a0}" .. number or ""
  local behind = ""
  if kind == "fig" then content, behind = figure_end(div, content, name, page) end
  local title, rest = titled(caption)
  local out = pandoc.Blocks({})
  out:insert(raw("<figure" .. id_of(div) .. ' class="quarto-float quarto-float-' .. kind .. '">'))
  local head = pandoc.Blocks({})
  if caption or number then
    local inlines = pandoc.Inlines({})
    local is_part = div.classes:includes("part")
    if number then
      local said = is_part and number or caption and name .. ":" or name
      inlines:insert(pandoc.Span({ pandoc.Str(said) }, { class = "float-number" }))
      inlines:insert(pandoc.Space())
    end
    inlines:extend(title or caption or {})
    head:extend({ raw("<figcaption>"), pandoc.Plain(inlines), raw("</figcaption>") })
  end
  local is_above = title or info.caption_location == "top"
  if is_above then out:extend(head) end
  out:extend(content)
  if not is_above then out:extend(head) end
  if title and #rest > 0 then
    out:extend({ raw('<div class="figure-note">'), pandoc.Plain(rest), raw("</div>") })
  end
  out:insert(raw("</figure>" .. behind))
  return out
end

local function callout(div, job)
  local kind = div.attributes["kind"]
  local title, content = shared.callout_parts(div, job, pandoc)
  local collapse = div.attributes["collapse"]
  if collapse then
    local open = collapse == "false" and " open" or ""
    local out = pandoc.Blocks({ raw("<details" .. id_of(div) .. open .. ' class="callout callout-' .. kind .. '">'),
      raw('<summary class="callout-title">'), pandoc.Plain(title), raw("</summary>") })
    out:insert(pandoc.Div(content, { class = "callout-body" }))
    out:insert(raw("</details>"))
    return out
  end
  return pandoc.Div({
    pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title" }),
    pandoc.Div(content, { class = "callout-body" }),
  }, { id = div.identifier, class = "callout callout-" .. kind, role = "note" })
end

--- What a reader opens: a summary and what it is the summary of.
local function details(div)
  local open = div.attributes["open"] and " open" or ""
  local out = pandoc.Blocks({ raw("<details" .. open .. ">") })
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("summary") then
      out:extend({ raw("<summary>"), pandoc.Plain(pandoc.utils.blocks_to_inlines(block.content)), raw("</summary>") })
    else
      out:insert(block)
    end
  end
  out:insert(raw("</details>"))
  return out
end

--- A number leads to its row on the page of statistics, where the publication has one.
local function statistic(span, job, up)
  local ids = span.attributes["data-stat"] or ""
  span.attributes["data-use"] = nil
  if job.statistics_page == "" then return span end
  local row = "#stat-" .. (ids:match("%S+") or "")
  return pandoc.Link(span.content, up .. job.statistics_page .. row, "",
    { id = span.identifier, class = table.concat(span.classes, " "), ["data-stat"] = ids })
end

local function permalink(span)
  return pandoc.Link({}, "#" .. span.identifier, "",
    { id = span.identifier, class = "permalink", ["aria-label"] = "Link to this paragraph" })
end

local function constructs(job, up, page)
  return {
    Div = function(div)
      if div.classes:includes("float") then return float(div, job, page) end
      if div.classes:includes("callout") and div.attributes["kind"] then return callout(div, job) end
      if div.classes:includes("theorem") then
        local shown = theorems.written(div, job, pandoc)
        return pandoc.Div(shown, { id = div.identifier, class = table.concat(div.classes, " ") })
      end
      if div.classes:includes("layout-row") then
        div.attributes["style"] = "--columns: " .. div.attributes["columns"]
        div.attributes["columns"] = nil
        return div
      end
      if div.classes:includes("margin") then
        local out = pandoc.Blocks({ raw("<aside" .. id_of(div) .. ' class="margin">') })
        out:extend(div.content)
        out:insert(raw("</aside>"))
        return out
      end
      if div.classes:includes("details") then return details(div) end
    end,
    Span = function(span)
      if span.classes:includes("equation") then
        local number = span.attributes["number"]
        span.attributes["number"] = nil
        span.content:insert(pandoc.Span({ pandoc.Str("(" .. number .. ")") }, { class = "equation-number" }))
        return span
      elseif span.classes:includes("pagebreak") then
        span.attributes["style"] = "break-after: page"
        return span
      elseif span.classes:includes("permalink") then
        return permalink(span)
      elseif span.classes:includes("cited") then
        return pandoc.Span(span.content, { id = span.identifier })
      elseif span.attributes["data-use"] or span.classes:includes("stat-row") then
        return statistic(span, job, up)
      end
    end,
    Header = function(el)
      local number = el.attributes["number"]
      if number then
        el.content:insert(1, pandoc.Span({ pandoc.Str(number) }, { class = "header-section-number" }))
        el.content:insert(2, pandoc.Space())
        el.attributes["number"] = nil
      end
      if not job.book then
        el.level = math.min(el.level + 1, 6)
      elseif el.level == 1 and not page.has_title then
        page.has_title = true
        return { el, raw(TITLE_END) }
      end
      return el
    end,
  }
end

-- ---- links -------------------------------------------------------------------------------------

--- `../` for every folder the page stands in.
local function to_root(output)
  local _, depth = output:gsub("/", "")
  return ("../"):rep(depth)
end

--- An image of the size that its file has, so that nothing moves when it arrives; a size that is not
--- in pixels is one for the style sheet.
local function sized(image, size)
  if not (size and size[1]) then return end
  local styles = pandoc.List({ image.attributes["style"] })
  for _, side in ipairs({ "width", "height" }) do
    local wanted = image.attributes[side]
    if wanted and wanted:match("^%d+%.?%d*p?x?$") then return end
    if wanted then styles:insert(side .. ":" .. wanted) end
  end
  if #styles > 0 then image.attributes["style"] = table.concat(styles, ";") end
  image.attributes["width"], image.attributes["height"] = size[1], size[2]
end

--- `around.holds` names the pages of identifiers that stand elsewhere, `around.files` the file that
--- each address means. `page` learns which works are cited from elsewhere, and which files are shown.
local function links(chapter, around, page)
  local up = to_root(chapter.output)
  return {
    Link = function(link)
      local target = link.target
      if not shared.is_safe(target) then return link.content end
      local anchor = target:match("^#(.+)$")
      if anchor then
        if around.holds[anchor] then
          link.target = up .. shared.encoded(around.holds[anchor]) .. "#" .. anchor
          page.cited:insert(anchor:match("^ref%-(.+)$"))
        end
      elseif not shared.is_external(target) then
        local _, fragment = target:match("^([^#]*)(#?.*)$")
        local file = shared.file(target, around, chapter)
        local elsewhere = file.page and file.page ~= "" and file.page
        link.target = up .. shared.encoded(around.outputs[file.path] or elsewhere or file.path)
          .. (file.is_whole and "" or fragment)
      end
      return link
    end,
    Image = function(image)
      if not shared.is_safe(image.src, true) then return image.caption end
      local missing = shared.missing(image, around)
      if missing then return missing end
      if not shared.is_external(image.src) then
        local file = shared.file(image.src, around, chapter)
        image.src = up .. shared.encoded(file.path)
        sized(image, file.size)
        page.files[image.src] = file.path
      end
      return image
    end,
  }
end

-- ---- contents ----------------------------------------------------------------------------------

local PLAIN_TITLE = {
  Note = function() return {} end,
  Link = function(link) return link.content end,
  Span = function(span) if span.attributes["data-use"] then return span.content end end,
}

local function headings(blocks, job)
  local found = pandoc.List({})
  local deepest = job.toc_depth
  blocks:walk({
    Header = function(el)
      local first = job.book and 2 or 1
      if el.level >= first and el.level <= deepest and not el.classes:includes("unlisted") then
        found:insert({ level = el.level, number = el.attributes["number"] or "",
          title = write_inlines(el.content:walk(PLAIN_TITLE)), anchor = el.identifier })
      end
    end,
  })
  return found
end

--- The chapter's first words, for search results and link previews.
local function description(blocks)
  for _, block in ipairs(blocks) do
    if block.t == "Para" then
      local text = pandoc.utils.stringify(block.content:walk({ Note = function() return {} end }))
      text = text:gsub("%s+", " ")
      if #text > 20 then return text end
    end
  end
  return ""
end

local function first_title(blocks)
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then return block.content:walk(PLAIN_TITLE) end
  end
  local found
  blocks:walk({ Header = function(el)
    if el.level == 1 and not found then found = el.content:walk(PLAIN_TITLE) end
  end })
  return found or pandoc.Inlines({})
end

--- Works as the page lists them.
local function listed(blocks)
  local works = pandoc.List({})
  blocks:walk({
    Div = function(div)
      if div.classes:includes("csl-entry") then
        works:insert({ key = div.identifier:match("^ref%-(.+)$"),
          entry = write_inlines(pandoc.utils.blocks_to_inlines(div.content)) })
      end
    end,
  })
  return works
end

--- The name of a page within the whole publication.
local function place_of(output) return "page-" .. output:gsub("%.html$", ""):gsub("[^%w%-]", "-") end

--- The page's blocks as a part of the whole publication, as pandoc's JSON: links to other pages lead to
--- their places in it.
local function part_of_whole(blocks, chapter, around, job)
  local page = { cited = pandoc.List({}), figures = pandoc.List({}), files = {} }
  local places = {}
  for path, output in pairs(around.outputs) do places[path] = place_of(output) end
  local here = { path = chapter.path, output = "whole.html" }
  local alone = setmetatable({ holds = {}, outputs = places }, { __index = around })
  local body = blocks:walk(links(here, alone, page))
    :walk({ Link = function(link)
      local place, anchor = link.target:match("^(page%-[^#/]*)(.*)$")
      if place then link.target = anchor ~= "" and anchor or "#" .. place end
      return link
    end })
    :walk(constructs(job, "", page))
  local whole = pandoc.Blocks({ pandoc.Div(body, { id = place_of(chapter.output), class = "page" }) })
  return pandoc.to_document(whole)
end

--- The fields of model.Page that the text gives.
function M.page(chapter, around, job)
  local blocks = shared.settle_formats(chapter, { html = true, ["html:js"] = true })
  local filters = shared.extension_filters(job.filters.html, "html")
  if #filters > 0 then blocks = pandoc.of(shared.filtered(pandoc.pandocs(blocks), filters)) end
  local title = job.book and first_title(chapter.blocks) or pandoc.Inlines({})
  local page = { cited = pandoc.List({}), figures = pandoc.List({}), files = {} }
  local body = blocks:walk(links(chapter, around, page))
    :walk(constructs(job, to_root(chapter.output), page))
  body = abbreviations.explained(body, job.meanings)
  return {
    title = write_inlines(title), plain_title = pandoc.utils.stringify(title), body = write(body),
    headings = headings(blocks, job), description = description(blocks), figures = page.figures,
    cited = page.cited, works = around.works ~= "" and listed(body) or {},
    whole = job.whole and part_of_whole(blocks, chapter, around, job) or "",
  }
end

--- Lines of Markdown from the metadata, by name: as HTML, and as plain words. Titles stand in links.
function M.phrases(request)
  local phrases = {}
  for name, text in pairs(request.texts) do
    local inlines = pandoc.of_inlines(lines.inlines_of(text, { autolink_bare_uris = true }))
    if request.is_title[name] then inlines = inlines:walk(PLAIN_TITLE) end
    local whole = shared.with_whole_isbns(inlines) or inlines
    phrases[name] = { html = write_inlines(whole), plain = pandoc.utils.stringify(inlines) }
  end
  return { phrases = phrases }
end

return M
