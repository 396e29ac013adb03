--- One stage of composing a publication: `pandoc lua main.lua` reads the request from its standard
--- input and writes the answer to its standard output, both JSON. stages.py describes them all.

local folder = arg[0]:match("^(.*)[/\\]") or "."
package.path = folder .. "/?.lua;" .. package.path

local STAGES = { read = "read", cite = "cite", write = "write", frame = "typst" }

local request = pandoc.json.decode(io.read("a"), false)
local answer = require(STAGES[request.stage])[request.stage](request)
io.write(pandoc.json.encode(answer))
