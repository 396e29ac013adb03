"""What the pages of statistics and sources show: every row and work, with every place that uses it.

templates/statistics.html and templates/sources.html print it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from imprint.author.wording import unit_in
from imprint.core.units import amount, amounts_between, number_of, with_noun
from imprint.read.data.tables import to_statistic
from imprint.write.site.evidence import (
    Evidence,
    cell_text,
    measure_of,
    printed_words,
    source_names,
    title_of,
    worked_out,
)
from imprint.write.site.works import works_as_listed
from imprint.write.statistic_rows import Record


@dataclass(frozen=True)
class UseLink:
    """Where something is used, as a link."""

    href: str
    section: str
    sentence: str
    pdf: str
    """Number printed on the PDF's page; empty without one."""


def statistics_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/statistics.html needs: rows by theme, with every use."""
    uses = _uses(evidence, publication, "statistics", lambda use: use["statistics"], "id")
    shown = _figures(evidence, publication)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows, named = evidence.rows(publication), source_names(evidence, publication)
    for id, row in rows.items():
        source = str(row.get("source") or "")
        groups[str(row.get(evidence.theme) or "")].append(
            {
                "id": id,
                "words": _words(row),
                "measure": measure_of(row),
                "facts": list(_facts(row, rows)),
                "source": source,
                "source_name": named.get(source, source),
                "locator": row.get("locator") or "",
                "uses": uses.get(id, {}),
                "figures": shown.get(id, []),
            }
        )
    themes = [
        {"name": name, "title": title, "rows": groups[name]}
        for name, title in themes_shown(evidence).items()
    ]
    sources = {str(row.get("source") or "") for row in rows.values()} - {""}
    return {
        "themes": themes,
        "own": evidence.labels.get(publication, ""),
        "sources": sorted((_short(named.get(key, key)), key) for key in sources),
        "count": len(rows),
    }


def themes_shown(evidence: Evidence) -> dict[str, str]:
    """Titles of the themes that have rows, in their order."""
    names = {str(row.get(evidence.theme) or "") for row in evidence.record["rows"].values()}
    order = [*evidence.themes, *sorted(names - set(evidence.themes))]
    return {name: evidence.themes.get(name, title_of(name)) for name in order if name in names}


def _facts(row: Record, rows: Mapping[str, Record]) -> Iterator[tuple[str, str]]:
    """Columns that say more, each with its heading."""
    if row.get("population"):
        yield "Base", cell_text(row, "population")
    if row.get("as_reported"):
        yield "As reported", f"‘{cell_text(row, 'as_reported')}’"
    if row.get("survey"):
        yield "Survey", cell_text(row, "survey")
    if row.get("period"):
        yield "Period", cell_text(row, "period").replace("/", " to ")
    if bounds := _bounds(row):
        yield "Allows", bounds
    if derived := worked_out(row, rows):
        yield "Worked out as", derived
    if row.get("note"):
        yield "Note", cell_text(row, "note")


def _bounds(row: Record) -> str:
    """The values that a vague wording allows: `50 to 100 per cent`."""
    low, high, unit = row.get("low"), row.get("high"), unit_in(to_statistic(row))
    if unit is None or low == high == row.get("value"):
        return ""
    if low is None:
        return "" if high is None else f"up to {amount(unit, high)}"
    if high is None:
        return with_noun(unit, f"{number_of(unit, low)} or more")
    return amounts_between(unit, low, high)


def _words(row: Record) -> str:
    said = printed_words(row)
    return said[:1].upper() + said[1:]


def _figures(evidence: Evidence, publication: str) -> dict[str, list[UseLink]]:
    """By statistic: the figures of all publications that show it."""
    found: dict[str, list[UseLink]] = defaultdict(list)
    for name, uses in _ordered(evidence, publication):
        for use in uses["figures"]:
            drawn = evidence.record["figures"].get(use["figure"], {"statistics": ()})
            label = f"Figure {use['label']}" if use["label"] else "A figure"
            for named in drawn["statistics"]:
                href = _href(publication, name, use)
                found[named["id"]].append(UseLink(href, label, "", _pdf(use)))
    return found


def sources_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/sources.html needs: each work, its citations, numbers and statements."""
    uses = _uses(evidence, publication, "citations", lambda use: use["sources"], "key")
    printed = works_as_listed(evidence.lists, publication)
    names = evidence.work_names(publication)
    numbers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id, row in evidence.rows(publication).items():
        key = str(row.get("source") or "")
        numbers[key].append({"id": id, "words": _words(row), "measure": measure_of(row)})
    statements: dict[str, list[dict[str, str]]] = defaultdict(list)
    for taken in evidence.statements:
        statement = {name: cell_text(taken, name) for name in ("statement", "kind", "locator")}
        statements[str(taken["source"])].append(statement)
    works = [
        {
            "key": key,
            "name": names[key],
            "entry": printed.get(key) or source["fields"].get("title", ""),
            "uses": uses.get(key, {}),
            "count": sum(len(places) for places in uses.get(key, {}).values()),
            "numbers": numbers.get(key, []),
            "statements": statements.get(key, []),
        }
        for key, source in evidence.record["sources"].items()
    ]
    own = evidence.labels.get(publication, "")
    works.sort(key=lambda work: (work["name"].casefold(), work["key"]))
    return {"own": own, "works": works}


def _uses(
    evidence: Evidence, publication: str, kind: str, named: Any, name: str
) -> dict[str, dict[str, list[UseLink]]]:
    """By id or key, then by publication: every place that uses it, in the order of the text."""
    found: dict[str, dict[str, list[UseLink]]] = defaultdict(dict)
    for other, uses in _ordered(evidence, publication):
        label = evidence.labels.get(other, other)
        for use in uses[kind]:
            sentence = use["sentence"] if use["sentence"] != use["words"] else ""
            href = _href(publication, other, use)
            place = UseLink(href, _section(evidence, other, use), sentence, _pdf(use))
            for id in dict.fromkeys(item[name] for item in named(use)):
                found[id].setdefault(label, []).append(place)
    return found


def _ordered(evidence: Evidence, publication: str) -> Iterator[tuple[str, Record]]:
    """The publication itself, then the others."""
    publications = evidence.record["publications"]
    for name in sorted(publications, key=lambda name: (name != publication, name)):
        if name in evidence.labels:
            yield name, publications[name]


def _href(publication: str, other: str, use: Record) -> str:
    path = use["page"] if other == publication else posixpath.join("..", other, use["page"])
    return f"{quote(path)}#{use['anchor']}"


def _section(evidence: Evidence, publication: str, use: Record) -> str:
    """`2.1 What helps`; the page's title before a section without a number."""
    section, page = use["section"], evidence.pages.get((publication, use["page"]), "")
    if section["number"]:
        return f"{section['number']} {section['title']}"
    parts = [part for part in (page, section["title"]) if part]
    return ": ".join(dict.fromkeys(parts)) or use["page"]


def _pdf(use: Record) -> str:
    return use["pdf"]["label"] if use["pdf"] else ""


def _short(name: str, most: int = 60) -> str:
    return name if len(name) <= most else name[:most].rsplit(" ", 1)[0].rstrip(" ,:;") + " …"
