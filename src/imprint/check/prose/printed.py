"""Texts that pages print though no chapter does: registers of tables, titles of works."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from imprint.check.prose.paragraphs import Kind, Paragraph
from imprint.check.table_rows import read_tables
from imprint.core.files import plain_lines, read_file
from imprint.core.problems import Place
from imprint.read.references import Reference
from imprint.read.report import Report


@lru_cache(maxsize=8)
def table_cells(report: Report, name: str, columns: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """The texts of some columns of a table of data/, cell by cell; none without the table."""
    filled = read_tables(report).get(name)
    if filled is None:
        return ()
    lines = file_lines(report.project.root, filled.table.file)
    found = []
    for row in filled.rows:
        source = lines[row.line - 1] if row.line <= len(lines) else ""
        for value in (row.get(column) for column in columns):
            if isinstance(value, str) and value:
                place = Place(filled.table.file, row.line, source.find(value) + 1)
                found.append(paragraph_at(place, value))
    return tuple(found)


def statements(report: Report) -> tuple[Paragraph, ...]:
    """What the table of evidence says of each work, which the page of sources prints."""
    return table_cells(report, report.settings.tables.evidence, ("statement",))


def titles(report: Report) -> Iterator[Paragraph]:
    """The titles of the works in the bibliography, which the list of references prints."""
    for work in report.library.references.values() if report.library else ():
        for field in ("title", "booktitle"):
            if work.fields.get(field):
                yield paragraph_at(field_place(work, field), work.fields[field])


def paragraph_at(place: Place, text: str, kind: Kind = "row") -> Paragraph:
    """A text that stands in one piece in a file."""
    return Paragraph(kind, text, (), ((0, place),))


def field_place(work: Reference, field: str) -> Place:
    """Where an entry gives a field; the entry, where it takes that from another."""
    return Place(work.place.file, work.lines.get(field, work.place.line))


def file_lines(root: Path, file: str) -> list[str]:
    """The lines of a file of the project; none where it cannot be read."""
    try:
        return plain_lines(read_file(root / file).decode("utf-8-sig")).split("\n")
    except (OSError, ValueError):
        return []
