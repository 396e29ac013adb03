"""What the pages of statistics and sources show: every row and work, with every place that uses it.

templates/statistics.html and templates/sources.html print it.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from imprint.write.site.evidence import Evidence, title_of, works_as_listed
from imprint.write.site.row_facts import cell_text, facts, measure_of, value_of
from imprint.write.statistic_rows import Record


@dataclass(frozen=True)
class UseLink:
    """Where something is used, as a link."""

    href: str
    section: str
    sentence: str
    pdf: str
    """Number printed on the PDF's page; empty without one."""


def publication_rows(evidence: Evidence, publication: str) -> dict[str, Record]:
    """The rows that a publication prints or draws, by id, in the order of the table; those on how
    it was made come last."""
    uses = evidence.record["publications"][publication]
    drawn = (evidence.record["figures"].get(use["figure"]) for use in uses["figures"])
    printed = (named for use in uses["statistics"] for named in use["statistics"])
    shown = (named for figure in drawn if figure for named in figure["statistics"])
    ids = {named["id"] for named in (*printed, *shown)}
    rows = {id: row for id, row in evidence.rows(publication).items() if id in ids}
    return dict(sorted(rows.items(), key=lambda it: is_method(evidence, it[1])))


def is_method(evidence: Evidence, row: Record) -> bool:
    """Whether a row tells how the report was made, and not what it found."""
    return bool(evidence.method) and row.get(evidence.theme) == evidence.method


def statistics_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/statistics.html needs: the publication's rows, with every use."""
    uses = _uses(evidence, publication, "statistics", lambda use: use["statistics"], "id")
    shown = _figures(evidence, publication)
    known, named = evidence.rows(publication), evidence.work_names(publication)
    themes = _themes(evidence)
    rows = []
    for id, row in publication_rows(evidence, publication).items():
        source, theme = str(row.get("source") or ""), str(row.get(evidence.theme) or "")
        rows.append(
            {
                "id": id,
                "value": value_of(row),
                "order": next((row[it] for it in _SIZES if row.get(it) is not None), ""),
                "measure": measure_of(row),
                "facts": list(facts(row, known)),
                "source": source,
                "source_name": named.get(source, source),
                "locator": row.get("locator") or "",
                "theme": theme,
                "theme_title": themes.get(theme, ""),
                "is_method": is_method(evidence, row),
                "uses": uses.get(id, {}),
                "figures": shown.get(id, []),
            }
        )
    tell_apart(rows)
    found = [row for row in rows if not row["is_method"]]
    present = {row["theme"] for row in found}
    return {
        "rows": found,
        "method": [row for row in rows if row["is_method"]],
        "themes": {name: title for name, title in themes.items() if name in present},
        "own": evidence.labels.get(publication, ""),
        "sources": sorted({(row["source_name"], row["source"]) for row in found if row["source"]}),
    }


def tell_apart(rows: list[dict[str, Any]]) -> None:
    """Say of whom rows count that measure the same."""
    alike = Counter(row["measure"] for row in rows)
    for row in rows:
        base = dict(row["facts"]).get("Base")
        if base and alike[row["measure"]] > 1:
            row["measure"] += f" ({base})"


_SIZES = ("value", "low", "high")
"""What a row is sorted by, the first that it has."""


def _themes(evidence: Evidence) -> dict[str, str]:
    """Titles of the themes that have rows, in their order."""
    names = {str(row.get(evidence.theme) or "") for row in evidence.record["rows"].values()}
    order = [*evidence.themes, *sorted(names - set(evidence.themes))]
    return {name: evidence.themes.get(name, title_of(name)) for name in order if name in names}


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


def publication_works(evidence: Evidence, publication: str) -> dict[str, Record]:
    """The works that a publication cites, lists, or takes its numbers or figures from, by key."""
    uses = evidence.record["publications"][publication]
    rows = publication_rows(evidence, publication).values()
    drawn = (evidence.record["figures"].get(use["figure"]) for use in uses["figures"])
    keys = {work["key"] for use in uses["citations"] for work in use["sources"]}
    keys |= {str(row.get("source") or "") for row in rows}
    keys |= {value for it in drawn if it for row in it["rows"] for value in row.values() if value}
    keys |= evidence.lists.get(publication, {}).keys()
    names = evidence.work_names(publication)
    works = {key: work for key, work in evidence.record["sources"].items() if key in keys}
    return dict(sorted(works.items(), key=lambda it: (names[it[0]].casefold(), it[0])))


def sources_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/sources.html needs: each work, its citations, numbers and statements."""
    uses = _uses(evidence, publication, "citations", lambda use: use["sources"], "key")
    printed = works_as_listed(evidence.lists, publication)
    names = evidence.work_names(publication)
    numbers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id, row in publication_rows(evidence, publication).items():
        key = str(row.get("source") or "")
        numbers[key].append({"id": id, "words": value_of(row), "measure": measure_of(row)})
    statements: dict[str, list[dict[str, str]]] = defaultdict(list)
    for taken in evidence.statements:
        statement = {name: cell_text(taken, name) for name in ("statement", "kind", "locator")}
        statements[str(taken["source"])].append(statement)
    works = [
        {
            "key": key,
            "name": names[key],
            "entry": printed.get(key) or source["fields"].get("title", ""),
            "year": source["fields"].get("year", ""),
            "uses": uses.get(key, {}),
            "count": sum(len(places) for places in uses.get(key, {}).values()),
            "numbers": numbers.get(key, []),
            "statements": statements.get(key, []),
        }
        for key, source in publication_works(evidence, publication).items()
    ]
    return {"own": evidence.labels.get(publication, ""), "works": works}


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
