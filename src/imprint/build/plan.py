"""The plan of a build: which value is made from which.

    report ── run ──► executed chapters ── compose ──► books ── gather ──► record ──► sites
                                                         └──── set ────► PDFs, which tell pages

Renders, previews and files rendered alone follow the same plan. What is made anew for an edit, and
what is kept from before, is up to the stages and caches below it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from imprint.compose.book import compose
from imprint.compose.extension import read_extension
from imprint.compose.reading import ComposeOptions, reading
from imprint.compose.settings import STATISTICS_PAGE, Annexes
from imprint.compose.stages import Stages
from imprint.core import digests
from imprint.core.document import Book
from imprint.core.events import Tell, during
from imprint.core.files import MADE_IMAGES, writing
from imprint.core.model import Executed, Format, Publication, Reads
from imprint.core.parallel import results
from imprint.core.problems import ReportError
from imprint.quarto.engine import Quarto
from imprint.read.bibliography import Library
from imprint.read.chapters.shortcodes import environment_names
from imprint.read.data.tables import read_rows
from imprint.read.report import Report
from imprint.run.chapter_script import needs_kernel
from imprint.run.current import Current
from imprint.run.execute import (
    DEFAULT_TIMEOUT,
    CacheLookup,
    Ran,
    RunOptions,
    look_up_chapters,
    run_chapters,
)
from imprint.run.kernels import KernelEnvironment, kernel_environment


@dataclass(frozen=True)
class Request:
    """What a render is asked for."""

    formats: tuple[Format, ...] = ("html", "pdf")
    quarto: Quarto | None = None
    """Render with this Quarto; None: with the embedded engine."""
    jobs: int = os.cpu_count() or 1
    """Kernels at a time."""
    keeps: bool = True
    """Take results from the cache where they hold."""
    ahead: KernelEnvironment | None = None
    """For kernels, where they have been made ahead of need."""
    cached: CacheLookup | None = None
    """What the cache holds of the chapters, where that has been looked up already."""
    runs: bool = True
    """Run what the cache does not hold."""


@dataclass(frozen=True)
class Plan:
    """One build of a report."""

    report: Report
    request: Request
    options: ComposeOptions
    together: Sequence[Publication]
    """All publications whose pages link to each other, made now or before."""

    def run(self, tell: Tell, done: Callable[[Executed], None] = lambda _: None) -> Ran:
        """Run every chapter once and put the images its cells displayed where pages look for them.

        `done` gets each chapter as soon as it has run well. Raises ReportError where the images
        cannot be written.
        """
        report, request = self.report, self.request
        timeout = DEFAULT_TIMEOUT
        for publication in report.publications:
            # Another value is told where it stands.
            with suppress(TypeError, ValueError):
                timeout = float(publication.own.get("timeout", timeout))
        cached = request.cached or (look_up_results(report) if request.keeps else None)
        options = RunOptions(
            report.project.execute_dir, request.jobs, timeout, cached, request.ahead, request.runs
        )
        chapters = list(report.chapters.values())
        ran = run_chapters(report.project.root, chapters, options, tell, done)
        with writing(report.project.root):
            for chapter in ran.chapters:
                for name, content in chapter.media.items():
                    target = report.project.root / name.lstrip("/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
        return ran

    def execute(self, tell: Tell) -> dict[str, Executed]:
        """The same, by path. Raises ReportError with the problems of all chapters."""
        ran = self.run(tell)
        if ran.problems:
            raise ReportError(ran.problems)
        return {chapter.path: chapter for chapter in ran.chapters}

    def read_ahead(self, chapter: Executed, stages: Stages) -> None:
        """Start reading a chapter that has just run, for every publication it belongs to."""
        executed = {chapter.path: chapter}
        for publication in self.report.publications:
            for ask in reading(publication, executed):
                stages.begin(ask)

    def compose(
        self,
        executed: Mapping[str, Executed],
        stages: Stages,
        tell: Tell,
        done: Callable[[Book], None] | None = None,
    ) -> list[Book]:
        """Compose every publication, together or, if `done` is to have each as soon as it is there,
        one after the other: those with most text first, for what follows takes longest for them.

        Raises ReportError with the problems of all.
        """
        report = self.report

        def composed(publication: Publication) -> Book:
            chapters = [executed[chapter.path] for chapter in report.chapters_of(publication)]
            with during(tell, "compose", publication.name):
                book = compose(report.project, publication, chapters, self.options, stages)
            if done:
                done(book)
            return book

        def length(publication: Publication) -> int:
            return sum(len(executed[it.path].lines) for it in report.chapters_of(publication))

        names = [publication.name for publication in report.publications]
        with (
            during(tell, "compose", detail=", ".join(names), count=len(names)),
            ThreadPoolExecutor(1 if done else len(names) or 1) as pool,
        ):
            by_length = sorted(report.publications, key=length, reverse=True)
            books = {found.name: pool.submit(composed, found) for found in by_length}
            made = results(books)
        return [made[name] for name in names]


def plan_build(
    report: Report, request: Request, together: Sequence[Publication] | None = None
) -> Plan:
    """The plan for all of a report's publications; `together` are those that stand beside each
    other, by default the same.

    Raises ReportError where the extension with the look cannot be read.
    """
    library = report.library or Library({})
    page = STATISTICS_PAGE if report.statistics else ""
    annexes = Annexes(page, _meanings(report))
    extension = read_extension(report.project.root)
    options = ComposeOptions(
        request.formats, extension, frozenset(library.references), library.csl, annexes
    )
    return Plan(report, request, options, report.publications if together is None else together)


def _meanings(report: Report) -> dict[str, str]:
    """What abbreviations stand for, and terms mean, where the report lists them."""
    tables = report.settings.tables
    listed = (
        (tables.terms, "term", "meaning"),
        (tables.abbreviations, "abbreviation", "expansion"),
    )
    return {
        str(row[said]).replace("'", "’"): str(row[meant]).replace("'", "’")
        for table, said, meant in listed
        if table in report.tables
        for row in read_rows(report.project.root, table)
        if row.get(said) and row.get(meant)
    }


def look_up_results(report: Report) -> CacheLookup:
    """What the cache holds of a report's chapters."""
    current = Current(report.project.root.resolve(), report.statistics)
    return look_up_chapters(current, report.chapters.values(), report.project.execute_dir)


@contextmanager
def kernels_ahead(report: Report, request: Request) -> Iterator[Request]:
    """The request, with what the cache holds and, where code is to run, libraries being imported
    for its kernels while the block runs."""
    if request.quarto:
        yield request
        return
    cached = look_up_results(report) if request.keeps else None
    request = replace(request, cached=cached)
    runs = cached.needs_kernel if cached else any(map(needs_kernel, report.chapters.values()))
    if request.ahead or not runs:
        yield request
        return
    with kernel_environment(report.project.root) as ahead:
        yield replace(request, ahead=ahead)


def all_reads(executed: Iterable[Executed]) -> Reads | None:
    """What the code of all chapters read; None where that is not known of one."""
    found: list[tuple[str, str, str, str]] = []
    for chapter in executed:
        if chapter.reads is None:
            return None
        found += chapter.reads
        for name in sorted(environment_names(chapter.lines)):
            found.append(("variable", name, "", digests.digest_of(Path(), "variable", name)))
    return tuple(found)


def shown_files(books: Iterable[Book]) -> set[str]:
    """Images of books by their paths from the root, but for those that chapters draw."""
    images = {image for book in books for image in book.images}
    return {
        image for image in images if not image.startswith(tuple(f"{it}/" for it in MADE_IMAGES))
    }
