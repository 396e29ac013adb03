"""A statistic -> its row, its source and everything that prints it or rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.author.wording import WordingError, words
from imprint.check.code.figure_modules import read_figures
from imprint.check.rules.numbers.derivations import derived_from
from imprint.check.table_rows import read_tables
from imprint.core.model import Statistic
from imprint.core.problems import Place
from imprint.read.bibliography import display_name
from imprint.read.report import Report
from imprint.trace.figure_dependencies import figure_dependencies, named_in
from imprint.trace.places import at, by_publication
from imprint.trace.prints import Location, Prints, read_prints
from imprint.trace.tree import Branch

TABLE = "data/statistics.csv"


def statistic_tree(report: Report, id: str) -> Branch:
    """The tree of one statistic, which must exist."""
    statistics = report.statistics or {}
    row = statistics[id]
    prints = read_prints(report, statistics, report.project.root)
    figures = {
        figure.name: figure_dependencies(report, figure) for figure in read_figures(report)[0]
    }
    uses = list(text_uses(prints, {id}))
    uses += _cell_uses(prints, id)
    uses += [(use.spot, at(use.spot, f"figure '{use.name}'")) for use in prints.figures
             if use.name in figures and id in figures[use.name].statistics]  # fmt: skip
    branches = [_row(row), _source(report, row), *_relatives(report, row)]
    shown = by_publication(report, uses)
    return Branch(
        f"stat:{id}", Place(TABLE, row.line), (*branches, *(shown or (Branch("no uses"),)))
    )


def text_uses(prints: Prints, ids: set[str]) -> Iterator[tuple[Location, Branch]]:
    """The sentences that print one of the statistics, or claim something of them."""
    for use in prints.texts:
        if ids.intersection(use.value.ids):
            verb = "claims" if use.value.code.startswith("claim") else "prints"
            sentence = f": {use.sentence}" if use.sentence else ", in a comment"
            yield use.spot, at(use.spot, f"{verb} '{use.value.text}'{sentence}")


def _cell_uses(prints: Prints, id: str) -> Iterator[tuple[Location, Branch]]:
    for table in prints.tables:
        if id in table.statistics:
            row = table.statistics[id]
            title = table.name or table.caption
            yield table.spot, at(table.spot, f"table '{title}'" + (f": {row}" if row else ""))
    for code in prints.unread:
        if any(named_in(code.code, [id])):
            yield code.spot, at(code.spot, "code that only a render runs")


def _row(row: Statistic) -> Branch:
    try:
        said = f"prints '{words(row)}'"
    except WordingError as error:
        said = str(error)
    number = "" if row.value is None else f"{row.value:g} "
    bounds = ""
    if row.low is not None or row.high is not None:
        ends = ("any" if end is None else f"{end:g}" for end in (row.low, row.high))
        bounds = f", {' to '.join(ends)}"
    what = f"{row.measure}: {row.response}" if row.response else row.measure
    lines = [
        said,
        f"{number}{row.unit}, {row.qualifier}{bounds}; reported as '{row.as_reported}'",
        f"measure: {what}",
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
    return Branch(f"source {row.source}{locator}: {display_name(work)}", work.place)


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
