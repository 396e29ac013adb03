"""Everything a report is made from, read before any kernel starts: files -> `Report` and problems.

What cannot be read is left out and told as a problem, so that one run shows all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from imprint.core.memo import FileMemo
from imprint.core.model import Chapter, Project, Publication, Statistic
from imprint.core.problems import Place, Problem, ReportError, Severity
from imprint.core.root import PROJECT_FILE
from imprint.core.settings import Settings
from imprint.read.bibliography import KEEPS_ENTRY, Library, read_library
from imprint.read.chapters.mentions import REFERENCE_KINDS, reference_kinds
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.csl import NameStyle
from imprint.read.data.constraints import check_data
from imprint.read.data.datapackage import read_package
from imprint.read.data.tables import STATISTICS, read_statistics
from imprint.read.plain import levelled
from imprint.read.project.publications import select, survey_project

HIDES_NOTHING = {
    "attributes-are-readable",
    "block-stands-apart",
    "div-stands-apart",
    "format-is-supported",
    "inline-code-is-supported",
    "option-is-known",
    "option-is-supported",
    "shortcode-is-supported",
}
"""Rules that a chapter may break and still be read whole, so that the checks can go on with it."""


@dataclass(frozen=True, eq=False)
class Report:
    """A report as it stood on disk when it was read; equal only to itself."""

    project: Project
    publications: tuple[Publication, ...]
    """The ones asked for, in the project's order."""
    chapters: Mapping[str, Chapter]
    """By path; chapters that cannot be read are missing."""
    library: Library | None
    statistics: Mapping[str, Statistic] | None
    """By id; None where the table cannot be read, an empty map where there is none."""
    tables: frozenset[str]
    figures: frozenset[str]
    """Names of the modules in `figures/`."""
    files: frozenset[str] = frozenset()
    """Paths from the root of all files that the project and its chapters name, wherever they lie:
    chapters, what they include, bibliographies and the citation style."""

    @property
    def settings(self) -> Settings:
        """What the report sets for all its publications."""
        return self.project.settings

    @cached_property
    def reference_kinds(self) -> frozenset[str]:
        """Prefixes that make `@prefix-name` a cross-reference in any of the publications."""
        return REFERENCE_KINDS.union(
            *(reference_kinds(publication.metadata) for publication in self.publications)
        )

    @property
    def is_complete(self) -> bool:
        """Every publication of the project was asked for, and all of it could be read."""
        entries = (entry for p in self.publications for entry in p.entries)
        return (
            self.publications == self.project.publications
            and self.library is not None
            and self.statistics is not None
            and all(entry.path in self.chapters for entry in entries if entry.path)
        )

    def printed_chapters(self) -> Iterator[tuple[Publication, Chapter]]:
        """The readable chapters of all publications, each with the one that prints it."""
        for publication in self.publications:
            yield from ((publication, chapter) for chapter in self.chapters_of(publication))

    def chapters_of(self, publication: Publication) -> Iterator[Chapter]:
        """The readable chapters of one publication, in its order."""
        for entry in publication.entries:
            if entry.path in self.chapters:
                yield self.chapters[entry.path]


@dataclass(frozen=True)
class _Data:
    statistics: Mapping[str, Statistic] | None
    tables: frozenset[str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Memory:
    """Results of earlier reads, for reading the same project again and again."""

    chapters: FileMemo[tuple[Chapter, list[Problem]]] = field(default_factory=FileMemo)
    libraries: FileMemo[tuple[Library, list[Problem]]] = field(default_factory=FileMemo)
    data: FileMemo[_Data] = field(default_factory=FileMemo)


def read_report(
    root: Path, names: Sequence[str] = (), memory: Memory | None = None
) -> tuple[Report, list[Problem]]:
    """Read the project and everything in it that the named publications (default: all) need.

    With a memory, only what has changed since it was last used is read. Returns the report and
    every problem found on the way. Raises ReportError only where nothing more can be read: the
    project file itself cannot be read, or a name is no publication's.
    """
    memory = memory or Memory()
    project, problems = survey_project(root)
    publications = select(project, names)

    chapters = {}
    files = {*project.bibliography, project.csl} - {""}
    surveyed: set[Hashable] = set()
    for publication in publications:
        defaults = publication.metadata.get("execute") or {}
        for entry in publication.entries:
            if not entry.path or entry.path in chapters:
                continue
            chapter, wrong = memory.chapters.get(
                (root, entry.path, repr(defaults)),
                partial(survey_chapter, root, entry.path, defaults),
                lambda found: None if found[1] else [root / file for file in found[0].files],
                [root / entry.path],
            )
            surveyed.add((root, entry.path, repr(defaults)))
            problems += wrong
            problems += _unprinted(chapter) if publication.is_book else ()
            files.update(chapter.files)
            told = levelled(project, wrong)
            if all(it.severity == "warning" or it.code in HIDES_NOTHING for it in told):
                chapters[entry.path] = chapter

    memory.chapters.keep_only(surveyed)
    library, wrong = _library(root, project, chapters.values(), memory)
    problems += wrong
    keys = frozenset(library.references) if library else None
    # The folder itself tells of files that come and go; units are declared in the project file.
    folder = root / "data"
    tables = [folder, folder / "datapackage.json", *sorted(folder.rglob("*")), root / PROJECT_FILE]
    data = memory.data.get(
        (root, keys),
        lambda: _read_data(root, keys),
        lambda found: None if found.problems else tables,
        tables,
    )
    memory.data.keep_only([(root, keys)])
    problems += data.problems
    figures = frozenset(path.stem for path in (root / "figures").glob("*.py"))
    report = Report(
        project, publications, chapters, library, data.statistics, data.tables, figures,
        frozenset(files),
    )  # fmt: skip
    return report, levelled(project, problems)


_UNPRINTED: Mapping[str, Severity] = {
    **dict.fromkeys(("subtitle", "author", "authors", "abstract", "about"), "error"),
    **dict.fromkeys(("affiliations", "keywords", "doi", "license", "copyright"), "warning"),
}


def _unprinted(chapter: Chapter) -> Iterator[Problem]:
    """What the front matter of a book's chapter says to readers and no page of it prints."""
    for key in filter(chapter.metadata.get, _UNPRINTED):
        message = f"a chapter of a book does not print its `{key}`"
        fix = "write it into the chapter's text, or take it out"
        place = chapter.keys.get(key, Place(chapter.path)).at(0)
        yield Problem(place, "option-is-supported", message, fix, _UNPRINTED[key])


def _read_data(root: Path, keys: Collection[str] | None) -> _Data:
    if not (root / "data" / "datapackage.json").is_file():
        return _Data({}, frozenset(), ())
    problems = check_data(root, keys)
    tables, wrong = read_package(root)
    statistics: dict[str, Statistic] | None = {}
    # A report may have tables and no statistics.
    if STATISTICS in tables or wrong:
        try:
            statistics = read_statistics(root)
        except ReportError as error:
            statistics, problems = None, [*problems, *error.problems]
    return _Data(statistics, frozenset(tables), tuple(problems))


def _library(
    root: Path, project: Project, chapters: Iterable[Chapter], memory: Memory
) -> tuple[Library | None, list[Problem]]:
    """The bibliography, or None where entries cannot be read, and what is wrong with it."""
    style = name_style(project)
    files = [root / file for file in (*project.bibliography, project.csl) if file]
    written = works_written(project.publications, chapters)
    key = (root, project.bibliography, style, repr(written))
    memory.libraries.keep_only([key])
    library, wrong = memory.libraries.get(
        key,
        lambda: read_library(root, project.bibliography, style, written),
        lambda found: None if found[1] else files,
        files,
    )
    return library if all(found.code in KEEPS_ENTRY for found in wrong) else None, wrong


def works_written(
    publications: Iterable[Publication], chapters: Iterable[Chapter]
) -> dict[str, Any]:
    """What project files and chapters have under `references:`, by file."""
    said = {it.file: it.metadata for it in publications} | {it.path: it.metadata for it in chapters}
    return {file: found for file, of in said.items() if (found := of.get("references"))}


def name_style(project: Project) -> NameStyle:
    """How the project's works are named: by its style, in the language of its first publication."""
    langs = (str(publication.metadata.get("lang") or "") for publication in project.publications)
    return NameStyle(project.csl, next(langs, "") or "en")


def of_revision(report: Report, revision: str) -> Report:
    """The same report, each publication saying that it was made from this revision."""
    return saying(report, "revision", revision) if revision else report


def saying(report: Report, name: str, value: Any) -> Report:
    """The same report, each publication with another value under `imprint:`."""
    return with_publications(report, lambda publication: publication.saying(name, value))


def with_publications(report: Report, change: Callable[[Publication], Publication]) -> Report:
    """The same report, each publication changed."""
    project = replace(report.project, publications=tuple(map(change, report.project.publications)))
    return replace(report, publications=tuple(map(change, report.publications)), project=project)
