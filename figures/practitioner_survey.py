"""Answers of social work practitioners to Ofsted's survey of 2010."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from matplotlib.figure import Figure

from imprint import charts
from imprint.author.calls import claim, figure_rows, stat, statistic

MAJORITY = {
    "ofsted-needs-appraisal": "Appraisal identifies what training I need",
    "ofsted-training-current": "Training keeps up with law and practice",
    "ofsted-training-helps": "Training helps to understand and meet needs",
    "ofsted-manager-risks": "Line manager helps to manage risks",
    "ofsted-manager-training": "Line manager helps to get suitable training",
    "ofsted-manager-workload": "Line manager helps to manage workload",
    "ofsted-express-concerns": "Able to tell the line manager of concerns",
}
MEASURED = {
    "ofsted-scr-informed": "Informed of issues from case reviews",
    "ofsted-information-sharing": "Information is shared well",
    "ofsted-recording-effective": "Electronic recording is effective",
    "ofsted-time-to-work": "Time to work as effectively as wished",
    "ofsted-recording-ineffective": "Electronic recording is effective",
    "ofsted-caseload-protected": "Caseload is protected enough",
    "ofsted-concerns-resolved": "Dealt with satisfactorily",
}
EVERYONE = "social work practitioners who answered"
ACCENT = "ofsted-time-to-work"
NAMED = {"named": "more than half; the source gives no number"}


def rows() -> list[dict[str, Any]]:
    """The answers, each with its group: what was answered, and the base of which it is a share."""
    return [{**row, "group": _group(row)} for row in figure_rows(MAJORITY | MEASURED)]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """A row of dots for the answers that are all named as a majority, then bars on one scale."""
    named = [row for row in rows if row["id"] in MAJORITY]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["id"] in MEASURED:
            title = row["group"].removesuffix(f": {EVERYONE}")
            groups.setdefault(title, []).append({**row, "accent": row["id"] == ACCENT})
    across = 1 if charts.is_narrow() else 2
    deep = -(-len(named) // across)
    head = 6.6 + 5.2 * deep + 3
    measured = [row for found in groups.values() for row in found]
    parts = [part for title, found in groups.items() for part in charts.group_parts(title, found)]
    kinds = {"named", *(row["kind"] for row in measured)}
    height = head + sum(part.height for part in parts) + 6.5 + charts.key_height(kinds, NAMED)
    on = charts.sheet(height, *charts.scale_room(measured, 100), 100)
    said = f"{named[0]['wording'].capitalize()} agree, or report so"
    on.text(charts.EDGE, 3.6, said, size=9.5, weight="semibold")
    for number, row in enumerate(named):
        x = charts.EDGE + (number // deep) * charts.width() / across
        y = 6.6 + 5.2 * (number % deep) + 2.6
        charts.dot(on.axes, on.value(x + 1.4), y, (2.6 / on.unit, 2.6), row)
        on.text(x + 4.4, y, row["label"], size=9.5, va="center_baseline")
    charts.axis(on, charts.draw_parts(on, parts, head), "per cent")
    charts.legend(on.axes, kinds, NAMED)
    return charts.figure_of(on.axes)


def title(rows: list[dict[str, Any]]) -> str:
    """What most are content with, and what most are not."""
    assert rows
    return (
        f"{claim('The majority', 'ofsted-manager-risks', form='running')} find training and line "
        f"managers helpful; {stat(ACCENT)} disagree that they have time to work as they would wish."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The bases and the source."""
    return (
        "Answers of social work practitioners in England on training, support and workload. Each "
        "is a share of all who answered, unless another base is named above it; the last base is "
        "cases, not people. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The answers and their numbers, base by base."""
    told = [
        f"{group}: " + "; ".join(f"{row['label']}, {row['wording']}" for row in found)
        for group, found in groupby(rows, lambda row: row["group"])
    ]
    return f"Dots and bars from a survey of social workers. {'. '.join(told)}."


def _group(row: dict[str, Any]) -> str:
    base = row["population"].replace("in England ", "").replace("'", "’")
    answer = "Disagree" if "disagree" in statistic(row["id"]).response else "Agree, or report so"
    return base.capitalize() if base.startswith("cases") else f"{answer}: {base}"
