-- Under Quarto: keywords are for search engines, in the head of the page, and no line under its title.

if quarto == nil or not quarto.doc.is_format('html') then
  return { {} }
end

local function escaped(text)
  return (text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('"', '&quot;'))
end

local function without_keywords(meta)
  local given = meta.keywords
  if not given then return nil end
  local words = pandoc.List()
  if pandoc.utils.type(given) == 'List' then
    for _, word in ipairs(given) do words:insert(pandoc.utils.stringify(word)) end
  else
    words:insert(pandoc.utils.stringify(given))
  end
  local content = escaped(table.concat(words, ', '))
  quarto.doc.include_text('in-header', '<meta name="keywords" content="' .. content .. '">')
  meta.keywords = nil
  return meta
end

return { { Meta = without_keywords } }
