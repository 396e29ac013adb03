"""The main job, from sources to `_output/`: read, check, execute, compose, set, put in place.

Nothing is executed before everything that can be checked without a kernel has been, and nothing is
written to `_output/` before everything is made.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from imprint.model import Book, Executed, Format, PdfPage, Publication
from imprint.problems import Problem, ReportError
from imprint.progress import Says, Tell, during
from imprint.provenance import provenance
from imprint.render.compose import compose
from imprint.render.dates import build_time, iso_time
from imprint.render.evidence import STATISTICS_PAGE, gather
from imprint.render.execute import DEFAULT_TIMEOUT, execute_chapters
from imprint.render.extension import read_extension
from imprint.render.front import label
from imprint.render.kernels import Surroundings
from imprint.render.landing import write_landing
from imprint.render.output import OUTPUT, read_last, staging, write_json, write_manifest
from imprint.render.pdf import STAND_IN, set_pdf
from imprint.render.quarto import Quarto, render_with_quarto
from imprint.render.search import write_search
from imprint.render.site import ASSETS, environment, write_site
from imprint.render.stages import Stages, kept_pdf
from imprint.sources import Sources

A = TypeVar("A")
B = TypeVar("B")

DRAWN = "figures/drawn"
"""Where `figure` draws, from the project's root."""


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
    ahead: Surroundings | None = None
    """For kernels, where they have been made ahead of need."""


def render(sources: Sources, request: Request, tell: Tell) -> Path:
    """Render the sources' publications into `_output/` and return that folder.

    The sources must have been checked. Raises ReportError with every problem of the stage that
    cannot go on; the last good `_output/` is then untouched.
    """
    root = sources.project.root
    epoch = build_time(root)
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    names = [publication.name for publication in sources.publications]
    with staging(root, lambda: tell(Says("another render is running; waiting for it"))) as folder:
        kept = _keep_others(sources, folder)
        engine = {"name": "embedded"}
        named = {file for chapter in sources.chapters.values() for file in chapter.files}
        if request.quarto:
            engine = {"name": "quarto", "version": request.quarto.version}
            with during(tell, "quarto", count=len(names)):
                for publication in sources.publications:
                    target = folder / publication.name
                    with during(tell, "quarto", publication.name):
                        render_with_quarto(
                            request.quarto, root, publication, request.formats, target
                        )
            collect_figures(root, folder, sources.figures)
        else:
            earlier = _earlier(root, kept)
            books = render_embedded(sources, request, folder, epoch, tell, earlier)
            shown = {image for book in books for image in book.images}
            named |= {image for image in shown if not image.startswith(f"{DRAWN}/")}
            collect_figures(
                root, folder, {Path(image).stem for image in shown if image.startswith(f"{DRAWN}/")}
            )
        with during(tell, "manifest"):
            write_manifest(folder, root, engine, names, iso_time(epoch), named)
    return root / OUTPUT


def render_embedded(
    sources: Sources,
    request: Request,
    folder: Path,
    epoch: int,
    tell: Tell,
    earlier: Mapping[str, Any] | None = None,
) -> list[Book]:
    """Execute every chapter once, compose each publication once, write its PDF and pages.

    Pages link to the other publications that stand in `folder` or are made now. What all of them
    use is written to `provenance.json`; `earlier` is what the last one says of publications that
    are not made now.
    """
    project = sources.project
    together = [
        publication
        for publication in project.publications
        if publication in sources.publications or (folder / publication.name).is_dir()
    ]
    extension = read_extension(project.root)
    executed = execute(sources, request, tell)
    keys = sources.library.references if sources.library else {}

    def composed(publication: Publication) -> Book:
        chapters = [executed[chapter.path] for chapter in sources.chapters_of(publication)]
        with during(tell, "compose", publication.name):
            return compose(
                project,
                publication,
                chapters,
                stages=stages,
                extension=extension,
                formats=request.formats,
                keys=keys,
                statistics_page=STATISTICS_PAGE if sources.statistics else "",
            )

    def set_and_written(book: Book) -> Mapping[int, PdfPage]:
        target = folder / book.publication.name
        target.mkdir(exist_ok=True)
        if "pdf" not in request.formats:
            return {}
        setting = kept_pdf if request.keeps else set_pdf
        with during(tell, "set", book.publication.name):
            pdf = setting(book, project.root, epoch)
        if pdf.missing:
            lost = " ".join(pdf.missing)
            tell(Says(f"{book.publication.name}: no font has {lost}: the PDF prints {STAND_IN}"))
        (target / f"{book.publication.output_file}.pdf").write_bytes(pdf.content)
        return pdf.pages

    names = [publication.name for publication in sources.publications]
    with (
        during(tell, "compose", detail=", ".join(names), count=len(names)),
        Stages(project.root, request.jobs, request.keeps) as stages,
    ):
        books = _each(composed, sources.publications, len(names))
    with during(tell, "set", count=len(names)) if "pdf" in request.formats else nullcontext():
        pages = _each(set_and_written, books, request.jobs)
    labels = {publication.name: label(publication) for publication in together}
    with during(tell, "write", count=len(names) if "html" in request.formats else 0):
        record = provenance(sources, books, dict(zip(names, pages, strict=True)), earlier)
        write_json(folder / "provenance.json", record)
        evidence = gather(project.root, record, books, labels)
        for book in books if "html" in request.formats else ():
            pdf_name = f"{book.publication.output_file}.pdf" if "pdf" in request.formats else None
            with during(tell, "write", book.publication.name):
                write_site(
                    book,
                    folder / book.publication.name,
                    root=project.root,
                    extension=extension,
                    publications=together,
                    pdf_name=pdf_name,
                    evidence=evidence,
                )
    if "html" in request.formats:
        with during(tell, "index"):
            write_landing(
                folder, together, extension=extension, assets=ASSETS, templates=environment()
            )
            write_search(folder, labels)
    return books


def execute(sources: Sources, request: Request, tell: Tell) -> dict[str, Executed]:
    """Run every chapter once and put the images its cells displayed where pages look for them."""
    project = sources.project
    timeout = DEFAULT_TIMEOUT
    for publication in sources.publications:
        timeout = float((publication.metadata.get("imprint") or {}).get("timeout", timeout))
    executed = execute_chapters(
        project.root,
        list(sources.chapters.values()),
        execute_dir=project.execute_dir,
        jobs=request.jobs,
        timeout=timeout,
        tell=tell,
        keeps=request.keeps,
        ahead=request.ahead,
    )
    for chapter in executed:
        for name, content in chapter.media.items():
            target = project.root / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return {chapter.path: chapter for chapter in executed}


def _each(do: Callable[[A], B], items: Sequence[A], jobs: int) -> list[B]:
    """Do it for every item, several at a time; raise one ReportError with the problems of all."""
    results: list[B] = []
    problems: list[Problem] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        for future in [pool.submit(do, item) for item in items]:
            try:
                results.append(future.result())
            except ReportError as error:
                problems.extend(error.problems)
    if problems:
        raise ReportError(problems)
    return results


# --- what stands beside the publications -------------------------------------------------------


def _keep_others(sources: Sources, folder: Path) -> list[str]:
    """Take over from the last output the publications that this render does not make."""
    last = sources.project.root / OUTPUT
    rendered = {publication.name for publication in sources.publications}
    kept = [
        publication.name
        for publication in sources.project.publications
        if publication.name not in rendered and (last / publication.name).is_dir()
    ]
    for name in [*kept, "figures"] if kept else ():
        if (last / name).is_dir():
            shutil.copytree(last / name, folder / name)
    return kept


def collect_figures(root: Path, folder: Path, names: Collection[str]) -> None:
    """Put the named figures as drawn, with the rows behind them, into the output's `figures/`."""
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    for path in sorted((root / DRAWN).glob("*")):
        if path.stem in names and path.suffix in {".svg", ".png", ".csv"}:
            shutil.copyfile(path, target / path.name)


def _earlier(root: Path, kept: Collection[str]) -> dict[str, Any]:
    """The last `provenance.json`, as far as it is about publications that are kept."""
    last = read_last(root, "provenance.json")
    publications = last.get("publications", {})
    return last | {
        "publications": {name: publications[name] for name in publications if name in kept}
    }
