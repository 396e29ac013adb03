"""Events in their order, with dates in words, on an axis of years that leaves empty ones out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Rectangle

from imprint.charts.look import BLUE, GREY, MUTED, RULE, SMALL, figure_of, is_narrow, tell, width
from imprint.charts.marks import key_height, legend, painted
from imprint.charts.sheet import EDGE, LINE, Sheet, lines, sheet
from imprint.charts.type import text_mm, wrapped

SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
"""First months of spring, summer, autumn and winter, which ISO 8601-2 numbers as months."""
_GAP, _BREAK, _TALL = 1.5, 4.0, 2.8
_MARKS = 0.64
"""Where the marks begin in a wide figure, as a part of its width."""


def timeline(
    groups: Mapping[str, Sequence[Mapping[str, Any]]], meanings: Mapping[str, str]
) -> Figure:
    """Events one below another, under the titles of their groups.

    Rows have `label`, `wording` (the date in words), `start` and, for a period, `end`, as ISO 8601
    dates. A month is a point and a period a bar; a season or a bare year is an open striped box, as
    the day within it is not known; it is drawn from `after` on, where that is known. Years
    without any event are left out, with a mark. In a narrow figure dates stand above their labels,
    and there is no axis. `meanings` are words for the forms.
    """
    rows = [row for it in groups.values() for row in it]
    years = _years(rows)
    marks, dates = width() * _MARKS, max(text_mm(_date(row)) for row in rows) + 4
    labels = width() - 9 if is_narrow() else marks - dates - 4
    broken = [wrapped(row["label"], labels) for row in rows]
    heights = [LINE * (len(it) + is_narrow()) + _GAP for it in broken]
    head = LINE * 1.6 * sum(1 for title in groups if title) + (0 if is_narrow() else 5)
    kinds = {"exact", *(("range",) if any(map(_is_vague, rows)) else ())}
    on = sheet(head + sum(heights) + 1 + key_height(kinds, meanings), 0, width(), width())
    scale = _Scale(years, marks, width() - EDGE, dates)
    y = 0.0
    if not is_narrow():
        y = 5.0
        _draw_years(on, scale, head + sum(heights))
    placed = iter(zip(broken, heights, strict=True))
    for title, found in groups.items():
        if title:
            on.text(EDGE, y + LINE * 1.05, title, size=9.5, weight="semibold")
            y += LINE * 1.6
        for row in found:
            said, height = next(placed)
            _draw_event(on, scale, row, said, y)
            y += height
    legend(on.axes, kinds, meanings)
    return figure_of(on.axes)


@dataclass(frozen=True)
class _Scale:
    """Years side by side between two places in mm; those left out are a break."""

    years: Sequence[int]
    left: float
    right: float
    dates: float
    """Room for dates before labels."""

    @property
    def breaks(self) -> list[int]:
        """The years before which others are left out."""
        return [
            year
            for before, year in zip(self.years, self.years[1:], strict=False)
            if year > before + 1
        ]

    @property
    def unit(self) -> float:
        room = self.right - self.left - _BREAK * len(self.breaks)
        return room / len(self.years)

    def at(self, moment: float) -> float:
        """Where a moment, a year with its part, stands in mm; it lies in a year that is shown."""
        year = int(moment) if int(moment) in self.years else int(moment) - 1
        breaks = sum(1 for it in self.breaks if it <= year)
        return self.left + (self.years.index(year) + moment - year) * self.unit + breaks * _BREAK


def _draw_years(on: Sheet, scale: _Scale, foot: float) -> None:
    begins = {year: scale.at(year) for year in scale.years}
    for year, x in begins.items():
        on.text(x + 0.8, 3.6, str(year), size=SMALL, color=GREY)
    lines(on.axes, [((x, 1.0), (x, foot)) for x in begins.values()], RULE)
    cuts = [begins[year] - _BREAK / 2 + shift for year in scale.breaks for shift in (-0.7, 0.7)]
    lines(on.axes, [((x - 0.5, 4.2), (x + 0.5, 1.4)) for x in cuts], GREY, 0.9)


def _draw_event(
    on: Sheet, scale: _Scale, row: Mapping[str, Any], label: Sequence[str], y: float
) -> None:
    date, weight = _date(row), "semibold" if row.get("accent") else "normal"
    if is_narrow():
        dated, left, first = 8.0, 8.0, y + LINE
        begin, end = EDGE, 5.6
    else:
        dated, left, first = EDGE, scale.dates, y
        begin = scale.at(max(year_of(row["start"]), year_of(row.get("after") or row["start"])))
        end = scale.at(year_of(row.get("end") or row["start"], after=True))
    on.text(dated, y + LINE * 0.75, date, size=SMALL, color=GREY)
    for number, line in enumerate(label):
        on.text(left, first + LINE * (number + 0.75), line, size=SMALL, weight=weight)
    colour = BLUE if row.get("accent", True) else MUTED
    shape = _shape(row, begin, end, y + LINE * 0.45, colour)
    on.axes.add_artist(shape)
    tell(shape, f"{date}: {row['label']}")


def _shape(row: Mapping[str, Any], begin: float, end: float, y: float, colour: str) -> Any:
    if not row.get("end") and not _is_vague(row):
        # A dot stands in the middle of its month.
        at = (begin + end) / 2
        return Ellipse((at, y), _TALL, _TALL, facecolor=colour, edgecolor=colour, zorder=3)
    look = painted("range" if _is_vague(row) else "exact", colour)
    return Rectangle((begin, y - _TALL / 2), end - begin, _TALL, linewidth=0.9, zorder=2, **look)


def _date(row: Mapping[str, Any]) -> str:
    return f"{row['wording']} to {row['until']}" if row.get("until") else str(row["wording"])


def _is_vague(row: Mapping[str, Any]) -> bool:
    """Whether a day is not known to the month."""
    start = row["start"]
    return not row.get("end") and (len(start) == 4 or int(start[5:7]) in SEASONS)


def _years(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The years that events touch, the earliest first."""
    found: set[int] = set()
    for row in rows:
        last = row.get("end") or row["start"]
        found.update(range(int(row["start"][:4]), int(last[:4]) + 1))
    return sorted(found)


def year_of(text: str, after: bool = False) -> float:
    """An ISO 8601 year, season, month or day as a year with its part, at its beginning or just
    after it."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = [*parts, 0, 0][:3]
    if not month:
        return float(year + after)
    if month in SEASONS:
        return year + (SEASONS[month] - 1 + 3 * after) / 12
    if not day:
        return year + (month - 1 + after) / 12
    return year + (month - 1 + (day - 1 + after) / monthrange(year, month)[1]) / 12
