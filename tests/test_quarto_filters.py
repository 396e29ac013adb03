"""What the extension's filters do under Quarto alone, with as much of Quarto as they ask for."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path

import pypandoc
import pytest

from imprint.core.problems import Place, Problem

EXTENSION = Path(__file__).parents[1] / "_extensions" / "imprint"
QUARTO = """\
quarto = {{
  doc = {{
    is_format = function(name) return FORMAT:match(name) ~= nil end,
    include_text = function(_, text) io.stderr:write(text) end,
    input_file = '{project}/chapters/riding.qmd',
  }},
  project = {{ directory = '{project}' }},
  json = {{ decode = pandoc.json.decode }},
  utils = {{ resolve_path = function(path) return '{folder}/filters/' .. path end }},
}}
return dofile('{folder}/filters/{name}.lua')
"""


def filtered(tmp_path: Path, name: str, text: str, *more: str) -> tuple[str, str]:
    """The HTML of a text and what goes into its head, by one filter."""
    script = tmp_path / f"{name}.lua"
    text_of = QUARTO.format(folder=EXTENSION.as_posix(), name=name, project=tmp_path.as_posix())
    script.write_text(text_of, encoding="utf-8")
    pandoc = pypandoc.get_pandoc_path()
    arguments = [pandoc, "--from", "markdown", "--to", "html", "--lua-filter", str(script), *more]
    ran = subprocess.run(arguments, input=text, capture_output=True, encoding="utf-8", check=True)
    return ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("lang: en-US", "percent"),
        ("{lang: en-GB, imprint: {style: american}}", "percent"),
        ("{lang: en-US, imprint: {style: british}}", "per cent"),
        ("lang: en-GB", "per cent"),
    ],
)
def test_shares_print_in_the_style(tmp_path: Path, front: str, expected: str) -> None:
    """Of statistics alone; other words stay."""
    text = f'---\n{front}\n---\n\n[64\u00a0per cent]{{.stat data-stat="a"}}, 3 per cent.\n'
    html, _ = filtered(tmp_path, "american", text)
    assert f">64\u00a0{expected}</span>, 3 per cent." in html


def test_colours_stand_in_the_head(tmp_path: Path) -> None:
    """Those that are set, each with its rules; nothing without them."""
    _, head = filtered(tmp_path, "colours", "---\nimprint: {colours: {accent: '#6b1f5c'}}\n---\n")
    assert head.startswith("<style>\n:root") and "light-dark(#6b1f5c, " in head
    assert ".hero { --ground: #6b1f5c; }" in head
    assert "--mark" not in head and "ACCENT" not in head
    assert filtered(tmp_path, "colours", "---\nimprint: {kind: book}\n---\n")[1] == ""


FINDINGS = """\
::: {.finding-in-brief}
Short.
:::

::: {.finding-in-full}
Long.
:::
"""


def test_finding_has_the_form_of_its_place(tmp_path: Path) -> None:
    """In full in its chapter, in brief in a summary that says so; neither leaves a wrapper."""
    assert filtered(tmp_path, "findings", FINDINGS)[0] == "<p>Long.</p>\n"
    wrapped = f":::: {{.in-brief}}\n{FINDINGS}::::\n\nMore.\n"
    assert filtered(tmp_path, "findings", wrapped)[0] == "<p>Short.</p>\n<p>More.</p>\n"


def test_page_says_what_was_found(tmp_path: Path) -> None:
    """Of a page that is rendered alone: its own problems first, with their fixes."""
    problems = [
        Problem(Place("index.qmd", 4), "word-is-spelt", "'teh' <b>", "write 'the'", "warning"),
        Problem(Place("chapters/riding.qmd", 7), "date-is-valid", "no such day", "fix it"),
    ]
    assert "note" not in filtered(tmp_path, "state", "Text.\n")[0]
    (tmp_path / ".imprint").mkdir()
    told = json.dumps([asdict(found) for found in problems])
    (tmp_path / ".imprint" / "found.json").write_text(told, encoding="utf-8")
    html, _ = filtered(tmp_path, "state", "Text.\n")
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert words == (
        "2 problems were found: chapters/riding.qmd:7: no such day Fix: fix it "
        "index.qmd:4: 'teh' &lt;b&gt; Fix: write 'the' Text."
    )


def test_draft_says_so_at_the_head_of_its_pages(tmp_path: Path) -> None:
    """With its revision, and nothing where it is none."""
    html, _ = filtered(tmp_path, "state", "---\nimprint: {draft: abc1234}\n---\n\nText.\n")
    assert "Draft of revision abc1234. It is not finished" in html
    assert html.index("Draft") < html.index("Text")
    assert "raft" not in filtered(tmp_path, "state", "---\nimprint: {}\n---\n\nText.\n")[0]


def test_cells_have_no_identifiers_that_change(tmp_path: Path) -> None:
    """Quarto makes one up for each cell in every render; those of authors stay."""
    text = "::: {#3f9a01cc .cell}\nA\n:::\n::: {#fig-pay .cell}\nB\n:::\n::: {#deadbeef}\nC\n:::"
    html, _ = filtered(tmp_path, "cell-ids", text)
    assert "3f9a01cc" not in html and 'id="fig-pay"' in html and 'id="deadbeef"' in html


@pytest.mark.parametrize("given", ["[trains, 'a < b']", "trains"])
def test_keywords_stand_in_the_head_alone(tmp_path: Path, given: str) -> None:
    """Quarto would print a line of them under every title."""
    template = "--template=" + str(tmp_path / "t.html")
    (tmp_path / "t.html").write_text("$if(keywords)$KEYWORDS$endif$", encoding="utf-8")
    html, head = filtered(tmp_path, "keywords", f"---\nkeywords: {given}\n---\n", template)
    assert "KEYWORDS" not in html
    words = "trains, a &lt; b" if "[" in given else "trains"
    assert head == f'<meta name="keywords" content="{words}">'
