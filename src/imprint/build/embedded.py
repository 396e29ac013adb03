"""The embedded engine: report -> composed books, PDFs and sites, several at a time.

Chapters are read while others still run; pages are written while PDFs are set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from imprint.build.output import DRAWN
from imprint.compose.book import ComposeOptions, compose, reading
from imprint.compose.extension import Extension, read_extension
from imprint.compose.stages import Stages
from imprint.core import store
from imprint.core.events import Message, Tell, during
from imprint.core.files import write_json
from imprint.core.model import Book, Executed, Format, PdfPage, Publication
from imprint.core.problems import Problem, ReportError
from imprint.quarto.engine import Quarto
from imprint.read.report import Report
from imprint.run.current import Current
from imprint.run.execute import DEFAULT_TIMEOUT, RunOptions, execute_chapters
from imprint.run.kernels import KernelEnvironment
from imprint.write.downloads import figure_files, figures_among
from imprint.write.pdf.kept import kept_pdf
from imprint.write.pdf.typeset import STAND_IN, set_pdf
from imprint.write.provenance import Record, provenance
from imprint.write.site.evidence import STATISTICS_PAGE, gather
from imprint.write.site.front import label
from imprint.write.site.landing import write_landing
from imprint.write.site.search import write_search
from imprint.write.site.site import (
    ASSETS,
    Site,
    annex_pages,
    chapter_pages,
    environment,
    other_files,
    write,
)

B = TypeVar("B")

Pages = Mapping[int, PdfPage]
"""Where the uses of a publication came to stand in its PDF."""


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


def render_embedded(
    report: Report,
    request: Request,
    folder: Path,
    epoch: int,
    tell: Tell,
    earlier: Mapping[str, Any] | None = None,
) -> list[Book]:
    """Execute every chapter once, compose each publication once, write its PDF and pages.

    Pages link to the other publications that stand in `folder` or are made now. What all of them
    use is written to `provenance.json`; `earlier` is what the last one says of publications that
    are not made now. Raises ReportError with every problem of the stage that cannot go on.
    """
    root = report.project.root
    together = [
        publication
        for publication in report.project.publications
        if publication in report.publications or (folder / publication.name).is_dir()
    ]
    extension = read_extension(root)
    labels = {publication.name: label(publication) for publication in together}
    formats = request.formats

    def recorded(pages: Mapping[str, Pages]) -> Record:
        return provenance(report, books, pages, earlier)

    def sites(record: Record) -> list[Site]:
        if "html" not in formats:
            return []
        evidence = gather(root, record, books, labels)
        return [
            Site(book, root, extension, together, pdf_name(book, formats), evidence)
            for book in books
        ]

    with _setting(root, request, epoch, folder, tell, len(report.publications)) as (begin, pages):
        with Stages(root, request.jobs, request.keeps) as stages:
            executed = execute(report, request, tell, lambda done: read_ahead(report, done, stages))
            options = compose_options(report, extension, formats)
            books = compose_all(report, executed, options, stages, tell, begin)
        # All but the pages of evidence can be written before it is known what is on which page.
        _write_chapters(root, sites(recorded({})), books, request, folder, tell)
        if "html" in formats:
            with during(tell, "index"):
                write_search(folder, labels)
        record = recorded(_results(pages))
    write_json(folder / "provenance.json", record)
    for site in sites(record):
        write(annex_pages(site), folder / site.front.name)
    if "html" in formats:
        write_landing(folder, together, extension=extension, assets=ASSETS, templates=environment())
    if request.keeps:
        store.prune(root)
    return books


def _write_chapters(
    root: Path,
    sites: Sequence[Site],
    books: Sequence[Book],
    request: Request,
    folder: Path,
    tell: Tell,
) -> None:
    """Write the sites' pages but for those of evidence, and the files of the books' figures."""
    with during(tell, "write", count=len(sites) + 1 if sites else 0):
        for site in sites:
            with during(tell, "write", site.front.name):
                write(chapter_pages(site), folder / site.front.name)
                write(other_files(site), folder / site.front.name)
        with during(tell, "write", "figures"):
            figures = figures_among(image for book in books for image in book.images)
            write(figure_files(root, figures, keeps=request.keeps), folder)


def shown_files(books: Iterable[Book]) -> set[str]:
    """Images of books by their paths from the root, but for those that chapters draw."""
    images = {image for book in books for image in book.images}
    return {image for image in images if not image.startswith(tuple(f"{it}/" for it in DRAWN))}


def pdf_name(book: Book, formats: Sequence[Format]) -> str | None:
    """The name of a book's PDF; None where none is wanted."""
    return f"{book.publication.output_file}.pdf" if "pdf" in formats else None


# --- chapters ----------------------------------------------------------------------------------


def execute(
    report: Report,
    request: Request,
    tell: Tell,
    done: Callable[[Executed], None],
    current: Current | None = None,
) -> dict[str, Executed]:
    """Run every chapter once and put the images its cells displayed where pages look for them.

    `done` gets each chapter as soon as it has run well; `current` is the project as it stands,
    where that has been looked at already.
    """
    project = report.project
    timeout = DEFAULT_TIMEOUT
    for publication in report.publications:
        timeout = float((publication.metadata.get("imprint") or {}).get("timeout", timeout))
    options = RunOptions(
        project.execute_dir, request.jobs, timeout, request.keeps, request.ahead, current
    )
    chapters = list(report.chapters.values())
    executed = execute_chapters(project.root, chapters, options, tell, done)
    for chapter in executed:
        for name, content in chapter.media.items():
            target = project.root / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return {chapter.path: chapter for chapter in executed}


def read_ahead(report: Report, chapter: Executed, stages: Stages) -> None:
    """Start reading a chapter that has just run, for every publication it belongs to."""
    for publication in report.publications:
        for ask in reading(publication, {chapter.path: chapter}, keys_of(report), stages.derived):
            stages.begin(ask)


def compose_all(
    report: Report,
    executed: Mapping[str, Executed],
    options: ComposeOptions,
    stages: Stages,
    tell: Tell,
    done: Callable[[Book], None] | None = None,
) -> list[Book]:
    """Compose every publication, together or, if `done` is to have each as soon as it is there, one
    after the other: those with most text first, for what follows takes longest for them.

    Raises ReportError with the problems of all.
    """

    def composed(publication: Publication) -> Book:
        chapters = [executed[chapter.path] for chapter in report.chapters_of(publication)]
        with during(tell, "compose", publication.name):
            book = compose(report.project, publication, chapters, options, stages)
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
        made = _results(books)
    for warning in sorted({warning for book in made.values() for warning in book.warnings}):
        tell(Message(str(warning)))
    return [made[name] for name in names]


def compose_options(
    report: Report, extension: Extension, formats: Sequence[Format]
) -> ComposeOptions:
    """What a report's publications are composed for and with."""
    page = STATISTICS_PAGE if report.statistics else ""
    return ComposeOptions(formats, extension, keys_of(report), page)


def keys_of(report: Report) -> frozenset[str]:
    """The keys of the bibliography."""
    return frozenset(report.library.references if report.library else ())


# --- PDFs --------------------------------------------------------------------------------------


@contextmanager
def _setting(
    root: Path, request: Request, epoch: int, folder: Path, tell: Tell, count: int
) -> Iterator[tuple[Callable[[Book], None], Mapping[str, Future[Pages]]]]:
    """Set `count` PDFs while the block runs: gives how to begin one, and what has been begun by
    name."""
    begun: dict[str, Future[Pages]] = {}

    def set_one(book: Book) -> Pages:
        with during(tell, "set", book.publication.name):
            pdf = (kept_pdf if request.keeps else set_pdf)(book, root, epoch)
        if pdf.missing:
            lost = " ".join(pdf.missing)
            tell(Message(f"{book.publication.name}: no font has {lost}: the PDF prints {STAND_IN}"))
        target = folder / book.publication.name / f"{book.publication.output_file}.pdf"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(pdf.content)
        return pdf.pages

    with (
        ExitStack() as stage,
        ThreadPoolExecutor(request.jobs, thread_name_prefix="typst") as pool,
    ):

        def begin(book: Book) -> None:
            if "pdf" not in request.formats:
                return
            if not begun:
                stage.enter_context(during(tell, "set", count=count))
            begun[book.publication.name] = pool.submit(set_one, book)

        yield begin, begun


def _results(futures: Mapping[str, Future[B]]) -> dict[str, B]:
    """All results by name; raise one ReportError with the problems of all."""
    results: dict[str, B] = {}
    problems: list[Problem] = []
    for name, future in futures.items():
        try:
            results[name] = future.result()
        except ReportError as error:
            problems += error.problems
    if problems:
        raise ReportError(problems)
    return results
