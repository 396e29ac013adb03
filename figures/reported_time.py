"""Working time that frontline staff reported (Holmes et al., 2010)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import canvas, figure_of, legend, scale, stacked_bar

PARTS = {
    "holmes-reported-time": "information, liaison, case discussion, travel and paperwork",
    "holmes-other-time": "not described",
}


def rows() -> list[dict[str, Any]]:
    """The time that the study describes, and what is left of the whole."""
    return figure_rows(PARTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for all the time reported."""
    axes = canvas(37)[0]
    stacked_bar(axes, rows, 100)
    scale(axes)
    legend(axes, [row["kind"] for row in rows])
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """The base, the source and what was worked out."""
    return (
        "Working time reported by frontline staff, as a share of all the time they reported. "
        "The smaller part is what is left of the whole: "
        "this edition worked it out, and the literature review does not say what it is. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """Both parts."""
    named, rest = rows
    return (
        f"Single stacked bar of reported working time: {named['wording']} goes on "
        f"{named['label']}; {rest['wording']} is left by subtraction and is {rest['label']}."
    )
