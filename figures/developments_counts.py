"""How many priorities, factors and barriers the later study lists (Martin et al., 2011)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import SIDE, figure_of, legend, mm_axes, squares

LISTS = {
    "developments-priorities": "Priority areas for improving safeguarding",
    "developments-factors": "Conditions and factors that shaped improvement",
    "developments-barriers": "Kinds of barrier and challenge",
}
COLUMN, ROW = 78.0, 11.5
"""Width of a column of the two-column summary, and distance between the lists, in mm."""


def rows() -> list[dict[str, Any]]:
    """One row for each list of the summary."""
    return figure_rows(LISTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each entry of a list, below the name of the list."""
    axes = mm_axes(ROW * len(rows) + 8, COLUMN)
    for number, row in enumerate(rows):
        y = ROW * number
        axes.text(0.7, y + 4, row["label"], size=9)
        end = squares(axes, 0.7, y + 5.5, int(row["value"]), row["kind"])
        axes.text(end + 2, y + 5.5 + SIDE / 2, row["wording"], weight="semibold", va="center")
    legend(axes, ["derived"], {"derived": "counted for this edition"})
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """What was counted and where; that it is no frequency."""
    return (
        "Priority areas, conditions and barriers that the study of council developments lists, "
        "one square for each entry. The entries were counted for this edition. They say what was "
        "named, not how often, nor in how many of the authorities studied. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The lists and their lengths."""
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Chart of the entries listed in the study of council developments: {listed}."
