--- TeX among Markdown: environments of maths are maths, anything else is reported.

local shared = require("shared")

local M = {}

local INNER = shared.set("equation equation* displaymath math subequations")
local MATHS = shared.set([[align align* alignat alignat* eqnarray eqnarray* flalign flalign* gather gather*
  multline multline* aligned alignedat gathered split cases array matrix pmatrix bmatrix Bmatrix vmatrix
  Vmatrix smallmatrix]])
local MACROS = shared.set("newcommand renewcommand providecommand def let DeclareMathOperator newenvironment")

--- TeX -> maths that every format sets, an empty list for a definition that pandoc has applied.
local function maths_of(tex)
  local name, inner = tex:match("^%s*\\begin%s*{(%a+%*?)}(.*)\\end%s*{%a+%*?}%s*$")
  if INNER[name] then
    return pandoc.Math(name == "math" and "InlineMath" or "DisplayMath", (inner:gsub("^%s+", ""):gsub("%s+$", "")))
  elseif MATHS[name] then
    return pandoc.Math("DisplayMath", tex)
  end
  local command = tex:match("^%s*\\(%a+)")
  if command and MACROS[command] then return {} end
end

local BREAKS = shared.set("\\newpage \\pagebreak \\clearpage \\cleardoublepage")

--- What raw TeX is in other words; nil, with a problem, where it is neither maths nor a new page.
local function text_of(el, note)
  local found = maths_of(el.text)
  if found then return found end
  if BREAKS[el.text:match("^%s*(\\%a+)[^%a]*$")] then return pandoc.Span({}, { class = "pagebreak" }) end
  local command = el.text:match("^\\begin%s*{[^}]*}") or el.text:match("^\\%a+") or shared.first_line(el.text)
  note("tex-is-maths", command, "`" .. command .. "` is TeX, which neither page nor PDF shows",
    "write it in Markdown; `\\" .. command .. "` prints the backslash, and `$…$` holds maths")
end

local OLD = { rm = "mathrm", bf = "mathbf", it = "mathit", sf = "mathsf", tt = "mathtt", cal = "mathcal" }

--- Maths with today's commands in place of plain TeX's, which hold to the end of their group: `{\rm a}`
--- and `{a \over b}`; TeX's own names are text.
local function modern(text)
  text = text:gsub("%b{}", function(group) return "{" .. modern(group:sub(2, -2)) .. "}" end)
  local before, after = text:match("^(.-)\\over%f[%A]%s*(.*)$")
  if before and not text:find("\\\\") then return "\\frac{" .. modern(before) .. "}{" .. modern(after) .. "}" end
  for first, name, last in text:gmatch("()\\(%a+)%s*()") do
    local rest = text:sub(last)
    if OLD[name] and not rest:find("[&^_]") and not rest:find("\\\\") then
      return text:sub(1, first - 1) .. "\\" .. OLD[name] .. "{" .. modern(rest) .. "}"
    end
  end
  return text
end

--- Report maths that cannot be set; labels, which nothing here refers to, are left out.
function M.maths(el, note)
  local text = el.text:gsub("%s*\\label%s*{[^}]*}", ""):gsub("%s*\\nonumber%f[%A]", ""):gsub("%s*\\notag%f[%A]", "")
  text = modern(text):gsub("\\(L?a?TeX)%f[%A]", "\\text{%1}")
  el.text = text
  local function wrong(what, fix) note("maths-is-set", shared.first_line(text), what, fix) end
  if text:find("\\tag%*?%s*{") then
    wrong("`\\tag` gives no number here", "take it out; `$$ … $$ {#eq-name}` numbers an equation")
    return el
  end
  local typst = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ el }) }), "typst")
  if typst:match("^%s*\\%$") then
    wrong("the maths `" .. text:gsub("%s+", " ") .. "` cannot be read",
      "use commands of LaTeX's own maths, without those of packages; docs/quarto-subset.md")
  end
  return el
end

--- The steps of a walk that read raw TeX as maths.
function M.steps(note)
  local function is_tex(el) return el.format == "tex" or el.format == "latex" end
  return {
    RawBlock = function(el)
      local found = is_tex(el) and text_of(el, note) or nil
      return found and found.t and pandoc.Para({ found }) or found
    end,
    RawInline = function(el) return is_tex(el) and text_of(el, note) or nil end,
  }
end

return M
