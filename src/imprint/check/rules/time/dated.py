"""Dates in a text: a year, a month, a day or a span of them, as first and last day."""

from __future__ import annotations

import re
from calendar import day_name, month_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from imprint.check.prose.citing import Sentence
from imprint.core.problems import Place

_NUMBER = {name: number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(_NUMBER)
_YEAR = r"(?:1[6-9]|20)\d\d"
_SPAN = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\s)?(?P<month>{_MONTH})(?:\s(?P<year>{_YEAR}))?\s?(?:to|and|until|–|-)\s?"
    rf"(?:(?P<last_day>\d{{1,2}})\s)?(?P<last>{_MONTH})\s(?P<last_year>{_YEAR})\b"
)
_DATE = re.compile(
    rf"(?:(?P<weekday>{'|'.join(day_name)}),?\s(?:the\s)?)?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?)?(?P<month>{_MONTH}),?\s(?P<year>{_YEAR})\b"
    rf"|(?<![\w£$€.,/-])(?P<alone>{_YEAR})(?![\w/]|[.,]\d|\s?[–-]\s?\d)"
)


@dataclass(frozen=True)
class Dated:
    """A date in a text; offsets count in that text."""

    start: int
    end: int
    first: date
    last: date
    text: str
    weekday: str = ""
    """The day of the week that the text gives it."""

    @property
    def is_year(self) -> bool:
        """Whether a year is all that is given."""
        return (self.first.month, self.first.day, self.last.month) == (1, 1, 12)

    def meets(self, other: Dated) -> bool:
        """Whether the two may be of one time."""
        return self.first <= other.last and other.first <= self.last

    def right_weekday(self) -> str:
        """The day of the week that its day had."""
        return day_name[self.first.weekday()]


def agree(it: Dated, when: Dated) -> bool:
    """Of one time; two periods to the day are the same or one within the other."""
    if not it.meets(when):
        return False
    exact = it.first.day != 1 or it.first != it.last
    inside = when.first <= it.first and it.last <= when.last
    around = it.first <= when.first and when.last <= it.last
    return not exact or inside or around


def place_of(sentence: Sentence, it: Dated) -> Place:
    """Where a date stands, where its sentence is written in one line; else its line."""
    line = sentence.place.line + sentence.text[: it.start].lstrip().count("\n")
    return replace(sentence.place, line=line, column=0 if line != sentence.place.line else 1)


def dates_in(text: str) -> Iterator[Dated]:
    """The dates of a text in its order; dates that no calendar has are left out."""
    plain = text.replace("\n", " ").replace("\u00a0", " ")
    at = 0
    while found := min(
        (it for it in (_SPAN.search(plain, at), _DATE.search(plain, at)) if it),
        key=lambda it: (it.start(), it.re is not _SPAN),
        default=None,
    ):
        at = found.end()
        try:
            first, last = _span(found) if found.re is _SPAN else _single(found)
        except ValueError:
            continue
        named = (found.re is _DATE and found["weekday"]) or ""
        yield Dated(found.start(), found.end(), first, last, found[0], named)


def read_date(said: str, until: str = "") -> Dated | None:
    """`2009`, `2009-03`, `2009-03-01` or `2009-03/2010-10`, as a table has it."""
    begin, _, end = said.partition("/")
    try:
        first, last = _bounds(begin)
        if until or end:
            last = _bounds(until or end)[1]
    except ValueError:
        return None
    return Dated(0, 0, first, last, f"{said} to {until}" if until else said)


def _bounds(said: str) -> tuple[date, date]:
    """Raises ValueError for what is no date."""
    parts = [int(part) for part in said.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), _month_end(*parts)
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def _span(found: re.Match[str]) -> tuple[date, date]:
    last_year = int(found["last_year"])
    month, last = _NUMBER[found["month"]], _NUMBER[found["last"]]
    year = int(found["year"] or last_year)
    end = date(last_year, last, int(found["last_day"])) if found["last_day"] else None
    return date(year, month, int(found["day"] or 1)), end or _month_end(last_year, last)


def _single(found: re.Match[str]) -> tuple[date, date]:
    if found["alone"]:
        return _bounds(found["alone"])
    year, month = int(found["year"]), _NUMBER[found["month"]]
    if found["day"]:
        return date(year, month, int(found["day"])), date(year, month, int(found["day"]))
    return date(year, month, 1), _month_end(year, month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
