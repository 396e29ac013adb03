"""The main job, from sources to `_output/`: read, check, execute, compose, set, put in place.

Nothing is executed before everything that can be checked without a kernel has been, and nothing is
written to `_output/` before everything is made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from imprint.model import Book, Executed, Format, Publication
from imprint.problems import Problem, ReportError
from imprint.render.compose import compose
from imprint.render.execute import DEFAULT_TIMEOUT, execute_chapters
from imprint.render.extension import read_extension
from imprint.render.output import staging, write_json, write_manifest
from imprint.render.pdf import write_pdf
from imprint.render.quarto import Quarto, render_with_quarto
from imprint.render.site import write_site
from imprint.sources import Sources

A = TypeVar("A")
B = TypeVar("B")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What a render is asked for."""

    formats: tuple[Format, ...] = ("html", "pdf")
    quarto: Quarto | None = None
    """Render with this Quarto; None: with the embedded engine."""
    jobs: int = os.cpu_count() or 1
    """Kernels at a time."""


def render(sources: Sources, request: Request, progress: Progress) -> Path:
    """Render the sources' publications into `_output/` and return that folder.

    The sources must have been checked. Raises ReportError with every problem of the stage that
    cannot go on; the last good `_output/` is then untouched.
    """
    root = sources.project.root
    epoch = build_time(root)
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    with staging(root, lambda: progress("another render is running; waiting for it")) as folder:
        _keep_others(root, folder, [publication.name for publication in sources.publications])
        if request.quarto:
            books: list[Book] = []
            for publication in sources.publications:
                progress(f"quarto renders {publication.name}")
                target = folder / publication.name
                render_with_quarto(request.quarto, root, publication, request.formats, target)
        else:
            books = render_embedded(sources, request, folder, epoch, progress)
            _write_provenance(books, folder)
        collect_figures(root, folder)
        write_manifest(
            folder,
            root,
            {"name": "quarto", "version": request.quarto.version}
            if request.quarto
            else {"name": "embedded"},
            [publication.name for publication in sources.publications],
            iso_time(epoch),
        )
    return root / "_output"


def render_embedded(
    sources: Sources, request: Request, folder: Path, epoch: int, progress: Progress
) -> list[Book]:
    """Execute every chapter once, compose each publication once, write its pages and PDF."""
    project = sources.project
    extension = read_extension(project.root)
    executed = execute(sources, request, progress)
    keys = sources.library.references if sources.library else {}

    def composed(publication: Publication) -> Book:
        chapters = [executed[chapter.path] for chapter in sources.chapters_of(publication)]
        return compose(
            project,
            publication,
            chapters,
            extension=extension,
            formats=request.formats,
            keys=keys,
        )

    def written(book: Book) -> None:
        target = folder / book.publication.name
        target.mkdir(exist_ok=True)
        pdf_name = f"{book.publication.output_file}.pdf" if "pdf" in request.formats else None
        if "html" in request.formats:
            write_site(
                book,
                target,
                root=project.root,
                extension=extension,
                publications=project.publications,
                pdf_name=pdf_name,
            )
        if pdf_name:
            write_pdf(book, target / pdf_name, project.root, epoch)

    progress("composing " + ", ".join(publication.name for publication in sources.publications))
    books = _each(composed, sources.publications, request.jobs)
    progress("writing pages and PDFs")
    _each(written, books, request.jobs)
    return books


def execute(sources: Sources, request: Request, progress: Progress) -> dict[str, Executed]:
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
        on_progress=lambda path, state: progress(f"executed {path}") if state == "done" else None,
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


def _keep_others(root: Path, folder: Path, rendered: Collection[str]) -> None:
    """Take over from the last output what this render does not make."""
    last = root / "_output"
    if not (last / "manifest.json").is_file():
        return
    for old in sorted(last.iterdir()):
        if old.is_dir() and old.name not in {*rendered, "figures"}:
            shutil.copytree(old, folder / old.name)


def collect_figures(root: Path, folder: Path) -> None:
    """Put every figure that was drawn, with the rows behind it, into the output's `figures/`."""
    drawn = root / "figures" / "drawn"
    names = {path.stem for path in (root / "figures").glob("*.py")}
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    for path in sorted(drawn.glob("*")):
        if path.stem in names and path.suffix in {".svg", ".png", ".csv"}:
            shutil.copyfile(path, target / path.name)


def _write_provenance(books: Sequence[Book], folder: Path) -> None:
    """Every use of every statistic and source, by publication."""
    write_json(
        folder / "provenance.json",
        {book.publication.name: [asdict(use) for use in book.uses] for book in books},
    )


# --- the one date ------------------------------------------------------------------------------


def build_time(root: Path) -> int:
    """Seconds since 1970 that stand for 'now': SOURCE_DATE_EPOCH, else the commit's date, else 0."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    asked = subprocess.run(
        ["git", "-C", str(root), "log", "-1", "--format=%ct"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = asked.stdout.strip()
    return int(said) if asked.returncode == 0 and said.isdigit() else 0


def iso_time(epoch: int) -> str:
    """`2010-12-01T00:00:00Z` for seconds since 1970."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
