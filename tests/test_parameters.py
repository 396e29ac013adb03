"""Parameters: declared in metadata or in a tagged cell, given by `-P`, typed and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imprint.core.model import Cell
from imprint.core.problems import Place, ReportError
from imprint.read.parameters import filled, parameters, read_values, typed_values, with_parameters
from imprint.read.report import Report, read_report
from reports import ReportFolder, plain_words

PROJECT = """\
project: {type: default, render: [place.qmd]}
params: {authority: Medway, year: 2010}
imprint:
  params:
    level: {type: text, values: [low, high]}
    authority: {description: Whose edition it is}
"""
CHAPTER = """\
---
title: "What it says for {{< meta params.authority >}}"
---

```{python}
#| tags: [parameters]
authority = "Medway"
share = 2.5
is_large = False
```

`{python} authority` has `{python} share`.
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A page with parameters of every kind."""
    (tmp_path / "_quarto.yml").write_text(PROJECT)
    (tmp_path / "place.qmd").write_text(CHAPTER)
    return read_report(tmp_path)[0]


def test_parameters_stand_in_metadata_and_in_tagged_cells(report: Report) -> None:
    """Each once, with the type of its own value."""
    found = parameters(report)
    assert {name: it.kind for name, it in found.items()} == {
        "authority": str,
        "share": float,
        "is_large": bool,
        "year": int,
        "level": str,
    }


def test_values_get_their_parameters_types(report: Report) -> None:
    """As typed on a command line, and as a YAML file has them."""
    given = {"authority": "12", "share": "3", "is_large": "true", "year": 2011, "level": "low"}
    assert typed_values(parameters(report), given, Place("-P")) == {
        "authority": "12", "share": 3.0, "is_large": True, "year": 2011, "level": "low",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"athority": "x"}, "there is no parameter 'athority'"),
        ({"year": "soon"}, "parameter 'year' takes a whole number, and 'soon' is none"),
        ({"year": "2010.5"}, "takes a whole number"),
        ({"is_large": "2"}, "takes `true` or `false`, and '2' is none"),
        ({"level": "middling"}, "parameter 'level' does not take 'middling'"),
    ],
)
def test_wrong_values_are_told_before_any_work(
    report: Report, given: dict[str, Any], said: str
) -> None:
    """All of them at once, each with what would do."""
    with pytest.raises(ReportError, match=said):
        typed_values(parameters(report), given, Place("-P"))


def test_a_value_reaches_cells_metadata_and_names(report: Report) -> None:
    """In tagged cells after what they assign themselves."""
    changed = with_parameters(report, {"authority": 'O"Neill', "year": 2011})
    (chapter,) = changed.chapters.values()
    (cell,) = (part for part in chapter.parts if isinstance(part, Cell))
    scope: dict[str, Any] = {}
    exec(cell.code, scope)
    assert (scope["authority"], scope["share"]) == ('O"Neill', 2.5)
    assert chapter.metadata["params"]["authority"] == 'O"Neill'
    assert changed.publications[0].metadata["params"] == {"authority": 'O"Neill', "year": 2011}
    assert filled("{{< meta params.authority >}}-summary", {"authority": "Hull"}) == "Hull-summary"


def test_values_are_read_from_words_and_from_a_file(tmp_path: Path) -> None:
    """Words of the command line go last; Quarto's colon will do."""
    file = tmp_path / "values.yml"
    file.write_text("authority: Hull\nyear: 2009\n")
    assert read_values(["year:2012", "note=a=b"], file) == {
        "authority": "Hull", "year": "2012", "note": "a=b",
    }  # fmt: skip
    with pytest.raises(ReportError, match="is not written NAME=VALUE"):
        read_values(["authority"], None)
    file.write_text("- Hull\n")
    with pytest.raises(ReportError, match="must hold"):
        read_values([], file)


def test_a_notebooks_tag_counts(tmp_path: Path) -> None:
    """As papermill and Jupyter keep it, in the cell's metadata."""
    cell = {
        "cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "year = 2010",
        "outputs": [], "execution_count": None,
    }  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    project = "project: {type: default, render: [place.ipynb]}\n"
    (tmp_path / "_quarto.yml").write_text(project)
    (tmp_path / "place.ipynb").write_text(json.dumps(notebook))
    assert parameters(read_report(tmp_path)[0])["year"].kind is int


def test_a_render_prints_the_value_it_is_given(tmp_path: Path) -> None:
    """In code, in the title, and no other render's result is taken for it."""
    (tmp_path / "_quarto.yml").write_text(PROJECT)
    (tmp_path / "place.qmd").write_text(CHAPTER)
    made = ReportFolder(tmp_path)
    for given, name in (((), "Medway"), (("-P", "authority=Hull & Goole"), "Hull & Goole")):
        made.render("--to", "html", *given)
        (page,) = (tmp_path / "_output").glob("*/index.html")
        words = plain_words(page.read_text(encoding="utf-8"))
        assert f"{name} has 2.5." in words
        assert f"What it says for {name}" in page.read_text().replace("&amp;", "&")
