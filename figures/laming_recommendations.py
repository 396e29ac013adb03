"""Lord Laming's recommendations of 2009, by subject; two sources are combined."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import GREY, SIDE, STEP, figure_of, legend, mm_axes, squares

PARTS = {
    "waterman-capacity-recommendations": "on staff capacity",
    "waterman-other-recommendations": "on other subjects",
    "laming-recommendations": "recommendations in all",
    "laming-recommendations-accepted": "accepted by the Government",
}
DEEP = 2


def rows() -> list[dict[str, Any]]:
    """The part, what is left, the whole, and how much of it was accepted."""
    return figure_rows(PARTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each recommendation, a line under all that were accepted."""
    *parts, whole, accepted = rows
    axes = mm_axes(38)
    start = end = 0.7
    for row in parts:
        axes.text(start, 5, row["wording"], weight="semibold")
        axes.text(start, 9, row["label"], color=GREY, size=9)
        end = squares(axes, start, 11, int(row["value"]), row["kind"], DEEP)
        start = end + 2 * STEP
    below = 11 + DEEP * STEP + SIDE / 2
    axes.plot([0.7, 0.7, end, end], [below - 1, below, below, below - 1], color=GREY, linewidth=0.8)
    said = " · ".join(f"{row['wording']} {row['label']}" for row in (whole, accepted))
    axes.text(0.7, below + 4.5, said, weight="semibold")
    legend(axes, [row["kind"] for row in rows])
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """Where the numbers come from, and that two sources are combined."""
    capacity, _, whole, _ = rows
    return (
        "Recommendations of Lord Laming's review of March 2009, one square for each. "
        "Different sources are combined: the number on staff capacity is Waterman's "
        f"[@{capacity['source']}], as the literature review has it; the total and its acceptance "
        f"stand in the summary of council developments [@{whole['source']}]. "
        "The rest was worked out for this edition"
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The parts, the whole and the acceptance."""
    capacity, rest, whole, accepted = rows
    return (
        f"Waffle chart of {whole['wording']} {whole['label']}: {capacity['wording']} "
        f"{capacity['label']} and, by subtraction, {rest['wording']} {rest['label']}; "
        f"{accepted['wording']} were {accepted['label']}."
    )
