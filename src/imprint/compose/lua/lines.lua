--- Lines of Markdown that metadata, captions and titles in attributes hold -> inlines.

local guard = require("guard")
local raw = require("raw")
local shared = require("shared")

local M = {}

--- Captions and titles stand in lists, heads and other pages too, so that HTML, Typst and TeX in them
--- are shown, not run or lost.
M.SHOW_RAW = { RawInline = function(el) return pandoc.Str(el.text) end }

--- What a line may be read as for how it begins, `2010. A year` as a list.
local BEGUN = shared.set("OrderedList BulletList Header BlockQuote HorizontalRule")
--- Before such a line, which is one of a paragraph.
local NO_BLOCK = "\u{E009}"

--- The inlines of a line, read with pandoc's `extensions` if there are any.
function M.inlines_of(markdown, extensions)
  local format = { format = "markdown", extensions = extensions or {} }
  local text = raw.unmarked(markdown)
  local blocks = pandoc.read(text, format).blocks
  if blocks[1] and BEGUN[blocks[1].t] then
    blocks = pandoc.read(NO_BLOCK .. text, format).blocks:walk({
      Str = function(str) return pandoc.Str((str.text:gsub(NO_BLOCK, ""))) end,
    })
  end
  return M.harmless(pandoc.utils.blocks_to_inlines(blocks))
end

--- Inlines or blocks of which nothing runs.
function M.harmless(content)
  return guard.harmless(content:walk(M.SHOW_RAW):walk(shared.SAFE))
end

return M
