"""Units of statistics and how amounts of them print: `12.4 km`, `£3.2 billion`, `half an hour`.

`KNOWN` holds those that every report has; a report declares others under `imprint: units:`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Literal

from imprint.core.numbers import QUARTERS, SCALES, figures, number_words, rounded

NBSP = "\u00a0"
_JOINS = {"space": NBSP, "hyphen": "-", "none": ""}


@dataclass(frozen=True)
class Unit:
    """How amounts of one unit are written."""

    symbol: str = ""
    """What stands beside figures: `£`, `km`. With one, small numbers are not spelt either."""
    position: Literal["before", "after"] = "after"
    """Where the symbol stands."""
    singular: str = ""
    """The unit in words, for one of it."""
    plural: str = ""
    after: str = ""
    """What ends every amount: `per head`, `per 1,000 people`."""
    join: Literal["space", "hyphen", "none"] = "space"
    """What stands between figures and symbol or words."""
    decimals: int | None = None
    """Decimals at most; None for one, for two of money, and for four before a word of `scale`."""
    scale: tuple[str, ...] = ()
    """Words that stand for noughts of large amounts: million, billion, …"""
    less: Literal["less", "fewer"] = "less"
    """The word for a smaller amount: people and cases are fewer, money and time are less."""
    minimum: float | None = None
    """The least that there can be; None without a limit."""
    maximum: float | None = None
    whole: bool = False
    """What is counted comes whole."""
    nearest: float | None = None
    """Amounts print as the nearest multiple of this; None as they are."""

    @property
    def limits(self) -> tuple[float, ...]:
        """Numbers that rounding must not make of others."""
        return tuple({0.0, self.minimum or 0.0, self.maximum or 0.0})


def unit_of(declared: Mapping[str, Any]) -> Unit:
    """The unit that a map under `imprint: units:` declares, if it is right."""
    values = dict(declared)
    values["scale"] = tuple(values.get("scale", ()))
    if values.get("position") == "before":
        values.setdefault("join", "none")
    return Unit(
        **{field.name: values[field.name] for field in fields(Unit) if field.name in values}
    )


def declaration(unit: Unit) -> dict[str, Any]:
    """The map that declares a unit: `unit_of` makes the same unit of it."""
    values = {field.name: getattr(unit, field.name) for field in fields(Unit)}
    told = {name: value for name, value in values.items() if value != getattr(Unit(), name)}
    return {**told, "join": unit.join} | ({"scale": list(unit.scale)} if unit.scale else {})


_PERCENT = {"symbol": "per cent", "singular": "per cent", "plural": "per cent", "less": "fewer"}

KNOWN: Mapping[str, Unit] = MappingProxyType({
    "percent": unit_of({**_PERCENT, "minimum": 0, "maximum": 100}),
    "percent_change": unit_of({**_PERCENT, "less": "less"}),
    "percentage_points": Unit(
        "percentage points", singular="percentage point", plural="percentage points"
    ),
    "count": Unit(less="fewer", minimum=0, whole=True),
    "gbp": Unit("£", "before", "pound", "pounds", join="none", scale=("million", "billion")),
    "per_year": Unit(singular="time", plural="times", after="a year", minimum=0),
    "days_per_week": Unit(
        singular="day", plural="days", after="per week", minimum=0, maximum=7
    ),
    **{
        f"{one}s": Unit(singular=one, plural=f"{one}s", minimum=0)
        for one in ("hour", "day", "week", "month", "year")
    },
})  # fmt: skip
"""The units that need no declaration."""

PER_CENT = {"british": "per cent", "none": "per cent", "american": "percent"}
"""By style: the words that `percent` and `percent_change` print."""
_AMERICAN = {
    name: replace(KNOWN[name], symbol="percent", singular="percent", plural="percent")
    for name in ("percent", "percent_change")
}


def in_style(name: str, declared: Unit | None, style: str) -> Unit | None:
    """What a report declares of the unit, or else what its style makes of a known one."""
    if declared and replace(declared, nearest=None) not in (KNOWN.get(name), _AMERICAN.get(name)):
        return declared
    found = _AMERICAN.get(name) if style == "american" else None
    if declared is None or declared.nearest is None:
        return found
    return replace(found or KNOWN[name], nearest=declared.nearest)


# --- amounts in words ------------------------------------------------------------------------


def amount(unit: Unit, number: float | Decimal, spelt: bool = False) -> str:
    """Write an amount with its unit; `spelt` without any digit."""
    exact = _nearest(unit, number)
    if exact < 0:
        return f"minus {amount(unit, -exact, spelt)}"
    if unit.plural == "times" and exact in (1, 2):
        return _ended("once" if exact == 1 else "twice", unit, spelt)
    part = _part_of_one(unit, exact, spelt)
    if part:
        return _ended(part, unit, spelt)
    is_one = _shown(unit, exact) == 1 and not _scale(unit, exact)[1]
    return with_noun(unit, number_of(unit, exact, spelt), is_one, spelt)


def amounts_between(unit: Unit, low: float, high: float, spelt: bool = False) -> str:
    """Write a range with its unit once: `three to four days`, `9 to 12 months`; `£2 to £3`."""
    ends = [_nearest(unit, end) for end in (low, high)]
    if any(_part_of_one(unit, abs(end), spelt) for end in ends):
        return " to ".join(amount(unit, end, spelt) for end in ends)
    numbers = [number_of(unit, end, spelt) for end in ends]
    if any(number[-1:].isdigit() for number in numbers) and not unit.symbol:
        numbers = [_figures(unit, end) for end in ends]
    return with_noun(unit, " to ".join(numbers), False, spelt)


def number_of(unit: Unit, number: float | Decimal, spelt: bool = False) -> str:
    """Write the number of an amount, with the symbol if that stands before it; whole numbers to ten
    in words unless the unit has figures of its own, a symbol or `per 1,000`."""
    exact = _nearest(unit, number)
    if exact < 0:
        return f"minus {number_of(unit, -exact, spelt)}"
    _, scale = _scale(unit, exact)
    shown = _shown(unit, exact)
    has_figures = scale or unit.symbol or re.search(r"\d", unit.after)
    if spelt or (not has_figures and shown % 1 == 0 and 1 <= shown <= 10):
        # A half stands alone or before a noun, but not before `per head`.
        fractions = shown > 1 or not unit.after
        return f"{number_words(shown, fractions)} {scale}".rstrip()
    text = _figures(unit, exact)
    symbol = unit.symbol + _JOINS[unit.join] if unit.position == "before" else ""
    return symbol + text + (f"{NBSP}{scale}" if scale else "")


def bare_figures(unit: Unit, number: float) -> str:
    """Write a number alone, as a table has it under a head that names the unit."""
    decimals = 1 if unit.decimals is None else unit.decimals
    return figures(_nearest(unit, number), decimals, unit.limits)


def with_noun(unit: Unit, number: str, is_one: bool = False, spelt: bool = False) -> str:
    """Put a written number and the unit's symbol or words together."""
    noun = unit.singular if is_one else unit.plural
    if not spelt and unit.symbol:
        word = noun if unit.symbol == unit.plural else unit.symbol
        noun = word if unit.position == "after" else ""
    if not noun:
        return _ended(number, unit, spelt)
    joint = _JOINS[unit.join] if number[-1:].isdigit() or unit.join != "space" else " "
    return _ended(f"{number}{' ' if spelt else joint}{noun}", unit, spelt)


# --- the parts of an amount ------------------------------------------------------------------


def _nearest(unit: Unit, number: float | Decimal) -> Decimal:
    """The number, or the multiple that stands for it where the report rounds the unit."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if unit.nearest is None:
        return exact
    step = Decimal(repr(unit.nearest))
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _scale(unit: Unit, exact: Decimal) -> tuple[int, str]:
    """The largest word of the unit's scale that fits, and what it stands for; 1 without one."""
    fitting = [(size, word) for word, size in SCALES.items() if word in unit.scale]
    for place, (size, word) in enumerate(fitting):
        if exact >= size:
            # 999,999,999 is a thousand million once it is rounded.
            rounds_up = place and rounded(exact / size, _decimals(unit, True)) >= 1000
            return fitting[place - 1] if rounds_up else (size, word)
    return 1, ""


def _decimals(unit: Unit, scaled: bool) -> int:
    if unit.decimals is not None:
        return unit.decimals
    return 4 if scaled else 2 if unit.position == "before" else 1


def _shown(unit: Unit, exact: Decimal) -> Decimal:
    """The number as it is printed, before its word of scale."""
    size, scale = _scale(unit, exact)
    if unit.decimals is None and not unit.symbol and not scale and exact % 1 in QUARTERS:
        return exact
    return rounded(exact / size, _decimals(unit, bool(scale)), unit.limits)


def _figures(unit: Unit, exact: Decimal) -> str:
    """A number in figures; money that is no whole number has its two decimals."""
    _, scale = _scale(unit, exact)
    text = figures(_shown(unit, exact), 12, ())
    pence = unit.position == "before" and not scale and _decimals(unit, False) == 2
    return f"{text}0" if pence and re.search(r"\.\d\Z", text) else text


def _part_of_one(unit: Unit, exact: Decimal, spelt: bool) -> str:
    """`half an hour`, `a quarter of a mile`; empty for other amounts, and where figures stand."""
    shown = _shown(unit, exact)
    if shown not in QUARTERS or not unit.singular or unit.plural == "times":
        return ""
    if unit.symbol and not spelt:
        return ""
    noun = unit.singular
    one = f"{'an' if _VOWEL.match(noun) and not _CONSONANT.match(noun) else 'a'} {noun}"
    return f"half {one}" if shown == Decimal("0.5") else f"{QUARTERS[shown]} of {one}"


_VOWEL = re.compile(r"[aeio]|u(?!ni(?!n|m)|s[aeiu]|t[ei])|hour|hono|heir", re.IGNORECASE)
_CONSONANT = re.compile(r"eu|one\b|once", re.IGNORECASE)


def _ended(text: str, unit: Unit, spelt: bool) -> str:
    if not unit.after:
        return text
    after = re.sub(r"\d[\d,]*(?:\.\d+)?", _spelt, unit.after) if spelt else unit.after
    return f"{text} {after}"


def _spelt(found: re.Match[str]) -> str:
    """`per 1,000` is read `per thousand`."""
    words = number_words(Decimal(found[0].rstrip(",").replace(",", "")))
    return words.removeprefix("one ") + ("," if found[0].endswith(",") else "")
