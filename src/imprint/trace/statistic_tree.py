"""A statistic -> its row, its source and everything that prints it or rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.author.wording import StatisticError, words
from imprint.check.rules.evidence.printed_rows import measured
from imprint.check.rules.numbers.derivations import derived_from
from imprint.check.table_rows import read_tables
from imprint.core.model import Statistic
from imprint.core.problems import Place
from imprint.read.report import Report
from imprint.trace.places import Known, at, by_publication
from imprint.trace.row_change import TABLE
from imprint.trace.tree import Branch
from imprint.trace.uses import (
    code_uses,
    figure_uses,
    figures_of_statistic,
    rows_showing,
    table_name,
    text_uses,
)


def statistic_tree(known: Known, id: str) -> Branch:
    """The tree of one statistic, which must exist."""
    report = known.report
    row = (report.statistics or {})[id]
    uses = [*text_uses(known, {id})]
    uses += [
        (spot, at(spot, f"{table_name(block)}: {block.text}"))
        for spot, block in rows_showing(known, {id})
    ]
    uses += figure_uses(known, figures_of_statistic(known, id))
    uses += code_uses(known, id, uses)
    branches = [_row(row), _source(report, row), *_relatives(report, row)]
    shown = by_publication(report, uses)
    return Branch(
        f"stat:{id}", Place(TABLE, row.line), (*branches, *(shown or (Branch("no uses"),)))
    )


def _row(row: Statistic) -> Branch:
    try:
        said = f"prints '{words(row)}'"
    except StatisticError as error:
        said = str(error)
    number = "" if row.value is None else f"{row.value:g} "
    bounds = ""
    if row.low is not None or row.high is not None:
        ends = ("any" if end is None else f"{end:g}" for end in (row.low, row.high))
        bounds = f", {' to '.join(ends)}"
    lines = [
        said,
        f"{number}{row.unit}, {row.qualifier}{bounds}; reported as '{row.as_reported}'",
        f"measure: {measured(row)}",
        f"base: {row.population}",
        *([f"worked out as {row.derived}"] if row.derived else []),
        *([f"note: {row.note}"] if row.note else []),
    ]
    return Branch("row", None, tuple(Branch(line) for line in lines))


def _source(report: Report, row: Statistic) -> Branch:
    locator = f", {row.locator}" if row.locator else ""
    work = report.library.references.get(row.source) if report.library else None
    if work is None:
        return Branch(f"source {row.source}{locator}")
    return Branch(f"source {row.source}{locator}: {work.name}", work.place)


def _relatives(report: Report, row: Statistic) -> Iterator[Branch]:
    """Rows that it is derived from, that are derived from it, or whose note names it."""
    statistics = report.statistics or {}
    mine = [name for name in derived_from(row) if name in statistics]
    theirs = [other.id for other in statistics.values() if row.id in derived_from(other)]
    word = re.compile(rf"(?<![\w-]){re.escape(row.id)}(?![\w-])")
    named = [other.id for other in statistics.values()
             if other.id not in theirs and word.search(other.note)]  # fmt: skip
    for title, ids in (("derived from", mine), ("rows derived from it", theirs),
                       ("rows whose note names it", named)):  # fmt: skip
        if ids:
            rows = (Branch(id, Place(TABLE, statistics[id].line)) for id in ids)
            yield Branch(title, None, tuple(rows))
    for name, filled in read_tables(report).items():
        columns = [column for key in filled.table.foreign_keys if key.table == "statistics"
                   for column, target in zip(key.columns, key.targets, strict=True)
                   if target == "id"]  # fmt: skip
        naming = [r for r in filled.rows if any(r.get(column) == row.id for column in columns)]
        if naming:
            file, first = filled.table.file, filled.columns[0]
            branches = (Branch(str(r.get(first) or ""), Place(file, r.line)) for r in naming)
            yield Branch(f"rows of '{name}' that name it", None, tuple(branches))
