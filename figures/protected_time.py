"""Protected time for safeguarding, by profession (CQC, 2009)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import ROW, canvas, figure_of, labelled_rows, legend, scale

PROFESSIONS = {
    "cqc-doctors-time": "Designated and named doctors",
    "cqc-nurses-time": "Named nurses",
}


def rows() -> list[dict[str, Any]]:
    """One row for each profession."""
    return figure_rows(PROFESSIONS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """A box for each profession over what the report's wording allows."""
    most = max(round(row["high"]) for row in rows)
    axes = canvas(ROW * len(rows) + 17)[0]
    labelled_rows(axes, rows, most)
    scale(axes, most, "days per week", most)
    legend(axes, [row["kind"] for row in rows])
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """The bases and the source."""
    return (
        "Protected time for safeguarding in the NHS, by professional group. "
        "Both are ranges, not averages: the report words one approximately and gives limits "
        f"for the other. Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The groups and their time."""
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Range chart of protected time for safeguarding: {listed}."
