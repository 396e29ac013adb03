"""A work of the bibliography -> the rows, citations and figures that rest on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.check.code.figure_modules import read_figures
from imprint.check.table_rows import read_tables
from imprint.core.problems import Place
from imprint.read.bibliography import display_name
from imprint.read.chapters.mentions import citations
from imprint.read.report import Report
from imprint.trace.figure_dependencies import figure_dependencies
from imprint.trace.outline import Setting, outline
from imprint.trace.places import at, by_publication
from imprint.trace.prints import Location, Prints, read_prints
from imprint.trace.statistic_tree import text_uses
from imprint.trace.tree import Branch


def source_tree(report: Report, key: str) -> Branch:
    """The tree of one source, which must exist."""
    references = report.library.references if report.library else {}
    statistics = report.statistics or {}
    own = {id for id, row in statistics.items() if row.source == key}
    prints = read_prints(report, statistics, report.project.root)
    uses = [*_citations(report, key), *text_uses(prints, own)]
    uses += _tables(prints, own)
    uses += _figures(report, prints, key, own)
    branches = [*_other_entries(report, key), *_rows(report, key)]
    shown = by_publication(report, sorted(uses, key=_order))
    work = references[key]
    return Branch(
        f"{key}: {display_name(work)}",
        work.place,
        (*branches, *(shown or (Branch("no chapter cites it"),))),
    )


def _order(use: tuple[Location, Branch]) -> Place:
    return use[0].place


def _rows(report: Report, key: str) -> Iterator[Branch]:
    """Rows of every table that name the source in a column of keys."""
    for name, filled in read_tables(report).items():
        citing = [column.name for column in filled.table.columns if column.cites]
        found = [
            row
            for row in filled.rows
            if any(key in str(row.get(column) or "").split("; ") for column in citing)
        ]
        if found:
            file = filled.table.file
            first = filled.columns[0]
            rows = (Branch(str(row.get(first) or ""), Place(file, row.line)) for row in found)
            count = f"{len(found)} row{'' if len(found) == 1 else 's'}"
            yield Branch(f"table '{name}': {count}", None, tuple(rows))


def _other_entries(report: Report, key: str) -> Iterator[Branch]:
    """Entries of the bibliography that name the source's key."""
    word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    references = report.library.references if report.library else {}
    named = [
        work
        for other, work in references.items()
        if other != key and any(word.search(text) for text in work.fields.values())
    ]
    if named:
        rows = (Branch(work.key, work.place) for work in named)
        yield Branch("entries that name it", None, tuple(rows))


def _citations(report: Report, key: str) -> Iterator[tuple[Location, Branch]]:
    kinds = report.reference_kinds
    for chapter in report.chapters.values():
        places = [place for cited, place in citations(chapter, kinds) if cited == key]
        settings = outline(chapter, report.settings.findings_folder) if places else {}
        for publication in report.publications:
            if all(entry.path != chapter.path for entry in publication.entries):
                continue
            for place in places:
                setting = settings.get(place.at(0), Setting())
                if setting.shown_in(publication.name):
                    spot = Location(publication.name, chapter.path, place, setting)
                    yield spot, at(spot, "cited")


def _tables(prints: Prints, own: set[str]) -> Iterator[tuple[Location, Branch]]:
    for table in prints.tables:
        count = len(own.intersection(table.statistics))
        if count:
            said = f"{count} of its statistics" if count > 1 else "one of its statistics"
            yield table.spot, at(table.spot, f"table '{table.name or table.caption}': {said}")


def _figures(
    report: Report, prints: Prints, key: str, own: set[str]
) -> Iterator[tuple[Location, Branch]]:
    """Figures that draw its statistics, have rows of it, or cite it."""
    cites = re.compile(rf"@{re.escape(key)}(?![\w-])")
    resting = set()
    for figure in read_figures(report)[0]:
        named = any(key in str(value).split("; ") for row in figure.rows for value in row.values())
        drawn = own & figure_dependencies(report, figure).statistics
        if named or drawn or cites.search(figure.caption):
            resting.add(figure.name)
    for use in prints.figures:
        if use.name in resting:
            yield use.spot, at(use.spot, f"figure '{use.name}'")
