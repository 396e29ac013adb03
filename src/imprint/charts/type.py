"""How much room text takes, and text broken into lines that fit."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

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
