"""Level 2 safeguarding training up to date among three groups of health staff (CQC, 2009)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows, stat
from imprint.charts import bar_chart

GROUPS = {
    "cqc-training-level-2-paediatric": (
        "Staff in paediatric inpatient, day case and outpatient care"
    ),
    "cqc-training-level-2-surgical": "Surgeons, anaesthetists and theatre nurses",
    "cqc-training-level-2-gps": "General practitioners",
}
BASES = {
    "cqc-training-level-2-surgical": "acute trusts; an average",
    "cqc-training-level-2-gps": "primary care trusts",
}

ACCENT = "cqc-training-level-2-gps"


def rows() -> list[dict[str, Any]]:
    """One row for each staff group, the best trained first."""
    return [{**row, "base": BASES.get(row["id"], "")} for row in figure_rows(GROUPS)]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One bar for each group, as a part of all eligible staff in it."""
    return bar_chart([{**row, "accent": row["id"] == ACCENT} for row in rows])


def title(rows: list[dict[str, Any]]) -> str:
    """The lowest share beside the highest."""
    first, *_ = rows
    return (
        f"Only {stat(ACCENT)} of eligible GPs are up to date with level 2 training, against "
        f"{stat(first['id'])} of paediatric staff."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The base and the source."""
    return (
        "Health staff whose level 2 safeguarding training was up to date, by staff group. "
        "Each bar is a share of the eligible staff of its own group. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The groups and their numbers."""

    def base(row: dict[str, Any]) -> str:
        return f" ({row['base']})" if row["base"] else ""

    groups = [f"{row['label'].lower()}{base(row)}, {row['wording']}" for row in rows]
    return (
        "Bar chart of the share of eligible staff with level 2 safeguarding training up to date: "
        f"{'; '.join(groups)}."
    )
