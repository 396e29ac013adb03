"""Plain tables are what elements of pandoc are: read, written back, walked, put into words."""

import subprocess
from pathlib import Path

from imprint.compose.pandoc import LUA
from imprint.read.pandoc import pandoc_command

DOCUMENTS = sorted(Path(__file__).parent.joinpath("documents").glob("*.qmd"))

SCRIPT = """
package.path = arg[1] .. "/?.lua;" .. package.path
local elements = require("elements")

local function texts(blocks, kind, traverse, stringify)
  local found = {}
  blocks:walk({ traverse = traverse, [kind] = function(el) table.insert(found, stringify(el)) end })
  return table.concat(found, "|")
end

for i = 2, #arg do
  local own = pandoc.read(io.open(arg[i]):read("a"), "markdown").blocks
  local ours = elements.of(own)
  assert(elements.pandocs(ours) == own, arg[i] .. " comes back changed")
  for _, kind in ipairs({ "Para", "Div", "Cite", "Link", "Str" }) do
    for _, order in ipairs({ "typewise", "topdown" }) do
      local wanted = texts(own, kind, order, pandoc.utils.stringify)
      assert(texts(ours, kind, order, elements.utils.stringify) == wanted,
        arg[i] .. ": a walk to " .. kind .. " differs")
    end
  end
  -- a walk leaves what it goes through as it is
  local marked = ours:walk({
    Str = function(str) return elements.Str(str.text .. "!") end,
    Header = function(el) el.level, el.attributes["seen"] = 6, "yes" return el end,
  })
  assert(elements.pandocs(ours) == own, arg[i] .. " was changed by a walk")
  assert(#own == 0 or elements.pandocs(marked) == own:walk({
    Str = function(str) return pandoc.Str(str.text .. "!") end,
    Header = function(el) el.level, el.attributes["seen"] = 6, "yes" return el end,
  }), arg[i] .. ": what a walk makes differs")
end
print("equal", #arg - 1)
"""


def test_elements_are_what_pandocs_own_are(tmp_path: Path) -> None:
    (tmp_path / "compare.lua").write_text(SCRIPT)
    compared = subprocess.run(
        [*pandoc_command(), "lua", str(tmp_path / "compare.lua"), str(LUA), *map(str, DOCUMENTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert compared.stdout.split() == ["equal", str(len(DOCUMENTS))], compared.stderr
    assert len(DOCUMENTS) > 30


ABBREVIATED = """## One

Hours (HR) and HRs. Then AB-led, [AB](https://example.org) and AB.

## Two

- HR again, and ABC.
"""
EXPLAIN = """
package.path = arg[1] .. "/?.lua;" .. package.path
local elements = require("elements")
local ours = elements.of(pandoc.read(io.open(arg[2]):read("a"), "markdown").blocks)
local explained = require("abbreviations").explained(ours, { HR = "hours", AB = "a <b>" })
print(pandoc.write(pandoc.Pandoc(elements.pandocs(explained)), "html"))
assert(not pandoc.write(pandoc.Pandoc(elements.pandocs(ours)), "html"):find("abbr"), "changed")
"""


TERMS = """
Big *roads* and big
roads, then Big-ness. Some (big roads) and big roads.

Cycles, a cycle lane, cyclesque and the Hall review.

## Two

The big roads, cycle lanes; the Hall reviews and a Hall review.
"""


def test_terms_are_explained_where_a_page_has_them_first(tmp_path: Path) -> None:
    """In one or several words, over a line's end, in the plural, and never as a part of a word."""
    meanings = '{ ["big road"] = "a \\"wide\\" one", cycle = "two wheels", '
    meanings += '["cycle lane"] = "for them", ["Hall review"] = "of 2024" }'
    script = EXPLAIN.replace('{ HR = "hours", AB = "a <b>" }', meanings)
    (tmp_path / "explain.lua").write_text(script.replace(':find("abbr")', ':find("term")'))
    (tmp_path / "text.md").write_text(TERMS)
    command = [*pandoc_command(), "lua", "explain.lua", str(LUA), "text.md"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    said = " ".join(made.stdout.split())
    assert said.count('class="term"') == 4, made.stderr
    road = '<span class="term" title="a &quot;wide&quot; one">big roads</span>, then Big-ness.'
    assert f"Big <em>roads</em> and {road}" in said
    assert '<span class="term" title="two wheels">Cycles</span>, a' in said
    assert '<span class="term" title="for them">cycle lane</span>, cyclesque' in said
    assert 'the <span class="term" title="of 2024">Hall review</span>.' in said


def test_abbreviations_are_explained_where_a_section_has_them_first(tmp_path: Path) -> None:
    """Not where they stand behind what they mean, nor in links."""
    (tmp_path / "explain.lua").write_text(EXPLAIN)
    (tmp_path / "text.md").write_text(ABBREVIATED)
    command = [*pandoc_command(), "lua", "explain.lua", str(LUA), "text.md"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert made.stdout.count("<abbr") == 2, made.stderr
    assert 'Then <abbr title="a &lt;b&gt;">AB</abbr>-led' in made.stdout
    assert '<abbr title="hours">HR</abbr> again, and ABC.' in made.stdout
