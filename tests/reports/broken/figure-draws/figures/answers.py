"""What teachers answered (Smith, 2010)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

ANSWERS = {"smith-agree": "Agree", "smith-disagree": "Disagree"}


def rows() -> list[dict[str, Any]]:
    return figure_rows(ANSWERS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    figure = bar_chart(rows)
    figure.axes[5].set_title("Answers")
    return figure


def caption(rows: list[dict[str, Any]]) -> str:
    return f"What teachers answered. Source: Smith [@{rows[0]['source']}]"


def alt(rows: list[dict[str, Any]]) -> str:
    listed = "; ".join(f"{row['label'].lower()}, {row['wording']}" for row in rows)
    return f"Bar chart of teachers' answers: {listed}."
