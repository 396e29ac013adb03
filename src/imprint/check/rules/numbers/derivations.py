"""What the note of a derived row says: how it is worked out, from which rows of which table.

A note `derived: HOW; more for readers` has one of these forms:

    100 less cqc-reviews-on-time and cqc-reviews-late
    March 2009 to October 2010
    counted in sources where listed = 'reference list' and year = '2009'
    sum of times in citations where theme = 'training'
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass

from imprint.check.table_rows import Filled
from imprint.core.model import Statistic
from imprint.core.numbers import number_words
from imprint.core.problems import nearest
from imprint.read.data.csv_rows import Row

DERIVED = "derived:"
FORMS = (
    "`100 less that-row and other-row`, `March 2009 to October 2010`, "
    "`counted in table where column = 'value'` or `sum of column in table`"
)

NUMBERS = {number_words(number): float(number) for number in range(1, 101)}
"""Number words that a note may take away."""

_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*|\d+\.\d+"
_LESS = re.compile(
    rf"(?P<whole>{_NAME}) less (?P<parts>(?:{_NAME})(?:(?:, | and )(?:{_NAME}))*)(?P<words>.*)"
)
_MONTHS = month_name[1:]
_FROM_TO = re.compile(
    rf"(?P<from>{'|'.join(_MONTHS)}) (?P<begun>\d{{4}}) to "
    rf"(?P<to>{'|'.join(_MONTHS)}) (?P<ended>\d{{4}})"
)
_CONDITION = r"\w+ (?:=|has) '[^']*'"
_COUNTED = re.compile(
    r"(?:counted|sum of (?P<column>\w+)) in (?:data/)?(?P<table>\w+)(?:\.csv)?"
    rf"(?: where (?P<where>{_CONDITION}(?: and {_CONDITION})*))?"
)


@dataclass(frozen=True)
class Less:
    """A whole less its parts: ids of rows, numbers or number words."""

    said: str
    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Months:
    """The months between two dates."""

    said: str
    count: int


@dataclass(frozen=True)
class Counted:
    """Rows of a table that hold certain values, counted, or one of their columns added up."""

    said: str
    table: str
    column: str
    """The column that is added up; empty where the rows are counted."""
    where: tuple[tuple[str, str, str], ...]
    """Column, `=` or `has`, and value of each condition; all must hold."""


Derivation = Less | Months | Counted


class CannotCountError(ValueError):
    """A count names a table, column or value that the data do not have.

    Its text says what; `fix` how to fix it.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def is_derived(row: Statistic) -> bool:
    """Whether this edition worked the row out itself."""
    return row.note.startswith(DERIVED)


def derivation(row: Statistic) -> Derivation | None:
    """How a derived row is worked out; None where its note does not say so in a known form."""
    said = row.note.removeprefix(DERIVED).strip().partition(";")[0].strip()
    if not is_derived(row):
        return None
    if found := _FROM_TO.fullmatch(said):
        months = (int(found["ended"]) - int(found["begun"])) * 12
        months += _MONTHS.index(found["to"]) - _MONTHS.index(found["from"])
        return Months(said, months)
    if found := _COUNTED.fullmatch(said):
        where = tuple(
            (condition[1], condition[2], condition[3])
            for condition in re.finditer(r"(\w+) (=|has) '([^']*)'", found["where"] or "")
        )
        return Counted(said, found["table"], found["column"] or "", where)
    if found := _LESS.fullmatch(said):
        parts = tuple(re.split(r", | and ", found["parts"]))
        # Only a number word has something to count: `less one document listed twice`.
        if not found["words"] or (parts[-1] in NUMBERS and found["words"].startswith(" ")):
            return Less(said, found["whole"], parts)
    return None


def derived_from(row: Statistic) -> tuple[str, ...]:
    """What a derived row's note names as whole and parts: ids, numbers or number words."""
    found = derivation(row)
    return (found.whole, *found.parts) if isinstance(found, Less) else ()


def count(counted: Counted, tables: Mapping[str, Filled]) -> float | None:
    """What the table gives; None where it cannot be read whole, which its reader tells.

    A cell that holds a list is divided by semicolons: `themes has 'training'`. An empty value
    finds empty cells. Raises CannotCountError where the note names what the data do not have.
    """
    filled = tables.get(counted.table)
    if filled is None:
        fix = nearest(counted.table, tables) or f"name one of {', '.join(tables)}"
        raise CannotCountError(f"there is no table '{counted.table}'", fix)
    for column in [*(column for column, _, _ in counted.where), counted.column]:
        if column and column not in filled.columns:
            message = f"table '{counted.table}' has no column '{column}'"
            fix = nearest(column, filled.columns) or f"it has {', '.join(filled.columns)}"
            raise CannotCountError(message, fix)
    if not filled.rows:
        return None
    rows = list(filled.rows)
    for column, sign, value in counted.where:
        held = {part for row in filled.rows for part in _held(row, column, sign)}
        if value not in held:
            message = f"no row of table '{counted.table}' has '{value}' as its {column}"
            fix = nearest(value, held) or "name a value that stands there"
            raise CannotCountError(message, fix)
        rows = [row for row in rows if value in _held(row, column, sign)]
    if not counted.column:
        return len(rows)
    numbers = [row[counted.column] for row in rows]
    if not all(isinstance(number, (int, float)) for number in numbers):
        message = f"column '{counted.column}' of table '{counted.table}' does not hold numbers"
        raise CannotCountError(message, "add up a column of numbers")
    return float(sum(number for number in numbers if isinstance(number, (int, float))))


def _held(row: Row, column: str, sign: str) -> list[str]:
    value = row.get(column)
    text = "" if value is None else str(value)
    return text.split("; ") if sign == "has" else [text]
