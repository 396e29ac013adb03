--- Composes one publication: reads every chapter, cites once, numbers once, writes every page.
--- `pandoc lua main.lua JOB.json RESULT.json`; compose.py writes the job and documents its shape.

local folder = arg[0]:match("^(.*)[/\\]") or "."
package.path = folder .. "/?.lua;" .. package.path

local read = require("read")
local number = require("number")
local refer = require("refer")
local files = require("files")
local cite = require("cite")
local record = require("record")
local html = require("html")
local typst = require("typst")

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local job = pandoc.json.decode(slurp(arg[1]), false)

--- What went wrong, for compose.py to place in the author's source.
local problems = {}
local function report(chapter, code, needle, message, mend)
  table.insert(problems,
    { chapter = chapter.path, code = code, needle = needle, message = message, mend = mend })
end

local chapters = {}
for _, source in ipairs(job.chapters) do
  table.insert(chapters, read.chapter(source, job, report))
end

local index = number.chapters(chapters, job, report)
refer.chapters(chapters, index, job, report)
local named = files.of(chapters, job, report)
cite.chapters(chapters, job, report)

local uses, texts = record.uses(chapters)
local result = { files = named, uses = uses, texts = texts, problems = problems }
if job.formats.html then
  result.pages = html.pages(chapters, index, job)
end
if job.formats.typst then
  result.typst = typst.document(chapters, job)
end

local out = assert(io.open(arg[2], "wb"))
out:write(pandoc.json.encode(result))
out:close()
