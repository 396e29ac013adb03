"""Texts that pages print though no chapter does: registers of tables, titles of works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from imprint.check.prose.paragraphs import Paragraph
from imprint.core.problems import Place, ReportError
from imprint.read.data.tables import read_rows
from imprint.read.report import Report


def table_cells(report: Report, name: str, columns: Sequence[str]) -> Iterator[Paragraph]:
    """The texts of some columns of a table of data/, cell by cell."""
    yield from _cells(report, name, tuple(columns))


@lru_cache(maxsize=8)
def _cells(report: Report, name: str, columns: tuple[str, ...]) -> tuple[Paragraph, ...]:
    root = report.project.root
    try:
        rows = read_rows(root, name)
    except ReportError:
        return ()
    lines = file_lines(root, f"data/{name}.csv")
    found = []
    for row in rows:
        source = lines[row.line - 1] if row.line <= len(lines) else ""
        for column in columns:
            value = row.get(column)
            if isinstance(value, str) and value:
                place = Place(f"data/{name}.csv", row.line, source.find(value) + 1)
                found.append(Paragraph("row", value, (), ((0, place),)))
    return tuple(found)


def statements(report: Report) -> Iterator[Paragraph]:
    """What the table of evidence says of each work, which the page of sources prints."""
    table = report.settings.tables.evidence
    if table in report.tables:
        yield from table_cells(report, table, ("statement",))


def titles(report: Report) -> Iterator[Paragraph]:
    """The titles of the works in the bibliography, which the list of references prints."""
    for work in report.library.references.values() if report.library else ():
        for field in ("title", "booktitle"):
            if work.fields.get(field):
                place = Place(work.place.file, work.lines.get(field, work.place.line))
                yield Paragraph("row", work.fields[field], (), ((0, place),))


def file_lines(root: Path, file: str) -> list[str]:
    """The lines of a file of the project; none where it cannot be read."""
    try:
        return (root / file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
