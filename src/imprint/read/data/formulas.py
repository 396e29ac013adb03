"""The formula of a derived row -> what it names, and how readers are told of it.

    100 - census-trains-on-time - census-trains-late
    (survey-asked - survey-refused) / 2
    count(sources, listed='reference list', year=2009)
    count(evidence, themes has training)
    sum(citations.times, theme=training)
    months(2009-03, 2010-10)

Rows are named by their ids, which hold hyphens: a sign stands between spaces. Values of cells with
other signs than letters, digits, hyphens and underscores stand in quotation marks.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn

from imprint.core.escaping import AuthorError

Sign = Literal["+", "-", "*", "/"]
FUNCTIONS = ("count", "sum", "months")


class FormulaError(AuthorError, ValueError):
    """A formula cannot be read or worked out; `fix` says what to write."""


@dataclass(frozen=True)
class Number:
    """A number written out."""

    value: float


@dataclass(frozen=True)
class RowValue:
    """The value of another row of the statistics, by its id."""

    id: str


@dataclass(frozen=True)
class Operation:
    """Two formulas and the sign between them."""

    sign: Sign
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Condition:
    """What a cell must be or, where it holds a list divided by semicolons, must have."""

    column: str
    value: str
    is_list: bool


@dataclass(frozen=True)
class Total:
    """Rows of a table that meet all conditions, counted, or one of their columns added up."""

    table: str
    column: str
    """The column that is added up; empty where the rows are counted."""
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Months:
    """The months between two months, each as year and month (1 to 12)."""

    start: tuple[int, int]
    end: tuple[int, int]

    @property
    def count(self) -> int:
        """How many there are; negative where the end comes first."""
        return (self.end[0] - self.start[0]) * 12 + self.end[1] - self.start[1]


Formula = Number | RowValue | Operation | Total | Months


def rows_named(formula: Formula) -> tuple[str, ...]:
    """Ids of the rows that a formula takes its numbers from, in its order."""
    return tuple(dict.fromkeys(_rows_named(formula)))


def _rows_named(formula: Formula) -> Iterator[str]:
    if isinstance(formula, RowValue):
        yield formula.id
    elif isinstance(formula, Operation):
        yield from _rows_named(formula.left)
        yield from _rows_named(formula.right)


def tables_named(formula: Formula) -> tuple[str, ...]:
    """Names of the tables whose rows a formula counts or adds up."""
    if isinstance(formula, Total):
        return (formula.table,)
    if isinstance(formula, Operation):
        both = (*tables_named(formula.left), *tables_named(formula.right))
        return tuple(dict.fromkeys(both))
    return ()


# --- reading ---------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<word>\w+(?:[.-]\w+)*)|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<mark>[-+*/(),=]))"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_COLUMN = re.compile(r"(\w+)\.(\w+)")
_SIGNS: tuple[tuple[Sign, ...], ...] = (("+", "-"), ("*", "/"))
"""From those that bind least."""
_LONGEST = 100
"""Words and marks that a formula may have."""
_FORMS = (
    "write numbers and ids of rows with + - * / ( ) between spaces, `count(table, column=value)`, "
    "`sum(table.column)` or `months(2009-03, 2010-10)`"
)


def parse_formula(text: str) -> Formula:
    """Read a formula. Raises FormulaError where it has not the form."""
    return _Parser(text).formula()


class _Parser:
    """A formula's words and marks, taken one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.at = 0
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if not found:
                self.wrong(f"'{text[at:].split()[0]}' is no part of a formula")
            self.tokens.append(found[0].strip())
            at = found.end()
        if len(self.tokens) > _LONGEST:
            self.wrong("it is too long", "give parts of it rows of their own")

    def wrong(self, message: str, fix: str = _FORMS) -> NoReturn:
        raise FormulaError(f"the formula `{self.text.strip()}` cannot be read: {message}", fix)

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.at += 1
        return token

    def expect(self, mark: str) -> None:
        if self.next != mark:
            where = f"before '{self.next}'" if self.next else "at its end"
            self.wrong(f"'{mark}' is missing {where}")
        self.at += 1

    def formula(self) -> Formula:
        found = self.signed(0)
        if self.next:
            self.wrong(f"nothing joins '{self.next}' to what comes before it")
        return found

    def signed(self, level: int) -> Formula:
        """Parts that signs of this level join, from the left."""
        if level == len(_SIGNS):
            return self.part()
        found = self.signed(level + 1)
        while (sign := next((s for s in _SIGNS[level] if s == self.next), None)) is not None:
            self.at += 1
            found = Operation(sign, found, self.signed(level + 1))
        return found

    def part(self) -> Formula:
        token = self.take()
        if token == "(":
            inside = self.signed(0)
            self.expect(")")
            return inside
        if not re.match(r"\w", token):
            self.wrong(f"'{token}' stands where a number or a row's id belongs" if token
                       else "it ends where a number or a row's id belongs")  # fmt: skip
        if self.next == "(":
            return self.function(token)
        return Number(float(token)) if _NUMBER.fullmatch(token) else RowValue(token)

    def function(self, name: str) -> Formula:
        if name not in FUNCTIONS:
            self.wrong(f"there is no function '{name}'", f"use {', '.join(FUNCTIONS)}")
        self.expect("(")
        if name == "months":
            start = self.month()
            self.expect(",")
            found: Formula = Months(start, self.month())
        else:
            table, column = self.take(), ""
            if name == "sum":
                named = _COLUMN.fullmatch(table)
                if not named:
                    self.wrong(f"'{table}' names no column", "write `sum(table.column)`")
                table, column = named[1], named[2]
            elif not re.match(r"\w", table):
                self.wrong("`count` names no table", "write `count(table)`")
            found = Total(table, column, tuple(self.conditions()))
        self.expect(")")
        return found

    def month(self) -> tuple[int, int]:
        token = self.take()
        found = _MONTH.fullmatch(token)
        if not found:
            self.wrong(f"'{token}' is no month", "write year and month, as in 2009-03")
        return int(found[1]), int(found[2])

    def conditions(self) -> Iterator[Condition]:
        while self.next == ",":
            self.at += 1
            column, sign, value = self.take(), self.take(), self.take()
            if sign not in ("=", "has") or not re.match(r"[\w'\"]", value):
                said = " ".join(filter(None, (column, sign, value)))
                self.wrong(f"'{said}' is no condition", "write column=value or column has value")
            value = value[1:-1] if value[0] in "'\"" else value
            yield Condition(column, value, sign == "has")


# --- telling readers -------------------------------------------------------------------------

_SAID: dict[Sign, str] = {"+": "plus", "-": "less", "*": "times", "/": "divided by"}


def in_words(formula: Formula, name: Callable[[str], str] = str) -> str:
    """Say how a value is worked out; `name` says what a row is called."""
    if isinstance(formula, Number):
        return f"{formula.value:g}"
    if isinstance(formula, RowValue):
        return name(formula.id)
    if isinstance(formula, Months):
        ends = (f"{month_name[month]} {year}" for year, month in (formula.start, formula.end))
        return f"the months from {' to '.join(ends)}"
    if isinstance(formula, Total):
        what = f"the sum of ‘{formula.column}’" if formula.column else "the number of rows"
        held = (f"{_column(c.column)} {'has' if c.is_list else 'is'} ‘{c.value}’"
                for c in formula.conditions)  # fmt: skip
        conditions = " and ".join(held)
        where = f" where {conditions}" if conditions else ""
        return f"{what} in the table ‘{_column(formula.table)}’{where}"
    sides = [_side(formula, side, name) for side in (formula.left, formula.right)]
    return f" {_SAID[formula.sign]} ".join(sides)


def _side(whole: Operation, side: Formula, name: Callable[[str], str]) -> str:
    """One side of a sign, in brackets where it would be read otherwise without them."""
    said = in_words(side, name)
    if not isinstance(side, Operation):
        return said
    own, around = (next(i for i, s in enumerate(_SIGNS) if o.sign in s) for o in (side, whole))
    is_clear = own > around or (own == around and side is whole.left)
    return said if is_clear else f"({said})"


def _column(name: str) -> str:
    return name.replace("_", " ")
