"""A statistic -> its words in house style: `64 per cent`, `almost a third`, `£2.5 million`.

Vague wordings keep their vagueness in every form. A number in figures and its unit are held
together by a no-break space (U+00A0). What may be claimed of a statistic stands in `claims`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from imprint.author.samples import LEVEL
from imprint.core.escaping import AuthorError
from imprint.core.model import Statistic
from imprint.core.numbers import FRACTIONS, figures, rounded
from imprint.core.problems import nearest
from imprint.core.settings import Style
from imprint.core.units import KNOWN, NBSP, Unit, amount, amounts_between, bare_figures, in_style

Form = Literal["running", "sentence", "words", "value"]
"""running: inside a sentence; sentence: at its start, spelt out; words: no digits at all;
value: the bare number, for tables."""

_WITH = ("n", "ci")
"""What `stat` can print beside a value."""
_Entry = TypeVar("_Entry")


class StatisticError(AuthorError, ValueError):
    """A statistic cannot be put into the words asked for."""


def words(statistic: Statistic, form: str = "running") -> str:
    """Put a statistic into words; `running+ci+n` adds its interval and its sample in brackets.

    Raises StatisticError when its unit or qualifier is unknown, it lacks the number its qualifier
    needs, or the bare value of a vague figure is asked for.
    """
    form, *asked = form.split("+")
    if asked:
        return f"{words(statistic, form)} ({_sample(statistic, asked)})"
    if form not in ("running", "sentence", "words", "value"):
        raise StatisticError(f"form '{form}' is unknown: use running, sentence, words or value")
    if form == "value":
        return _bare(statistic)
    text = _phrase(statistic, spelt=form != "running")
    return text[0].upper() + text[1:] if form == "sentence" else text


def _sample(row: Statistic, asked: Sequence[str]) -> str:
    """What stands after a value: `95 per cent confidence interval 61 to 67; n = 1,204`."""
    told = []
    for what in asked:
        if what not in _WITH:
            raise StatisticError(f"there is no '{what}' to print beside a value: use n, ci or both")
    if "ci" in asked:
        ends = interval_words(row)
        if not ends:
            raise StatisticError(f"statistic '{row.id}' has no ci_low and ci_high")
        share = row.declared_unit if row.unit == "percent" else None
        level = f"{figures(row.ci_level or LEVEL, 1)}{NBSP}{share.symbol if share else 'per cent'}"
        told.append(f"{level} confidence interval {ends}")
    if "n" in asked:
        if row.n is None:
            raise StatisticError(f"statistic '{row.id}' has no n")
        weighted = ", weighted" if row.weighted else ""
        told.append(f"n{NBSP}={NBSP}{figures(row.n, 0)}{weighted}")
    return "; ".join(told)


def interval_words(row: Statistic) -> str:
    """`61 to 67`, as exact as the row's value; empty without both ends."""
    if row.ci_low is None or row.ci_high is None:
        return ""
    unit = row.known_unit
    decimals = unit.decimals if unit and unit.decimals is not None else 1
    return " to ".join(figures(end, decimals) for end in (row.ci_low, row.ci_high))


def styled(statistic: Statistic, style: Style) -> Statistic:
    """The statistic as a publication of this style prints it: `64 percent` in American style."""
    return replace(
        statistic, declared_unit=in_style(statistic.unit, statistic.declared_unit, style)
    )


def is_vague(statistic: Statistic) -> bool:
    """Say whether the source gives less than an exact number or range."""
    return statistic.qualifier not in _RANGES


def form_of_mark(statistic: Statistic) -> Literal["exact", "range", "derived"]:
    """How to draw it: exact, between its bounds, or as worked out by the report itself."""
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
    "suppressed": "not shown",
}
"""House words of each qualifier; `{}` stands for the amount."""

_RANGES = ("exact", "between")


# --- putting them together -------------------------------------------------------------------


def _phrase(statistic: Statistic, spelt: bool) -> str:
    unit = _unit(statistic)
    template = _known("qualifier", statistic.qualifier, QUALIFIERS, statistic)
    if "{}" not in template:
        return template
    try:
        said = _amount(statistic, unit, spelt)
    except ValueError as error:
        raise StatisticError(f"statistic '{statistic.id}': {error}") from None
    return template.replace("{less}", unit.less).format(said)


def _unit(statistic: Statistic) -> Unit:
    return statistic.known_unit or _known("unit", statistic.unit, KNOWN, statistic)


def _amount(statistic: Statistic, unit: Unit, spelt: bool) -> str:
    low, high = statistic.low, statistic.high
    if statistic.qualifier in _RANGES and low is not None and high is not None and low < high:
        if statistic.derived and high - low >= 1:
            # Bounds that were worked out are no more precise than the wordings behind them.
            low, high = (float(rounded(end, 0, unit.limits)) for end in (low, high))
        return amounts_between(unit, low, high, spelt)
    if statistic.value is None:
        raise StatisticError(
            f"statistic '{statistic.id}' has no value, which '{statistic.qualifier}' needs"
        )
    if statistic.unit != "percent":
        return amount(unit, statistic.value, spelt)
    named = fraction(statistic)
    value = rounded(statistic.value, 0, unit.limits) if is_vague(statistic) else statistic.value
    return named or amount(unit, value, spelt)


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
        raise StatisticError(
            f"statistic '{statistic.id}' is reported as '{said}' and has no bare value: "
            "use the running form"
        )
    unit, low, high = _unit(statistic), statistic.low, statistic.high
    if low is not None and high is not None and low < high:
        ends = [bare_figures(unit, end) for end in (low, high)]
        return (" to " if low < 0 else "–").join(ends)
    if statistic.value is None:
        raise StatisticError(f"statistic '{statistic.id}' has no value")
    return bare_figures(unit, statistic.value)


def _known(what: str, name: str, table: Mapping[str, _Entry], statistic: Statistic) -> _Entry:
    if name not in table:
        hint = nearest(name, table) or f"known are {', '.join(table)}"
        raise StatisticError(f"statistic '{statistic.id}' has the unknown {what} '{name}': {hint}")
    return table[name]
