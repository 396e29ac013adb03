"""Charts of things counted: one square for one work, recommendation or example.

A square is solid where the count is the source's and hatched where it was made for the report,
as with bars. Positions are in mm from the top left corner of the figure, with y
growing downwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from imprint.charts.look import BLUE, GREY, MUTED, RULE, SMALL, figure_of, is_narrow, tell, width
from imprint.charts.marks import LOOK, painted
from imprint.charts.sheet import EDGE, lines, mm_axes
from imprint.charts.sheet import LINE as TEXT_LINE
from imprint.charts.type import text_mm, wrapped

SIDE, STEP = 3.3, 4.3
"""Side of a square, and the distance from one to the next."""
LINE = 5.4
"""Usual distance between the rows of a matrix."""
_COLUMN = 5.8
"""Least width of a column."""


def in_line(header: str) -> str:
    """A header as it reads inside a sentence."""
    return _on_one_line(header).lower()


def _on_one_line(header: str) -> str:
    return header.replace("-\n", "").replace("\n", " ")


def box(axes: Axes, x: float, y: float, size: tuple[float, float], kind: str) -> Rectangle:
    """Draw a box of a width and height with its top left corner at x, y in the form of its kind."""
    shape = Rectangle((x, y), *size, linewidth=0.9, zorder=2, **LOOK[kind])
    axes.add_artist(shape)
    return shape


@dataclass(frozen=True)
class UnitBlock:
    """Squares, and where they end on the right."""

    end: float
    shape: PathPatch | None
    """All of them as one mark; None where nothing was counted."""


def squares(
    axes: Axes, place: tuple[float, float], count: int, kind: str, deep: int = 1, colour: str = BLUE
) -> UnitBlock:
    """Draw squares in columns of `deep`, from a place rightwards and downwards."""
    x, y = place
    if not count:
        return UnitBlock(x, None)
    corners = []
    for number in range(count):
        column, line = divmod(number, deep)
        left, top = x + column * STEP, y + line * STEP
        right, foot = left + SIDE, top + SIDE
        corners += [(left, top), (right, top), (right, foot), (left, foot), (left, top)]
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * count
    shape = PathPatch(Path(corners, codes), linewidth=0.9, zorder=2, **painted(kind, colour))
    axes.add_artist(shape)
    return UnitBlock(x + (ceil(count / deep) - 1) * STEP + SIDE, shape)


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
    to their headers; `left` is the room for the labels in mm, and `foot` that for a key. With
    `counted` the number stands beside its squares. A row with `total` set is bold, below a line;
    where rows have `accent` set, they alone are blue and the others grey. In a narrow figure labels
    break, headers stand upright and squares stand below each other as far as they must.
    """
    grid = _Grid(rows, columns, left, line, counted)
    headings = [row.get("group") or "" for row in rows]
    breaks = [bool(name) and name != before for before, name in pairwise(["", *headings])]
    heights = [grid.height(row) for row in rows]
    axes = mm_axes(grid.head + sum(heights) + line * sum(breaks) + 1 + foot)
    grid.headers(axes)
    y = grid.head
    rules: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = defaultdict(list)
    for row, heading, opens, height in zip(rows, headings, breaks, heights, strict=True):
        if opens:
            axes.text(EDGE, y + line * 0.6, heading, weight="semibold", va="center")
            y += line
        total = bool(row.get("total"))
        rules[GREY if total else RULE].append(((EDGE, y), (width() - EDGE, y)))
        grid.draw(axes, row, y, height)
        y += height
    for colour, ends in rules.items():
        lines(axes, ends, colour)
    return figure_of(axes)


class _Grid:
    """Where the cells of a matrix stand."""

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        columns: Mapping[str, str],
        left: float,
        line: float,
        counted: bool,
    ) -> None:
        self.columns, self.line, self.counted = columns, line, counted
        if is_narrow():
            longest = max(text_mm(str(row["label"]), SMALL, "semibold") for row in rows)
            left = min(width() - EDGE - _COLUMN * len(columns), longest + 3)
        self.left = left
        self.pitch = (width() - EDGE - left) / len(columns)
        self.has_accent = any(row.get("accent") for row in rows)
        cells = [row.get(column) for row in rows for column in columns]
        self.is_map = all(cell in (0, 1) for cell in cells if isinstance(cell, int))
        said = list(map(_on_one_line, columns.values()))
        self.upright = is_narrow() and max(map(text_mm, said)) > self.pitch - 1
        tallest = max(header.count("\n") + 1 for header in columns.values())
        self.head = max(map(text_mm, said)) + 3 if self.upright else 3 + 3.7 * tallest

    def place(self, number: int) -> float:
        return self.left + number * self.pitch

    def deep(self, count: int) -> int:
        """How many squares stand below each other."""
        room = self.pitch - (5.5 if self.counted else 0)
        return max(1, ceil(count / max(1, int((room + STEP - SIDE) / STEP)))) if count else 1

    def label(self, row: Mapping[str, Any]) -> list[str]:
        return wrapped(str(row["label"]), self.left - 1.5, SMALL, _weight(row))

    def height(self, row: Mapping[str, Any]) -> float:
        """Of a row in mm."""
        counts = [row.get(column) for column in self.columns]
        deepest = max(self.deep(count) if isinstance(count, int) else 1 for count in counts)
        text = TEXT_LINE * (len(self.label(row)) - 1)
        return self.line + max(text, STEP * (deepest - 1))

    def headers(self, axes: Axes) -> None:
        for number, header in enumerate(self.columns.values()):
            x = self.place(number)
            if self.upright:
                axes.text(
                    x + SIDE / 2, self.head - 1.6, _on_one_line(header), color=GREY, size=SMALL,
                    rotation=90, ha="center", va="bottom",
                )  # fmt: skip
            else:
                axes.text(x, self.head - 2, header, color=GREY, size=SMALL, linespacing=1.05)

    def draw(self, axes: Axes, row: Mapping[str, Any], y: float, height: float) -> None:
        label = self.label(row)
        look: dict[str, Any] = {"size": SMALL, "weight": _weight(row), "va": "center_baseline"}
        first = y + (height - TEXT_LINE * (len(label) - 1)) / 2
        for number, line in enumerate(label):
            axes.text(EDGE, first + TEXT_LINE * number, line, **look)
        colour = BLUE if row.get("accent") or not self.has_accent else MUTED
        for number, (column, header) in enumerate(self.columns.items()):
            cell, x = row.get(column, ""), self.place(number)
            if isinstance(cell, int):
                deep = self.deep(cell)
                top = y + (height - STEP * (min(deep, max(cell, 1)) - 1) - SIDE) / 2
                block = squares(axes, (x, top), cell, row.get("kind", "exact"), deep, colour)
                if block.shape:
                    count = "" if self.is_map else f": {cell}"
                    tell(block.shape, f"{row['label']}, {in_line(header)}{count}")
                x, cell = block.end + 1.5, cell if self.counted else ""
            if cell != "":
                axes.text(x, y + height / 2, str(cell), **look)


def _weight(row: Mapping[str, Any]) -> str:
    return "semibold" if row.get("total") or row.get("accent") else "normal"
