-- Under Quarto: what a page says of its state, at its head. A draft says that it is one; a page that
-- is rendered alone, as in the preview, shows what `imprint check` found in the report.

if quarto == nil or not quarto.doc.is_format('html') then
  return { {} }
end

local FOUND = '.imprint/found.json'
local LOOK = 'padding: 0.5rem 1rem; margin-bottom: 1rem; border-left: 0.4rem solid #7a2e0e;'

local function words(text) return pandoc.Inlines { pandoc.Str(text) } end

local function notice(class, blocks)
  return pandoc.Div(blocks, pandoc.Attr('', { class }, { role = 'note', style = LOOK }))
end

-- The problems that were found, as a list; empty where there are none.
local function found()
  local root = quarto.project.directory
  local file = root and io.open(root .. '/' .. FOUND)
  if not file then return {} end
  local is_read, problems = pcall(quarto.json.decode, file:read('a'))
  file:close()
  return is_read and problems or {}
end

local function item(problem)
  local place = problem.place.file
  if problem.place.line > 0 then place = place .. ':' .. math.tointeger(problem.place.line) end
  local inlines = words(place .. ': ' .. problem.message)
  if problem.fix ~= '' then inlines:extend { pandoc.LineBreak(), pandoc.Emph(words('Fix: ' .. problem.fix)) } end
  return { pandoc.Plain(inlines) }
end

-- Problems of this page come first, then those of the report's other files.
local function listed(problems)
  local own, others = pandoc.List(), pandoc.List()
  local input = (quarto.doc.input_file or ''):gsub('\\', '/')
  for _, problem in ipairs(problems) do
    local file = problem.place.file
    local is_own = file ~= '' and input:sub(-#file) == file
    table.insert(is_own and own or others, item(problem))
  end
  own:extend(others)
  return own
end

local function with_state(doc)
  local draft = doc.meta.imprint and doc.meta.imprint.draft
  local problems = found()
  if #problems > 0 then
    local head = #problems == 1 and '1 problem was found:' or #problems .. ' problems were found:'
    local list = pandoc.BulletList(listed(problems))
    doc.blocks:insert(1, notice('problems-found', { pandoc.Para { pandoc.Strong(words(head)) }, list }))
  end
  if draft then
    local said = 'Draft of revision ' .. pandoc.utils.stringify(draft)
    doc.blocks:insert(1, notice('draft-notice', { pandoc.Plain(words(said .. '. It is not finished and not for citation.')) }))
  end
  return doc
end

return { { Pandoc = with_state } }
