"""What third-sector organisations say of LSCB training and of partnership (Ofsted, 2010)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import claim, figure_rows
from imprint.charts import panel_chart

PANELS = {
    "Of all organisations that answered": {
        "ofsted-third-sector-training": "LSCB safeguarding training is available",
        "ofsted-third-sector-partnership": "Partnership with the local authority is effective",
    },
    "Of those to which training is available": {
        "ofsted-third-sector-free": "It is free of charge",
        "ofsted-third-sector-standard": "It is thought to be of a high standard",
    },
}


def rows() -> list[dict[str, Any]]:
    """The answers, by the base of which they are a share."""
    return [
        {**row, "panel": panel} for panel, labels in PANELS.items() for row in figure_rows(labels)
    ]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One panel for each base."""
    return panel_chart({name: [row for row in rows if row["panel"] == name] for name in PANELS})


def title(rows: list[dict[str, Any]]) -> str:
    """What is thought well of, and what is not."""
    assert rows
    free = claim("Most", "ofsted-third-sector-standard")
    fewer = claim("fewer than half", "ofsted-third-sector-partnership")
    return (
        f"{free} of the organisations that have LSCB training think it of a high standard; {fewer} "
        "of all call partnership effective."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The bases and the source."""
    return (
        "What third-sector organisations say of partnership, and of training from local "
        "safeguarding children boards (LSCBs). The upper rows are shares of the organisations "
        "that answered the survey, the lower ones of those to which training is available. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The answers and their numbers, base by base."""
    panels = [
        f"{panel}: "
        + "; ".join(f"{row['label'].lower().replace('lscb', 'LSCB')}, {row['wording']}"
                    for row in rows if row["panel"] == panel)
        for panel in PANELS
    ]  # fmt: skip
    return f"Bar chart of a survey of third-sector organisations. {'. '.join(panels)}."
