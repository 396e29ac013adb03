--- Figures, tables and boxes with labels -> Div .float {kind=box}, with its caption, if it has one, in a
--- first Div .float-caption; those with labels of their own within one are its parts.

local layouts = require("layouts")
local lines = require("lines")

local M = {}

--- The kind of float that an identifier is of, as `fig` of `fig-map`; nil for none.
function M.kind_of(identifier)
  return identifier:match("^(%a+)%-")
end

local function float(identifier, kind, caption, content, attributes)
  local blocks = pandoc.Blocks({})
  if caption and #caption > 0 then
    blocks:insert(pandoc.Div({ pandoc.Plain(caption:walk(lines.SHOW_RAW)) }, { class = "float-caption" }))
  end
  blocks:extend(content)
  local kept = { { "kind", kind } }
  for _, key in ipairs({ "width", "fig-align", "data-table", "data-holds" }) do
    local value = attributes and attributes[key]
    if value then table.insert(kept, { key, value }) end
  end
  return pandoc.Div(blocks, pandoc.Attr(identifier, { "float" }, kept))
end

-- ---- images ------------------------------------------------------------------------------------

--- An image carries its alternative text in the attribute `alt` from here on, one without any its address.
local function with_alt(image, required)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
  if not alt and not required then alt = pandoc.utils.stringify(image.caption) end
  image.attributes["fig-alt"] = nil
  image.attributes["alt"] = alt and alt:match("%S") and alt or image.src
  return image
end

--- The blocks whose images all carry it; `required` where a caption is none.
function M.with_alts(blocks, required)
  return blocks:walk({
    Image = function(image)
      if not image.attributes["alt"] then return with_alt(image, required) end
    end,
  })
end

--- An image's width is that of its float, which it fills.
local function of_image(identifier, caption, image)
  local width = image.attributes["width"]
  if width then image.attributes["width"] = "100%" end
  return float(identifier, "fig", caption, { pandoc.Plain({ image }) }, { width = width })
end

--- A figure of pandoc's; nil for one without an image.
function M.of_figure(figure)
  local image
  figure.content:walk({ Image = function(found) image = found end })
  if not image then return nil end
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  return of_image(figure.identifier, caption, with_alt(image, figure.identifier:match("^fig%-")))
end

--- A paragraph of one image with a figure's label and no caption; nil for any other.
function M.of_paragraph(para)
  local image = #para.content == 1 and para.content[1].t == "Image" and para.content[1]
  if not image or not image.identifier:match("^fig%-") then return nil end
  local identifier, caption = image.identifier, image.caption
  image = with_alt(image, false)
  image.identifier, image.caption = "", {}
  return of_image(identifier, caption, image)
end

-- ---- tables ------------------------------------------------------------------------------------

--- `tbl-colwidths="[40,60]"`: relative widths of a table's columns.
local function set_widths(tbl, written)
  local widths, total = {}, 0
  for width in (written or ""):gmatch("%d+%.?%d*") do
    table.insert(widths, tonumber(width))
    total = total + tonumber(width)
  end
  if #widths == #tbl.colspecs then
    for i, spec in ipairs(tbl.colspecs) do spec[2] = widths[i] / total end
  end
  return tbl
end

--- A table with a caption or a label; nil for one without.
function M.of_table(tbl)
  local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  local identifier = tbl.identifier
  if #caption == 0 and M.kind_of(identifier) ~= "tbl" then return nil end
  tbl.caption = { long = {} }
  tbl.identifier = ""
  set_widths(tbl, tbl.attributes["tbl-colwidths"])
  tbl.attributes["tbl-colwidths"] = nil
  return float(identifier, "tbl", caption, { tbl })
end

-- ---- divisions ---------------------------------------------------------------------------------

--- The caption of a table or image within a block that has none, which keeps it no longer; nil without one.
--- Parts with labels keep theirs.
local function inner_caption(content, kind)
  local found
  local function take(el)
    if found or #el.caption.long == 0 or M.kind_of(el.identifier) == kind then return nil end
    found = pandoc.utils.blocks_to_inlines(el.caption.long)
    el.caption = { long = {} }
    return el
  end
  content = content:walk({ Table = take, Figure = take })
  return found, content
end

--- The caption of a `::: {#box-…}` div: its attribute, its last paragraph, or that of what it holds.
local function take_caption(div, kind)
  local given = div.attributes[kind .. "-cap"] or div.attributes["caption"]
  if given then return lines.inlines_of(given), div.content end
  local content = div.content:clone()
  local last = content[#content]
  if last and (last.t == "Para" or last.t == "Plain") and #content > 1 and not layouts.is_images(last) then
    content:remove(#content)
    return last.content, content
  end
  return inner_caption(content, kind)
end

--- Figures and tables with labels of their own within one.
local function with_parts(content, kind, chapter, report)
  local function part(made)
    if made then made.classes:insert("part") end
    return made, false
  end
  local function is_part(el) return M.kind_of(el.identifier) == kind end
  return content:walk({
    traverse = "topdown",
    Div = function(inner)
      if is_part(inner) then return part(M.of_div(inner, kind, chapter, report)) end
    end,
    Figure = function(figure)
      if is_part(figure) then return part(M.of_figure(figure)) end
    end,
    Table = function(tbl)
      if is_part(tbl) then return part(M.of_table(tbl)) end
    end,
    Para = function(para) return (part(M.of_paragraph(para))) end,
  })
end

--- A `::: {#box-…}` div; `report` hears of one without a caption.
function M.of_div(div, kind, chapter, report)
  local caption, content = take_caption(div, kind)
  content = with_parts(content, kind, chapter, report)
  if not caption or #caption == 0 then
    report(chapter, "float-has-caption", div.identifier, "'" .. div.identifier .. "' has no caption",
      "end the block with a paragraph: its title")
  end
  content = content:walk({
    traverse = "topdown",
    Div = function(inner)
      if inner.classes:includes("part") then return inner, false end
    end,
    -- Inside a float, an image or table is its content, not a float of its own; what it is called is
    -- printed beside it.
    Figure = function(figure)
      local blocks = figure.content
      blocks:extend(figure.caption.long)
      return blocks, false
    end,
    Table = function(tbl)
      local blocks = pandoc.Blocks(tbl.caption.long)
      tbl.caption = { long = {} }
      blocks:insert(set_widths(tbl, div.attributes["tbl-colwidths"]))
      return blocks, false
    end,
  })
  content = M.with_alts(content, kind == "fig")
  if layouts.is_layout(div) then content = layouts.arranged(content, div.attributes) end
  return float(div.identifier, kind, caption, content, div.attributes)
end

return M
