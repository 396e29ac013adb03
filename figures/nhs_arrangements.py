"""Arrangements for safeguarding in the NHS, each on a base of its own (CQC, 2009)."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows, stat
from imprint.charts import panel_chart

IN_PLACE = {
    "cqc-sharing-protocols": "Protocols for sharing information",
    "cqc-training-level-1": "Level 1 safeguarding training up to date",
    "cqc-training-budget": "Budget of their own for safeguarding training",
}
LACKING = {"cqc-maternity-policy": "No policy for joint work of maternity and social services"}
BASES = {
    "cqc-sharing-protocols": "of NHS trusts",
    "cqc-training-level-1": "of eligible NHS staff",
    "cqc-training-budget": "of NHS trusts",
    "cqc-maternity-policy": "of acute trusts concerned",
}


def rows() -> list[dict[str, Any]]:
    """What is in place, then what is lacking; the base stands beside each label."""
    return [
        {**row, "panel": panel, "base": BASES[row["id"]]}
        for panel, labels in (("In place", IN_PLACE), ("Lacking", LACKING))
        for row in figure_rows(labels)
    ]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One row for each arrangement; what is lacking stands apart."""
    panels = dict.fromkeys(row["panel"] for row in rows)
    return panel_chart({name: [row for row in rows if row["panel"] == name] for name in panels})


def title(rows: list[dict[str, Any]]) -> str:
    """What is done for training."""
    assert rows
    return (
        f"{stat('cqc-training-level-1', 'sentence')} of eligible NHS staff are up to date with "
        f"level 1 training, and {stat('cqc-training-budget')} of trusts have a budget for training."
    )


def caption(rows: list[dict[str, Any]]) -> str:
    """The bases and the source."""
    return (
        "Arrangements for safeguarding children in the NHS. "
        "Each row is a share of its own base, named beside it, so the rows do not add up. "
        f"Source: @{rows[0]['source']}."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """The arrangements and their numbers."""
    listed = "; ".join(f"{row['label']}: {_of(row)}" for row in rows)
    return f"Bar chart of safeguarding arrangements in the NHS. {listed}."


def _of(row: dict[str, Any]) -> str:
    base = row["base"].removeprefix("of ") if row["wording"] == "most" else row["base"]
    return f"{row['wording']} {base}"
