"""Rows against themselves: a value that its unit can have, and that the source's wording gives.

`as_reported` keeps the source's own words; value, qualifier and unit are what somebody read in
them. Here they are read once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from imprint.author.bounds import span
from imprint.author.samples import LEVELS
from imprint.check.prose.measures import SHARES, Units, measured_amounts, reads_as, units_of
from imprint.check.rules.numbers.derivations import wholes_of
from imprint.core.model import Statistic
from imprint.core.problems import Problem, problem
from imprint.core.units import Unit
from imprint.read.report import Report

FILE = "data/statistics.csv"


def check_reported(report: Report) -> Iterator[Problem]:
    """Yield a problem for every row of `statistics.csv` whose numbers its unit cannot have, such
    as 157 per cent or half a trust (`value-fits-unit`), that is more than the whole its note says
    it is part of (`part-fits-whole`), or whose value, qualifier or unit is not what its wording
    says (`row-fits-report`)."""
    statistics = report.statistics or {}
    units = units_of(statistics.values())
    for row in statistics.values():
        for message in _impossible(row):
            fix = "look the row up in its source, or fix its unit"
            yield problem("value-fits-unit", FILE, row.line, f"'{row.id}': {message}", fix)
        yield from _too_much(row, statistics)
        if row.as_reported and not row.derived:
            complaint = _misread(row, units)
            if complaint:
                message = f"'{row.id}' is reported as '{row.as_reported}': {complaint}"
                fix = "look it up in the source, and fix the row or its wording"
                yield problem("row-fits-report", FILE, row.line, message, fix)


# --- what a unit can have --------------------------------------------------------------------


def _impossible(row: Statistic) -> Iterator[str]:
    unit = row.known_unit or Unit()
    least, most = unit.minimum, unit.maximum
    for name, number in (("value", row.value), ("low", row.low), ("high", row.high)):
        if number is None:
            continue
        if (least is not None and number < least) or (most is not None and number > most):
            start = "" if least is None else f"from {least:g} "
            end = "or more" if most is None else f"to {most:g}" if start else f"up to {most:g}"
            yield f"{name} is {number:g}, and {row.unit} goes {start}{end}"
        # The bounds of a vague count may lie between two whole numbers.
        elif name == "value" and unit.whole and number != int(number):
            yield f"{name} is {number:g}, and what is counted comes whole"
    if row.ci_level is not None and not LEVELS[0] <= row.ci_level <= LEVELS[1]:
        yield f"ci_level is {row.ci_level:g}, and a level goes from {LEVELS[0]:g} to {LEVELS[1]:g}"
    for name, number in (("n", row.n), ("se", row.se), ("design_effect", row.design_effect)):
        if number is not None and number < 0:
            yield f"{name} is {number:g}, and is never below nought"


def _too_much(row: Statistic, statistics: Mapping[str, Statistic]) -> Iterator[Problem]:
    """A part that is more than the whole which its note names."""
    for whole in wholes_of(row, statistics):
        fix = "look both rows up in their source, or fix the note"
        if whole.unit != row.unit:
            message = f"'{row.id}' is part of '{whole.id}', and one is {row.unit}, one {whole.unit}"
            yield problem("part-fits-whole", FILE, row.line, message, fix)
        elif span(row).low > span(whole).high:
            message = f"'{row.id}' is more than '{whole.id}', of which it is a part"
            yield problem("part-fits-whole", FILE, row.line, message, fix)


# --- what the wording says -------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One amount of a wording, as it may be meant."""

    values: tuple[float, ...]
    unit: str
    """percent, gbp, a unit of time, per_year, or empty where the wording names none."""
    qualifiers: tuple[str, ...]
    """Qualifiers that the words around it allow, the likeliest first."""


_NEAR = 0.05
_EXACT = ("exact",)
_HEDGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:almost|nearly|just under|close to|approaching)", ("almost", "just_under")),
    (r"(?:just over|slightly (?:over|more than))", ("just_over",)),
    (r"(?:approximately|about|around|roughly|circa|c\.|some)", ("about",)),
    (r"(?:no fewer than|no less than|at least|a minimum of)", ("at_least",)),
    (r"(?:no more than|at most|up to|a maximum of|as many as)", ("up_to", "at_most")),
    (r"(?:fewer than|less than|under|below)", ("fewer_than", "less_than")),
    (r"(?:more than|over|above|in excess of)", ("more_than",)),
)
_BEFORE = tuple((re.compile(rf"\b{words}\s\Z", re.IGNORECASE), to) for words, to in _HEDGES)
_AFTER = (
    (re.compile(r"(?:\s\w+)?\sor (?:more|over|above|older)\b"), ("at_least",)),
    (re.compile(r"(?:\s\w+)?\sor (?:fewer|less|under|younger)\b"), ("up_to", "at_most")),
)
_PERIOD = re.compile(
    r"[\s-](?P<one>hour|day|week|month|year)s?\b"
    r"(?P<per>['’]?\s(?:per|a|an|each|every|in each)\s(?P<of>week|year)\b)?",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?:\s(?:times|\w+s))?\s(?:per|a|each|every)\syear\b", re.IGNORECASE)
_RATES = {
    "annual": 1.0, "annually": 1.0, "yearly": 1.0, "twice-yearly": 2.0, "termly": 3.0,
    "quarterly": 4.0, "monthly": 12.0, "fortnightly": 26.0, "weekly": 52.0,
}  # fmt: skip
_RATE = re.compile(rf"\b(?:{'|'.join(sorted(_RATES, key=len, reverse=True))})\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:one|a single|both)\b(?!\s(?:in|of\sthe\sother)\b)", re.IGNORECASE)
_FALLS = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|drop\w*|declin\w+|decreas\w+|reduc\w+|cuts?|lower|less|fewer|loss|"
    r"lost|down|shr[aiu]nk\w*|shorter|below)\b",
    re.IGNORECASE,
)
"""Words by which a source tells of a negative change."""
_IN_WORDS = {
    "majority": re.compile(r"\bmajority\b", re.IGNORECASE),
    "most": re.compile(r"(?<!at )\bmost\b", re.IGNORECASE),
    "small_number": re.compile(
        r"\b(?:small number|few|handful)\b(?! (?:than|er))", re.IGNORECASE
    ),
}  # fmt: skip
_WHOLE_OF = re.compile(r"\b(?:all|every|each|none|no)\b", re.IGNORECASE)


def _misread(row: Statistic, units: Units) -> str:
    """What the wording says that the row does not; empty where they agree."""
    text = row.as_reported
    said = [name for name, pattern in _IN_WORDS.items() if pattern.search(text)]
    if row.qualifier in _IN_WORDS:
        if row.qualifier in said:
            return ""
        word = row.qualifier.replace("_", " ")
        return f"that says nothing of '{word}', which its qualifier claims"
    found = list(_readings(text, units))
    if not found:
        if said:
            return f"its qualifier is '{row.qualifier}', which should be '{said[0]}'"
        silent = _WHOLE_OF.search(text)
        return "" if silent else "no amount can be read in that"
    complaints = [_differs(row, reading, units) for reading in found]
    # A wording may hold other amounts too; the nearest one tells most.
    return "" if not all(complaints) else max(complaints, key=_nearness)


def _nearness(complaint: str) -> int:
    return ("it says" not in complaint) + 2 * ("should be" in complaint)


def _differs(row: Statistic, reading: _Reading, units: Units) -> str:
    values = reading.values
    if len(values) == 2:
        own: tuple[float | None, ...] = (row.low, row.high)
        if row.qualifier not in ("between", "exact"):
            return f"its qualifier is '{row.qualifier}', which should be 'between'"
    else:
        own = (row.value,)
        if row.value is not None and row.value < 0 and _FALLS.search(row.as_reported):
            values = (-abs(values[0]),)
    if not all(a is not None and abs(a - b) <= _NEAR for a, b in zip(own, values, strict=True)):
        return f"it says {_shown(values)}, the row has {_shown(own)}"
    if reading.unit and not reads_as(reading.unit, row, units):
        return f"its unit is '{row.unit}', which should be '{reading.unit}'"
    if not reading.unit and (row.unit == "gbp" or row.unit in SHARES):
        return f"its unit is '{row.unit}', of which that says nothing"
    if len(values) == 1 and row.qualifier not in reading.qualifiers:
        return f"its qualifier is '{row.qualifier}', which should be '{reading.qualifiers[0]}'"
    return ""


def _shown(numbers: tuple[float | None, ...]) -> str:
    return " to ".join("nothing" if n is None else f"{round(n, 4):,}".removesuffix(".0")
                       for n in numbers)  # fmt: skip


def _readings(text: str, units: Units) -> Iterator[_Reading]:
    for amount in measured_amounts(text, units, None):
        unit = "" if amount.unit == "times" else amount.unit
        yield _reading(text, amount.start, amount.end, amount.values, unit)
    for found in _ONE.finditer(text):
        value = 2.0 if found[0].lower() == "both" else 1.0
        yield _reading(text, *found.span(), (value,), "")
    for found in _RATE.finditer(text):
        yield _reading(text, *found.span(), (_RATES[found[0].lower()],), "per_year")


def _reading(text: str, start: int, end: int, values: tuple[float, ...], unit: str) -> _Reading:
    before = text[:start].rstrip(" '‘(") + " "
    hedge = next((to for pattern, to in _BEFORE if pattern.search(before)), None)
    hedge = hedge or next((to for pattern, to in _AFTER if pattern.match(text, end)), _EXACT)
    period = _PERIOD.match(text, end)
    if not unit and period:
        unit = f"{period['one'].lower()}s"
        if period["of"]:
            unit = f"{unit}_per_{period['of'].lower()}"
    elif not unit and _TIMES.match(text, end):
        unit = "per_year"
    return _Reading(values, unit, hedge)
