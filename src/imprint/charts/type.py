"""How much room text takes, and text broken into lines that fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath, text_to_path

from imprint.charts.look import FAMILY, SMALL, family

_MM = 25.4 / 72
_SPARE = 1.03
"""What hinted letters may take beyond those that are measured."""


@lru_cache(maxsize=1024)
def text_mm(text: str, size: float = SMALL, weight: str = "normal") -> float:
    """How wide a line of text is, in mm; `size` is in points."""
    family()
    font = FontProperties(family=FAMILY, size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0]) * _MM


_measure: Any = TextToPath.get_text_width_height_descent  # matplotlib says no types


@lru_cache(maxsize=4096)
def _measured(self: TextToPath, text: str, font: FontProperties, is_formula: Any) -> Any:
    return _measure(self, text, font, is_formula)


@contextmanager
def measured_once() -> Iterator[None]:
    """Keep what text measures: a figure's is laid out anew for each of its drawings, and measuring
    takes most of that time."""
    kind: Any = TextToPath

    def measured(_: TextToPath, text: str, font: FontProperties, is_formula: Any) -> Any:
        # Fonts can be changed, and with them what they are equal to.
        return _measured(text_to_path, text, font.copy(), is_formula)

    kind.get_text_width_height_descent = measured
    try:
        yield
    finally:
        kind.get_text_width_height_descent = _measure


def wrapped(text: str, room: float, size: float = SMALL, weight: str = "normal") -> list[str]:
    """The lines of a text that are no wider than the room in mm, as far as words can be parted."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_mm(longer, size, weight) * _SPARE <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
