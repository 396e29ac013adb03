"""Everything a report is made from, read before any kernel starts: files -> `Sources` and problems.

What cannot be read is left out and told as a problem, so that one run shows all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from imprint.datapackage import read_package
from imprint.library import Library, read_library
from imprint.mentions import REFERENCE_KINDS, reference_kinds
from imprint.model import Chapter, Project, Publication, Statistic
from imprint.notebooks import survey_chapter
from imprint.problems import Problem, ReportError
from imprint.project import select, survey_project
from imprint.tables import check_data, read_statistics

T = TypeVar("T")

HIDES_NOTHING = {
    "format-is-supported",
    "inline-code-is-supported",
    "option-is-supported",
    "shortcode-is-supported",
}
"""Rules that a chapter may break and still be read whole, so that the checks can go on with it."""


@dataclass(frozen=True, eq=False)
class Sources:
    """A report's sources as they stood on disk when they were read; equal only to itself."""

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

    @cached_property
    def reference_kinds(self) -> frozenset[str]:
        """Prefixes that make `@prefix-name` a cross-reference in any of the publications."""
        return REFERENCE_KINDS.union(
            *(reference_kinds(publication.metadata) for publication in self.publications)
        )

    @property
    def is_whole(self) -> bool:
        """Every publication of the project was asked for, and all of it could be read."""
        entries = (entry for p in self.publications for entry in p.entries)
        return (
            self.publications == self.project.publications
            and self.library is not None
            and self.statistics is not None
            and all(entry.path in self.chapters for entry in entries if entry.path)
        )

    def chapters_of(self, publication: Publication) -> Iterator[Chapter]:
        """The readable chapters of one publication, in its order."""
        for entry in publication.entries:
            if entry.path in self.chapters:
                yield self.chapters[entry.path]


def read_sources(root: Path, names: Sequence[str] = ()) -> tuple[Sources, list[Problem]]:
    """Read the project and everything in it that the named publications (default: all) need.

    Returns the sources and every problem found on the way. Raises ReportError only where nothing
    more can be told: the project file itself cannot be read, or a name is no publication's.
    """
    project, problems = survey_project(root)
    publications = select(project, names)

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ReportError as error:
            problems.extend(error.problems)
            return None

    chapters = {}
    for publication in publications:
        defaults = publication.metadata.get("execute") or {}
        for entry in publication.entries:
            if not entry.path or entry.path in chapters:
                continue
            chapter, wrong = survey_chapter(root, entry.path, defaults)
            problems += wrong
            if all(found.code in HIDES_NOTHING for found in wrong):
                chapters[entry.path] = chapter

    library = attempt(lambda: read_library(root, project.bibliography))
    has_data = (root / "data" / "datapackage.json").is_file()
    if has_data:
        problems += check_data(root, library.references if library else None)
    statistics = attempt(lambda: read_statistics(root)) if has_data else {}
    tables = read_package(root)[0] if has_data else {}
    figures = frozenset(path.stem for path in (root / "figures").glob("*.py"))
    sources = Sources(
        project, publications, chapters, library, statistics, frozenset(tables), figures
    )
    return sources, problems


def as_draft(sources: Sources, revision: str) -> Sources:
    """The same sources, each publication marked as a draft of this revision."""
    return replace(
        sources,
        publications=tuple(_draft(found, revision) for found in sources.publications),
        project=replace(
            sources.project,
            publications=tuple(_draft(found, revision) for found in sources.project.publications),
        ),
    )


def _draft(publication: Publication, revision: str) -> Publication:
    own = {**(publication.metadata.get("imprint") or {}), "draft": revision}
    return replace(publication, metadata={**publication.metadata, "imprint": own})
