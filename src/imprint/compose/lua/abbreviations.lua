--- Abbreviations in the text of a page, each explained where a section has it first.

local pandoc = require("elements")

local M = {}

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

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

local function explained_inlines(inlines, meanings, seen)
  local out = pandoc.Inlines({})
  for _, el in ipairs(inlines) do
    local short, before, behind
    if el.t == "Str" then short, before, behind = parted(el.text, meanings) end
    if not short or seen[short] then
      out:insert(el)
    else
      seen[short] = true
      -- in brackets it stands behind what it means
      if before:find("(", 1, true) then
        out:insert(el)
      else
        if before ~= "" then out:insert(pandoc.Str(before)) end
        local title = escape(meanings[short])
        out:insert(pandoc.RawInline("html", '<abbr title="' .. title .. '">' .. escape(short) .. "</abbr>"))
        if behind ~= "" then out:insert(pandoc.Str(behind)) end
      end
    end
  end
  return out
end

--- The blocks with `abbr` elements; `meanings` are what abbreviations stand for.
function M.explained(blocks, meanings)
  local seen = {}
  local function paragraph(el)
    el.content = explained_inlines(el.content, meanings, seen)
    return el
  end
  return blocks:walk({
    traverse = "topdown",
    Header = function() seen = {} end,
    Para = paragraph,
    Plain = paragraph,
    Div = function(div) if div.classes:includes("references") then return div, false end end,
    Table = function(el) return el, false end,
  })
end

return M
