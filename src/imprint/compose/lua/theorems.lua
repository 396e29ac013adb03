--- Theorems and the like: `::: {#thm-line}` with a heading as its name -> Div .theorem {kind=thm} with its
--- name, if it has one, in a first Div .theorem-name; proofs, which have no number, Div .theorem without kind.

local lines = require("lines")

local M = {}

local UNNUMBERED = { "proof", "remark", "solution" }

local function made(div, kind, class)
  local content = div.content:clone()
  local name = div.attributes["name"] and lines.inlines_of(div.attributes["name"])
  if not name and content[1] and content[1].t == "Header" then
    name = content[1].content
    content:remove(1)
  end
  if name then content:insert(1, pandoc.Div({ pandoc.Plain(name) }, { class = "theorem-name" })) end
  return pandoc.Div(content, pandoc.Attr(div.identifier, { "theorem", class }, { kind = kind }))
end

--- A div that is one; nil for any other.
function M.of(div, job)
  local prefix = div.identifier:match("^(%a+)%-")
  if prefix and job.theorems[prefix] then return made(div, prefix, "theorem-" .. prefix) end
  for _, class in ipairs(UNNUMBERED) do
    if div.classes:includes(class) then return made(div, class, class) end
  end
end

--- Its blocks with `Theorem 1 (Line)` before the first words; `pandoc` makes the elements.
function M.written(div, job, elements)
  local content = div.content:clone()
  local kind, number = div.attributes["kind"], div.attributes["number"]
  local head = elements.Inlines({ elements.Str(job.theorems[kind] .. (number and "\u{a0}" .. number or "")) })
  local first = content[1]
  if first and first.t == "Div" and first.classes:includes("theorem-name") then
    content:remove(1)
    head:extend({ elements.Space(), elements.Str("(") })
    head:extend(first.content[1].content)
    head:insert(elements.Str(")"))
  end
  local words = elements.Inlines({ elements.Strong(head) })
  if not number then words:insert(elements.Str(".")) end
  words:insert(elements.Space())
  first = content[1]
  if first and (first.t == "Para" or first.t == "Plain") then
    words:extend(first.content)
    content[1] = elements.Para(words)
  else
    content:insert(1, elements.Para(words))
  end
  return content
end

return M
