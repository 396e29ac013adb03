"""Who takes a bus each week."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

USE = {"survey-bus-share": "Take a bus", "survey-no-bus-share": "Take none"}


def rows() -> list[dict[str, Any]]:
    return figure_rows(USE)


def draw(rows: list[dict[str, Any]]) -> Figure:
    return bar_chart(rows)


def caption(rows: list[dict[str, Any]]) -> str:
    return f"Who takes a bus each week. Source: the travel survey [@{rows[0]['source']}]"


def alt(rows: list[dict[str, Any]]) -> str:
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Bar chart of residents: {listed}."
