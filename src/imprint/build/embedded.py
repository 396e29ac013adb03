"""The embedded engine: a report -> its output, PDFs and sites side by side.

Chapters are read while others still run; pages are written while PDFs are set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imprint.build.examine import Examined, examine
from imprint.build.plan import Request, all_reads, plan_build
from imprint.build.sites import sites_of
from imprint.check import Checked
from imprint.compose.stages import Stages
from imprint.compose.words.phrases import read_phrases
from imprint.core import store
from imprint.core.document import Book, PdfPage
from imprint.core.events import Message, Tell, during
from imprint.core.files import write_json
from imprint.core.model import Reads
from imprint.core.parallel import results
from imprint.core.problems import ReportError
from imprint.read.report import Report
from imprint.write.document import document_json
from imprint.write.downloads import figure_files, figures_among
from imprint.write.pdf.cache import cached_pdf
from imprint.write.pdf.typeset import set_pdf
from imprint.write.provenance import provenance, with_pages
from imprint.write.site.front import front
from imprint.write.site.landing import landing_files, reading_times
from imprint.write.site.planned import write
from imprint.write.site.site import Site, annex_pages, chapter_pages, other_files, whole_files

Pages = Mapping[int, PdfPage]
"""Where the uses of a publication came to stand in its PDF."""


Judge = Callable[[Examined], Checked]
"""Runs the checks."""


@dataclass(frozen=True)
class Destination:
    """Where a render is put."""

    folder: Path
    epoch: int
    """Its date, in seconds since 1970."""
    earlier: Mapping[str, Any]
    """What the last `provenance.json` says of publications that are not made now."""


@dataclass(frozen=True)
class Rendered:
    """What has been rendered."""

    books: Sequence[Book]
    reads: Reads | None
    """What all code read, where that is known."""
    checked: Checked


def render_embedded(
    report: Report,
    request: Request,
    target: Destination,
    tell: Tell,
    judge: Judge,
) -> Rendered:
    """Execute every chapter once, compose each publication once, write its PDF and pages.

    Pages link to the other publications that stand in the folder or are made now. What all of them
    use is written to `provenance.json`. Raises ReportError with every problem that is found.
    """
    root, has_pages = report.project.root, "html" in request.formats
    folder, epoch = target.folder, target.epoch
    together = [
        publication
        for publication in report.project.publications
        if publication in report.publications or (folder / publication.name).is_dir()
    ]
    plan = plan_build(report, request, together)
    with (
        ThreadPoolExecutor(1, thread_name_prefix="check") as checks,
        _setting(root, request, epoch, folder, tell, len(report.publications)) as (begin, pages),
    ):
        with Stages(root, request.jobs, request.keeps) as stages:
            examined = examine(plan, stages, tell, lambda done: plan.read_ahead(done, stages))
            if examined.errors:
                raise ReportError(judge(examined).problems)
            judging = checks.submit(judge, examined)
            try:
                books = plan.compose(examined.executed, stages, tell, begin)
            except ReportError as error:
                # What cannot be composed may follow from what the checks tell of.
                checked = judging.result()
                raise ReportError(checked.problems if checked.errors else error.problems) from error
            all_fronts = [front(it, read_phrases(it, stages)) for it in plan.together]
        record = provenance(report, books, target.earlier)
        sites = sites_of(plan, books, record) if has_pages else []
        sites = [replace(site, has_whole=True) for site in sites]
        # All but the pages of evidence can be written before it is known what is on which page.
        _write_chapters(root, sites, books, request, folder, tell)
        checked = judging.result()
        if checked.errors:
            raise ReportError(checked.problems)
        record = with_pages(record, books, results(pages))
    write_json(folder / "provenance.json", record)
    for site in sites:
        assert site.evidence, "every site of a render has it"
        placed = replace(site, evidence=replace(site.evidence, record=record))
        write(annex_pages(placed), folder / site.front.name)
    if has_pages:
        extension, minutes = plan.options.extension, reading_times(books)
        write(landing_files(folder, all_fronts, extension, minutes), folder)
    if request.keeps:
        store.prune(root)
    return Rendered(books, all_reads(examined.executed.values()), checked)


def _write_chapters(
    root: Path,
    sites: Sequence[Site],
    books: Sequence[Book],
    request: Request,
    folder: Path,
    tell: Tell,
) -> None:
    """Write the sites' pages but for those of evidence, the books' documents and the files of their
    figures."""
    with during(tell, "write", count=len(sites) + 1 if sites else 0):
        for site in sites:
            with during(tell, "write", site.front.name):
                write(chapter_pages(site), folder / site.front.name)
                write(other_files(site), folder / site.front.name)
                write(whole_files(site), folder / site.front.name)
        for book in books:
            assert book.document, "every book of a render has it"
            path = folder / book.publication.name / "document.json"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(document_json(book.document))
        with during(tell, "write", "figures"):
            figures = figures_among(image for book in books for image in book.images)
            write(figure_files(root, figures, keeps=request.keeps), folder)


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
            pdf = (cached_pdf if request.keeps else set_pdf)(book, root, epoch)
        for told in pdf.told(book.publication.name):
            tell(Message(told))
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
