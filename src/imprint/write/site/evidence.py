"""What a reader may ask of the evidence, and the panels that numbers open.

All is read off the record that becomes `provenance.json`; evidence_pages.py makes its pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from imprint.compose.settings import STATISTICS_PAGE
from imprint.core.document import Book
from imprint.core.settings import Settings, Style
from imprint.read.data.csv_rows import Row
from imprint.read.data.datapackage import read_package
from imprint.read.data.tables import read_rows
from imprint.write.site.metadata import script_json
from imprint.write.site.row_facts import cell_text, facts, measure_of, value_of
from imprint.write.statistic_rows import Record, row_in_style

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
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Works as texts name them: by publication, then by key."""
    statements: tuple[Row, ...] = ()
    """What the works say, row by row of the table of evidence."""
    method: str = ""
    """The theme of rows on how the report was made."""
    theme: str = "theme"
    """The column of statistics that holds the theme of a row."""
    themes: Mapping[str, str] = field(default_factory=dict)
    """Titles of themes in their order, as the data package gives them."""
    styles: Mapping[str, Style] = field(default_factory=dict)
    """Of publications by name."""

    def work_names(self, publication: str) -> dict[str, str]:
        """All works by key, those that the publication does not cite as the record names them."""
        recorded = {key: str(source["name"]) for key, source in self.record["sources"].items()}
        return recorded | dict(self.names.get(publication, {}))

    def rows(self, publication: str) -> dict[str, Record]:
        """Rows of statistics as they are now, by id, in a publication's style."""
        style, current = self.styles.get(publication, "none"), {}
        for row in self.record["rows"].values():
            if row["id"] not in current:
                current[row["id"]] = row_in_style(row, style)
        return current


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
        lists={
            book.publication.name: {
                key: Markup(entry) for page in book.pages for key, entry in page.works.items()
            }
            for book in books
        },
        names={book.publication.name: book.work_names for book in books},
        statements=read_rows(root, table) if (table := settings.tables.evidence) in tables else (),
        method=settings.themes.method,
        theme=named,
        themes={name: titles.get(name, title_of(name)) for name in listed},
        styles={book.publication.name: book.publication.settings.style for book in books},
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
    rows, known = evidence.record["rows"], evidence.rows(publication)
    sources = source_names(evidence, publication)
    return script_json({id: _panel(rows[row], known, sources) for id, row in digests.items()})


def _panel(row: Record, rows: Mapping[str, Record], sources: Mapping[str, str]) -> dict[str, Any]:
    source = str(row.get("source") or "")
    shown = {
        "measure": measure_of(row),
        "value": value_of(row),
        "facts": list(facts(row, rows)),
        "source": sources.get(source, source),
        "key": source,
        "page": cell_text(row, "locator"),
    }
    return {name: value for name, value in shown.items() if value}


# --- names -----------------------------------------------------------------------------------


def source_names(evidence: Evidence, publication: str) -> dict[str, str]:
    """`Ministry (2010), Cycling in towns`, by key."""
    sources = evidence.record["sources"]
    return {
        key: ", ".join(filter(None, (name, sources[key]["fields"].get("title", ""))))
        for key, name in evidence.work_names(publication).items()
        if key in sources
    }


def works_as_listed(
    lists: Mapping[str, Mapping[str, Markup]], publication: str
) -> dict[str, Markup]:
    """All works in the lists by key; where several list one, as the publication itself does."""
    return {
        key: entry
        for listed in (*lists.values(), lists.get(publication, {}))
        for key, entry in listed.items()
    }


def title_of(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()
