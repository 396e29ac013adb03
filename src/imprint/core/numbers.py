"""A number -> the same number in British English words or in house-style figures."""

from __future__ import annotations

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_QUARTERS = {0.25: "a quarter", 0.5: "a half", 0.75: "three-quarters"}

MOST = 999_999_999

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


def number_words(number: float) -> str:
    """Spell a number: `sixty-four`, `one hundred and five`, `two and a half`, `one point two`.

    Raises ValueError for a negative number or one of a thousand million and more.
    """
    if not 0 <= number <= MOST:
        raise ValueError(f"{number:g} cannot be put into words: only 0 to {MOST}")
    whole, part = int(number), round(number - int(number), 4)
    if part == 0:
        return _whole(whole)
    if part in _QUARTERS:
        return f"{_whole(whole)} and {_QUARTERS[part]}" if whole else _QUARTERS[part]
    digits = f"{part:.4f}"[2:].rstrip("0")
    return f"{_whole(whole)} point " + " ".join(_SMALL[int(digit)] for digit in digits)


def figures(number: float) -> str:
    """Write a number in figures: `64`, `2.5`, `33.3`, `1,200`; one decimal at most."""
    rounded = round(number, 1)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,}"


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            many, rest = divmod(number, size)
            joint = " and " if rest < 100 else " "
            return f"{_whole(many)} {name}" + (joint + _whole(rest) if rest else "")
    raise AssertionError(number)
