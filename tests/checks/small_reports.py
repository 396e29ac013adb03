"""A small report on disk, written from strings, and what one check says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from composing import composed
from data_project import csv_text, write_project
from imprint.author.drawing import draw
from imprint.check.composed import ComposedReport
from imprint.core.problems import Problem
from imprint.core.root import VARIABLE
from imprint.read.report import Report, read_report

PROJECT = """\
project:
  type: default
  render: [text.qmd]
title: A report
bibliography: works.bib
crossref:
  custom: [{kind: float, key: box, reference-prefix: Box}]
"""

WORKS = """\
@book{burton_2009, author = {Burton, S.}, title = {{Oversight}}, publisher = {P}, year = {2009}}

@article{garboden_2009, author = {Garboden, M.}, title = {{One year on}}, journal = {J},
  year = {2009}, volume = {1795}, pages = {18--19}}

@misc{hunter_2009, author = {Hunter}, year = {2009}, note = {Cited in Burton (2009)}}

@report{ofsted_2010, author = {{Ofsted}}, title = {{Survey}}, publisher = {Ofsted}, year = {2010}}
"""


def small_report(
    root: Path,
    text: str = "",
    *,
    works: str = WORKS,
    rows: list[dict[str, str]] | None = None,
    files: Mapping[str, str | bytes] | None = None,
    tables: Iterable[dict[str, Any]] = (),
) -> Report:
    """The sources of a report of one page; `rows` are those of its statistics."""
    if rows and "ofsted_2010" not in works:
        works += WORKS[WORKS.index("@report{ofsted_2010") :]
    contents: dict[str, str | bytes] = {
        "_quarto.yml": PROJECT,
        "text.qmd": text,
        "works.bib": works,
        "data/statistics.csv": csv_text(rows or []),
        **(files or {}),
    }
    report, problems = read_report(write_project(root, contents, *tables))
    assert not problems, [str(problem) for problem in problems]
    return report


SHOWN = '![{0}](/figures/drawn/{0}.svg){{#fig-{0} fig-alt="It"}}\n'
"""Shows a figure that has been drawn, without code."""


def drawn(report: Report, *names: str) -> Report:
    """The report with figures drawn. Raises FigureError."""
    root = report.project.root
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(root))
        for name in names:
            draw(root, name)
    return report


def told(
    check: Callable[[ComposedReport], Iterable[Problem]], report: Report, *, runs: bool = False
) -> list[str]:
    """Each problem as `works.bib:3 code`; of the text as `3:14 code`, line and column."""
    return [
        f"{found.place} {found.code}".removeprefix("text.qmd:")
        for found in sorted(set(check(composed(report, runs=runs))))
    ]
