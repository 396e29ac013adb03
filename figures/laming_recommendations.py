"""Lord Laming's recommendations of 2009, by subject; two sources are combined."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows, stat
from imprint.charts import (
    EDGE,
    GREY,
    SIDE,
    STEP,
    figure_of,
    is_narrow,
    key_height,
    legend,
    mm_axes,
    said_of,
    squares,
    tell,
)

PARTS = {
    "waterman-capacity-recommendations": "on staff capacity",
    "waterman-other-recommendations": "on other subjects",
    "laming-recommendations": "recommendations in all",
    "laming-recommendations-accepted": "accepted by the Government",
}


def rows() -> list[dict[str, Any]]:
    """The part, what is left, the whole, and how much of it was accepted."""
    return figure_rows(PARTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each recommendation, a line under all that were accepted."""
    *parts, whole, accepted = rows
    deep = 5 if is_narrow() else 2
    kinds = [row["kind"] for row in rows]
    axes = mm_axes((25 if is_narrow() else 20) + deep * STEP + key_height(kinds))
    start = end = EDGE
    for row in parts:
        axes.text(start, 4, row["wording"], weight="semibold")
        axes.text(start, 8, row["label"], color=GREY, size=9)
        block = squares(axes, (start, 10), int(row["value"]), row["kind"], deep)
        if block.shape:
            tell(block.shape, said_of(row))
        end = block.end
        start = max(end, start + 16) + 2 * STEP
    below = 10 + deep * STEP + SIDE / 2
    axes.plot(
        [EDGE, EDGE, end, end], [below - 1, below, below, below - 1], color=GREY, linewidth=0.8
    )
    said = [f"{row['wording']} {row['label']}" for row in (whole, accepted)]
    for number, line in enumerate(said if is_narrow() else [" · ".join(said)]):
        axes.text(EDGE, below + 4.5 * (number + 1), line, weight="semibold", size=9)
    legend(axes, kinds)
    return figure_of(axes)


def title(rows: list[dict[str, Any]]) -> str:
    """The part on capacity, and the whole."""
    part, _, whole, _ = rows
    return (
        f"{stat(part['id'], 'sentence')} of Lord Laming’s {stat(whole['id'])} recommendations have "
        "to do with staff capacity."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """Where the numbers come from, and that two sources are combined."""
    capacity, _, whole, _ = rows
    return (
        "Recommendations of Lord Laming's review of March 2009, one square for each. "
        "Different sources are combined: the number on staff capacity is Waterman's "
        f"[@{capacity['source']}], as the literature review has it; the total and its acceptance "
        f"stand in the summary of council developments [@{whole['source']}]. "
        "The rest was worked out for this edition."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The parts, the whole and the acceptance."""
    capacity, rest, whole, accepted = rows
    return (
        f"Waffle chart of {whole['wording']} {whole['label']}: {capacity['wording']} "
        f"{capacity['label']} and, by subtraction, {rest['wording']} {rest['label']}; "
        f"{accepted['wording']} were {accepted['label']}."
    )
