"""Events on an axis of years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from imprint.charts.look import BLUE, TRACK
from imprint.charts.marks import BAR, LETTER, interval, point


def timeline(axes: Axes, rows: Sequence[Mapping[str, Any]], first: int, last: int) -> None:
    """Events one below another: `label`, `start` and, for a period, `end`, as ISO 8601 dates.

    A month is a point, a period a bar; a bare year is an open striped box, as the day within it
    is not known. Labels stand left of their marks where they fit. `first` and `last` are the
    years at the ends of the axis.
    """
    for position, row in enumerate(rows):
        y, start = -position, year_of(row["start"])
        axes.axhline(y, color=TRACK, linewidth=0.8, zorder=0)
        if row.get("end"):
            end = year_of(row["end"], after=True)
            axes.barh(y, end - start, BAR, left=start, color=BLUE, zorder=2)
        elif len(row["start"]) == 4:
            end = interval(axes, y, start, start + 1)
        else:
            end = (start + year_of(row["start"], after=True)) / 2
            point(axes, end, y)
        room = (start - first) / (last - first) < 0.02 + LETTER * 0.64 * len(row["label"])
        axes.annotate(
            row["label"], (end if room else start, y), (6 if room else -6, 0),
            textcoords="offset points", ha="left" if room else "right", va="center", size=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2}, zorder=1,
        )  # fmt: skip
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_xlim(first, last)
    axes.set_yticks([])
    years = range(first, last + 1)
    for tick in axes.set_xticks(years, [str(year) for year in years[:-1]] + [""]):
        tick.label1.set_horizontalalignment("left")


def year_of(text: str, after: bool = False) -> float:
    """An ISO 8601 year, month or day as a year with its part, at its beginning or just after it."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = [*parts, 0, 0][:3]
    if not month:
        return float(year + after)
    if not day:
        return year + (month - 1 + after) / 12
    return year + (month - 1 + (day - 1 + after) / monthrange(year, month)[1]) / 12
