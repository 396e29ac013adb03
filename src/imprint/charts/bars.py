"""Charts of bars: labelled rows on one axis, panels of them, and a whole cut into its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from imprint.charts.look import GREY, PALETTE, TRACK, canvas, figure_of
from imprint.charts.marks import BAR, LETTER, derived, direct_label, legend, mark, scale

ROW = 11.0
"""Distance between labelled rows in mm."""


def bar_chart(
    rows: Sequence[Mapping[str, Any]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """The commonest figure: labelled rows on one axis, with what the forms of the marks mean."""
    return panel_chart({"": rows}, most, unit)


def panel_chart(
    groups: Mapping[str, Sequence[Mapping[str, Any]]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """Groups of rows under their titles, all on one scale, with one axis at the foot."""
    kinds = {row["kind"] for rows in groups.values() for row in rows}
    head, foot, gap = (8.0 if any(groups) else 1.0), (9.0 if kinds == {"exact"} else 16.0), 9.0
    counts = [len(rows) for rows in groups.values()]
    height = ROW * sum(counts) + head + foot + gap * (len(counts) - 1)
    panels = canvas(height, counts, head, foot, gap)
    reach = 0.0
    for axes, (title, rows) in zip(panels, groups.items(), strict=True):
        reach = max(reach, labelled_rows(axes, rows, most))
        axes.set_title(title)
    for axes in panels:
        axes.set_xlim(0, reach)
        axes.spines["bottom"].set_visible(axes is panels[-1])
        axes.set_xticks([])
    scale(panels[-1], most, unit)
    legend(panels[-1], kinds)
    return figure_of(panels[0])


def labelled_rows(axes: Axes, rows: Sequence[Mapping[str, Any]], most: float = 100) -> float:
    """Draw a row for each mapping: its label and base above, its mark, its wording beside it.

    Returns how far the scale reaches so that the wordings have their room.
    """
    reach = most
    for position, row in enumerate(rows):
        y = -position
        axes.barh(y, most, BAR, color=TRACK, zorder=0)
        end = mark(axes, y, row)
        label = axes.text(0, y + BAR / 2 + 0.09, row["label"], weight="semibold", va="bottom")
        if row.get("base"):
            axes.annotate(
                f"  {row['base']}", (1, 0), xycoords=label, va="bottom", color=GREY, size=9
            )
        direct_label(axes, end, y, row["wording"], most)
        reach = max(reach, end + most * (0.02 + LETTER * len(row["wording"])))
    axes.set_ylim(-len(rows) + 1 - 0.42, 0.72)
    axes.set_xlim(0, reach)
    axes.set_yticks([])
    return reach


def stacked_bar(axes: Axes, rows: Sequence[Mapping[str, Any]], total: float) -> None:
    """One bar cut into the rows' parts, each labelled above; a derived part is hatched."""
    start = 0.0
    for row, colour in zip(rows, cycle(PALETTE), strict=False):
        width = float(row["value"])
        if row["kind"] == "derived":
            derived(axes, 0, start, width)
        else:
            axes.barh(0, width, BAR, left=start, color=colour, edgecolor="white", zorder=2)
        side, edge = ("right", start + width) if start > total / 2 else ("left", start)
        axes.text(edge, 0.42, row["wording"], weight="semibold", ha=side, va="bottom")
        axes.text(edge, 0.24, row["label"], color=GREY, size=9, ha=side, va="bottom")
        start += width
    axes.set_xlim(0, total)
    axes.set_ylim(-0.3, 0.75)
    axes.set_yticks([])
