--- Tables in the PDF: columns wide enough for their longest words. Typst gives a column what its rule
--- asks for, or an equal share, and prints a word that is wider over the next column.

local pandoc = require("elements")
local shared = require("shared")

local M = {}

-- ---- how wide words are, in points at the type size of tables ----------------------------------

local SIZE, SMALL = 9.2, 7.6
local INSET, SMALL_INSET = 11.4, 4.6
--- Columns from which the extension's template sets a table small, and lets it hang in the margin.
local CROWDED, HANGING, HANG = 8, 5, 62.4
--- A column narrower than this, in small type, is no column to read; one as wide as this breaks no
--- word of twelve letters.
local NARROWEST, READABLE = 34, 50
--- How wide a table is set on a page that is turned (249 mm).
local TURNED = 705.8
local CODE = 0.494
--- Letters are taken to be a little wider than they are, and columns a little.
local SAFETY, TOLERANCE = 1.04, 0.5

--- Source Sans's small letters from a to z, in thousandths of the type size.
local LETTERS = { 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, 555, 555, 347,
  419, 338, 544, 467, 719, 446, 467, 425 }
local NARROW = "[%sIJ.,:;'|!()%[%]]"
local WIDE = "[MW@%%]"

--- Of the type size, for a code point.
local function letter_width(code)
  if code >= 0x2E80 then return 1 end
  if code > 127 then return 0.55 end
  local small = LETTERS[code - 96]
  if small then return small / 1000 end
  local letter = string.char(code)
  if letter:find(NARROW) then return 0.3 end
  if letter:find(WIDE) then return 0.83 end
  return letter:find("%u") and 0.58 or 0.5
end

local function word_width(text)
  local width = 0
  for _, code in utf8.codes(text, true) do width = width + letter_width(code) end
  return width * SIZE
end

local function code_width(text) return (utf8.len(text) or #text) * CODE * SIZE end

--- A text's pieces between which Typst may break a line: after a hyphen or a slash, not before a digit.
local function pieces(text) return (text:gsub("([%-/])(%D)", "%1\n%2")):gmatch("[^\n]+") end

--- Widths of the longest word and of the longest line of some inlines.
local function extent(inlines)
  local longest, line, word, whole = 0, 0, 0, 0
  local function add(width)
    word, line = word + width, line + width
    longest, whole = math.max(longest, word), math.max(whole, line)
  end
  local function parts(text, wide)
    local first = true
    for piece in pieces(text) do
      if not first then word = 0 end
      first = false
      add(wide(piece))
    end
  end
  local function go(list)
    for _, el in ipairs(list) do
      if el.t == "Str" then
        parts(el.text, word_width)
      elseif el.t == "Code" then
        for code, space in el.text:gmatch("(%S*)(%s*)") do
          parts(code, code_width)
          if space ~= "" then
            word, line = 0, line + code_width(" ")
          end
        end
      elseif el.t == "Space" or el.t == "SoftBreak" then
        word, line = 0, line + 0.25 * SIZE
      elseif el.t == "LineBreak" then
        word, line = 0, 0
      elseif el.t == "Math" then
        add(word_width((el.text:gsub("\\%a+", "x"):gsub("[{}_^]", ""))))
      elseif el.t ~= "Note" and el.content then
        go(el.content)
      end
    end
  end
  go(inlines)
  return longest, whole
end

-- ---- columns -----------------------------------------------------------------------------------

local function rows(tbl)
  local all = pandoc.List({})
  all:extend(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do
    all:extend(body.head)
    all:extend(body.body)
  end
  all:extend(tbl.foot.rows)
  return all
end

--- Goes through a table's cells with the column in which each stands; rows may be spanned.
local function each_cell(tbl, visit)
  local taken = {}
  for _, row in ipairs(rows(tbl)) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      while (taken[column] or 0) > 0 do
        taken[column], column = taken[column] - 1, column + 1
      end
      visit(cell, column)
      for _ = 1, cell.col_span do
        taken[column], column = cell.row_span - 1, column + 1
      end
    end
    while column <= #tbl.colspecs do
      taken[column], column = math.max((taken[column] or 0) - 1, 0), column + 1
    end
  end
end

local function measured(tbl)
  local words, lines = {}, {}
  for i = 1, #tbl.colspecs do words[i], lines[i] = 0, 0 end
  each_cell(tbl, function(cell, column)
    if cell.col_span > 1 or not words[column] then return end
    local word, line = extent(pandoc.utils.blocks_to_inlines(cell.contents))
    words[column], lines[column] = math.max(words[column], word), math.max(lines[column], line)
  end)
  return words, lines
end

local function sum(list)
  local total = 0
  for _, value in ipairs(list) do total = total + value end
  return total
end

local function map(list, change)
  local out = {}
  for i, value in ipairs(list) do out[i] = change(value, i) end
  return out
end

--- What Typst gives columns without a width: what each needs, or an equal share of what is left.
local function shares(needs, total)
  local room, open = total, #needs
  local fair = total / open
  local settled = {}
  local changed = true
  while changed and open > 0 do
    changed = false
    fair = room / open
    for i, need in ipairs(needs) do
      if not settled[i] and need <= fair then
        settled[i], room, open, changed = true, room - need, open - 1, true
      end
    end
  end
  return map(needs, function(need, i) return settled[i] and need or fair end)
end

--- The widest that words may stay whole so that all columns fit.
local function cap(least, total)
  local low, high = 0, total
  for _ = 1, 30 do
    local middle = (low + high) / 2
    if sum(map(least, function(need) return math.min(need, middle) end)) <= total then
      low = middle
    else
      high = middle
    end
  end
  return low
end

--- Whether an author gave the columns widths of their own: pandoc takes equal ones from the rules of
--- any pipe table with a long line.
local function are_chosen(given)
  for _, share in ipairs(given) do
    if math.abs(share - given[1]) > 0.001 then return true end
  end
  return false
end

--- How a table fits into `total` points: widths of its columns, whether its type is small and set so
--- here, and how wide words may be that stay whole (`whole`, where some must break); no widths where
--- Typst's own are right. Where no way fits it gives nil, unless it is `forced` to break all words into
--- what room there is.
local function plan(tbl, total, forced)
  local count = #tbl.colspecs
  local words, lines = measured(tbl)
  local is_small = count >= CROWDED
  local function needs(list)
    local scale, inset = is_small and SMALL / SIZE or 1, is_small and SMALL_INSET or INSET
    return map(list, function(width) return width * scale * SAFETY + inset end)
  end
  local least, given, now = needs(words), {}, nil
  for i, spec in ipairs(tbl.colspecs) do given[i] = type(spec[2]) == "number" and spec[2] or 0 end
  if sum(given) > 0 then
    now = map(given, function(share) return share * total end)
  else
    now = shares(needs(lines), total)
  end
  local fits = true
  for i, need in ipairs(least) do fits = fits and need <= now[i] + TOLERANCE end
  if fits then return { widths = now, total = total } end
  local makes_small = false
  if sum(least) > total and not is_small and cap(least, total) < 2 * NARROWEST then
    is_small, makes_small = true, true
    least = needs(words)
  end
  local most = cap(least, total)
  local breaks = sum(least) > total
  if breaks and most < NARROWEST and not forced then return nil end
  least = map(least, function(need) return math.min(need, most) end)
  -- What is left goes where the widths ask for it, or where there is most to read.
  local asked = are_chosen(given) and now or needs(lines)
  local slack = map(asked, function(width, i) return math.max(width - least[i], 0) end)
  local left, all = total - sum(least), sum(slack)
  local widths = map(least, function(need, i)
    return need + left * (all > 0 and slack[i] / all or 1 / count)
  end)
  return { widths = widths, total = total, is_set = true, is_small = is_small,
    makes_small = makes_small, whole = breaks and most or nil }
end

--- How a table fits: upright while its words stay whole or only long ones break, else on a turned page
--- where it may stand on one of its own; nil where no way fits.
local function best(tbl, job, may_turn)
  local hangs = job.book and #tbl.colspecs >= HANGING
  local upright = plan(tbl, job.text_width + (hangs and HANG or 0))
  if not may_turn or upright and (upright.whole or READABLE) >= READABLE then return upright end
  local turned = plan(tbl, TURNED)
  if not turned then return upright end
  turned.is_turned = true
  return turned
end

--- How a table is set that read.lua has told of as too wide.
local function forced(tbl)
  local found = plan(tbl, TURNED, true)
  found.is_turned = true
  return found
end

-- ---- writing -----------------------------------------------------------------------------------

--- Words wider than their column, open to a break anywhere.
local function broken(cell, room)
  local function open(kind)
    return function(el)
      if extent({ el }) > room then
        return pandoc.RawInline("typst", "#" .. kind .. "(" .. shared.quoted(el.text) .. ")")
      end
    end
  end
  cell.contents = cell.contents:walk({
    Str = open("broken-word"), Code = open("broken-code"),
  })
end

--- A table with columns that fit, for Typst.
local function fitted(tbl, found)
  if found.is_set then
    for i, spec in ipairs(tbl.colspecs) do spec[2] = found.widths[i] / found.total end
  end
  local scale = found.is_small and SMALL / SIZE or 1
  local inset = found.is_small and SMALL_INSET or INSET
  each_cell(tbl, function(cell, column)
    if cell.col_span == 1 and found.widths[column] then
      broken(cell, (found.widths[column] + TOLERANCE - inset) / scale / SAFETY)
    end
  end)
  if found.makes_small then
    return { pandoc.RawBlock("typst", "#small-table["), tbl, pandoc.RawBlock("typst", "]") }
  end
  return tbl
end

local CELLS = { "cell", "cell-output", "cell-output-display" }

--- The table that a block of a chapter's own is, or holds and nothing else: as a float, or as what a
--- cell printed. It may stand on a page of its own; what stands in boxes, lists and the like may not.
local function own_table(block)
  if block.t == "Table" then return block end
  if block.t ~= "Div" then return nil end
  local is_float = block.classes:includes("float") and block.attributes["kind"] == "tbl"
  local is_cell = pandoc.List(CELLS):find_if(function(name) return block.classes:includes(name) end)
  local found
  for _, inner in ipairs((is_float or is_cell) and block.content or {}) do
    local is_caption = inner.t == "Div" and inner.classes:includes("float-caption")
    if not is_caption then
      if found then return nil end
      found = own_table(inner)
      if not found then return nil end
    end
  end
  return found
end

--- A chapter's blocks with all tables fitted, for Typst; on pages that are turned where they need it.
function M.fitted(blocks, job)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local own = own_table(block)
    local found = own and (best(own, job, true) or forced(own))
    if own then own.fit = found end
    local set = pandoc.Blocks({ block }):walk({
      Table = function(tbl) return fitted(tbl, tbl.fit or best(tbl, job) or plan(tbl, job.text_width, true)) end,
    })
    if found and found.is_turned then
      set:insert(1, pandoc.RawBlock("typst", "#turned["))
      set:insert(pandoc.RawBlock("typst", "]"))
    end
    out:extend(set)
  end
  return out
end

--- The first word of its cells, by which it is found in the source.
function M.first_word(tbl)
  local found
  each_cell(tbl, function(cell)
    local words = pandoc.utils.stringify(cell.contents)
    found = found or words:match("%S+")
  end)
  return found or "|"
end

--- Notes of the tables among a chapter's blocks whether they may be turned, for `fits`.
function M.note_own(blocks)
  for _, block in ipairs(blocks) do
    local own = own_table(block)
    if own then own.is_own = true end
  end
end

--- Whether there is a way to set the table, and whether there would be one on a page of its own.
function M.fits(tbl, job)
  return best(tbl, job, tbl.is_own) ~= nil, plan(tbl, TURNED) ~= nil
end

return M
