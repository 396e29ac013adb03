"""A work of the bibliography -> the rows, citations and figures that rest on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from imprint.check.table_rows import read_tables
from imprint.core.numbers import counted
from imprint.core.problems import Place
from imprint.read.report import Report
from imprint.trace.places import Known, at, by_publication
from imprint.trace.tree import Branch
from imprint.trace.uses import (
    Use,
    citations,
    figure_uses,
    figures_of_statistic,
    printed,
    rows_showing,
    table_name,
    text_uses,
)


def source_tree(known: Known, key: str) -> Branch:
    """The tree of one source, which must exist."""
    report = known.report
    own = {id for id, row in (report.statistics or {}).items() if row.source == key}
    uses = [(spot, at(spot, "cited")) for spot, block in citations(known, key)
            if block.kind != "row"]  # fmt: skip
    uses += text_uses(known, own)
    uses += _tables(known, key, own)
    uses += figure_uses(known, _figures(known, key, own))
    branches = [*_other_entries(report, key), *_rows(report, key)]
    shown = by_publication(report, sorted(uses, key=_order))
    work = (report.library.references if report.library else {})[key]
    return Branch(
        f"{key}: {work.name}",
        work.place,
        (*branches, *(shown or (Branch("no chapter cites it"),))),
    )


def _order(use: Use) -> Place:
    return use[0].place


def _rows(report: Report, key: str) -> Iterator[Branch]:
    """Rows of every table that name the source in a column of keys."""
    for name, filled in read_tables(report).items():
        found = [row for row in filled.rows if key in filled.works(row)]
        if found:
            file = filled.table.file
            first = filled.columns[0]
            rows = (Branch(str(row.get(first) or ""), Place(file, row.line)) for row in found)
            yield Branch(f"table '{name}': {counted(len(found), 'row')}", None, tuple(rows))


def _other_entries(report: Report, key: str) -> Iterator[Branch]:
    """Entries of the bibliography that name the source's key."""
    word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    references = report.library.references if report.library else {}
    named = [
        work
        for other, work in references.items()
        if other != key and any(word.search(text) for text in work.fields.values())
    ]
    if named:
        rows = (Branch(work.key, work.place) for work in named)
        yield Branch("entries that name it", None, tuple(rows))


def _tables(known: Known, key: str, own: set[str]) -> Iterator[Use]:
    """Tables, with the number of their rows that show its statistics or cite it."""
    rows = [*rows_showing(known, own)]
    rows += [found for found in citations(known, key) if found[1].kind == "row"]
    each = {(spot, table_name(block), block.text) for spot, block in rows}
    counts = Counter((spot, name) for spot, name, _ in each)
    for (spot, name), count in counts.items():
        said = f"{count} of its rows rest" if count > 1 else "one of its rows rests"
        yield spot, at(spot, f"{name}: {said} on it")


def _figures(known: Known, key: str, own: set[str]) -> set[str]:
    """Figures that draw its statistics, have rows of it, or cite it."""
    resting = {name for id in own for name in figures_of_statistic(known, id)}
    for name, rows in known.drawn.items():
        cells = (cell for row in rows for cell in row.values())
        if any(key in (cell or "").split("; ") for cell in cells):
            resting.add(name)
    for _, block in printed(known):
        if block.figure and any(
            run.kind == "citation" and key in run.ids for _, run in block.runs()
        ):
            resting.add(block.figure)
    return resting
