"""Which works are cited under which theme, from data/sources.csv."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from imprint.author.calls import data_rows, project_root, statistic
from imprint.charts import in_line, matrix
from imprint.read.bibliography import read_library
from imprint.read.csl import NameStyle

THEMES = {
    "training": "Training", "capacity": "Capacity", "relationships": "Relation-\nships",
    "interagency": "Inter-\nagency", "quality": "Quality", "scr": "Case\nreviews",
    "referrals": "Referrals",
}  # fmt: skip
KINDS = {
    "research": "Research", "official or regulator": "Official or regulator",
    "local practice documentation": "Local practice documentation",
    "trade or professional press": "Trade or professional press",
    "": "Cited at second hand; kind not told",
}  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """One row for each work that a theme cites, kind by kind, with a 1 where it is cited."""
    style = NameStyle("styles/imprint.csl", "en-GB")
    library, _ = read_library(project_root(), ["references.bib"], style)
    found = [
        {
            "key": source["key"],
            "label": library.references[str(source["key"])].name,
            "group": KINDS[str(source["type"] or "")],
            "review": statistic("martin-sources-included").source,
            **{theme: int(theme in str(source["themes"]).split("; ")) for theme in THEMES},
        }
        for source in data_rows("sources")
    ]
    order = list(KINDS.values())
    cited = (row for row in found if any(row[theme] for theme in THEMES))
    return sorted(cited, key=lambda row: (order.index(row["group"]), row["label"].lower()))


def draw(rows: list[dict[str, Any]]) -> Figure:
    """A square where a work is cited, and how many works each theme has."""
    sums = {theme: str(sum(row[theme] for row in rows)) for theme in THEMES}
    total = {"label": "Works, counted for this edition", "total": True, **sums}
    marked = [{**row, "accent": _serves_all(row)} for row in rows]
    return matrix([*marked, total], THEMES, left=62, line=4.5)


def title(rows: list[dict[str, Any]]) -> str:
    """The works that every theme cites."""
    serving = " and ".join(row["label"] for row in rows if _serves_all(row))
    widest = max(THEMES, key=lambda theme: sum(row[theme] for row in rows))
    count = sum(row[widest] for row in rows)
    return f"Every theme cites {serving}; {in_line(THEMES[widest])} working rests on {count} works."


def caption(rows: list[dict[str, Any]]) -> str:
    """What a square means, whose classes and counts they are."""
    return (
        "Works cited under each theme, by kind. A square means that the chapter draws on the work "
        "at least once. The kind of each work is ours, and so are the numbers in the last row. "
        f"Source: the review [@{rows[0]['review']}]."
    )


def alt(rows: list[dict[str, Any]]) -> str:
    """How many works each theme has, and the works that the most themes cite."""
    sums = ", ".join(
        f"{in_line(name)} {sum(row[theme] for row in rows)}" for theme, name in THEMES.items()
    )
    spread = sorted(rows, key=lambda row: -sum(row[theme] for theme in THEMES))[:4]
    widest = ", ".join(f"{row['label']} {sum(row[theme] for theme in THEMES)}" for row in spread)
    return (
        f"Matrix of {len(rows)} works by theme. Works for each theme: {sums}. "
        f"Works under the most themes: {widest}. The table of sources gives the themes of each."
    )


def _serves_all(row: dict[str, Any]) -> bool:
    return all(row[theme] for theme in THEMES)
