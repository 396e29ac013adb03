"""A file of the project -> the tables, figures, chapters and publications that depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imprint.check.code.figure_modules import FigureModule, read_figures
from imprint.check.table_rows import read_tables
from imprint.core.model import Chapter, Publication, Text
from imprint.core.problems import Place
from imprint.core.root import PROJECT_FILE
from imprint.read.chapters.mentions import citations
from imprint.read.data.datapackage import PACKAGE
from imprint.read.report import Report
from imprint.trace.figure_dependencies import FigureDependencies, figure_dependencies
from imprint.trace.outline import Setting
from imprint.trace.places import at, by_publication
from imprint.trace.prints import Location, Prints, read_prints
from imprint.trace.tree import Branch

_LOOKS = ("_extensions/", "styles/", "src/imprint/")
"""Folders whose files shape every page."""


def file_tree(report: Report, path: str) -> Branch:
    """The tree of one file of the project, named from its root, which must exist."""
    tables = read_tables(report)
    table = next((name for name, filled in tables.items() if filled.table.file == path), "")
    if table or path == PACKAGE:
        names = frozenset([table] if table else tables)
        branches = [*_data(report, names)]
    elif path in report.project.bibliography:
        branches = [*_bibliography(report, path)]
    elif path.startswith("figures/") and path.endswith(".py"):
        branches = [*_figure(report, path.removeprefix("figures/").removesuffix(".py"))]
    else:
        branches = [*_text(report, path), *_settings(report, path)]
    return Branch(f"file:{path}", None, tuple(branches) or (Branch("nothing depends on it"),))


def _data(report: Report, names: frozenset[str]) -> Iterator[Branch]:
    """What shows rows of the tables."""
    tables = read_tables(report)
    for name in sorted(names):
        count = len(tables[name].rows)
        yield Branch(f"table '{name}': {count} row{'' if count == 1 else 's'}",
                     Place(tables[name].table.file))  # fmt: skip
        for other in tables.values():
            if other.table.name != name and any(
                key.table == name for key in other.table.foreign_keys
            ):
                yield Branch(f"table '{other.table.name}' names its rows", Place(other.table.file))
    prints = _prints(report)
    reads = _reads(report)
    using = [figure for figure, read in reads.items() if read.tables & names]
    yield from _figure_branches(using)
    uses = list(_figure_uses(prints, using))
    for table in prints.tables:
        if table.name in names or (table.statistics and "statistics" in names):
            uses.append((table.spot, at(table.spot, f"table '{table.name or table.caption}'")))
    if "statistics" in names:
        uses += _counted(prints)
    yield from by_publication(report, uses)


def _counted(prints: Prints) -> Iterator[tuple[Location, Branch]]:
    """For each chapter, how many statistics its sentences print."""
    counts: dict[tuple[str, str], int] = {}
    for use in prints.texts:
        key = (use.spot.publication, use.spot.chapter)
        counts[key] = counts.get(key, 0) + bool(use.value.ids)
    for (publication, chapter), count in counts.items():
        if count:
            spot = Location(publication, chapter, Place(chapter), Setting())
            plural = "" if count == 1 else "s"
            yield spot, Branch(f"{count} number{plural} or claim{plural} in its text")


def _bibliography(report: Report, path: str) -> Iterator[Branch]:
    """What cites any work."""
    for name, filled in read_tables(report).items():
        if any(column.cites for column in filled.table.columns):
            yield Branch(f"table '{name}' names works", Place(filled.table.file))
    using = [name for name, read in _reads(report).items() if path in read.files]
    yield from _figure_branches(using)
    uses = list(_figure_uses(_prints(report), using))
    for publication, chapter in _chapters(report):
        cited = [key for key, _ in citations(chapter, report.reference_kinds)]
        if cited:
            works = len(set(cited))
            said = f"{len(cited)} citation{'' if len(cited) == 1 else 's'} of {works} work"
            said += "" if works == 1 else "s"
            uses.append((_spot(publication, chapter), Branch(said)))
    yield from by_publication(report, uses)


def _figure(report: Report, name: str) -> Iterator[Branch]:
    """What a figure reads and which chapters show it."""
    reads = _reads(report).get(name)
    if reads:
        for title, found in (("reads table", reads.tables), ("reads file", reads.files),
                             ("draws", reads.statistics)):  # fmt: skip
            yield from (Branch(f"{title} {item}") for item in sorted(found))
    yield from by_publication(report, _figure_uses(_prints(report), [name]))


def _text(report: Report, path: str) -> Iterator[Branch]:
    """Chapters that are, include or name the file."""
    uses = []
    for publication, chapter in _chapters(report):
        spot = _spot(publication, chapter)
        if path == chapter.path:
            uses.append((spot, Branch("the chapter itself")))
        elif path in chapter.files:
            uses.append((spot, Branch("includes it")))
        else:
            uses += [(spot, Branch("names it", place)) for place in _naming(chapter, path)]
    yield from by_publication(report, uses)


def _naming(chapter: Chapter, path: str) -> Iterator[Place]:
    for part in chapter.parts:
        if isinstance(part, Text):
            yield from (line.place for line in part.lines if path in line.text)


def _settings(report: Report, path: str) -> Iterator[Branch]:
    """Publications that the file shapes as a whole."""
    for publication in report.publications:
        everywhere = path in (PROJECT_FILE, report.project.csl) or path.startswith(_LOOKS)
        if everywhere or path == publication.file:
            yield Branch(f"publication '{publication.name}'", None, (Branch("all of it"),))


# --- shared ----------------------------------------------------------------------------------


def _prints(report: Report) -> Prints:
    return read_prints(report, report.statistics or {}, report.project.root)


def _reads(report: Report) -> dict[str, FigureDependencies]:
    modules: list[FigureModule] = read_figures(report)[0]
    return {figure.name: figure_dependencies(report, figure) for figure in modules}


def _figure_branches(names: Iterable[str]) -> Iterator[Branch]:
    yield from (Branch(f"figure '{name}'", Place(f"figures/{name}.py")) for name in sorted(names))


def _figure_uses(prints: Prints, names: Iterable[str]) -> Iterator[tuple[Location, Branch]]:
    wanted = set(names)
    for use in prints.figures:
        if use.name in wanted:
            yield use.spot, at(use.spot, f"figure '{use.name}'")


def _chapters(report: Report) -> Iterator[tuple[Publication, Chapter]]:
    for publication in report.publications:
        for chapter in report.chapters_of(publication):
            yield publication, chapter


def _spot(publication: Publication, chapter: Chapter) -> Location:
    return Location(publication.name, chapter.path, Place(chapter.path), Setting())
