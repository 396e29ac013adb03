-- In the PDF of a book, where a figure may stand that has no room where it is called: between the
-- blocks of text that follow it. #slot() there, and the template decides; #slot(last: true) ends it.

if FORMAT ~= 'typst' then
  return { {} }
end

local REACH = 14 -- blocks that may go before a figure

local function raw(text)
  return pandoc.RawBlock('typst', text)
end

local function is_figure(blocks)
  local found = false
  local function look(text)
    found = found or text:find('quarto%-float%-fig') ~= nil
  end
  blocks:walk {
    RawBlock = function(it) look(it.text) end,
    RawInline = function(it) look(it.text) end,
    Div = function(it)
      local is_ours = it.classes:includes('float') and it.attributes['kind'] == 'fig'
      found = found or is_ours or it.identifier:find('^fig%-') ~= nil
    end,
  }
  return found
end

-- What raw blocks open and do not close: within it stands part of a float.
local function opened(block)
  if block.t ~= 'RawBlock' or block.format ~= 'typst' then return 0 end
  local _, opening = block.text:gsub('[%[(]', '')
  local _, closing = block.text:gsub('[%])]', '')
  return opening - closing
end

local ENDS = { Para = true, Plain = true, BulletList = true, OrderedList = true, BlockQuote = true,
  DefinitionList = true, CodeBlock = true, Table = true, Div = true, LineBlock = true,
  RawBlock = true }
local FOLLOWS_ITS_LEAD_IN = { BulletList = true, OrderedList = true, DefinitionList = true,
  BlockQuote = true, CodeBlock = true, Table = true, Div = true, RawBlock = true }

-- A float is one block, or stands between two that open and close it.
local function whole_blocks(blocks)
  local groups, depth = {}, 0
  for _, block in ipairs(blocks) do
    if depth <= 0 then
      groups[#groups + 1] = pandoc.Blocks {}
      depth = 0
    end
    groups[#groups]:insert(block)
    depth = depth + opened(block)
  end
  return groups
end

local function with_slots(document)
  local out, left = pandoc.Blocks {}, 0
  local groups = whole_blocks(document.blocks)
  local function close()
    if left > 0 then out:insert(raw '#slot(last: true)') end
    left = 0
  end
  for n, group in ipairs(groups) do
    local block, following = group[1], groups[n + 1] and groups[n + 1][1]
    local is_register = block.t == 'Header' and block.classes:includes('register')
    if block.t == 'Header' and block.level == 1 or is_register then close() end
    if is_figure(group) then
      out:insert(raw '#floating[')
      out:extend(group)
      out:insert(raw ']')
      left = REACH
    else
      out:extend(group)
      local leads_in = block.t == 'Para' and following and FOLLOWS_ITS_LEAD_IN[following.t]
      if left > 0 and ENDS[block.t] and not leads_in then
        if left == 1 then close() else out:insert(raw '#slot()') end
        left = math.max(0, left - 1)
      end
    end
  end
  close()
  document.blocks = out
  return document
end

return { { Pandoc = with_slots } }
