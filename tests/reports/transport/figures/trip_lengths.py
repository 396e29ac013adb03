"""How long trips are, by way of travel."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

TRIPS = {"survey-trip": "All trips", "survey-rail-trip": "By rail", "survey-bus-trip": "By bus"}


def rows() -> list[dict[str, Any]]:
    return figure_rows(TRIPS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    return bar_chart(rows, most=40, unit="km")


def caption(rows: list[dict[str, Any]]) -> str:
    return f"How long trips are. Source: the travel survey [@{rows[0]['source']}]"


def alt(rows: list[dict[str, Any]]) -> str:
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Bar chart of the length of trips: {listed}."
