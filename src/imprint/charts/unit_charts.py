"""Charts of things counted: one square for one work, recommendation or example.

A square is solid where the count is the source's and hatched where it was made for the report,
as with bars. Positions are in mm from the top left corner of the figure, with y
growing downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from imprint.charts.look import BLUE, GREY, RULE, WIDTH, figure_of, mm_axes

SIDE, STEP = 3.3, 4.3
"""Side of a square, and the distance from one to the next."""
LINE = 5.4
"""Usual distance between the rows of a matrix."""
_EDGE = 0.6
LOOK: Mapping[str, Mapping[str, Any]] = {
    "exact": {"facecolor": BLUE, "edgecolor": BLUE},
    "range": {"facecolor": "white", "edgecolor": BLUE, "hatch": "////"},
    "derived": {"facecolor": "white", "edgecolor": GREY, "hatch": "xxxx"},
}


def in_line(header: str) -> str:
    """A header as it reads inside a sentence."""
    return header.replace("-\n", "").replace("\n", " ").lower()


def box(axes: Axes, x: float, y: float, width: float, height: float, kind: str) -> None:
    """Draw a box with its top left corner at x, y in the form of its kind."""
    axes.add_artist(Rectangle((x, y), width, height, linewidth=0.9, zorder=2, **LOOK[kind]))


def squares(axes: Axes, x: float, y: float, count: int, kind: str, deep: int = 1) -> float:
    """Draw squares in columns of `deep`, from x rightwards and y downwards; returns their end."""
    for number in range(count):
        column, line = divmod(number, deep)
        box(axes, x + column * STEP, y + line * STEP, SIDE, SIDE, kind)
    columns = -(-count // deep)
    return x + max(columns * STEP - (STEP - SIDE), 0)


def matrix(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    left: float,
    foot: float = 1,
    line: float = LINE,
    counted: bool = False,
) -> Figure:
    """A table in which numbers are as many squares and text is text.

    Each row has a `label`, optionally a `kind` for its squares, and a cell for each column. Rows
    stand `line` mm apart, under a heading wherever their `group` changes. `columns` maps the cells
    to their headers; `left` is the room for the labels in mm, and `foot` that for a legend. With
    `counted` the number stands beside its squares. A row with `total` set is bold, below a line.
    """
    tallest = max(header.count("\n") + 1 for header in columns.values())
    head = 3 + 3.7 * tallest
    headings = [row.get("group") or "" for row in rows]
    breaks = [bool(name) and name != before for before, name in pairwise(["", *headings])]
    axes = mm_axes(head + line * (len(rows) + sum(breaks)) + 1 + foot)
    places = {
        column: left + number * (WIDTH - left) / len(columns)
        for number, column in enumerate(columns)
    }
    for column, x in places.items():
        axes.text(x, head - 2, columns[column], color=GREY, size=9, linespacing=1.05)
    y = head
    for row, heading, opens in zip(rows, headings, breaks, strict=True):
        if opens:
            axes.text(_EDGE, y + line * 0.6, heading, weight="semibold", va="center")
            y += line
        total = bool(row.get("total"))
        axes.plot([_EDGE, WIDTH - _EDGE], [y, y], color=GREY if total else RULE, linewidth=0.6)
        weight = "semibold" if total else "normal"
        axes.text(_EDGE, y + line / 2, row["label"], size=9, weight=weight, va="center_baseline")
        for column, x in places.items():
            cell = row.get(column, "")
            if isinstance(cell, int):
                end = squares(axes, x, y + (line - SIDE) / 2, cell, row.get("kind", "exact"))
                x, cell = end + 1.5, cell if counted else ""
            if cell != "":
                axes.text(x, y + line / 2, str(cell), size=9, weight=weight, va="center_baseline")
        y += line
    return figure_of(axes)
