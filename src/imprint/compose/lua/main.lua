--- Stages of composing a publication: `pandoc lua main.lua FILTERS` (the folder of the extension's
--- filters) reads requests from its standard input
--- and writes the answers to its standard output, all of them JSON on a line of its own, until there
--- are no more. stages.py describes the stages.

local folder = arg[0]:match("^(.*)[/\\]") or "."
package.path = folder .. "/?.lua;" .. package.path

local STAGES = { read = "read", cite = "cite", write = "write", frame = "typst", phrases = "html" }

--- What a filter prints is no answer.
local answers = io.stdout
io.stdout = io.stderr
io.output(io.stderr)
print = function(...) -- luacheck: globals print
  for _, value in ipairs({ ... }) do io.stderr:write(tostring(value), " ") end
end

for line in io.lines() do
  local request = pandoc.json.decode(line, false)
  local answer = require(STAGES[request.stage])[request.stage](request)
  answers:write(pandoc.json.encode(answer), "\n")
  answers:flush()
end
