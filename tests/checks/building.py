"""A report from strings: a project with one chapter, for checks that look at text and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from composing import composed
from imprint.check.composed import ComposedReport
from imprint.core.model import Chapter, Entry, Project, Publication, Statistic
from imprint.read.chapters.notebooks import read_chapter
from imprint.read.report import Report

CHAPTER = "chapters/x.qmd"

_EMPTY = Statistic(
    "", "ofsted_2010", "", "", "", "", None, None, None, "percent", "exact", "", "", "", "", "", 2
)


def row(id: str, value: float | None = None, **more: Any) -> Statistic:
    """A row of data/statistics.csv: exact and in per cent unless it says otherwise."""
    return replace(_EMPTY, id=id, value=value, **more)


def sources_of(
    root: Path, text: str, rows: tuple[Statistic, ...] = (), files: Mapping[str, str] | None = None
) -> ComposedReport:
    """One chapter that holds the text, these rows, and further files; figures among them. Its code
    is not run."""
    for path, content in {CHAPTER: text, **(files or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    chapter = read_chapter(root, CHAPTER, {})
    figures = frozenset(Path(path).stem for path in files or () if path.startswith("figures/"))
    return composed(report_of(root, chapter, rows, figures))


def report_of(
    root: Path,
    chapter: Chapter,
    rows: tuple[Statistic, ...] = (),
    figures: frozenset[str] = frozenset(),
    metadata: Mapping[str, Any] | None = None,
) -> Report:
    """A report of one page with these rows and figures."""
    entries = (Entry("chapter", chapter.path),)
    page = Publication("page", False, entries, metadata or {}, "page", "_quarto.yml")
    project = Project(root, (page,), "project", (), "")
    statistics = {found.id: found for found in rows}
    return Report(project, (page,), {chapter.path: chapter}, None, statistics, frozenset(), figures)
