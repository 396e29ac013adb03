"""What Haringey Teaching Primary Care Trust invested in staff (CQC, 2010)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import canvas, figure_of, legend, stacked_bar

PARTS = {
    "cqc-haringey-investment": "invested in all",
    "cqc-haringey-community": "for Haringey Community Children’s Services",
    "cqc-haringey-rest": "for anything else",
}


def rows() -> list[dict[str, Any]]:
    """The whole, the part that the report itemises, and what is left."""
    return figure_rows(PARTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for the whole, cut into its parts."""
    whole, *parts = rows
    axes = canvas(36, head=8, foot=8)[0]
    stacked_bar(axes, parts, whole["value"])
    axes.set_title(f"{whole['wording']} {whole['label']}")
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    legend(axes, [row["kind"] for row in rows])
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """The base, the source and what was worked out."""
    return (
        "Investment to raise staff numbers at Haringey Teaching Primary Care Trust, "
        "after it reviewed its paediatric staffing. "
        "The second part is the whole less the first: "
        "this edition worked it out, and the literature review itemises it no further. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The whole and its parts."""
    whole, part, rest = rows
    return (
        f"Single bar of {whole['wording']} {whole['label']}: {part['wording']} "
        f"{part['label']}, and {rest['wording']} {rest['label']}, worked out by subtraction."
    )
