"""`imprint: colours:` of a report -> what is wrong with them for readers."""

from __future__ import annotations

from collections.abc import Iterator

from imprint.core.problems import Problem
from imprint.read.node import Node

READABLE = 4.5
"""Least contrast of text with its ground, by WCAG 2 at level AA."""
TINT = 0.07
"""Share of the accent in the ground of boxes; the rest is white."""


def colour_problems(declared: Node | None) -> Iterator[Problem]:
    """A problem where text in the accent cannot be read, be it on white or on a box's ground
    (`colour-is-readable`). White text on the accent has the same contrast as the accent on white.
    """
    accent = declared.at("accent") if declared else None
    if accent is None:
        return
    found = contrast(accent.text(), _tint(accent.text()))
    if found < READABLE:
        shown = f"{int(found * 10) / 10:.1f}".removesuffix(".0")
        message = f"text in '{accent.text()}' has a contrast of {shown} with the ground of boxes"
        fix = f"take a darker colour: readers need a contrast of {READABLE}"
        yield Problem(accent.place, "colour-is-readable", message, fix)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, such as `#0b4a58`, by WCAG 2: from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _tint(colour: str) -> str:
    mixed = (round(TINT * part + (1 - TINT) * 255) for part in bytes.fromhex(colour[1:]))
    return "#" + bytes(mixed).hex()


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
