"""Markdown as people write it raises no alarm, and places are reported where authors find them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imprint.check.prose.pairs import unpaired_quotation_marks
from imprint.core.problems import Place
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.chapters.notebooks import survey_chapter
from reports import copy_report

TEXT = """# Outlook {#sec-outlook}

Press ![a grey box](box.png){height=12px} to begin.

That is @smith_2010_notes's view, and the **teachers**' and `x`'s
and [theirs](https://example.org)'s too.
They play rock 'n' roll, drink H~2~O and say '**so**' in the '*old*' way.

The steps are these.

A.  First
B.  Second

-----------------------------------------------------------
 Centred    Default           Right Left
  Header    Aligned         Aligned Aligned
----------- ------- --------------- -----------------------
   First    row                 two Words of a row that
                                    goes on.

  Second    row                five Another one, with
                                    a blank line above it.
-----------------------------------------------------------

  Right     Left     Centre     Default
-------     ------ ----------   -------
    two     two        two          two

(@) An example.
(@good) Another example.

As (@good) shows, one<br>two&nbsp;three &amp; four <img src="box.png" alt="a box">.

- [ ] a task
- [x] a task that is done

\\newcommand{\\norm}[1]{\\left\\lVert#1\\right\\rVert}

A [word]{#_Toc12 .anchor} of $\\norm{x}$.

See [the first](#éducation) and [the second](#results-1).

## Éducation

Text.

## Results

Text.

## Results

Text.
"""


def test_ordinary_markdown_is_left_in_peace(tmp_path: Path) -> None:
    """Images and apostrophes after markup, lists by letters, links to headings of any alphabet."""
    report = copy_report("minimal", tmp_path / "report")
    box = (report.folder / "figures").parent / "chapters" / "box.png"
    box.write_bytes(PIXEL)
    report.write("chapters/outlook.qmd", TEXT)
    report.render("review", "--draft", "--to", "html")
    page = report.page("review/chapters/outlook.html")
    assert 'id="éducation"' in page and 'id="results-1"' in page
    words = report.words("review/chapters/outlook.html")
    assert "(2010b)’s view, and the teachers’ and x’s and theirs’s too" in words


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "ffff3f0005fe02fea735816d0000000049454e44ae426082"
)


@pytest.mark.parametrize(
    "text",
    [
        "the teachers' view", "'so' he said", "it's so", "rock 'n' roll",
        "[theirs]'s too", "'a quotation of two words'", "the lads o' the town",
    ],
)  # fmt: skip
def test_apostrophe_is_no_quotation_mark(text: str) -> None:
    """Plurals, letters left out and whole quotations."""
    assert list(unpaired_quotation_marks(text)) == []


@pytest.mark.parametrize("text", ["he said 'so and left", "so' he said"])
def test_mark_without_its_partner_is_still_told(text: str) -> None:
    """Its opening or its end."""
    assert len(list(unpaired_quotation_marks(text))) == 1


def test_problem_in_a_notebook_names_its_cell(tmp_path: Path) -> None:
    """The line counts within the cell, so the cell is reported with it."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# One {#sec-one}"},
        {"cell_type": "markdown", "metadata": {}, "source": "Text.\n\n{{< wrong >}}"},
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": {"language": "python"}},
                "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
    (tmp_path / "one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    chapter, problems = survey_chapter(tmp_path, "one.ipynb", {})
    assert [found.place for found in problems] == [Place("one.ipynb", 3, 1, cell=2)]
    assert problems[0].message.endswith(", in cell 2")
    assert {line.place.cell for part in chapter.parts for line in part.lines} == {1, 2}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("The steps:\n- One\n- Two", "list"),
        ("The steps are\n1. One\n2. Two", "list"),
        ("The step is:\n* One", "list"),
        ("Some text.\n## A heading", "heading"),
        ("She said:\n> It is so.", "quotation"),
        ("The answers:\n| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        ("## A heading\nSome text\n- One\n- Two", "list"),
    ],
)
def test_block_that_runs_into_text_is_told(text: str, what: str) -> None:
    """Notebooks and other readers show it as a block; pandoc prints its marks among the words."""
    (slip,) = lay_out(f"{text}\n\nMore.".split("\n")).slips
    assert (slip.code, slip.message.split()[1]) == ("block-stands-apart", what)


@pytest.mark.parametrize(
    "text",
    [
        "## A heading\n- One\n- Two", "- One\n  more\n- Two", "1. One\n2. Two", "(@) One\n(@) Two",
        "It was in\n1984. That was the year.", "a sum of one\n- and of two", "> One\n> Two",
        "Term\n: Definition", "| One\n| Two", "$$\na\n+ b\n+ c\n$$", "A lone\n#hashtag",
        "\\begin{align}\na\n+ b\n+ c\n\\end{align}", "```\na\n- b\n- c\n```",
        "<div>\n- One\n- Two\n</div>",
        "[^1]: A note\n[^2]: Another", "| a | b |\n|---|---|\n| 1 | 2 |", "Text\n\n- One\n- Two",
    ],
)  # fmt: skip
def test_block_of_its_own_is_left_in_peace(text: str) -> None:
    assert lay_out(text.split("\n")).slips == ()


def test_an_apostrophe_that_pandoc_takes_for_a_quotation_mark_is_told_as_one() -> None:
    """Before a decade, it opens a quotation that another mark seems to end."""
    ((_, _, fix),) = unpaired_quotation_marks("The ‘60s were so.")
    assert fix.startswith("write the apostrophe as ’")
