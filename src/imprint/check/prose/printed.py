"""All that a reader reads, chapter by chapter: text, captions, alt texts and printed tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from imprint.check.code.figure_modules import FigureModule, read_figures
from imprint.check.prose.paragraphs import Paragraph, paragraphs_of, text_paragraphs
from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place, ReportError
from imprint.read.data.tables import read_rows
from imprint.read.report import Report

_KEYS = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+(?:; [a-z0-9]+(?:[-_][a-z0-9]+)+)*")
"""Ids and keys, which print as links or citations."""


@dataclass(frozen=True)
class TableCall:
    """A call of `table` in a cell, as far as it is written out."""

    name: str
    """Table of data/; empty where the rows come from code."""
    columns: tuple[str, ...] | None
    """Columns printed as they stand in the file; None for all of them."""
    texts: tuple[tuple[str, Place], ...]
    """Caption and headers."""


def printed(report: Report) -> Iterator[Paragraph]:
    """Every paragraph of every chapter in order, with what its figures and tables print.

    A cell of data/ comes once, however many tables print it.
    """
    told: set[Place] = set()
    seen: set[int] = set()
    for chapter in report.chapters.values():
        for paragraph in printed_by(report, chapter):
            if paragraph.kind == "row":
                # Tables with the same columns give the very same paragraphs.
                if id(paragraph) in seen:
                    continue
                seen.add(id(paragraph))
                place = paragraph.place(0)
                if place in told:
                    continue
                told.add(place)
            yield paragraph


def printed_by(report: Report, chapter: Chapter) -> Sequence[Paragraph]:
    """Every paragraph that one of the report's chapters prints, in order."""
    return _printed(report)[chapter.path]


# Several checks look at them in one run.
@lru_cache(maxsize=1)
def _printed(report: Report) -> Mapping[str, Sequence[Paragraph]]:
    figures = {figure.name: figure for figure in read_figures(report)[0]}
    return {
        path: tuple(_printed_by(report, chapter, figures))
        for path, chapter in report.chapters.items()
    }


def _printed_by(
    report: Report, chapter: Chapter, figures: Mapping[str, FigureModule]
) -> Iterator[Paragraph]:
    named: dict[str, ast.expr] = {}
    for part in chapter.parts:
        if not isinstance(part, Cell):
            yield from text_paragraphs(part)
            continue
        for found in shows(part, named):
            if isinstance(found, TableCall):
                for text, place in found.texts:
                    yield from paragraphs_of(text, place)
                yield from table_cells(report, found)
            elif found in figures:
                yield from figure_texts(figures[found])


def figure_texts(figure: FigureModule) -> Iterator[Paragraph]:
    """Caption and alt text of a figure."""
    for part, text in (("caption", figure.caption), ("alt", figure.alt)):
        yield from paragraphs_of(" ".join(text.split()), figure.place(part))


def table_cells(
    report: Report, call: TableCall, without: Collection[str] = ()
) -> Iterator[Paragraph]:
    """The texts that a call of `table` prints from data/, cell by cell, some columns left out."""
    yield from _cells(report, call.name, call.columns, frozenset(without))


# In a report of many chapters, many print parts of one table.
@lru_cache(maxsize=64)
def _cells(
    report: Report, name: str, columns: tuple[str, ...] | None, without: frozenset[str]
) -> tuple[Paragraph, ...]:
    root = report.project.root
    try:
        rows = read_rows(root, name) if name else ()
    except ReportError:
        return ()
    lines = file_lines(root, f"data/{name}.csv")
    known = tuple(rows[0]) if rows else ()
    columns = known if columns is None else columns
    found = []
    for row in rows:
        source = lines[row.line - 1] if row.line <= len(lines) else ""
        for column in columns:
            value = row.get(column)
            if (
                isinstance(value, str)
                and value
                and not (column in without or _KEYS.fullmatch(value))
            ):
                at = source.find(value) + 1
                place = Place(f"data/{name}.csv", row.line, at)
                found.append(Paragraph("row", value, (), ((0, place),)))
    return tuple(found)


def statements(report: Report) -> Iterator[Paragraph]:
    """What the table of evidence says of each work, which the page of sources prints."""
    table = report.settings.tables.evidence
    if table in report.tables:
        yield from table_cells(report, TableCall(table, ("statement",), ()))


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


def shows(cell: Cell, named: dict[str, ast.expr]) -> Iterator[str | TableCall]:
    """What a cell shows, in order: names of figures, and calls of `table`.

    `named` holds what earlier cells of the chapter gave names to, and takes this cell's names.
    """
    try:
        tree = ast.parse(cell.code)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            named |= {to.id: node.value for to in node.targets if isinstance(to, ast.Name)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        first = _text(node.args[0]) if node.args else ""
        if node.func.id == "figure" and first:
            yield first
        elif node.func.id == "table":
            yield _table(cell, node, first, named)


def _table(cell: Cell, node: ast.Call, name: str, named: dict[str, ast.expr]) -> TableCall:
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    texts: list[tuple[str, Place]] = []
    caption = keywords.get("caption")
    if caption is not None and _text(caption):
        texts.append((_text(caption), _place(cell, caption)))
    listed = keywords.get("columns") or (node.args[1] if len(node.args) > 1 else None)
    if isinstance(listed, ast.Name):
        listed = named.get(listed.id, listed)
    columns: tuple[str, ...] | None = () if listed is not None else None
    if isinstance(listed, ast.Dict):
        columns = tuple(_text(key) for key in listed.keys if key)
        if listed in keywords.values():
            texts += [(_text(head), _place(cell, head)) for head in listed.values if _text(head)]
    elif isinstance(listed, (ast.List, ast.Tuple)):
        columns = tuple(_text(item) for item in listed.elts)
    made = keywords.get("cells")
    if columns and isinstance(made, ast.Dict):
        columns = tuple(c for c in columns if c not in {_text(key) for key in made.keys if key})
    return TableCall(name, columns, tuple(texts))


def _text(node: ast.expr) -> str:
    found = node.value if isinstance(node, ast.Constant) else ""
    return found if isinstance(found, str) else ""


def _place(cell: Cell, node: ast.expr) -> Place:
    """Where a piece of literal text begins, after its quotation mark."""
    line = cell.code_line + node.lineno - 1
    return replace(cell.place, line=line, column=node.col_offset + 2)
