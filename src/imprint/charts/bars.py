"""Charts of bars: labelled rows on one scale, and groups of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from imprint.charts.look import BLUE, GREY, MUTED, RULE, SMALL, TRACK, figure_of, is_narrow, width
from imprint.charts.marks import forms_of, has_interval, key_height, legend, mark
from imprint.charts.sheet import EDGE, LINE, Sheet, lines, sheet
from imprint.charts.type import text_mm, wrapped

BAR_MM, GAP_MM = 4.6, 3.6
"""Height of a bar, and room between rows."""
LABELS = 0.42
"""Part of a wide figure that labels take."""
_SPACE = 1.6
_SIZE = 9.5


def bar_chart(
    rows: Sequence[Mapping[str, Any]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """The commonest figure: labelled rows on one axis, with what the forms of the marks mean."""
    return panel_chart({"": rows}, most, unit)


def panel_chart(
    groups: Mapping[str, Sequence[Mapping[str, Any]]], most: float = 100, unit: str = "per cent"
) -> Figure:
    """Groups of rows under their titles, all on one scale, with one axis at the foot.

    Where rows have `accent` set, they alone are blue and the others grey.
    """
    has_accent = any(row.get("accent") for rows in groups.values() for row in rows)
    parts = [
        part for title, rows in groups.items() for part in group_parts(title, rows, has_accent)
    ]
    every = [part.row for part in parts if part.row]
    kinds = forms_of(every)
    height = sum(part.height for part in parts) + 6.5 + key_height(kinds)
    on = sheet(height, *scale_room(every, most), most)
    top = draw_parts(on, parts)
    axis(on, top, unit)
    legend(on.axes, kinds)
    return figure_of(on.axes)


@dataclass(frozen=True)
class BarPart:
    """A group's title, or a row with its label."""

    lines: tuple[str, ...]
    base: tuple[str, ...] = ()
    row: Mapping[str, Any] | None = None
    colour: str = BLUE

    @property
    def text_height(self) -> float:
        return LINE * (len(self.lines) + len(self.base))

    @property
    def height(self) -> float:
        """In mm."""
        if not self.row:
            return self.text_height + 2.4
        if is_narrow():
            return self.text_height + BAR_MM + GAP_MM
        return max(self.text_height, BAR_MM) + GAP_MM


def group_parts(
    title: str, rows: Sequence[Mapping[str, Any]], has_accent: bool = True
) -> Iterator[BarPart]:
    """A group's title, where it has one, and its rows, their labels broken into lines that fit
    beside or above the bars. With `has_accent`, rows without `accent` are grey."""
    if title:
        yield BarPart(tuple(wrapped(title, width() - 2, _SIZE, "semibold")))
    room = width() - 2 if is_narrow() else width() * LABELS - 4
    for row in rows:
        colour = BLUE if row.get("accent") or not has_accent else MUTED
        base = tuple(wrapped(row["base"], room)) if row.get("base") else ()
        yield BarPart(tuple(wrapped(row["label"], room, _SIZE, _weight(row))), base, row, colour)


def scale_room(rows: Sequence[Mapping[str, Any]], most: float) -> tuple[float, float]:
    """Where nought and `most` stand in mm, so that every wording has its room beside its mark."""
    zero = EDGE if is_narrow() else width() * LABELS
    room = width() - EDGE - zero
    unit = room / most
    for row in rows:
        words = text_mm(row["wording"], _SIZE, "semibold") + _SPACE
        if not _is_before(row, words, unit, most):
            unit = min(unit, (room - words) / max(_end(row), most / 100))
    return zero, zero + unit * most


def draw_parts(on: Sheet, parts: Sequence[BarPart], top: float = 0.0) -> float:
    """Draw titles and rows one below another, from `top` mm down; returns where they end."""
    for part in parts:
        _draw_part(on, part, top)
        top += part.height
    return top


def axis(on: Sheet, top: float, unit: str, steps: int = 4) -> None:
    """Number the scale below the rows from nought to its end, the unit once."""
    ticks = [on.most * step / steps for step in range(steps + 1)]
    marks = [((value, top), (value, top + 1.2)) for value in ticks]
    lines(on.axes, [((0, top), (on.most, top)), *marks], RULE)
    for step, value in enumerate(ticks):
        side = "left" if step == 0 else "right" if step == steps else "center"
        said = f"{value:g} {unit}" if step == steps else f"{value:g}"
        on.axes.text(
            value, top + 4.4, said, size=SMALL, color=GREY, ha=side, va="baseline", label="tick"
        )


def _draw_part(on: Sheet, part: BarPart, top: float) -> None:
    row, axes = part.row, on.axes
    if row is None:
        for number, line in enumerate(part.lines):
            on.text(EDGE, top + LINE * (number + 0.75), line, size=_SIZE, weight="semibold")
        return
    block = part.height - GAP_MM
    middle = top + (block - BAR_MM / 2 if is_narrow() else block / 2)
    first = top if is_narrow() else middle - part.text_height / 2
    for number, line in enumerate([*part.lines, *part.base]):
        is_base = number >= len(part.lines)
        on.text(
            EDGE, first + LINE * (number + 0.75), line, size=SMALL if is_base else _SIZE,
            color=GREY if is_base else None, weight=_weight(row) if not is_base else "normal",
        )  # fmt: skip
    track = Rectangle((0, middle - BAR_MM / 2), on.most, BAR_MM, color=TRACK, linewidth=0, zorder=0)
    axes.add_artist(track)
    end = mark(axes, middle, row, part.colour, BAR_MM)
    words = text_mm(row["wording"], _SIZE, "semibold") + _SPACE
    is_before = _is_before(row, words, on.unit, on.most)
    x, side = (row["low"], "right") if is_before else (end, "left")
    shift = -_SPACE if is_before else _SPACE
    axes.text(
        x + shift / on.unit, middle, row["wording"], size=_SIZE, weight="semibold", ha=side,
        va="center_baseline", zorder=4,
    )  # fmt: skip


def _is_before(row: Mapping[str, Any], words: float, unit: float, most: float) -> bool:
    """Whether a wording stands left of a box that reaches to the end of the scale."""
    return _end(row) == most and (row.get("low") or 0) * unit > words + 1


def _end(row: Mapping[str, Any]) -> float:
    if row["kind"] == "range":
        return float(row["high"] if row["high"] is not None else row["low"])
    return float(max(row["value"], row["ci_high"]) if has_interval(row) else row["value"])


def _weight(row: Mapping[str, Any]) -> str:
    return "semibold" if row.get("accent") else "normal"
