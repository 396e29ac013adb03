"""The review's reference list by kind of work and year; the kinds are this edition's."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import figure_rows, stat
from imprint.charts import key_height, legend, matrix

KINDS = {
    "research": "Research",
    "official": "Official or regulator",
    "local": "Local practice documentation",
    "press": "Trade or professional press",
}
YEARS = ("2009", "2010")


def rows() -> list[dict[str, Any]]:
    """One row for each kind and year."""
    labels = {
        f"martin-evidence-{kind}-{year}": (label, year)
        for kind, label in KINDS.items()
        for year in YEARS
    }
    found = figure_rows({id: label for id, (label, _) in labels.items()})
    return [{**row, "year": labels[row["id"]][1]} for row in found]


def draw(rows: list[dict[str, Any]]) -> Figure:
    """One square for each work, the years side by side, with their sums."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row["label"], {"label": row["label"], "kind": row["kind"]})
        line[row["year"]] = int(row["value"])
    sums: dict[str, Any] = {year: str(sum(line[year] for line in lines.values())) for year in YEARS}
    table = [*lines.values(), {"label": "All", "total": True, **sums}]
    said = {"derived": "counted for this edition"}
    foot = key_height(said, said)
    figure = matrix(table, {year: year for year in YEARS}, left=60, foot=foot, counted=True)
    legend(figure.axes[0], said, said)
    return figure


def title(rows: list[dict[str, Any]]) -> str:
    """How much of the list is research."""
    research = sum(int(row["value"]) for row in rows if row["label"] == KINDS["research"])
    total = sum(int(row["value"]) for row in rows)
    return f"Of the {total} entries in the review’s list, {research} are research."


def caption(rows: list[dict[str, Any]]) -> str:
    """What was counted, whose the classes are, and why the sum is not the review's."""
    return (
        "Works in the reference list of the review, by kind and year of publication, one square "
        "for each entry. The class is ours. Counted for this edition, the entries sum to "
        f"{stat('martin-references')}, not to the {stat('martin-sources-included')} sources that "
        "the review says it included, and one work has a second entry. "
        f"Source: the review's list [@{rows[0]['source']}]."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """Every kind and year, and the sum."""
    listed = "; ".join(f"{row['label'].lower()} {row['year']}, {row['wording']}" for row in rows)
    total = sum(int(row["value"]) for row in rows)
    return f"Chart of works by kind and year: {listed}; {total} in all."
