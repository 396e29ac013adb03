"""Composed books and their report -> where every printed number comes from: `provenance.json`.

docs/provenance.schema.json describes the file. Rows are kept by their hash, so that what a
publication printed when it was last rendered can be recomputed even where its data have changed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from imprint.core.document import Book, PdfPage, Use
from imprint.core.files import DRAWN
from imprint.core.problems import Problem, ReportError, nearest
from imprint.read.references import Reference
from imprint.read.report import Report
from imprint.write.derivations import derivations
from imprint.write.statistic_rows import Record, Rows, statistic_rows

VERSION = 4
STATISTICS = "data/statistics.csv"

Pages = Mapping[str, Mapping[int, PdfPage]]
"""By publication and number of use: where in the PDF it stands."""


def provenance(
    report: Report, books: Sequence[Book], last: Mapping[str, Any] | None = None
) -> Record:
    """Gather every use in `books`, and what it was made from.

    Of `last`, the content of an earlier `provenance.json`, publications are taken over that are not
    among the books. Where uses stand in PDFs is not known yet: see `with_pages`.

    Raises ReportError where a span written by hand names no statistic.
    """
    root = report.project.root
    found = statistic_rows(report) if "statistics" in report.tables else {}
    styles = {book.publication.settings.style for book in books} | {report.settings.style}
    by_style = {style: Rows(found, style) for style in sorted(styles)}
    rows = by_style[report.settings.style]
    uses = [use for book in books for use in book.uses]
    _refuse_unknown(uses, rows.by_id)
    record: Record = {
        "version": VERSION,
        "publications": {
            book.publication.name: _publication(book, by_style[book.publication.settings.style])
            for book in books
        },
        "rows": {
            styled.digests[id]: row
            for styled in (rows, *by_style.values())
            for id, row in styled.by_id.items()
        },
        "sources": {
            key: _source(reference)
            for key, reference in (report.library.references if report.library else {}).items()
        },
        "figures": {
            name: _figure(root, name, rows)
            for name in sorted({_drawn(use) for use in uses if use.kind == "figure"} - {""})
        },
    }
    record |= derivations(root, list(by_style.values()))
    return _with_earlier(record, last or {})


def with_pages(record: Record, books: Sequence[Book], pages: Pages) -> Record:
    """The record with the pages on which uses came to stand; `pages` lacks publications without a
    PDF."""
    placed = dict(record["publications"])
    for book in books:
        name = book.publication.name
        found = {kind: list(uses) for kind, uses in placed[name].items()}
        counts = dict.fromkeys(found, 0)
        for use in book.uses:
            kind = _GATHERED[use.kind]
            page = pages.get(name, {}).get(use.number)
            at = {"page": page.page, "label": page.label} if page else None
            found[kind][counts[kind]] = {**found[kind][counts[kind]], "pdf": at}
            counts[kind] += 1
        placed[name] = found
    return {**record, "publications": placed}


# --- one publication -------------------------------------------------------------------------


_GATHERED = {
    "statistic": "statistics",
    "claim": "statistics",
    "citation": "citations",
    "figure": "figures",
    "table": "tables",
}
"""Under what uses of each kind are listed."""


def _publication(book: Book, rows: Rows) -> dict[str, list[Record]]:
    gathered: dict[str, list[Record]] = {name: [] for name in dict.fromkeys(_GATHERED.values())}
    chapters = {page.output: page.source for page in book.pages}
    for use in book.uses:
        found = _where(use, chapters)
        if use.kind in ("statistic", "claim"):
            found |= {
                "kind": use.kind,
                "words": use.text,
                "form": use.form,
                "sentence": use.sentence,
                "statistics": [_named(id, rows) for id in use.ids],
            }
        elif use.kind == "citation":
            cited = zip(use.ids, use.locators, strict=True)
            found |= {
                "words": use.text,
                "sentence": use.sentence,
                "sources": [{"key": key, "locator": locator} for key, locator in cited],
            }
        elif use.kind == "figure":
            found |= {"figure": _drawn(use), "image": use.ids[0], "label": use.label}
            found |= {"caption": use.text}
        else:
            found |= {"table": use.ids[0], "label": use.label, "caption": use.text}
        gathered[_GATHERED[use.kind]].append(found)
    return gathered


def _where(use: Use, chapters: Mapping[str, str]) -> Record:
    return {
        "page": use.page,
        "chapter": chapters.get(use.page) or use.place.file,
        "anchor": use.anchor,
        "section": {
            "number": use.section,
            "title": use.section_title,
            "anchor": use.section_anchor,
        },
        "file": use.place.file,
        "line": use.place.line,
        "pdf": None,
    }


def _named(id: str, rows: Rows) -> Record:
    row = rows.by_id[id]
    return {
        "id": id,
        "row": rows.digests[id],
        "source": row.get("source") or "",
        "locator": row.get("locator") or "",
    }


def _refuse_unknown(uses: Sequence[Use], rows: Mapping[str, Record]) -> None:
    problems = [
        Problem(
            use.place,
            "statistic-exists",
            f"no statistic '{id}' in {STATISTICS}",
            nearest(id, rows) or "add a row for it",
        )
        for use in uses
        if use.kind in ("statistic", "claim")
        for id in use.ids
        if id not in rows
    ]
    if problems:
        raise ReportError(problems)


# --- what uses are made from -----------------------------------------------------------------


def _source(reference: Reference) -> Record:
    return {
        "name": reference.name,
        "type": reference.type,
        "fields": {**reference.fields, **dict(_printed(reference))},
        "people": {
            role: [asdict(person) for person in people] for role, people in reference.people.items()
        },
        "file": reference.place.file,
        "line": reference.place.line,
    }


_PRINTED = {"title": "title", "publisher": "publisher", "address": "publisher-place"}
"""Fields of BibTeX that pages print, and CSL's names of them."""


def _printed(reference: Reference) -> Iterator[tuple[str, str]]:
    """What pandoc has read, in the place of what was typed."""
    for field, variable in _PRINTED.items():
        if variable in reference.csl.printed:
            yield field, reference.csl.printed[variable]
    if reference.year:
        yield "year", reference.year


def drawn_by(image: str) -> str:
    """Name of the figure module that drew an image, by its path from the root; empty for an image
    from elsewhere."""
    path = PurePosixPath(image)
    return path.stem if str(path.parent) == DRAWN else ""


def _drawn(use: Use) -> str:
    return drawn_by(use.ids[0])


def _figure(root: Path, name: str, rows: Rows) -> Record:
    """The rows behind a figure as its CSV file gives them, and the statistics among them."""
    with (root / DRAWN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    ids = dict.fromkeys(row["id"] for row in drawn if row.get("id") in rows.by_id)
    return {
        "files": [f"figures/{name}.{ending}" for ending in ("csv", "png", "svg")],
        "rows": drawn,
        "statistics": [_named(id, rows) for id in ids],
    }


# --- publications that were not rendered this time ---------------------------------------------


def _with_earlier(record: Record, last: Mapping[str, Any]) -> Record:
    """Add earlier publications, and the rows, sources and figures that they name."""
    if last.get("version") != VERSION:
        return record
    kept = {
        name: publication
        for name, publication in last["publications"].items()
        if name not in record["publications"]
    }
    record["publications"] |= kept
    named = {figure["figure"] for publication in kept.values() for figure in publication["figures"]}
    for name in named & last["figures"].keys():
        record["figures"].setdefault(name, last["figures"][name])
    reached: set[str] = set()
    waiting = {found["row"] for found in _statistics_of(record)}
    while waiting:
        reached |= waiting
        worked_out = (last["derivations"][row] for row in waiting & last["derivations"].keys())
        waiting = {row for it in worked_out for row in it["rows"].values()} - reached
    for row in reached & last["rows"].keys():
        record["rows"].setdefault(row, last["rows"][row])
    for row in record["rows"].keys() & last["derivations"].keys():
        known = record["derivations"].setdefault(row, last["derivations"][row])
        for table in set(known["tables"].values()) & last["tables"].keys():
            record["tables"].setdefault(table, last["tables"][table])
    for key, source in last["sources"].items():
        if kept:
            record["sources"].setdefault(key, source)
    return record


def _statistics_of(record: Record) -> Iterator[Record]:
    for publication in record["publications"].values():
        for use in publication["statistics"]:
            yield from use["statistics"]
    for figure in record["figures"].values():
        yield from figure["statistics"]
