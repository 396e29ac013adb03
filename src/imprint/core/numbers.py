"""A number -> the same number in words or in house-style figures."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
QUARTERS = {Decimal("0.25"): "a quarter", Decimal("0.5"): "a half",
            Decimal("0.75"): "three-quarters"}  # fmt: skip

SCALES: dict[str, int] = {
    "trillion": 10**12,
    "billion": 10**9,
    "million": 10**6,
    "thousand": 10**3,
}
"""Words for large numbers, the largest first."""

MOST = 10**15 - 1
"""The largest number that can be spelt."""

MINUS = "\u2212"
"""The sign before a negative number in figures."""

FRACTIONS: dict[str, float] = {
    "three-quarters": 75.0,
    "two-thirds": 200 / 3,
    "one in five": 20.0,
    "one in ten": 10.0,
    "one in three": 100 / 3,
    "one in four": 25.0,
    "four in five": 80.0,
    "four-fifths": 80.0,
    "a third": 100 / 3,
    "a quarter": 25.0,
    "a fifth": 20.0,
    "a tenth": 10.0,
    "half": 50.0,
}
"""Fractions as the house writes them, in per cent."""


def room_of(value: float, is_share: bool) -> float:
    """How far from its number a wording such as about, almost or just over may lie: a tenth of it;
    in a share not more than five points, else not less than half of a whole number's unit."""
    tenth = abs(value) / 10
    if is_share:
        return min(tenth, 5.0)
    return max(tenth, 0.5) if value % 1 == 0 else tenth


def rounded(
    number: float | Decimal, decimals: int = 1, limits: Collection[float] = (0,)
) -> Decimal:
    """Round half away from nought, as readers do by hand: 12.35 is 12.4.

    No number becomes one of `limits` by rounding: 0.04 stays 0.04 and, where 100 is a limit, 99.96
    stays 99.96.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    for places in range(decimals, max(decimals + 1, 12)):
        found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if found == exact or found not in limits:
            break
    return found + 0 if found else Decimal(0)


def number_words(number: float | Decimal, fractions: bool = True) -> str:
    """Spell a number: `sixty-four`, `one hundred and five`, `two and a half`, `one point two`,
    `minus eight point two`; four decimals at most. Without `fractions` a half is `zero point five`.

    Raises ValueError for more than MOST.
    """
    exact = rounded(number, 4)
    if abs(exact) > MOST:
        raise ValueError(f"{number:g} cannot be put into words: it is more than {MOST}")
    if exact < 0:
        return f"minus {number_words(-exact, fractions)}"
    whole, part = int(exact), exact % 1
    if part == 0:
        return _whole(whole)
    if fractions and part in QUARTERS:
        return f"{_whole(whole)} and {QUARTERS[part]}" if whole else QUARTERS[part]
    digits = f"{part:f}"[2:].rstrip("0")
    return f"{_whole(whole)} point " + " ".join(_SMALL[int(digit)] for digit in digits)


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things: `1 sentence`, `2 sentences`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def figures(number: float | Decimal, decimals: int = 1, limits: Collection[float] = (0,)) -> str:
    """Write a number in figures: `64`, `2.5`, `33.3`, `1,200`, `−8.2`, rounded as `rounded` does;
    without noughts at the end."""
    text = f"{rounded(number, decimals, limits):,f}"
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return text.replace("-", MINUS)


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    for name, size in {**SCALES, "hundred": 100}.items():
        if number >= size:
            many, rest = divmod(number, size)
            joint = " and " if rest < 100 else " "
            return f"{_whole(many)} {name}" + (joint + _whole(rest) if rest else "")
    raise AssertionError(number)
