-- Under Quarto: the publication's own colours, `imprint: colours:`, as rules of style in its pages.
-- The embedded engine puts the same rules into its own.

if quarto == nil or not quarto.doc.is_format('html') then
  return { {} }
end

local function with_rules(meta)
  local own = meta.imprint and meta.imprint.colours
  if not own then return nil end
  local file = assert(io.open(quarto.utils.resolve_path('../assets/colours.css')))
  local rules = file:read('a') .. '\n'
  file:close()
  local kept = {}
  for rule in rules:gmatch('(.-)\n\n') do
    for name, colour in pairs(own) do
      local mark = name:upper()
      if rule:find(mark, 1, true) then
        kept[#kept + 1] = (rule:gsub(mark, pandoc.utils.stringify(colour)))
      end
    end
  end
  quarto.doc.include_text('in-header', '<style>\n' .. table.concat(kept, '\n') .. '\n</style>')
end

return { { Meta = with_rules } }
