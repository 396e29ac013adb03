"""Answers of social work practitioners to Ofsted's survey of 2010."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows, statistic
from imprint.charts import BLUE, INK, TRACK, canvas, figure_of, interval, legend, scale

ANSWERS = {
    "ofsted-needs-appraisal": "Appraisal identifies what training I need",
    "ofsted-training-current": "Training keeps up with law and practice",
    "ofsted-training-helps": "Training helps to understand and meet needs",
    "ofsted-manager-risks": "Line manager helps to manage risks",
    "ofsted-manager-training": "Line manager helps to get suitable training",
    "ofsted-manager-workload": "Line manager helps to manage workload",
    "ofsted-express-concerns": "Able to tell the line manager of concerns",
    "ofsted-scr-informed": "Informed of issues from case reviews",
    "ofsted-information-sharing": "Information is shared well",
    "ofsted-recording-effective": "Electronic recording is effective",
    "ofsted-time-to-work": "Time to work as effectively as wished",
    "ofsted-recording-ineffective": "Electronic recording is effective",
    "ofsted-caseload-protected": "Caseload is protected enough",
    "ofsted-concerns-resolved": "Dealt with satisfactorily",
}
LEFT = -80  # where labels begin on the scale of per cent


def rows() -> list[dict[str, Any]]:
    """The answers, each with its group: what was answered, and the base of which it is a share."""
    return [{**row, "group": _group(row)} for row in figure_rows(ANSWERS)]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """A point for each exact share, a box for each in words; disagreement is dark and square."""
    axes = canvas(5.9 * (len(rows) + len({row["group"] for row in rows})) + 17)[0]
    y, group = 1, ""
    for row in rows:
        if row["group"] != group:
            y, group = y - 1, row["group"]
            axes.text(LEFT, y, group, weight="semibold", va="center_baseline")
        y -= 1
        colour, form = (INK, "D") if group.startswith("Disagree") else (BLUE, "o")
        axes.plot([0, 100], [y, y], color=TRACK, linewidth=5, solid_capstyle="butt", zorder=0)
        end = row["high"] or row["value"] + 1.5
        if row["kind"] == "range":
            interval(axes, y, row["low"], end, colour)
        else:
            axes.plot(row["value"], y, form, color=colour, markersize=6)
        x, side = (row["low"] - 2, "right") if end == 100 else (end + 2, "left")
        axes.text(x, y, row["wording"], size=9, weight="semibold", ha=side, va="center_baseline")
        axes.text(LEFT, y, row["label"], size=9, va="center_baseline")
    axes.set(xlim=(LEFT, 100.5), ylim=(y - 0.6, 0.5), yticks=[])
    scale(axes)
    legend(axes, ["range"])
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """The bases and the source."""
    said = "Answers of social work practitioners in England on training, support and workload"
    base = "Each row is a share of the base above it; the last base is cases, not people"
    return f"{said}. {base}. Source: @{rows[0]['source']}."


def alt(rows: list[dict[str, Any]]) -> str:
    """The answers and their numbers, base by base."""
    said = [f"{group}: " + "; ".join(f"{row['label']}, {row['wording']}" for row in found)
            for group, found in groupby(rows, lambda row: row["group"])]  # fmt: skip
    return f"Chart of points and ranges from a survey of social workers. {'. '.join(said)}."


def _group(row: dict[str, Any]) -> str:
    base = row["population"].replace("in England ", "").replace("'", "’")
    answer = "Disagree" if "disagree" in statistic(row["id"]).response else "Agree, or report so"
    return base.capitalize() if base.startswith("cases") else f"{answer}: {base}"
