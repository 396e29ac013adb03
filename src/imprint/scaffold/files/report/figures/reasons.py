"""Why residents of Milford do not ride to work (Hall, 2024)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import claim, figure_rows, stat
from imprint.charts import bar_chart

REASONS = {
    "survey-traffic": "Traffic",
    "survey-parking": "No safe place for a bicycle at work",
}


def rows() -> list[dict[str, Any]]:
    """One row for each reason."""
    return figure_rows(REASONS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for each reason."""
    return bar_chart(rows)


def title(rows: list[dict[str, Any]]) -> str:
    """What the figure shows; the check holds its words to the rows."""
    traffic, parking = (row["id"] for row in rows)
    return (
        f"{claim('Most', traffic)} who do not ride name traffic, and {stat(parking)} "
        "the lack of a safe place for a bicycle."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The base and the source."""
    return (
        "Reasons for not riding to work, as shares of the residents of Milford who do not ride. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The reasons and their numbers."""
    reasons = [f"{row['label'].lower()}, {row['wording']}" for row in rows]
    return f"Bar chart of reasons for not riding to work: {'; '.join(reasons)}."
