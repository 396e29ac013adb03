"""How the review found its sources; only the counts that exist."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from imprint.author.calls import figure_rows, stat
from imprint.charts import (
    EDGE,
    GREY,
    INK,
    LINE,
    box,
    figure_of,
    is_narrow,
    key_height,
    legend,
    mm_axes,
    said_of,
    tell,
    width,
    wrapped,
)

STEPS = {
    "martin-databases": ("Strand 1", "research databases"),
    "martin-websites": ("Strand 2", "national websites, and those of local authorities"),
    "martin-key-contacts": ("Strand 3", "of key contacts"),
    "martin-sources-included": ("Included in the review", "sources"),
}
EARLIER = {"step": "Scoping study", "said": "documents of the earlier search", "kind": ""}
JUDGED = {"step": "Put together, and judged for relevance", "said": "numbers not told", "kind": ""}
GAP, STRIP, ARROW = 4.0, 2.6, 9.0
SAID = {"derived": "counted for this edition", "range": "reported in words"}


def rows() -> list[dict[str, Any]]:
    """The counts of the three strands and of what was included."""
    found = figure_rows({id: label for id, (_, label) in STEPS.items()})
    return [
        {**row, "step": STEPS[row["id"]][0], "said": f"{row['wording']} {row['label']}"}
        for row in found
    ]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """Where documents came from, above; what became of them, below."""
    *strands, included = rows
    kinds = [row["kind"] for row in rows]
    begun = [EARLIER, *strands]
    across = 1 if is_narrow() else len(begun)
    room = (width() - 2 * EDGE - GAP * (across - 1)) / across
    high = 14.0 if is_narrow() else 21.0
    first = (high + 2) * len(begun) - 2 if is_narrow() else high
    axes = mm_axes(first + 2 * (ARROW + 13) + 3 + key_height(kinds, SAID))
    for number, row in enumerate(begun):
        x, y = EDGE, 1.0
        if is_narrow():
            y += number * (high + 2)
        else:
            x += number * (room + GAP)
            _arrow(axes, x + room / 2, first + 1)
        _step(axes, row, (x, y), (room, high))
    if is_narrow():
        _arrow(axes, width() / 2, first + 1)
    y = 1 + first + ARROW
    _step(axes, JUDGED, (EDGE, y), (width() - 2 * EDGE, 13))
    _arrow(axes, width() / 2, y + 13)
    half = (width() - 2 * EDGE) / (1 if is_narrow() else 2)
    _step(axes, included, ((width() - half) / 2, y + 13 + ARROW), (half, 13))
    legend(axes, kinds, SAID)
    return figure_of(axes)


def _step(
    axes: Axes, row: dict[str, Any], place: tuple[float, float], size: tuple[float, float]
) -> None:
    (x, y), (room, high) = place, size
    axes.add_patch(Rectangle(place, room, high, facecolor="none", edgecolor=GREY))
    if row["kind"]:
        strip = box(axes, x, y, (STRIP, high), row["kind"])
        tell(strip, said_of({**row, "label": row["step"], "wording": row["said"]}))
    left = x + STRIP + 1.8
    axes.text(left, y + 5, row["step"], weight="semibold")
    for number, line in enumerate(wrapped(row["said"], room - STRIP - 3)):
        axes.text(left, y + 9.4 + LINE * number, line, size=9)


def _arrow(axes: Axes, x: float, y: float) -> None:
    axes.annotate("", (x, y + 8.6), (x, y + 0.4), arrowprops={"arrowstyle": "-|>", "color": INK})


def title(rows: list[dict[str, Any]]) -> str:
    """What the search ended in."""
    return (
        f"The search ended in {stat(rows[-1]['id'])} sources; how many documents it found and set "
        "aside is not told."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The counts there are, and that there are no others."""
    said = (
        "How the review found and chose its sources; it gives no numbers between search and result"
    )
    entries = f"Its reference list has {stat('martin-references')} entries by our count"
    return f"{said}. {entries}. Source: the review [@{rows[0]['source']}]."


def alt(rows: list[dict[str, Any]]) -> str:
    """The steps with their counts."""
    *strands, included = [f"{row['step']}: {row['said']}" for row in rows]
    pooled = "together with those of the scoping study they were judged for relevance, uncounted"
    return f"Flow diagram. Documents came from {'; '.join(strands)}; {pooled}. {included}."
