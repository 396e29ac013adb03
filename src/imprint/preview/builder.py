"""Sources -> pages, again and again: what a preview keeps between edits, and how it builds.

`Builder.build` is called for each edit, in a thread of its own, one call at a time. Nothing but
`pages` learns where the result stands.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imprint.preview.pages import Pages
from imprint.problems import Problem, ReportError, problem
from imprint.progress import Event, Says
from imprint.provenance import DRAWN
from imprint.render.dates import build_time
from imprint.render.embedded import Request, render_embedded
from imprint.render.front import label
from imprint.render.kernels import Surroundings, surroundings
from imprint.render.output import alone, writing
from imprint.render.pipeline import collect_figures
from imprint.revision import revision
from imprint.sources import Sources, as_draft, read_sources

Told = Callable[[str], None]

DOING = {"run": "running", "compose": "composing", "write": "writing", "index": "indexing"}
"""Stages of a build that are worth a word."""

_EPOCH = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True)
class Built:
    """What came of a build."""

    changed: Mapping[str, str] = field(default_factory=dict)
    """Digests of the files whose bytes have changed, by path; empty ones for files that are gone.
    """
    problems: tuple[Problem, ...] = ()
    """What stopped it; the pages are then as they were."""
    links: tuple[tuple[str, str], ...] = ()
    """Each publication's PDF, as label and path, whether it is made or not."""


class Builder:
    """Builds the pages of one project for as long as its preview lasts."""

    def __init__(self, root: Path, pages: Pages) -> None:
        self._root = root
        self._pages = pages
        self._stack = contextlib.ExitStack()
        self._around: Surroundings | None = None
        self._is_over = False

    def build(self, told: Told) -> Built:
        """Bring the pages to the present state of the sources; `told` hears how far it is.

        Whatever is wrong comes back as problems: an author's mistake, a full disk, a file that
        vanished while it was read, a fault of our own.
        """

        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(writing(self._root))
                stack.enter_context(
                    alone(
                        self._root,
                        lambda: told("waiting for another render"),
                        lambda: self._is_over,
                    )
                )
                return self._build(told)
        except ReportError as error:
            return Built(problems=error.problems)
        except Exception as error:
            return Built(problems=(fault(error),))
        finally:
            self._tidy()

    def end(self) -> None:
        """Stop a build that runs, and its kernels; called from another thread."""
        self._is_over = True
        if self._around and self._around.server:
            self._around.server.stop()

    def close(self) -> None:
        """Leave nothing behind. No build may run any more."""
        self._stack.close()
        self._around = None

    def _build(self, told: Told) -> Built:
        def tell(event: Event | Says) -> None:
            if words := in_words(event):
                told(words)

        told("reading the sources")
        with build_date(self._root) as epoch, tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            sources = draft_sources(self._root)
            if self._is_over:
                return Built()
            request = Request(("html",), ahead=self._surroundings())
            books = render_embedded(sources, request, folder, epoch, tell)
            images = {Path(image) for book in books for image in book.images}
            drawn = {image.stem for image in images if image.parent == Path(DRAWN)}
            collect_figures(self._root, folder, drawn)
            return Built(self._pages.replace(folder), links=links(sources))

    def _surroundings(self) -> Surroundings:
        """The process that forks kernels: a new one where the last has died."""
        around = self._around
        if around is None or (around.server and not around.server.is_running()):
            self._stack.close()
            around = self._around = self._stack.enter_context(surroundings(self._root))
        return around

    def _tidy(self) -> None:
        """Delete what ended kernels left in the folder they share, and give memory back.

        A hundred builds would otherwise leave the heap in pieces, a third larger than it need be.
        """
        if self._around:
            for pattern in ("k[0-9]*", "*.json", "tmp/*"):
                for path in self._around.scratch.glob(pattern):
                    with contextlib.suppress(OSError):
                        path.unlink()
        gc.collect()
        if sys.platform == "linux":
            # Other C libraries than GNU's have no such function, and need none.
            with contextlib.suppress(AttributeError):
                ctypes.CDLL(None).malloc_trim(0)


def in_words(event: Event | Says) -> str:
    """What a stage tells, in a few words; empty for what is no news to a reader."""
    if isinstance(event, Says):
        return event.text
    if event.stage not in DOING or event.state not in {"begins", "at"}:
        return ""
    return " ".join(filter(None, [DOING[event.stage], event.item]))


def draft_sources(root: Path) -> Sources:
    """A project's sources, marked as a draft of the current revision.

    Raises ReportError with every problem that keeps them from being read whole.
    """
    sources, problems = read_sources(root)
    if any(found.severity == "error" for found in problems):
        raise ReportError(problems)
    return as_draft(sources, revision(root))


def links(sources: Sources) -> tuple[tuple[str, str], ...]:
    """Where the PDF of each publication stands in the preview, with the publication's label."""
    return tuple(
        (label(found), f"{found.name}/{found.output_file}.pdf") for found in sources.publications
    )


@contextlib.contextmanager
def build_date(root: Path) -> Iterator[int]:
    """The date of a build in seconds since 1970, as SOURCE_DATE_EPOCH for all that it starts.

    Commits come and go while a preview runs, so the variable is as it was afterwards.
    """
    before = os.environ.get(_EPOCH)
    epoch = build_time(root)
    os.environ[_EPOCH] = str(epoch)
    try:
        yield epoch
    finally:
        if before is None:
            os.environ.pop(_EPOCH, None)
        else:
            os.environ[_EPOCH] = before


def fault(error: Exception) -> Problem:
    """A mistake of our own, as a problem; the preview goes on."""
    return problem(
        "preview-builds",
        "_quarto.yml",
        0,
        f"the pages could not be made: {type(error).__name__}: {error}",
        "save once more; if that does not help, `scripts/render --debug` shows where it fails",
    )
