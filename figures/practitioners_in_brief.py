"""Four answers of social work practitioners to Ofsted's survey of 2010, for the summary."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import claim, figure_rows
from imprint.charts import bar_chart

ANSWERS = {
    "ofsted-manager-risks": "Line manager helps to manage risks",
    "ofsted-scr-informed": "Informed of issues from serious case reviews",
    "ofsted-information-sharing": "Communication and information sharing are effective",
    "ofsted-recording-effective": "Electronic recording of cases is effective",
}


def rows() -> list[dict[str, Any]]:
    """The answers, in the order of their shares."""
    return figure_rows(ANSWERS)


def draw(rows: list[dict[str, Any]]) -> Figure:
    """A bar for each answer, with a box where it is given in words."""
    return bar_chart(rows)


def title(rows: list[dict[str, Any]]) -> str:
    """What is thought well of, and what is not."""
    assert rows
    most = claim("The majority", "ofsted-manager-risks")
    fewer = claim("fewer than half", "ofsted-information-sharing")
    return (
        f"{most} of practitioners say that line managers help; {fewer} that information is shared "
        "well."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """What the answers are, their base and their source."""
    return (
        "Share of social work practitioners in England who answered and agree, or report so. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The answers with their shares."""
    said = "; ".join(f"{row['label']}, {row['wording']}" for row in rows)
    return f"Bars of the shares of social work practitioners who agree. {said}."
