"""The marks that figures are made of: one form for each kind of number.

An exact value is a solid bar or point. A vague wording is an open striped box over all it allows.
A number that the report works out is hatched. The three differ in form, not in colour alone.

Rows are mappings as `figure_rows` gives them: `label`, `kind` (exact, range, derived), `value`,
`low`, `high`, `wording`, and where wanted `base`, who or what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from imprint.charts.look import BLUE, GREY, MM, figure_of, own_key

BAR = 0.34
"""Height of a bar, where the distance between rows is 1."""
LETTER = 0.0135
"""Room for a letter of a direct label, as part of the width."""
MEANINGS = {
    "exact": "as reported",
    "range": "reported as a range or in words: lies within the box",
    "derived": "worked out for this report",
}
"""What each form means, as legends say it; a report sets words of its own with `figure-key:`."""


def mark(axes: Axes, y: float, row: Mapping[str, Any], colour: str = BLUE) -> float:
    """Draw a row's bar in the form its kind demands; returns where it ends."""
    if row["kind"] == "range" and row["low"] is not None:
        high = row["high"] if row["high"] is not None else row["low"]
        return interval(axes, y, row["low"], high, colour)
    if row["kind"] == "derived":
        return derived(axes, y, 0, row["value"])
    axes.barh(y, row["value"], BAR, color=colour, zorder=2)
    return float(row["value"])


def interval(axes: Axes, y: float, low: float, high: float, colour: str = BLUE) -> float:
    """A vague wording: an open striped box over the values it allows; returns its end."""
    axes.add_patch(_box(low, y, high - low, facecolor="white", edgecolor=colour, hatch="////"))
    return high


def derived(axes: Axes, y: float, start: float, width: float) -> float:
    """A number that the report works out: a grey hatched box; returns its end."""
    axes.add_patch(_box(start, y, width, facecolor="white", edgecolor=GREY, hatch="xxxx"))
    return start + width


def point(axes: Axes, x: float, y: float, colour: str = BLUE) -> None:
    """An exact value on a scale that does not begin at nought."""
    axes.plot(x, y, "o", color=colour, markersize=6.5, zorder=3, clip_on=False)


def direct_label(axes: Axes, x: float, y: float, text: str, most: float = 100) -> None:
    """Write a direct label to the right of a mark that ends at x."""
    axes.text(x + most * 0.012, y, text, va="center", ha="left", weight="semibold", zorder=4)


def scale(axes: Axes, most: float = 100, unit: str = "per cent", steps: int = 4) -> None:
    """Number the axis below the rows from nought to `most`, the unit once, at its end."""
    ticks = [most * step / steps for step in range(steps + 1)]
    labels = [f"{tick:g}" for tick in ticks]
    labels[-1] += f" {unit}"
    shown = axes.set_xticks(ticks, labels)
    shown[0].label1.set_horizontalalignment("left")
    shown[-1].label1.set_horizontalalignment("right")
    axes.spines["bottom"].set_bounds(0, most)


def legend(axes: Axes, kinds: Iterable[str], meanings: Mapping[str, str] | None = None) -> None:
    """Say below the figure what the forms mean; a figure of exact values needs no such line.

    `meanings` are words of this figure's own for some of the forms.
    """
    words = {**MEANINGS, **own_key(), **(meanings or {})}
    present = [kind for kind in MEANINGS if kind in set(kinds)]
    if present in ([], ["exact"]):
        return
    handles = [
        Patch(facecolor=BLUE if kind == "exact" else "white", edgecolor=edge, hatch=hatch)
        for kind, edge, hatch in (
            ("exact", BLUE, None), ("range", BLUE, "////"), ("derived", GREY, "xxxx"),
        )
        if kind in present
    ]  # fmt: skip
    figure = figure_of(axes)
    height = figure.get_size_inches()[1] / MM
    figure.legend(
        handles, [words[kind] for kind in present], loc="lower left",
        bbox_to_anchor=(0.006, 1 / height), ncols=len(present), borderpad=0, borderaxespad=0,
        handlelength=1.6, handleheight=0.9, columnspacing=1.8, labelcolor=GREY,
    )  # fmt: skip


def _box(x: float, y: float, width: float, **look: Any) -> Rectangle:
    return Rectangle((x, y - BAR / 2), width, BAR, linewidth=1.0, zorder=2, clip_on=False, **look)
