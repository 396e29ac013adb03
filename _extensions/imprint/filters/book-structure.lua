-- Under Quarto, tells the Typst template where a book's parts, numbered chapters and appendices
-- begin; the embedded engine knows its contents and writes the same calls itself.

if quarto == nil or FORMAT ~= 'typst' then
  return { {} }
end

local function raw(text)
  return pandoc.RawBlock('typst', text)
end

local main_matter_begun = false
local appendices_begun = false

local function mark_structure(heading)
  local state = quarto.doc.file_metadata()
  local item = state and state.file
  if heading.level ~= 1 or not item or not item.bookItemType then
    return nil
  end
  if item.bookItemType == 'part' then
    local title = pandoc.write(pandoc.Pandoc { pandoc.Plain(heading.content) }, 'typst')
    return raw('#part[' .. title:gsub('%s+$', '') .. ']')
  end
  if item.bookItemType == 'appendix' or state.appendix then
    -- Quarto's divider, a heading "Appendices", says nothing that the letters do not
    local divider = item.bookItemType == 'appendix' and heading.classes:includes('unnumbered')
    local blocks = pandoc.Blocks {}
    if not appendices_begun then
      appendices_begun = true
      blocks:insert(raw('#show: appendices'))
    end
    if not divider then
      blocks:insert(heading)
    end
    return blocks
  end
  if item.bookItemNumber and not main_matter_begun then
    main_matter_begun = true
    return { raw('#show: main-matter'), heading }
  end
end

return quarto.utils.combineFilters {
  quarto.utils.file_metadata_filter(),
  { Header = mark_structure },
}
