"""What a reader may ask of the evidence: panels for numbers, the pages of statistics and sources.

All is read off the record that becomes `provenance.json`; templates/statistics.html and
templates/sources.html print it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from imprint.author.wording import WordingError, unit_in, words
from imprint.core.model import Book
from imprint.core.settings import Settings
from imprint.core.units import amount, amounts_between, number_of, with_noun
from imprint.read.data.csv_rows import Row
from imprint.read.data.datapackage import read_package
from imprint.read.data.formulas import FormulaError, in_words, parse_formula
from imprint.read.data.tables import read_rows
from imprint.write.provenance import Record, to_statistic
from imprint.write.site.works import listed_works, works_as_listed

STATISTICS_PAGE = "statistics.html"
SOURCES_PAGE = "sources.html"


@dataclass(frozen=True)
class Evidence:
    """What all publications use, and what it is called."""

    record: Record
    """The content of `provenance.json`."""
    labels: Mapping[str, str]
    """Names of publications in links."""
    pages: Mapping[tuple[str, str], str]
    """Titles of pages, by publication and path; plain text."""
    lists: Mapping[str, Mapping[str, Markup]] = field(default_factory=dict)
    """Works as reference lists print them: by publication, then by key."""
    statements: tuple[Row, ...] = ()
    """What the works say, row by row of the table of evidence."""
    theme: str = "theme"
    """The column of statistics that holds the theme of a row."""
    themes: Mapping[str, str] = field(default_factory=dict)
    """Titles of themes in their order, as the data package gives them."""

    @property
    def rows(self) -> dict[str, Record]:
        """Rows of statistics as they are now, by id."""
        current: dict[str, Record] = {}
        for row in self.record["rows"].values():
            current.setdefault(row["id"], row)
        return current


@dataclass(frozen=True)
class Place:
    """Where something is used, as a link."""

    href: str
    section: str
    sentence: str
    pdf: str
    """Number printed on the PDF's page; empty without one."""


def gather(
    root: Path, record: Record, books: Sequence[Book], labels: Mapping[str, str]
) -> Evidence:
    """Read what the pages of evidence show besides the record."""
    tables = read_package(root)[0] if (root / "data" / "datapackage.json").is_file() else {}
    columns = tables["statistics"].columns if "statistics" in tables else ()
    settings = books[0].publication.settings if books else Settings()
    named = settings.themes.column
    theme = next((column for column in columns if column.name == named), None)
    listed = theme.constraints.get("enum", ()) if theme else ()
    titles = dict(theme.labels) if theme else {}
    return Evidence(
        record=record,
        labels=labels,
        pages={
            (book.publication.name, page.output): page.plain_title
            for book in books
            for page in book.pages
        },
        lists={book.publication.name: listed_works(book) for book in books},
        statements=read_rows(root, table) if (table := settings.tables.evidence) in tables else (),
        theme=named,
        themes={name: titles.get(name, _titled(name)) for name in listed},
    )


# --- panels ----------------------------------------------------------------------------------


def panels(evidence: Evidence, publication: str, page: str) -> Markup:
    """The rows that numbers of a page open, as JSON to stand in a `script` element.

    Empty for a page without numbers; `{}` for the pages of evidence, which share the script.
    """
    digests = {
        named["id"]: named["row"]
        for use in evidence.record["publications"][publication]["statistics"]
        if use["page"] == page
        for named in use["statistics"]
    }
    if not digests and page not in (STATISTICS_PAGE, SOURCES_PAGE):
        return Markup("")
    found = {id: _panel(evidence, evidence.record["rows"][row]) for id, row in digests.items()}
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # nothing in it may end the element or begin a comment
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _panel(evidence: Evidence, row: Record) -> dict[str, str]:
    source = row.get("source") or ""
    shown = {
        "measure": _measure(row),
        "base": _text(row, "population"),
        "reported": _text(row, "as_reported"),
        "derived": _worked_out(evidence, row),
        "note": _text(row, "note"),
        "source": _source_name(evidence, source),
        "key": source,
        "page": _text(row, "locator"),
    }
    return {name: value for name, value in shown.items() if value}


def _measure(row: Mapping[str, Any]) -> str:
    """What a row measures and, of a survey, which answer it counts; begins with a capital."""
    text = ": ".join(filter(None, (_text(row, "measure"), _text(row, "response"))))
    return text[:1].upper() + text[1:]


def _text(row: Mapping[str, Any], column: str) -> str:
    """A cell with the quotation marks that the text of the report has."""
    text = str(row.get(column) or "")
    return re.sub(r"(?<![^\s(])'", "‘", text).replace("'", "’")


# --- the page of statistics ------------------------------------------------------------------


def statistics_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/statistics.html needs: rows by theme, with every use."""
    uses = _uses(evidence, publication, "statistics", lambda use: use["statistics"], "id")
    shown = _figures(evidence, publication)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for id, row in evidence.rows.items():
        source = str(row.get("source") or "")
        groups[str(row.get(evidence.theme) or "")].append(
            {
                "id": id,
                "words": _words(row),
                "measure": _measure(row),
                "facts": list(_facts(evidence, row)),
                "source": source,
                "source_name": _source_name(evidence, source),
                "locator": row.get("locator") or "",
                "uses": uses.get(id, {}),
                "figures": shown.get(id, []),
            }
        )
    themes = [
        {"name": name, "title": title, "rows": groups[name]}
        for name, title in themes_shown(evidence).items()
    ]
    sources = {str(row.get("source") or "") for row in evidence.rows.values()} - {""}
    return {
        "themes": themes,
        "own": evidence.labels.get(publication, ""),
        "sources": sorted((_short(_source_name(evidence, key)), key) for key in sources),
        "count": len(evidence.rows),
    }


def themes_shown(evidence: Evidence) -> dict[str, str]:
    """Titles of the themes that have rows, in their order."""
    names = {str(row.get(evidence.theme) or "") for row in evidence.rows.values()}
    order = [*evidence.themes, *sorted(names - set(evidence.themes))]
    return {name: evidence.themes.get(name, _titled(name)) for name in order if name in names}


def _facts(evidence: Evidence, row: Record) -> Iterator[tuple[str, str]]:
    """Columns that say more, each with its heading."""
    if row.get("population"):
        yield "Base", _text(row, "population")
    if row.get("as_reported"):
        yield "As reported", f"‘{_text(row, 'as_reported')}’"
    if row.get("survey"):
        yield "Survey", _text(row, "survey")
    if row.get("period"):
        yield "Period", _text(row, "period").replace("/", " to ")
    if bounds := _bounds(row):
        yield "Allows", bounds
    if derived := _worked_out(evidence, row):
        yield "Worked out as", derived
    if row.get("note"):
        yield "Note", _text(row, "note")


def _worked_out(evidence: Evidence, row: Record) -> str:
    """How the report came to a row: `58 (lane-recommendations) less 11 (…)`, by its formula."""
    formula, named = str(row.get("derived") or ""), evidence.rows
    try:
        return formula and in_words(
            parse_formula(formula), lambda id: f"{_said(named[id])} ({id})" if id in named else id
        )
    except FormulaError:  # its author allows it
        return formula


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
    said = _said(row)
    return said[:1].upper() + said[1:]


def _said(row: Record) -> str:
    try:
        return words(to_statistic(row))
    except WordingError:
        return str(row.get("as_reported") or row["id"])


def _figures(evidence: Evidence, publication: str) -> dict[str, list[Place]]:
    """By statistic: the figures of all publications that show it."""
    found: dict[str, list[Place]] = defaultdict(list)
    for name, uses in _ordered(evidence, publication):
        for use in uses["figures"]:
            drawn = evidence.record["figures"].get(use["figure"], {"statistics": ()})
            label = f"Figure {use['label']}" if use["label"] else "A figure"
            for named in drawn["statistics"]:
                href = _href(publication, name, use)
                found[named["id"]].append(Place(href, label, "", _pdf(use)))
    return found


# --- the page of sources ---------------------------------------------------------------------


def sources_context(evidence: Evidence, publication: str) -> dict[str, Any]:
    """What templates/sources.html needs: each work, its citations, numbers and statements."""
    uses = _uses(evidence, publication, "citations", lambda use: use["sources"], "key")
    printed = works_as_listed(evidence.lists, publication)
    numbers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id, row in evidence.rows.items():
        key = str(row.get("source") or "")
        numbers[key].append({"id": id, "words": _words(row), "measure": _measure(row)})
    statements: dict[str, list[dict[str, str]]] = defaultdict(list)
    for taken in evidence.statements:
        statement = {name: _text(taken, name) for name in ("statement", "kind", "locator")}
        statements[str(taken["source"])].append(statement)
    works = [
        {
            "key": key,
            "name": source["name"],
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


# --- places ----------------------------------------------------------------------------------


def _uses(
    evidence: Evidence, publication: str, kind: str, named: Any, name: str
) -> dict[str, dict[str, list[Place]]]:
    """By id or key, then by publication: every place that uses it, in the order of the text."""
    found: dict[str, dict[str, list[Place]]] = defaultdict(dict)
    for other, uses in _ordered(evidence, publication):
        label = evidence.labels.get(other, other)
        for use in uses[kind]:
            sentence = use["sentence"] if use["sentence"] != use["words"] else ""
            href = _href(publication, other, use)
            place = Place(href, _section(evidence, other, use), sentence, _pdf(use))
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
    return f"{path}#{use['anchor']}"


def _section(evidence: Evidence, publication: str, use: Record) -> str:
    """`2.1 What helps`; the page's title before a section without a number."""
    section, page = use["section"], evidence.pages.get((publication, use["page"]), "")
    if section["number"]:
        return f"{section['number']} {section['title']}"
    parts = [part for part in (page, section["title"]) if part]
    return ": ".join(dict.fromkeys(parts)) or use["page"]


def _pdf(use: Record) -> str:
    return use["pdf"]["label"] if use["pdf"] else ""


# --- names -----------------------------------------------------------------------------------


def _source_name(evidence: Evidence, key: str) -> str:
    """`Ministry (2010), Cycling in towns`: works of one year told apart."""
    source = evidence.record["sources"].get(key)
    if source is None:
        return key
    title = source["fields"].get("title", "")
    return f"{source['name']}, {title}" if title else str(source["name"])


def _short(name: str, most: int = 60) -> str:
    return name if len(name) <= most else name[:most].rsplit(" ", 1)[0].rstrip(" ,:;") + " …"


def _titled(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()
