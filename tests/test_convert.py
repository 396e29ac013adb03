"""Chapters as notebooks: the same chapter in both forms, and one that JupyterLab runs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint import cli
from imprint.core.model import BY_CELL, Executed, Line, Stretch
from imprint.core.problems import Place, ReportError
from imprint.read.chapters.convert import to_document, to_notebook
from imprint.read.chapters.sentences import OPAQUE
from imprint.read.chapters.shown import with_values
from thorough import THOROUGH

ROOT = Path(__file__).resolve().parents[1]

CHAPTER = """\
---
title: T
---

# Heading

Text with `{python} stat("a")` inline.

{{< include _findings/x.qmd >}}

```{python}
#| label: fig-a
#| echo: true
x = 1

y = 2
```
After.
"""


def cells(notebook: str) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in nbformat.reads(notebook, 4).cells]


def notebook(*cells: tuple[str, str], **metadata: Any) -> str:
    made = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def refused(text: str) -> list[str]:
    with pytest.raises(ReportError) as caught:
        to_document(text, "a.ipynb")
    return [f"{found.place}: {found.message}" for found in caught.value.problems]


# --- there and back --------------------------------------------------------------------------


def test_notebook_holds_front_matter_markdown_and_cells_with_their_options() -> None:
    assert cells(to_notebook(CHAPTER, "a.qmd")) == [
        ("raw", "---\ntitle: T\n---"),
        ("markdown", '# Heading\n\nText with `{python} stat("a")` inline.\n\n'
         "{{< include _findings/x.qmd >}}"),
        ("code", "#| label: fig-a\n#| echo: true\nx = 1\n\ny = 2"),
        ("markdown", "After."),
    ]  # fmt: skip


def test_notebook_is_valid_and_names_the_python_kernel() -> None:
    made = nbformat.reads(to_notebook(CHAPTER, "a.qmd"), 4)
    nbformat.validate(made)
    assert made.metadata.kernelspec.name == "python3"


STEADY = settings(
    max_examples=300 if THOROUGH else 100, database=None, deadline=None, derandomize=True
)
LINES = st.sampled_from(
    [
        "", "", " ", "text", "# H", "- item", "    indented", "> quote", "$x$ and `code`",
        "::: {#box-a}", ":::", "<!-- a", "-->", "```", "```", "````", "~~~", "```{python}",
        "```` {python}", "```{python}  ", "``` ", "```{r}", "  ```{python}", "#| label: x",
        "x = 1", "---", "key: 1", "\u2028", "\x0c", "`open",
    ]
)  # fmt: skip


CELL_LINES = st.sampled_from(
    [
        "```{python}\nx = 1\n\n```", "```` {python}\n```\n````", "```{python}\n\n```",
        "```{python}\n```  ", "\n```{python}\n#| label: x\n```\n", "<!--\n```{python}\n```\n-->",
    ]
)  # fmt: skip


@STEADY
@given(st.lists(LINES | CELL_LINES, max_size=12).map("\n".join))
def test_any_text_comes_back_to_the_byte_or_is_refused(text: str) -> None:
    try:
        made = to_notebook(text, "a.qmd")
    except ReportError:
        return
    nbformat.validate(nbformat.reads(made, 4))
    assert to_document(made, "a.qmd") == text


SOURCES = st.lists(LINES, max_size=8).map("\n".join)
CELLS = st.lists(st.tuples(st.sampled_from(["markdown", "code"]), SOURCES), max_size=6)


@STEADY
@given(CELLS)
def test_any_notebook_keeps_its_code_and_its_text_or_is_refused(given: Any) -> None:
    try:
        text = to_document(notebook(*given), "a.ipynb")
    except ReportError:
        return
    again = to_notebook(text, "a.qmd")
    assert to_document(again, "a.ipynb") == text
    assert [s for k, s in cells(again) if k == "code"] == [s for k, s in given if k == "code"]

    def words(found: Any) -> list[str]:
        return [line for kind, source in found if kind != "code" for line in source.split("\n")]

    assert list(filter(None, words(cells(again)))) == list(filter(None, words(given)))


def test_code_that_holds_a_fence_gets_a_longer_one() -> None:
    text = to_document(notebook(("code", 'x = """\n```\n"""')), "a.ipynb")
    assert text == '````{python}\nx = """\n```\n"""\n````\n'


def test_a_fence_of_another_form_is_kept_until_the_code_outgrows_it() -> None:
    made = to_notebook("```{python }\nx\n```\n", "a.qmd")
    assert to_document(made, "a.ipynb") == "```{python }\nx\n```\n"
    edited = json.loads(made)
    edited["cells"][0]["source"] = "'''\n```\n'''"
    assert to_document(json.dumps(edited), "a.ipynb").startswith("````{python}\n")


def test_cells_put_side_by_side_stay_two_paragraphs() -> None:
    made = json.loads(to_notebook("One.\n```{python}\n1\n```\n", "a.qmd"))
    made["cells"].insert(1, {"cell_type": "markdown", "metadata": {}, "source": "Two."})
    assert to_document(json.dumps(made), "a.ipynb").startswith("One.\n\nTwo.\n")


# --- what has no equal -----------------------------------------------------------------------


def test_text_that_never_closes_what_it_opens_is_refused_by_line() -> None:
    with pytest.raises(ReportError) as caught:
        to_notebook("---\na: 1\n---\nText\n\n```{python}\n1\n", "a.qmd")
    assert [str(found.place) for found in caught.value.problems] == ["a.qmd:6:1"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "a.ipynb:1:2: the notebook is not valid JSON"),
        ('{"nbformat": 3, "cells": []}', "a.ipynb: `nbformat` of the notebook wants version 4"),
        (notebook(("heading", "")), "a.ipynb:1: `cell_type` of the cell wants `markdown` or `code` "
         "or `raw`, not 'heading', in cell 1"),
        (notebook(("code", "x"), ("raw", "x")), "a.ipynb:1: a raw cell that is not the front"),
        (notebook(kernelspec={"language": "R"}), "a.ipynb: the notebook's language is 'r'"),
        (notebook(("code", "1"), ("markdown", "a\n```{python}\n1\n```")),
         "a.ipynb:2: a Markdown cell holds a cell's fence, in cell 2"),
        (notebook(("markdown", "a\n\n```"), ("code", "1")),
         "a.ipynb:1: what an earlier cell opens runs into this code cell, in cell 2"),
        (notebook(("code", "1"), ("markdown", "a\n\n~~~")),
         "a.ipynb:3: the code fence `~~~` is never closed, in cell 2"),
        (notebook(("markdown", "---\na: 1"), ("code", "1")),
         "a.ipynb:1: the front matter is never closed, in cell 1"),
    ],
)  # fmt: skip
def test_notebook_without_an_equal_is_refused_by_cell(text: str, told: str) -> None:
    assert any(found.startswith(told) for found in refused(text)), refused(text)


def test_pasted_picture_is_refused_rather_than_lost() -> None:
    made = json.loads(notebook(("markdown", "![a](attachment:a.png)")))
    made["cells"][0]["attachments"] = {"a.png": {"image/png": ""}}
    assert refused(json.dumps(made)) == ["a.ipynb:1: a picture is pasted into this cell, in cell 1"]


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chapter of an hour ago, in a project that is the working directory."""
    (tmp_path / "_quarto.yml").write_text("project: {type: book}\n")
    (tmp_path / "chapters").mkdir()
    path = tmp_path / "chapters" / "a.qmd"
    path.write_text("One.\n")
    hour_ago = path.stat().st_mtime - 3600
    os.utime(path, (hour_ago, hour_ago))
    monkeypatch.chdir(tmp_path)
    return path


def test_command_writes_the_other_form_beside_the_file(
    chapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["convert", "chapters/a.qmd"]) == 0
    assert cells((chapter.parent / "a.ipynb").read_text()) == [("markdown", "One.")]
    assert capsys.readouterr().out == "chapters/a.ipynb: written\n"


def test_newer_target_is_overwritten_by_force_alone(
    chapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = chapter.with_suffix(".ipynb")
    target.write_text("edited since")
    assert cli.main(["convert", "chapters/a.qmd"]) == 1
    assert "'a.ipynb' is newer than this" in capsys.readouterr().err
    assert target.read_text() == "edited since"
    assert cli.main(["convert", "--force", "chapters/a.qmd"]) == 0
    assert cells(target.read_text()) == [("markdown", "One.")]


def test_second_conversion_of_an_unchanged_chapter_is_no_problem(chapter: Path) -> None:
    assert cli.main(["convert", "chapters/a.qmd"]) == 0
    assert cli.main(["convert", "chapters/a.qmd"]) == 0


def test_no_file_is_written_where_one_of_them_is_wrong(
    chapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["convert", "chapters/a.qmd", "chapters/b.qmd"]) == 1
    assert "did you mean 'chapters/a.qmd'?" in capsys.readouterr().err
    assert not chapter.with_suffix(".ipynb").exists()


# --- in JupyterLab ---------------------------------------------------------------------------


# --- a notebook that shows what was printed ----------------------------------------------------

SHOWN = """\
# Pay {#sec-pay}

Of all, `{python} stat("half")` are paid; `{python} other()` is not known, `` `{python} x` `` code.

::: {#box-pay}
Why.
:::

![A *picture*](/figures/a.png){#fig-a fig-alt="x"}

```
::: {#box-code}
```

```{python}
figure("a")
```
"""


def shown(root: Path) -> str:
    """That chapter as a notebook, printed as if it had run."""
    at = Place("a.qmd", 3)
    value, code = '[half]{.stat data-stat="half"}', '`{python} stat("half")`'
    stretches = (
        Stretch(0, 1, True), Stretch(8, 9, False), Stretch(8 + len(value), 9 + len(code), True),
        Stretch(19 + len(value), 20 + len(code), False),
    )  # fmt: skip
    text = f"Of all, {value} are paid; {OPAQUE}"
    image = '![[It [rose]{.claim data-stat="a"}.]{.figure-title} Base](/a.svg){#fig-b fig-alt="y"}'
    lines = (Line(text, at, stretches), Line(image, Place("a.qmd", 15), BY_CELL))
    return with_values(to_notebook(SHOWN, "a"), SHOWN, Executed("a.qmd", {}, lines, {}), root)


def test_notebook_shows_what_was_printed(tmp_path: Path) -> None:
    """Values, captions and pictures; labels and fences stand in comments, which nobody sees."""
    (tmp_path / "a.svg").write_text("<svg/>")
    made = nbformat.reads(shown(tmp_path), 4)
    text = made.cells[0].source
    seen = re.sub("<!--.*?-->", "", text)
    assert "# Pay \n" in seen and "Of all, <span>half</span> are paid; `{python} other()`" in seen
    assert "<blockquote>\nWhy.\n</blockquote>" in seen
    assert "<em>A *picture*</em>" in seen and "#fig-a" not in seen
    assert "```\n::: {#box-code}\n```" in seen
    (output,) = made.cells[1].outputs
    assert output.data["text/markdown"].startswith('<img alt="" src="data:image/svg+xml;base64,')
    assert output.data["text/markdown"].endswith("\n\n**It rose.** Base")


def test_shown_notebook_gives_its_source_back(tmp_path: Path) -> None:
    """To the byte, and with what its author has changed."""
    made = shown(tmp_path)
    assert to_document(made, "a.ipynb") == SHOWN
    edited = made.replace("are paid", "were paid")
    assert to_document(edited, "a.ipynb") == SHOWN.replace("are paid", "were paid")
