"""How long health reviews of individual cases took (CQC, 2009)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint import charts
from imprint.author.calls import figure_rows, statistic
from imprint.author.wording import words
from imprint.charts import GREY, INK, canvas, figure_of, interval, legend, scale

PARTS = {
    "cqc-reviews-on-time": words(statistic("cqc-reviews-months")),
    "cqc-reviews-rest": "any other time",
    "cqc-reviews-late": f"more than {words(statistic('cqc-reviews-target'))}",
}
TARGET = {"cqc-reviews-target": "national target for an LSCB’s composite report"}


# allow figure-has-one-unit: the target is written beside the bar, not drawn to its scale
def rows() -> list[dict[str, Any]]:
    """The parts that are reported, what is left between them, and the target."""
    return figure_rows({**PARTS, **TARGET})


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar; a bracket shows where the border between the last two parts may lie."""
    early, rest, late, target = rows
    axes = canvas(51)[0]
    charts.mark(axes, 0, early)
    charts.derived(axes, 0, early["value"], rest["low"])
    first, last = 100 - late["high"], 100 - late["low"]
    interval(axes, 0, first, 100)
    for x, side, y, row in (
        (0, "left", 0.24, early), (100, "right", 0.24, late), (first - 1, "right", -0.58, rest),
    ):  # fmt: skip
        axes.text(x, y + 0.19, row["wording"], weight="semibold", ha=side, va="bottom")
        axes.text(x, y, row["label"], color=GREY, size=9, ha=side, va="bottom")
    border = (first + last) / 2
    axes.plot([first, first, last, last], [-0.24, -0.29, -0.29, -0.24], color=INK, linewidth=0.8)
    axes.plot([border, border], [-0.29, -0.7], color=INK, linewidth=0.8)
    said = f"{target['wording']}: {target['label']}"
    axes.text(border + 1, -0.73, said, size=9, ha="right", va="top")
    axes.set_xlim(0, 100)
    axes.set_ylim(-1.02, 0.7)
    axes.set_yticks([])
    scale(axes)
    begins = "reported in words: begins within the bracket"
    legend(axes, [row["kind"] for row in (early, rest, late)], {"range": begins})
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """The base, the source, what was worked out and what the target is meant for."""
    return (
        "Time in which health reviews of individual cases were completed and signed off, as a "
        "share of all such reviews. The middle part is what is left of the whole: this edition "
        "worked it out, and the report does not state it. The target is meant for the composite "
        "report of a local safeguarding children board (LSCB), not for a single review. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The parts and the target."""
    *parts, target = rows
    listed = "; ".join(f"{row['label']}, {row['wording']}" for row in parts)
    return (
        f"Single stacked bar of the time that reviews took: {listed}. The middle part is worked "
        f"out by subtraction. A line marks the {target['label']}, {target['wording']}."
    )
