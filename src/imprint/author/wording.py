"""A statistic -> its words in house style: `64 per cent`, `almost a third`, `£2.5 million`.

Vague wordings keep their vagueness in every form. A number in figures and its unit are held
together by a no-break space (U+00A0). What may be claimed of a statistic stands in `claims`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from imprint.author.claims import CLAIMS, ClaimError, claim_holds, why_not
from imprint.core.model import Statistic
from imprint.core.numbers import FRACTIONS, figures, number_words
from imprint.core.problems import nearest

__all__ = [
    "CLAIMS", "NBSP", "QUALIFIERS", "UNITS", "ClaimError", "Form", "WordingError",
    "claim_holds", "form_of_mark", "is_vague", "number_words", "why_not", "words",
]  # fmt: skip

Form = Literal["running", "sentence", "words", "value"]
"""running: inside a sentence; sentence: at its start, spelt out; words: no digits at all;
value: the bare number, for tables."""

NBSP = "\u00a0"
_Entry = TypeVar("_Entry")


class WordingError(ValueError):
    """A statistic cannot be put into words in the form asked for."""


def words(statistic: Statistic, form: Form = "running") -> str:
    """Put a statistic into words.

    Raises WordingError when its unit or qualifier is unknown, it lacks the number its qualifier
    needs, or the bare value of a vague figure is asked for.
    """
    if form not in ("running", "sentence", "words", "value"):
        raise WordingError(f"form '{form}' is unknown: use running, sentence, words or value")
    if form == "value":
        return _bare(statistic)
    text = _phrase(statistic, spelt=form != "running")
    return text[0].upper() + text[1:] if form == "sentence" else text


def is_vague(statistic: Statistic) -> bool:
    """Say whether the source gives less than an exact number or range."""
    return statistic.qualifier not in _RANGES


def form_of_mark(statistic: Statistic) -> Literal["exact", "range", "derived"]:
    """How it is to be drawn: exact, between its bounds, or as worked out by this edition."""
    if statistic.derived:
        return "derived"
    spread = statistic.low is not None and statistic.low != statistic.high
    return "range" if is_vague(statistic) or spread else "exact"


# --- what the words are made of --------------------------------------------------------------

QUALIFIERS: dict[str, str] = {
    "exact": "{}",
    "between": "{}",
    "about": "about {}",
    "almost": "almost {}",
    "just_under": "just under {}",
    "just_over": "just over {}",
    "more_than": "more than {}",
    "fewer_than": "{less} than {}",
    "less_than": "{less} than {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "up_to": "up to {}",
    "majority": "the majority",
    "most": "most",
    "all": "all",
    "none": "none",
    "small_number": "a small number",
}
"""House words of each qualifier; `{}` stands for the amount."""

_RANGES = ("exact", "between")


@dataclass(frozen=True)
class Unit:
    """How amounts of one unit are written."""

    amount: Callable[[float, bool], str]
    """Number and whether it is spelt out -> its words."""
    one: str = ""
    many: str = ""
    less: str = "less"
    """The word for a smaller amount: people and cases are fewer, money and time are less."""


def _percent(number: float, spelt: bool) -> str:
    return number_words(round(number, 1)) if spelt else figures(number)


def _number(number: float, spelt: bool) -> str:
    """One to ten and what is spelt out in words, everything else in figures."""
    small = number == int(number) and 1 <= number <= 10
    return number_words(number) if spelt or small else figures(number)


def _money(number: float, spelt: bool) -> str:
    if number >= 1_000_000:
        millions = round(number / 1_000_000, 4)
        return (
            f"{number_words(millions)} million pounds" if spelt else f"£{millions:g}{NBSP}million"
        )
    if spelt:
        return f"{number_words(number)} pounds"
    return f"£{number:,.0f}" if number == int(number) else f"£{number:,.2f}"


def _times(number: float, spelt: bool) -> str:
    named = {1.0: "once", 2.0: "twice"}.get(number)
    return named or _joined(_number(number, spelt), "times")


UNITS: dict[str, Unit] = {
    "percent": Unit(_percent, "per cent", "per cent", less="fewer"),
    "count": Unit(_number, less="fewer"),
    "gbp": Unit(_money),
    "per_year": Unit(_times, "a year", "a year"),
    "days_per_week": Unit(_number, "day per week", "days per week"),
    "hours": Unit(_number, "hour", "hours"),
    "days": Unit(_number, "day", "days"),
    "weeks": Unit(_number, "week", "weeks"),
    "months": Unit(_number, "month", "months"),
    "years": Unit(_number, "year", "years"),
}


# --- putting them together -------------------------------------------------------------------


def _phrase(statistic: Statistic, spelt: bool) -> str:
    unit = _known("unit", statistic.unit, UNITS, statistic)
    template = _known("qualifier", statistic.qualifier, QUALIFIERS, statistic)
    if "{}" not in template:
        return template
    return template.replace("{less}", unit.less).format(_amount(statistic, unit, spelt))


def _amount(statistic: Statistic, unit: Unit, spelt: bool) -> str:
    low, high = statistic.low, statistic.high
    if statistic.qualifier in _RANGES and low is not None and high is not None and low < high:
        ends = [unit.amount(end, spelt) for end in (low, high)]
        if any(end[-1:].isdigit() for end in ends) and not spelt:
            ends = [figures(end) if unit.amount is _number else unit.amount(end, False)
                    for end in (low, high)]  # fmt: skip
        return _joined(" to ".join(ends), unit.many)
    if statistic.value is None:
        raise WordingError(
            f"statistic '{statistic.id}' has no value, which '{statistic.qualifier}' needs"
        )
    if statistic.unit == "percent":
        named = fraction(statistic)
        if named:
            return named
    value = statistic.value
    if statistic.unit == "percent" and is_vague(statistic):
        value = round(value)
    return _joined(unit.amount(value, spelt), unit.one if value == 1 else unit.many)


def fraction(statistic: Statistic) -> str:
    """The fraction that the source's wording names for this value, or an empty string."""
    reported = statistic.as_reported.lower().replace("two thirds", "two-thirds")
    reported = reported.replace("three quarters", "three-quarters")
    for name, percent in FRACTIONS.items():
        named = re.search(rf"\b{name}\b", reported)
        if named and statistic.value is not None and abs(statistic.value - percent) < 0.5:
            return name
    return ""


def _bare(statistic: Statistic) -> str:
    if is_vague(statistic):
        said = statistic.as_reported or statistic.qualifier.replace("_", " ")
        raise WordingError(
            f"statistic '{statistic.id}' is reported as '{said}' and has no bare value: "
            "use the running form"
        )
    if statistic.low is not None and statistic.high is not None and statistic.low < statistic.high:
        return f"{figures(statistic.low)}–{figures(statistic.high)}"
    if statistic.value is None:
        raise WordingError(f"statistic '{statistic.id}' has no value")
    return figures(statistic.value)


def _joined(number: str, noun: str) -> str:
    """A number and its noun; figures stay on the line of their noun."""
    if not noun:
        return number
    return f"{number}{NBSP if number[-1:].isdigit() else ' '}{noun}"


def _known(what: str, name: str, table: dict[str, _Entry], statistic: Statistic) -> _Entry:
    if name not in table:
        hint = nearest(name, table) or f"known are {', '.join(table)}"
        raise WordingError(f"statistic '{statistic.id}' has the unknown {what} '{name}': {hint}")
    return table[name]
