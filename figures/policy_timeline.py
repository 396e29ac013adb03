"""Events in safeguarding policy, practice and research, from data/events.csv."""

from __future__ import annotations

from calendar import month_name
from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import data_rows, stat
from imprint.charts import timeline

REVIEWS = (
    "laming-first-report", "baby-peter-public", "laming-progress-report", "laming-action-plan",
    "nsdu-established", "coalition-government", "munro-commissioned", "nsdu-disbanded",
    "munro-first-report", "munro-final-report", "munro-response",
)  # fmt: skip
PRACTICE = (
    "hammersmith-team-started", "haringey-staffing-review", "hammersmith-team-expanded",
    "haringey-thresholds",
)  # fmt: skip
ANSWERS = {"laming-action-plan": "laming-progress-report"}
"""Events of which the source gives the year alone, with those that they answer and follow."""
GROUPS = {
    "National reviews and what answered them": REVIEWS,
    "Changes in local practice that the review dates": PRACTICE,
    "Evidence, this review and the study after it": (),
}
SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


def rows() -> list[dict[str, Any]]:
    """The events of each group, the earliest first, each with its date in words."""
    events = {str(event["id"]): event for event in data_rows("events")}
    named = {id: group for group, ids in GROUPS.items() for id in ids}
    *_, rest = GROUPS
    order = sorted(
        events, key=lambda id: (str(events[str(ANSWERS.get(id, id))]["start"]), id in ANSWERS)
    )
    found = [
        {
            "label": str(events[id]["title"]).replace("'", "’"),
            "group": named.get(id, rest),
            "start": events[id]["start"],
            "after": events[ANSWERS[id]]["start"] if id in ANSWERS else None,
            "end": events[id]["end"],
            "wording": _date(str(events[id]["start"])),
            "until": _date(str(events[id]["end"] or "")),
            "source": events[id]["source"],
            "note": events[id]["note"],
        }
        for id in order
    ]
    return sorted(found, key=lambda row: list(GROUPS).index(str(row["group"])))


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One line for each event, group by group."""
    groups = {group: [row for row in rows if row["group"] == group] for group in GROUPS}
    forms = {"exact": "period; a point is a month", "range": "month not known"}
    return timeline(groups, forms)


def title(rows: list[dict[str, Any]]) -> str:
    """What the evidence covers."""
    assert rows
    months = stat("martin-months-window")
    return (
        f"The review looks at the {months} from Lord Laming’s progress report to Professor Munro’s "
        "first."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """What the marks mean and where the dates come from."""
    sources = "; ".join(f"@{key}" for key in dict.fromkeys(row["source"] for row in rows))
    return (
        "Events and periods in the documents behind this edition, as precisely as they give them; "
        "years without any are left out. An answer stands below what it answers, and is drawn "
        "from then on. The evaluations are of serious case reviews (SCRs). That one event follows "
        f"another does not make it an effect. Sources: [{sources}]."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """Every event with its date."""
    told = [
        f"{group}: "
        + "; ".join(
            f"{row['wording']}{' to ' * bool(row['until'])}{row['until']}, {row['label']}"
            for row in rows
            if row["group"] == group
        )
        for group in GROUPS
    ]
    return f"Timeline. {'. '.join(told)}."


def _date(text: str) -> str:
    """March 2009, spring 2009 or 2009; periods that begin or end with a month are told to it."""
    year, month = [*text.split("-"), ""][:2]
    named = SEASONS.get(month) or (month and month_name[int(month)])
    return " ".join(part for part in (named, year) if part)
