"""A file of the project -> the tables, figures, chapters and publications that depend on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from imprint.check.table_rows import read_tables
from imprint.core.document import Run
from imprint.core.files import SHARED
from imprint.core.model import Chapter, Publication, Text
from imprint.core.numbers import counted
from imprint.core.problems import Place
from imprint.core.root import PROJECT_FILE
from imprint.difference.blocks import Block
from imprint.read.data.datapackage import PACKAGE
from imprint.read.report import Report
from imprint.trace.places import Known, Location, at, by_publication
from imprint.trace.tree import Branch
from imprint.trace.uses import (
    Use,
    figure_uses,
    figures_naming,
    printed,
    reads_table,
    table_name,
)


def file_tree(known: Known, path: str) -> Branch:
    """The tree of one file of the project, named from its root, which must exist."""
    report = known.report
    tables = read_tables(report)
    table = next((name for name, filled in tables.items() if filled.table.file == path), "")
    if table or path == PACKAGE:
        names = frozenset([table] if table else tables)
        branches = [*_data(known, names)]
    elif path in report.project.bibliography:
        branches = [*_bibliography(known, path)]
    elif path.startswith("figures/") and path.endswith(".py"):
        branches = [*_figure(known, path.removeprefix("figures/").removesuffix(".py"))]
    else:
        branches = [*_text(report, path), *_settings(report, path)]
    return Branch(f"file:{path}", None, tuple(branches) or (Branch("nothing depends on it"),))


def _data(known: Known, names: frozenset[str]) -> Iterator[Branch]:
    """What shows rows of the tables."""
    report = known.report
    tables = read_tables(report)
    for name in sorted(names):
        count = counted(len(tables[name].rows), "row")
        yield Branch(f"table '{name}': {count}", Place(tables[name].table.file))
        for other in tables.values():
            if other.table.name != name and any(
                key.table == name for key in other.table.foreign_keys
            ):
                yield Branch(f"table '{other.table.name}' names its rows", Place(other.table.file))
    readers = [it for it in known.examined.executed.values() if reads_table(it, names)]
    using = {figure for name in names for figure in figures_naming(known, name, readers)}
    if "statistics" in names:
        ids = known.report.statistics or {}
        using |= {
            it for it, rows in known.drawn.items() if any(row.get("id") in ids for row in rows)
        }
    yield from _figure_branches(using)
    uses = list(figure_uses(known, using))
    for name, block in printed(known):
        if block.kind == "row" and (
            block.table in names or ("statistics" in names and any(_numbers(block)))
        ):
            spot = known.location(name, block)
            uses.append((spot, at(spot, table_name(block))))
    if "statistics" in names:
        uses += _counted(known)
    told = {spot.chapter for spot, _ in uses}
    for publication, chapter in report.printed_chapters():
        if chapter.path not in told and known.examined.executed[chapter.path] in readers:
            uses.append((_spot(publication, chapter), Branch("its code reads it")))
    yield from by_publication(report, uses)


def _numbers(block: Block) -> Iterator[Run]:
    return (run for _, run in block.runs() if run.kind != "citation")


def _counted(known: Known) -> Iterator[Use]:
    """For each chapter, how many statistics its sentences print."""
    counts = Counter(
        (publication, block.chapter)
        for publication, block in printed(known)
        if block.kind != "row"
        for _ in _numbers(block)
    )
    for (publication, path), count in counts.items():
        said = f"{counted(count, 'number or claim', 'numbers or claims')} in its text"
        yield Location(publication, path, Place(path)), Branch(said)


def _bibliography(known: Known, path: str) -> Iterator[Branch]:
    """What cites any work."""
    for name, filled in read_tables(known.report).items():
        if any(column.cites for column in filled.table.columns):
            yield Branch(f"table '{name}' names works", Place(filled.table.file))
    using = figures_naming(known, path, [*known.examined.executed.values()])
    yield from _figure_branches(using)
    uses = list(figure_uses(known, using))
    cited: dict[tuple[str, str], list[str]] = {}
    for publication, block in printed(known):
        for _, run in block.runs() if not block.figure else ():
            if run.kind == "citation":
                cited.setdefault((publication, block.chapter), []).extend(run.ids)
    for (publication, chapter), keys in cited.items():
        said = f"{counted(len(keys), 'citation')} of {counted(len(set(keys)), 'work')}"
        uses.append((Location(publication, chapter, Place(chapter)), Branch(said)))
    yield from by_publication(known.report, uses)


def _figure(known: Known, name: str) -> Iterator[Branch]:
    """What a figure draws and which chapters show it."""
    ids = {row.get("id") for row in known.drawn.get(name, ())}
    yield from (Branch(f"draws {id}") for id in sorted(known.report.statistics or {}) if id in ids)
    yield from by_publication(known.report, figure_uses(known, [name]))


def _text(report: Report, path: str) -> Iterator[Branch]:
    """Chapters that are, include or name the file."""
    uses = []
    for publication, chapter in report.printed_chapters():
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
        everywhere = path in (PROJECT_FILE, report.project.csl) or path.startswith(SHARED)
        if everywhere or path == publication.file:
            yield Branch(f"publication '{publication.name}'", None, (Branch("all of it"),))


# --- shared ----------------------------------------------------------------------------------


def _figure_branches(names: Iterable[str]) -> Iterator[Branch]:
    yield from (Branch(f"figure '{name}'", Place(f"figures/{name}.py")) for name in sorted(names))


def _spot(publication: Publication, chapter: Chapter) -> Location:
    return Location(publication.name, chapter.path, Place(chapter.path))
