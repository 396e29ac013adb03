"""How pupils travel to school before and after its street was closed to cars (Okafor, 2023)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

TIMES = {"school-before": "Before the street was closed", "school-after": "A term later"}


def rows() -> list[dict[str, Any]]:
    """One row for each count."""
    return figure_rows(TIMES)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for each count."""
    return bar_chart(rows)


def caption(rows: list[dict[str, Any]]) -> str:
    """The base and the source."""
    return (
        "Pupils who come to school by bicycle, as shares of all pupils counted. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The counts and their numbers."""
    counts = [f"{row['label'].lower()}, {row['wording']}" for row in rows]
    return f"Bar chart of pupils who come to school by bicycle: {'; '.join(counts)}."
