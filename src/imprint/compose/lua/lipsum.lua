--- Words that stand for a text to come: the printers' Latin, the same for each paragraph's number.

local M = {}

local FIRST = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore "
  .. "et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip "
  .. "ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu "
  .. "fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt "
  .. "mollit anim id est laborum."

local WORDS = {}
for word in FIRST:lower():gmatch("%a+") do table.insert(WORDS, word) end

--- The nth paragraph: its words follow from its number alone.
local function paragraph(number)
  if number == 1 then return FIRST end
  local at, sentences = number * 17 + 5, {}
  for sentence = 1, 4 + number % 3 do
    local words = {}
    for _ = 1, 9 + (number + sentence) % 7 do
      at = at * 31 % 1009
      table.insert(words, WORDS[at % #WORDS + 1])
    end
    words[1] = words[1]:gsub("^%a", string.upper)
    table.insert(sentences, table.concat(words, " ") .. ".")
  end
  return table.concat(sentences, " ")
end

--- Paragraphs as Quarto counts them: `3` the first three, `2-4` the second to the fourth, else five.
function M.paragraphs(wanted)
  local first, last = (wanted or ""):match("^(%d+)%-(%d+)$")
  last = last or (wanted or ""):match("^%d+$") or 5
  local found = pandoc.List({})
  for number = tonumber(first or 1), math.min(tonumber(last), 150) do found:insert(paragraph(number)) end
  return found
end

return M
