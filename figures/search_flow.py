"""How the review found its sources; only the counts that exist."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from imprint.author.calls import figure_rows, stat
from imprint.charts import GREY, INK, WIDTH, box, figure_of, legend, mm_axes

STEPS = {
    "martin-databases": ("Strand 1", "research databases"),
    "martin-websites": ("Strand 2", "national websites, and those of local authorities"),
    "martin-key-contacts": ("Strand 3", "of key contacts"),
    "martin-sources-included": ("Included in the review", "sources"),
}
EARLIER = {"step": "Scoping study", "said": "documents of the earlier search", "kind": ""}
JUDGED = {"step": "Put together, and judged for relevance", "said": "numbers not told", "kind": ""}
GAP, STRIP = 4.0, 2.6
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
    axes = mm_axes(75)
    *strands, included = rows
    width = (WIDTH - 3 * GAP - 1.4) / 4
    for number, row in enumerate([EARLIER, *strands]):
        x = 0.7 + number * (width + GAP)
        _step(axes, row, x, 1, width, 19)
        _arrow(axes, x + width / 2, 20)
    _step(axes, JUDGED, 0.7, 29, WIDTH - 1.4, 13)
    _arrow(axes, WIDTH / 2, 42)
    _step(axes, included, WIDTH / 2 - width, 51, 2 * width, 13)
    legend(axes, [row["kind"] for row in rows], SAID)
    return figure_of(axes)


def _step(axes: Axes, row: dict[str, Any], x: float, y: float, width: float, height: float) -> None:
    axes.add_patch(Rectangle((x, y), width, height, facecolor="none", edgecolor=GREY))
    if row["kind"]:
        box(axes, x, y, STRIP, height, row["kind"])
    axes.text(x + STRIP + 1.8, y + 5, row["step"], weight="semibold")
    said = fill(row["said"], int(width / 1.65))
    axes.text(x + STRIP + 1.8, y + 6.4, said, size=9, va="top", linespacing=1.15)


def _arrow(axes: Axes, x: float, y: float) -> None:
    axes.annotate("", (x, y + 8.6), (x, y + 0.4), arrowprops={"arrowstyle": "-|>", "color": INK})


def caption(rows: list[dict[str, Any]]) -> str:
    """The counts there are, and that there are no others."""
    said = (
        "How the review found and chose its sources; it gives no numbers between search and result"
    )
    entries = f"Its reference list has {stat('martin-references')} entries by our count"
    return f"{said}. {entries}. Source: the review [@{rows[0]['source']}]"


def alt(rows: list[dict[str, Any]]) -> str:
    """The steps with their counts."""
    *strands, included = [f"{row['step']}: {row['said']}" for row in rows]
    pooled = "together with those of the scoping study they were judged for relevance, uncounted"
    return f"Flow diagram. Documents came from {'; '.join(strands)}; {pooled}. {included}."
