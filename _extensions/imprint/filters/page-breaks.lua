-- Where the pages of the PDF may break. A list or box stays with the paragraph that leads in to it, a
-- short list is whole, and a chapter's last page holds more than a few lines. A figure that has no room
-- where it is called stands between later blocks of text: #slot() is set there and the template
-- decides; #slot(last: true) ends it. So does a table whose page is turned, which fills that page alone.

if FORMAT ~= 'typst' then
  return { {} }
end

local REACH = 14 -- blocks that may go before a figure
local SHORT_LIST = 300 -- letters of a list that stays whole
local LEAD_IN = 450 -- letters of a paragraph that leads in to a box
local LINE = 80 -- letters of a line, or a few less
local LEAST_END, MOST_END = 8, 18 -- lines at a chapter's end that stay together

local function raw(text)
  return pandoc.RawBlock('typst', text)
end

local function set(...)
  local names = {}
  for _, name in ipairs { ... } do names[name] = true end
  return names
end

local LISTS = set('BulletList', 'OrderedList', 'DefinitionList')
local TEXT = set('Para', 'Plain', 'BulletList', 'OrderedList', 'BlockQuote', 'DefinitionList', 'LineBlock')
local INTRODUCED = set('BulletList', 'OrderedList', 'DefinitionList', 'BlockQuote', 'CodeBlock', 'Table',
  'Div', 'RawBlock')
local ENDS = set('Para', 'Plain', 'BulletList', 'OrderedList', 'BlockQuote', 'DefinitionList', 'CodeBlock',
  'Table', 'Div', 'LineBlock', 'RawBlock')

local function letters(block)
  return utf8.len(pandoc.utils.stringify(block)) or 0
end

-- The lines that a block takes, as far as letters tell.
local function lines(block)
  local count = 0
  local function add(it)
    count = count + math.ceil(letters(it) / LINE)
  end
  pandoc.Blocks({ block }):walk { Para = add, Plain = add, Header = add }
  return count
end

-- Whether some blocks are or hold a float of a kind: ours is a division, Quarto's is Typst already.
local function is_float(blocks, kind)
  local found = false
  local function look(it)
    found = found or it.text:find('quarto-float-' .. kind, 1, true) ~= nil
  end
  blocks:walk {
    RawBlock = look,
    RawInline = look,
    Div = function(it)
      found = found or it.classes:includes('float') and it.attributes['kind'] == kind
    end,
  }
  return found
end

-- What a raw block opens and does not close.
local function opened(block)
  if block.t ~= 'RawBlock' or block.format ~= 'typst' then return 0 end
  local _, opening = block.text:gsub('[%[(]', '')
  local _, closing = block.text:gsub('[%])]', '')
  return opening - closing
end

-- A float is one block, or stands between two that open and close it.
local function groups_of(blocks)
  local groups, depth = pandoc.List {}, 0
  for _, block in ipairs(blocks) do
    if depth <= 0 then
      groups:insert(pandoc.Blocks {})
      depth = 0
    end
    groups[#groups]:insert(block)
    depth = depth + opened(block)
  end
  return groups
end

local function wrapped(call, blocks)
  local out = pandoc.Blocks { raw(call .. '[') }
  out:extend(blocks)
  out:insert(raw ']')
  return out
end

-- ---- lists, boxes and what leads in to them ------------------------------------------------------

local function with_lead_ins(groups)
  local out = pandoc.List {}
  for n, group in ipairs(groups) do
    local block, following = group[1], groups[n + 1]
    local leads_in = #group == 1 and block.t == 'Para' and following
      and (LISTS[following[1].t] or letters(block) < LEAD_IN and is_float(following, 'box'))
    if leads_in then
      out:insert(wrapped('#lead-in', group))
      if LISTS[following[1].t] and letters(following[1]) >= SHORT_LIST then
        out:insert(pandoc.Blocks { raw '#list-begins' })
      end
    elseif #group == 1 and LISTS[block.t] and letters(block) < SHORT_LIST then
      out:insert(wrapped('#whole', group))
    else
      out:insert(group)
    end
  end
  return out
end

local function flat(groups)
  local out = pandoc.Blocks {}
  for _, group in ipairs(groups) do out:extend(group) end
  return out
end

local function in_box(div)
  if not (div.classes:includes('float') and div.attributes['kind'] == 'box') then return nil end
  div.content = flat(with_lead_ins(groups_of(div.content)))
  return div
end

-- ---- the ends of chapters ------------------------------------------------------------------------

local function is_chapter(group)
  return group[1].t == 'Header' and group[1].level == 1
end

local function is_section(block)
  return block.t == 'Header' and block.level > 1 and not block.classes:includes('register')
end

-- A paragraph that breaks the page stands in nothing that holds together.
local function breaks_page(block)
  return block.t == 'Para' and #block.content == 1 and block.content[1].t == 'Span'
    and block.content[1].classes:includes('pagebreak')
end

-- The place of the first of the groups that end a chapter and stay together; `last` is that of the last.
local function end_of_chapter(groups, last)
  local first, count = last + 1, 0
  while first > 1 and count < LEAST_END do
    local block = #groups[first - 1] == 1 and groups[first - 1][1]
    if not block or breaks_page(block) or not (TEXT[block.t] or is_section(block)) then break end
    local more = lines(block)
    if count + more > MOST_END then break end
    first, count = first - 1, count + more
  end
  local begins, before = groups[first], groups[first - 1]
  local lacks_its_lead_in = begins and before and LISTS[begins[1].t] and before[1].t == 'Para'
  return lacks_its_lead_in and first - 1 or first
end

local function with_whole_ends(groups)
  local out, begun, ends = pandoc.List {}, nil, {}
  for n, group in ipairs(groups) do
    if (groups[n + 1] == nil or is_chapter(groups[n + 1])) and not is_chapter(group) then
      ends[end_of_chapter(groups, n)] = n
    end
  end
  for n, group in ipairs(groups) do
    if ends[n] and ends[n] > n then begun = { upto = ends[n], groups = pandoc.List {} } end
    if begun then begun.groups:insert(group) else out:insert(group) end
    if begun and n == begun.upto then
      out:insert(wrapped('#whole', flat(with_lead_ins(begun.groups))))
      begun = nil
    end
  end
  return out
end

-- ---- figures -------------------------------------------------------------------------------------

local function with_slots(groups)
  local out, left = pandoc.Blocks {}, 0
  local function close()
    if left > 0 then out:insert(raw '#slot(last: true)') end
    left = 0
  end
  for n, group in ipairs(groups) do
    local block, following = group[1], groups[n + 1] and groups[n + 1][1]
    local is_register = block.t == 'Header' and block.classes:includes('register')
    if is_chapter(group) or is_register then close() end
    local is_turned = block.t == 'RawBlock' and block.text == '#turned['
    if is_turned or is_float(group, 'fig') then
      out:extend(is_turned and group or wrapped('#floating', group))
      left = REACH
    else
      out:extend(group)
      local leads_in = block.t == 'Para' and following and INTRODUCED[following.t]
        or block.t == 'RawBlock' and (block.text == '#lead-in[' or block.text == '#list-begins')
      if left > 0 and ENDS[block.t] and not leads_in then
        if left == 1 then close() else out:insert(raw '#slot()') end
        left = math.max(0, left - 1)
      end
    end
  end
  close()
  return out
end

local function with_breaks(document)
  local groups = with_whole_ends(groups_of(document.blocks))
  document.blocks = with_slots(with_lead_ins(groups))
  return document
end

return { { Div = in_box }, { Pandoc = with_breaks } }
