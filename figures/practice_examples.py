"""Practice examples of the review by place and theme, from data/practice_examples.csv."""

from __future__ import annotations

from collections import Counter
from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import data_rows, stat, statistic
from imprint.charts import in_line, matrix

THEMES = {
    "training": "Training", "capacity": "Capacity", "relationships": "Relation-\nships",
    "interagency": "Inter-\nagency", "quality": "Quality", "scr": "Case\nreviews",
    "referrals": "Referrals",
}  # fmt: skip
"""Headers for the themes, with breaks where they are too long for their columns."""


def rows() -> list[dict[str, Any]]:
    """One row for each place, with the number of its examples by theme; most examples first."""
    examples = data_rows("practice_examples")
    totals = Counter(str(example["place"]) for example in examples)
    cells = Counter((example["place"], example["theme"]) for example in examples)
    review = statistic("martin-practice-examples").source
    return [
        {"label": place, "review": review, "all": count}
        | {theme: cells[place, theme] for theme in THEMES}
        for place, count in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each example, with sums by place and by theme."""
    sums = {column: str(sum(row[column] for row in rows)) for column in (*THEMES, "all")}
    shown = [
        {**row, "all": str(row["all"]), "accent": number == 0} for number, row in enumerate(rows)
    ]
    table = [*shown, {"label": "All places", "total": True, **sums}]
    return matrix(table, {**THEMES, "all": "All"}, left=48)


def title(rows: list[dict[str, Any]]) -> str:
    """The place with the most examples."""
    first, total = rows[0], stat("martin-practice-examples")
    return f"{first['label']} gives {first['all']} of the {total} practice examples."


def caption(rows: list[dict[str, Any]]) -> str:
    """What counts as an example, and where they stand."""
    return (
        "Practice examples that the review describes, by place and theme, one square for each. "
        "The examples were counted for this edition; the pilot sites of one model of case review "
        "count as a single example and a single place. "
        f"Source: the review [@{rows[0]['review']}]."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """Every place with its themes, and every sum."""
    places = [f"{row['label']} {row['all']} ({_themes(row)})" for row in rows]
    total = sum(row["all"] for row in rows)
    return f"Matrix of {total} practice examples by place and theme: {'; '.join(places)}."


def _themes(row: dict[str, Any]) -> str:
    named = [f"{in_line(name)} {row[theme]}" for theme, name in THEMES.items() if row[theme]]
    return ", ".join(named)
