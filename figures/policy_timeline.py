"""Events in safeguarding policy, practice and research, from data/events.csv."""

from __future__ import annotations

from calendar import month_name
from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import data_rows
from imprint.charts import canvas, figure_of, legend, timeline

LINE = 5.4
"""Distance between events in mm."""


def rows() -> list[dict[str, Any]]:
    """The events, the earliest first, each with its date in words."""
    return [
        {
            "label": str(event["title"]).replace("'", "’"),
            "start": event["start"],
            "end": event["end"],
            "wording": _date(str(event["start"])),
            "until": _date(str(event["end"] or "")),
            "source": event["source"],
            "note": event["note"],
        }
        for event in data_rows("events")
    ]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One line for each event."""
    axes = canvas(LINE * len(rows) + 17)[0]
    timeline(axes, rows, int(rows[0]["start"][:4]) - 2, _last(rows) + 1)
    forms = {"exact": "period; a point stands for a month", "range": "month not known"}
    legend(axes, ["exact", "range"], forms)
    return figure_of(axes)


def caption(rows: list[dict[str, Any]]) -> str:
    """What the marks mean and where the dates come from."""
    sources = "; ".join(f"@{key}" for key in dict.fromkeys(row["source"] for row in rows))
    return (
        "Events and periods in the documents behind this edition, to the month or the year as "
        "they give them; the evaluations are of serious case reviews (SCRs). "
        "That one event follows another does not make it an effect. "
        f"Sources: [{sources}]"
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """Every event with its date."""
    listed = "; ".join(
        f"{row['wording']}{' to ' * bool(row['until'])}{row['until']}, {row['label']}"
        for row in rows
    )
    return f"Timeline from {rows[0]['start'][:4]} to {_last(rows)}: {listed}."


def _last(rows: list[dict[str, Any]]) -> int:
    return max(int(str(row["end"] or row["start"])[:4]) for row in rows)


def _date(text: str) -> str:
    """1 April 2009, March 2009 or 2009, as precisely as the text has it."""
    year, month, day = [*text.split("-"), "", ""][:3]
    parts = [str(int(day)) if day else "", month and month_name[int(month)], year]
    return " ".join(part for part in parts if part)
