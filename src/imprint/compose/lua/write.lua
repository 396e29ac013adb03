--- The last stage of a chapter: its blocks, and what it takes from the other chapters -> its page, its
--- part of the Typst document, and the uses in it.

local cite = require("cite")
local elements = require("elements")
local html = require("html")
local record = require("record")
local refer = require("refer")
local typst = require("typst")

local M = {}

--- Write one chapter. `request.around` is what it takes from the others; writing.py gathers it.
function M.write(request)
  local job, chapter, around = request.settings, request.chapter, request.around
  local blocks = elements.from_document(request.blocks)
  blocks = refer.resolved(blocks, around.index, job)
  if around.citing then blocks = cite.chapter(blocks, around.citing) end
  if around.works ~= "" then blocks = cite.with_works(blocks, around.works) end
  local uses
  chapter.blocks, uses = record.chapter(blocks, chapter, around)
  local answer = { uses = uses }
  if job.formats.html then answer.page = html.page(chapter, around, job) end
  if job.formats.typst then answer.typst = typst.chapter(chapter, around, job) end
  return answer
end

return M
