"""The list of works: Quarto and the embedded engine put it in one place."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import WORKS

from composing import composed
from imprint.check.rules.works.list_place import check_list_place
from imprint.read.report import read_report

BOOK = """\
project:
  type: book
profile:
  default: review
  group: [[review, summary]]
book:
  title: A report
  chapters: [index.qmd, summary.qmd, works.qmd]
bibliography: works.bib
"""
SUMMARY = "project:\n  type: default\n  render: [summary.qmd]\ntitle: A summary\n"
FOR_SUMMARY = '::: {.content-visible when-profile="summary"}\n\n%s\n:::\n\n:::\n'


def told(root: Path, summary: str, works: str) -> list[str]:
    """Each problem of a book with these texts, as `file:line: message`."""
    files = {
        "_quarto.yml": BOOK,
        "_quarto-summary.yml": SUMMARY,
        "index.qmd": "# A\n\nText [@burton_2009].\n",
        "summary.qmd": f"# Summary\n\n{summary}",
        "works.qmd": f"# Works\n\n{works}",
        "_list.qmd": "::: {#refs}\n:::\n",
        "works.bib": WORKS,
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    report, problems = read_report(root)
    assert not problems, [str(problem) for problem in problems]
    found = list(check_list_place(composed(report)))
    assert {problem.code for problem in found} <= {"bibliography-has-one-place"}
    return [f"{p.place.file}:{p.place.line}: {p.message}; {p.fix}" for p in found]


@pytest.mark.parametrize(
    "summary",
    [
        "Text.\n",
        FOR_SUMMARY % "::: {.references #refs}",
        FOR_SUMMARY % ":::: {#refs}\n::::\n\n::: {.other}",
        "::: {#some-refs}\nText.\n:::\n",
    ],
)
def test_list_that_quarto_passes_over_is_sound(tmp_path: Path, summary: str) -> None:
    """What only another publication shows may stand earlier in a form that Quarto does not see."""
    assert told(tmp_path, summary, "::: {#refs}\n:::\n") == []


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (FOR_SUMMARY % "::: {#refs}", 5),
        (FOR_SUMMARY % ":::{#refs .hanging}", 5),
        ('::: {.content-hidden unless-profile="summary"}\n\n::: {#refs}\n:::\n\n:::\n', 5),
        ('::: {.content-hidden when-profile="review"}\n::: {#refs}\n:::\n:::\n', 4),
        ("::: {#refsection}\n:::\n", 3),
        ("```markdown\n::: {#refs}\n```\n", 4),
    ],
)
def test_earlier_list_that_quarto_would_take_is_reported(
    tmp_path: Path, summary: str, line: int
) -> None:
    """A line `::: {#refs` before the real place is told, with both places and the form to write."""
    (found,) = told(tmp_path, summary, "::: {#refs}\n:::\n")
    assert found.startswith(f"summary.qmd:{line}: ")
    assert "which stands at works.qmd:3:1" in found
    assert "write `::: {.references #refs}`" in found


@pytest.mark.parametrize(
    ("works", "place"),
    [
        (":::: {#refs}\n::::\n", "works.qmd:3"),
        ("::: {.references #refs}\n:::\n", "works.qmd:3"),
        ("{{< include _list.qmd >}}\n", "_list.qmd:1"),
    ],
)
def test_real_place_that_quarto_does_not_see_is_reported(
    tmp_path: Path, works: str, place: str
) -> None:
    """A book's own list has to be written as Quarto looks for it."""
    (found,) = told(tmp_path, "Text.\n", works)
    assert found.startswith(f"{place}: Quarto does not see")


def test_hidden_list_alone_is_reported(tmp_path: Path) -> None:
    """Where the book shows no list of its own, Quarto still takes a hidden one."""
    (found,) = told(tmp_path, FOR_SUMMARY % "::: {#refs}", "Text.\n")
    assert found.startswith("summary.qmd:5: ")
    assert "which stands at" not in found
