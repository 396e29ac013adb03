"""A figure measured in mm from its top left corner down, with a scale of values across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from imprint.charts.look import MM, width

EDGE = 0.6
"""Room in mm at the left and right edge, so that no line is cut there."""
LINE = 4.2
"""Distance between lines of text in mm."""


@dataclass(frozen=True)
class Sheet:
    """Axes over a whole figure: x in values, y in mm."""

    axes: Axes
    zero: float
    """Where nought stands in mm."""
    unit: float
    """How many mm a value of one takes."""
    most: float

    def value(self, mm: float) -> float:
        """The value that stands so many mm from the left."""
        return (mm - self.zero) / self.unit

    def text(self, x: float, y: float, said: str, **look: Any) -> None:
        """Write a line of text on the baseline y, both in mm."""
        wanted = {name: value for name, value in look.items() if value is not None}
        self.axes.text(self.value(x), y, said, **{"va": "baseline", **wanted})


def lines(
    axes: Axes,
    ends: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    colour: str,
    wide: float = 0.6,
) -> None:
    """Draw lines between pairs of places below all marks; `wide` is in points."""
    corners = [place for pair in ends for place in pair]
    path = Path(corners, [Path.MOVETO, Path.LINETO] * len(ends))
    axes.add_artist(
        PathPatch(path, facecolor="none", edgecolor=colour, linewidth=wide, zorder=0, clip_on=False)
    )


def sheet(height: float, zero: float, end: float, most: float) -> Sheet:
    """Make a figure of a height in mm, on which values from nought to `most` stand between two
    places in mm."""
    wide, unit = width(), (end - zero) / most
    figure = Figure(figsize=(wide * MM, height * MM))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-zero / unit, (wide - zero) / unit)
    axes.set_ylim(height, 0)
    return Sheet(axes, zero, unit, most)


def mm_axes(height: float) -> Axes:
    """Make a figure to draw on in mm, as wide as it is wanted, from the top left corner down."""
    return sheet(height, 0, width(), width()).axes
