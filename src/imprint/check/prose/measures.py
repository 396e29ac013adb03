"""Amounts with the units that a report declares and with their signs: `12.4 km`, `minus 8.2`.

`amounts` knows shares, money and times; what else follows or precedes a number is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from imprint.check.prose.amounts import Amount, amounts
from imprint.check.prose.other_numbers import blank_other_numbers
from imprint.core.model import Statistic
from imprint.core.settings import Words
from imprint.core.units import KNOWN, Unit

Units = tuple[tuple[str, Unit], ...]
"""Declared units by name, in an order that is always the same."""

SHARES = frozenset(("percent", "percent_change", "percentage_points"))
"""Units whose amounts are read as `per cent`."""


def units_of(rows: Iterable[Statistic]) -> Units:
    """The declared units that rows are in."""
    found = {row.unit: row.declared_unit for row in rows if row.declared_unit}
    return tuple(sorted(found.items(), key=lambda pair: pair[0]))


def measured_amounts(text: str, units: Units, words: Words | None) -> Iterator[Amount]:
    """Every amount of one paragraph in its order, with unit and sign.

    `words` are the report's own that tell amounts from names; None where the text is known to hold
    no dates, pages or names that look like amounts.
    """
    prose = text
    if words is not None:
        prose = _with_symbols(blank_other_numbers(text, words), text, units)
    found = {amount.start: amount for amount in amounts(prose)}
    for start in _ones(text, units):
        found.setdefault(start, Amount(start, start + 3, text[start : start + 3], (1.0,), ""))
    end = 0
    for start in sorted(found):
        if start >= end:
            amount = _measured(text, found[start], units)
            end = amount.end
            yield amount


def reads_as(unit: str, row: Statistic, units: Units) -> bool:
    """Say whether an amount that was read in this unit may be in the row's, which another unit of
    the same words may be."""
    if unit == row.unit or (unit == "percent" and row.unit in SHARES):
        return True
    read, own = dict(units).get(unit), row.declared_unit
    return read is not None and own is not None and _surfaces_of(read) == _surfaces_of(own)


# --- what stands around a number -------------------------------------------------------------


@dataclass(frozen=True)
class _Surface:
    """One way to write a unit."""

    name: str
    before: str
    after: re.Pattern[str] | None


@lru_cache(maxsize=8)
def _surfaces(units: Units) -> tuple[_Surface, ...]:
    return tuple(
        _Surface(name, before, _pattern(after) if after else None)
        for name, unit in units
        for before, after in sorted(_surfaces_of(unit))
    )


def _surfaces_of(unit: Unit) -> set[tuple[str, str]]:
    """What stands before and after the number, in all ways to write the unit."""
    found = {("", noun) for noun in (unit.singular, unit.plural) if noun}
    if unit.symbol:
        found.add((unit.symbol, "") if unit.position == "before" else ("", unit.symbol))
    found = found or {("", "")}
    return {(before, f"{noun} {unit.after}".strip()) for before, noun in found} - {("", "")}


def _pattern(words: str) -> re.Pattern[str]:
    """A unit's words after a number, however their spaces are written."""
    spaced = r"[\s-]+".join(re.escape(word) for word in words.split())
    return re.compile(rf"[\s-]?{spaced}(?!\w)", re.IGNORECASE if len(words) > 3 else 0)


_SIGN = re.compile(r"(?:\bminus\s|(?<![\w.,)\]–-])[\u2212-])\Z", re.IGNORECASE)


def _measured(text: str, amount: Amount, units: Units) -> Amount:
    if amount.unit == "percent":
        amount = _part_of_one(text, amount, units)
    start, end, unit = amount.start, amount.end, amount.unit
    for surface in _surfaces(units):
        first = _starts(text, amount.start, surface.before)
        last = surface.after.match(text, amount.end) if surface.after else None
        if first is None or (surface.after and not last):
            continue
        reach = last.end() if last else amount.end
        if (reach - first, bool(surface.before)) > (end - start, False):
            start, end, unit = first, reach, surface.name
    sign = _SIGN.search(text, max(0, start - 7), start)
    values = amount.values
    if sign:
        start, values = sign.start(), (-values[0], *values[1:])
    return replace(
        amount,
        start=start,
        end=end,
        text=" ".join(text[start:end].split()),
        values=values,
        unit=unit,
    )


@lru_cache(maxsize=8)
def _wholes(units: Units) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a part may be of, after `half` or `a quarter`: ` an hour`, ` of a mile`."""
    known = {**KNOWN, **dict(units)}
    nouns = {f"{unit.singular} {unit.after}".strip(): name
             for name, unit in known.items() if unit.singular}  # fmt: skip
    return tuple(
        (nouns[noun], re.compile(rf"\s(?:of\s)?an?\s{re.escape(noun)}(?!\w)", re.IGNORECASE))
        for noun in sorted(nouns, key=len, reverse=True)
    )


def _part_of_one(text: str, amount: Amount, units: Units) -> Amount:
    """`half an hour` is no half of everything but 0.5 hours."""
    for name, whole in _wholes(units):
        if found := whole.match(text, amount.end):
            values = tuple(value / 100 for value in amount.values)
            return replace(amount, end=found.end(), values=values, unit=name)
    return amount


def _starts(text: str, start: int, before: str) -> int | None:
    """Where an amount begins with a symbol before it; None where that is not there."""
    if not before or text.startswith(before, start):
        return start
    head = text[:start].rstrip(" \u00a0")
    return len(head) - len(before) if head.endswith(before) and start - len(head) < 2 else None


def _ones(text: str, units: Units) -> Iterator[int]:
    """Where `one` counts because a declared unit follows: `one tonne`."""
    nouns = [surface.after for surface in _surfaces(units) if surface.after and not surface.before]
    for found in re.finditer(r"(?i)\bone(?=[\s-])", text) if nouns else ():
        if any(noun.match(text, found.end()) for noun in nouns):
            yield found.start()


def _with_symbols(prose: str, text: str, units: Units) -> str:
    """Put back numbers that were taken for names because a symbol stands close by: `20MWh`."""
    symbols = [unit.symbol for _, unit in units if unit.symbol and unit.position == "after"]
    if not symbols:
        return prose
    close = "|".join(re.escape(symbol) for symbol in sorted(symbols, key=len, reverse=True))
    for found in re.finditer(rf"(?<![\w.,])\d[\d,.]*(?={close})(?!\w*\d)", text):
        prose = prose[: found.start()] + found[0] + prose[found.end() :]
    return prose
