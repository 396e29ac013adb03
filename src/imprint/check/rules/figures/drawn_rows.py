"""A figure's rows: that their numbers stand in the data, and that they are drawn as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from imprint.author.figure_record import DrawnBox, FigureRecord
from imprint.author.wording import form_of_mark
from imprint.check.rules.figures.alt_texts import is_number
from imprint.check.table_rows import TableRows
from imprint.core.model import Statistic
from imprint.core.problems import Problem

_Cells = tuple[set[str], set[float]]
"""Texts and numbers of one row of a table."""
_NEAR = 0.01
_CODE = "vague-is-drawn-vague"
_HATCHES = {"range": "////", "derived": "xxxx"}
"""Of our own marks; see `imprint.charts.marks`."""


def check_rows(
    figure: FigureRecord, statistics: Mapping[str, Statistic], tables: Mapping[str, TableRows]
) -> Iterator[Problem]:
    """Yield a problem for every row whose numbers no statistic has and no table's rows add up to.

    A row names its statistic in `id`; where it has none, its numbers count the rows of a table
    that the figure reads, as `data_rows` gives them.
    """
    read = [cells for name in figure.tables if name in tables for cells in _cells(tables[name])]
    for row in figure.rows:
        found = statistics.get(str(row.get("id")))
        said = row.get("label") or row.get("id") or "a row"
        wrong: list[str] = []
        if found is not None:
            for column in ("value", "low", "high"):
                if column in row and row[column] != getattr(found, column):
                    wrong.append(
                        f"'{found.id}' is drawn with {column} {row[column]}, "
                        f"its row has {getattr(found, column)}"
                    )
        else:
            wrong = [
                f"{column} {row[column]:g} of '{said}' is no statistic's, nor a count of rows"
                for column in _uncounted(row, read)
            ]
        for message in wrong:
            fix = "take the numbers from `figure_rows`, or count rows of `data_rows`"
            yield Problem(figure.place("rows"), "figure-number-has-row", message, fix)


def check_marks(figure: FigureRecord, statistics: Mapping[str, Statistic]) -> Iterator[Problem]:
    """Yield a problem for every vague or derived row that is said or drawn to be exact."""
    wanted: list[tuple[Statistic, Literal["range", "derived"]]] = []
    for row in figure.rows:
        found = statistics.get(str(row.get("id")))
        if found is None:
            continue
        form = form_of_mark(found)
        if row.get("kind", "exact") != form:
            said = f"as {row['kind']}" if row.get("kind") else "without a kind"
            message = f"'{found.id}' is {_is(found)} and drawn {said}"
            fix = "keep the kind that `figure_rows` gives, and draw its bounds"
            yield Problem(figure.place("rows"), _CODE, message, fix)
        elif form != "exact":
            wanted.append((found, form))
    boxes = list(figure.boxes)
    for found, form in wanted:
        fitting = [
            box
            for box in boxes
            if box.hatch == _HATCHES[form]
            and (form == "derived" or box.is_round or _fits(box, found))
        ]
        if fitting:
            boxes.remove(fitting[0])
            continue
        what = "striped box over its bounds" if form == "range" else "hatched box"
        message = f"'{found.id}' is {_is(found)}, and draw() makes no {what} for it"
        fix = "draw it with `mark`, `interval`, `dot` or a chart of `imprint.charts`"
        yield Problem(figure.place("draw"), _CODE, message, fix)


def _is(row: Statistic) -> str:
    if form_of_mark(row) == "derived":
        return "worked out by the report itself"
    return f"reported as '{row.as_reported}'" if row.as_reported else f"'{row.qualifier}'"


def _fits(box: DrawnBox, row: Statistic) -> bool:
    """A box is as wide as the bounds, or reaches from an end of the scale to the farther one; as
    high, where its bar stands upright."""
    if row.low is None or row.high is None:
        return True
    extents = (row.high - row.low, row.high)
    return any(abs(size - it) <= _NEAR for size in (box.width, box.height) for it in extents)


def _uncounted(row: Mapping[str, Any], read: Sequence[_Cells]) -> Iterator[str]:
    """The columns of a row whose number no count of a table's rows gives."""
    texts = {value for value in row.values() if isinstance(value, str) and value}
    numbers = {column: value for column, value in row.items() if is_number(value)}
    if not numbers:
        return
    cells = [cells for cells in read if not texts.isdisjoint(cells[0])]
    given = {value for own in cells for value in own[1]}
    for column, number in numbers.items():
        counts = {0, len(cells), sum(column in own[0] for own in cells)}
        if number not in counts and number not in given:
            yield column


def _cells(filled: TableRows) -> Iterator[_Cells]:
    """Of each row of a table: the texts of its cells, lists divided, and its numbers."""
    for row in filled.rows:
        cells = [cell for cell in row.values() if isinstance(cell, str)]
        texts = {part for cell in cells for part in (cell, *cell.split("; "))}
        yield texts, {float(cell) for cell in row.values() if is_number(cell) and cell is not None}
