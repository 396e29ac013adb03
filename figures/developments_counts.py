"""How many priorities, factors and barriers the later study lists (Martin et al., 2011)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.authoring import figure_rows
from imprint.plotting import EXPLAINED, legend
from imprint.squares import matrix

LISTS = {
    "developments-priorities": "Priority areas for improving safeguarding",
    "developments-factors": "Conditions and factors that shaped improvement",
    "developments-barriers": "Kinds of barrier and challenge",
}


def rows() -> list[dict[str, Any]]:
    """One row for each list of the summary."""
    return figure_rows(LISTS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each entry of a list."""
    cells = [{**row, "entries": int(row["value"])} for row in rows]
    figure = matrix(cells, {"entries": "Entries listed"}, left=80, foot=8, counted=True)
    legend(figure.axes[0], ["derived"], {**EXPLAINED, "derived": "counted for this edition"})
    return figure


def caption(rows: list[dict[str, Any]]) -> str:
    """What was counted and where; that it is no frequency."""
    return (
        "Priority areas, conditions and barriers that the study of council developments lists, "
        "one square for each entry. The entries were counted for this edition. They say what was "
        "named, not how often, nor in how many of the authorities studied. "
        f"Source: Martin and co-authors [@{rows[0]['source']}]"
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The lists and their lengths."""
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Chart of the entries listed in the study of council developments: {listed}."
