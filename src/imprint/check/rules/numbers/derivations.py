"""The formula of a derived row -> the value and bounds that the data give it; what a row is of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from operator import mul, truediv

from imprint.author.bounds import span
from imprint.check.table_rows import TableRows
from imprint.core.model import Statistic
from imprint.core.problems import nearest
from imprint.read.data.csv_rows import Row
from imprint.read.data.formulas import (
    Condition,
    Formula,
    FormulaError,
    Months,
    Number,
    Operation,
    RowValue,
    Total,
    parse_formula,
    rows_named,
)


class UnknownNameError(FormulaError):
    """A formula names a row, table, column or value that the data do not have."""


class UnreadableTableError(FormulaError):
    """A formula counts a table that cannot be read in full, which its reader reports."""


@dataclass(frozen=True)
class Extent:
    """A value and the bounds that it lies between."""

    low: float
    value: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether it can be no other value."""
        return self.low == self.high


def derived_from(row: Statistic) -> tuple[str, ...]:
    """Ids of the rows that a derived row is worked out from; none where it cannot be read."""
    try:
        return rows_named(parse_formula(row.derived)) if row.derived else ()
    except FormulaError:
        return ()


_PART_OF = re.compile(r"\b(?:part|out) of ([a-z0-9]+(?:-[a-z0-9]+)*)")


def wholes_of(row: Statistic, rows: Mapping[str, Statistic]) -> tuple[Statistic, ...]:
    """The rows that a row's note says it is a part of."""
    return tuple(rows[id] for id in dict.fromkeys(_PART_OF.findall(row.note)) if id in rows)


def work_out(
    formula: Formula, statistics: Mapping[str, Statistic], tables: Mapping[str, TableRows]
) -> Extent:
    """What a formula gives.

    Raises UnknownNameError, UnreadableTableError, and FormulaError where it divides by nought.
    """
    if isinstance(formula, Operation):
        left = work_out(formula.left, statistics, tables)
        return _joined(formula, left, work_out(formula.right, statistics, tables))
    if isinstance(formula, RowValue):
        return _row(formula.id, statistics)
    if isinstance(formula, Number):
        exact = formula.value
    elif isinstance(formula, Months):
        exact = formula.count
    else:
        exact = _total(formula, tables)
    return Extent(exact, exact, exact)


def _joined(formula: Operation, left: Extent, right: Extent) -> Extent:
    if formula.sign == "+":
        return Extent(left.low + right.low, left.value + right.value, left.high + right.high)
    if formula.sign == "-":
        return Extent(left.low - right.high, left.value - right.value, left.high - right.low)
    if formula.sign == "/" and right.low <= 0 <= right.high:
        raise FormulaError("it divides by what may be nought", "divide by something else")
    take = mul if formula.sign == "*" else truediv
    ends = [take(one, other) for one in (left.low, left.high) for other in (right.low, right.high)]
    ends = [end for end in ends if not isnan(end)]
    return Extent(min(ends), take(left.value, right.value), max(ends))


def _row(id: str, statistics: Mapping[str, Statistic]) -> Extent:
    row = statistics.get(id)
    if row is None:
        fix = nearest(id, statistics) or "name a row, with a space on either side of each sign"
        raise UnknownNameError(f"there is no row '{id}'", fix)
    if row.value is None:
        raise UnknownNameError(f"the row '{id}' has no value", "name a row with a value")
    extent = span(row)
    return Extent(extent.low, row.value, extent.high)


def _total(total: Total, tables: Mapping[str, TableRows]) -> float:
    filled = tables.get(total.table)
    if filled is None:
        fix = nearest(total.table, tables) or f"name one of {', '.join(tables)}"
        raise UnknownNameError(f"there is no table '{total.table}'", fix)
    for column in [*(condition.column for condition in total.conditions), total.column]:
        if column and column not in filled.columns:
            message = f"table '{total.table}' has no column '{column}'"
            fix = nearest(column, filled.columns) or f"it has {', '.join(filled.columns)}"
            raise UnknownNameError(message, fix)
    if not filled.rows:
        raise UnreadableTableError(f"table '{total.table}' has no rows", "fill it")
    rows = list(filled.rows)
    for condition in total.conditions:
        known = {part for row in filled.rows for part in _held(row, condition)}
        if condition.value not in known:
            message = (
                f"no row of table '{total.table}' has '{condition.value}' as its {condition.column}"
            )
            fix = nearest(condition.value, known) or "name a value that stands there"
            raise UnknownNameError(message, fix)
        rows = [row for row in rows if condition.value in _held(row, condition)]
    if not total.column:
        return len(rows)
    numbers = [row[total.column] for row in rows]
    if not all(isinstance(number, (int, float)) for number in numbers):
        message = f"column '{total.column}' of table '{total.table}' does not hold numbers"
        raise UnknownNameError(message, "add up a column of numbers")
    return float(sum(number for number in numbers if isinstance(number, (int, float))))


def _held(row: Row, condition: Condition) -> list[str]:
    value = row.get(condition.column)
    text = "" if value is None else str(value)
    return text.split("; ") if condition.is_list else [text]
