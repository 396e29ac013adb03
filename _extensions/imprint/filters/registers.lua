-- Registers, which are looked things up in and not read through: a division or section of the class
-- `register` becomes #register[...] in the PDF, which prints it only where the report asks for it.

if FORMAT ~= 'typst' then
  return { {} }
end

local function raw(text)
  return pandoc.RawBlock('typst', text)
end

-- What book-structure.lua has put between two chapters.
local function parts_chapters(block)
  return block.t == 'RawBlock' and (block.text:find('^#show: ') or block.text:find('^#part%['))
end

-- A section of the class begins at its heading and ends before the next one that is no part of it.
local function mark_sections(blocks)
  local out, level = pandoc.Blocks {}, nil
  for _, block in ipairs(blocks) do
    local is_heading = block.t == 'Header'
    if level and (is_heading and block.level <= level or level == 1 and parts_chapters(block)) then
      out:insert(raw ']')
      level = nil
    end
    if not level and is_heading and block.classes:includes('register') then
      level = block.level
      out:insert(raw '#register[')
    end
    out:insert(block)
  end
  if level then out:insert(raw ']') end
  return out
end

local function mark_division(div)
  if not div.classes:includes('register') then return nil end
  local out = pandoc.Blocks { raw '#register[' }
  out:extend(div.content)
  out:insert(raw ']')
  return out
end

return { { Blocks = mark_sections }, { Div = mark_division } }
