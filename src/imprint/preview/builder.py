"""Report -> pages, again and again: what a preview keeps between edits, and how it builds.

`Builder.build` is called for each edit, in a thread of its own, one call at a time. Nothing but
`pages` learns where the result stands.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imprint.build.output import render_lock
from imprint.build.plan import Request
from imprint.core import store
from imprint.core.commit import build_time, revision
from imprint.core.events import Event, Message
from imprint.core.files import writing
from imprint.core.problems import Problem, ReportError, problem
from imprint.preview.making import PreviewMaker, SiteFiles
from imprint.preview.pages import Pages
from imprint.preview.watching import States, is_watched, states_of
from imprint.read.report import Report, read_report, saying
from imprint.review.pages import Texts
from imprint.run.kernels import KernelEnvironment, kernel_environment
from imprint.write.site.planned import PlannedFile

Told = Callable[[str], None]

DOING = {"run": "running", "compose": "composing", "write": "writing"}
"""Stages of a build that are worth a word."""

_NO_TEXTS = Texts()
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
        self._environment: KernelEnvironment | None = None
        self._maker = PreviewMaker(root, os.cpu_count() or 1)
        self._planned: SiteFiles | None = None
        self._made: dict[str, Any] = {}
        """What each file was made from when it was made last."""
        self._is_over = False
        self.elsewhere: States = {}
        """Files that sources name where `watching.watch` does not look, as they were when they were
        read; another one after each build."""

    @property
    def texts(self) -> Texts:
        """The texts of the last build."""
        return self._planned.texts if self._planned else _NO_TEXTS

    def build(self, told: Told) -> Built:
        """Bring the pages to the present state of the report; `told` hears how far it is.

        Whatever is wrong comes back as problems: an author's mistake, a full disk, a file that
        vanished while it was read, an internal error.
        """
        return self._guarded(lambda: self._build(told), lambda: told("waiting for another render"))

    def _guarded(
        self, do: Callable[[], Built], on_wait: Callable[[], None] = lambda: None
    ) -> Built:
        try:
            with writing(self._root), render_lock(self._root, on_wait, lambda: self._is_over):
                return do()
        except ReportError as error:
            self._maker.recheck()
            return Built(problems=error.problems)
        except Exception as error:
            self._maker.close()
            return Built(problems=(internal_error(error),))

    def end(self) -> None:
        """Stop a build that runs, and its kernels; called from another thread."""
        self._is_over = True
        if self._environment and self._environment.server:
            self._environment.server.stop()

    def close(self) -> None:
        """Leave nothing behind. No build may run any more."""
        self._maker.close()
        self._stack.close()
        self._environment = None

    def _build(self, told: Told) -> Built:
        def tell(event: Event | Message) -> None:
            if words := progress_text(event):
                told(words)

        told("reading the report")
        with build_date(self._root):
            before = states_of(self._root, self.elsewhere)
            report, problems = read_report(self._root, memory=self._maker.memory)
            images = self._planned.images if self._planned else frozenset()
            self._look_after(report.files | images, before)
            report = draft_of(report, problems)
            if self._is_over:
                return Built()
            request = Request(("html",), ahead=self._kernel_environment())
            self._planned = self._maker.make(report, request, tell)
            self._look_after(report.files | self._planned.images, self.elsewhere)
            changed = self._put(self._planned.pages)
            if not self._pages.are_ours:
                changed |= self._complete()
        return Built(changed, links=links(report))

    def _look_after(self, named: Iterable[str], before: States) -> None:
        """Note the files that sources name where nobody watches, as they were `before`."""
        lonely = [path for path in named if not is_watched(self._root, path)]
        now = states_of(self._root, lonely)
        self.elsewhere = {path: before.get(path, state) for path, state in now.items()}

    def complete(self) -> Built:
        """Make what each edit changes though few look at it: the pages of evidence and the landing
        page; delete what there is no more."""
        try:
            return self._guarded(lambda: Built(self._complete()))
        finally:
            self._tidy()

    def _complete(self) -> dict[str, str]:
        making = self._planned
        if making is None:
            return {}
        changed = self._put(making.annexes)
        landing = list(making.landing())
        changed |= self._put(landing)
        names = {file.path for file in (*making.pages, *making.annexes, *landing)}
        gone = self._pages.keep_only(names)
        self._made = {path: made for path, made in self._made.items() if path in names}
        return changed | dict.fromkeys(gone, "")

    def _put(self, planned: Iterable[PlannedFile]) -> dict[str, str]:
        """Make the files that are not made yet; the digests of those whose bytes have changed."""
        changed = {}
        for file in planned:
            if file.path in self._made and self._made[file.path] == file.made_from:
                continue
            if digest := self._pages.put(file.path, file.make()):
                changed[file.path] = digest
            self._made[file.path] = file.made_from
        return changed

    def _kernel_environment(self) -> KernelEnvironment:
        """The process that forks kernels: a new one where the last has died."""
        environment = self._environment
        if environment is None or (environment.server and not environment.server.is_running()):
            self._stack.close()
            environment = self._environment = self._stack.enter_context(
                kernel_environment(self._root)
            )
        return environment

    def _tidy(self) -> None:
        """Delete what ended kernels left in the folder they share, and give memory back.

        A hundred builds would otherwise leave the heap in pieces, a third larger than it need be.
        """
        if self._environment:
            for pattern in ("k[0-9]*", "*.json", "tmp/*"):
                for path in self._environment.scratch.glob(pattern):
                    with contextlib.suppress(OSError):
                        path.unlink()
        store.prune(self._root)
        gc.collect()
        if sys.platform == "linux":
            # Other C libraries than GNU's have no such function, and need none.
            with contextlib.suppress(AttributeError):
                ctypes.CDLL(None).malloc_trim(0)


def progress_text(event: Event | Message) -> str:
    """What a stage tells, in a few words; empty for what is no news to a reader."""
    if isinstance(event, Message):
        return event.text
    if event.stage not in DOING or event.state not in {"begins", "at"}:
        return ""
    return " ".join(filter(None, [DOING[event.stage], event.item]))


def draft_of(report: Report, problems: Sequence[Problem]) -> Report:
    """A report as it was read, marked as a draft of the current revision.

    Raises ReportError with the problems if any keeps it from being read whole.
    """
    if any(found.severity == "error" for found in problems):
        raise ReportError(problems)
    return saying(report, "draft", revision(report.project.root))


def links(report: Report) -> tuple[tuple[str, str], ...]:
    """Where the PDF of each publication stands in the preview, with the publication's label."""
    return tuple(
        (found.label, f"{found.name}/{found.output_file}.pdf") for found in report.publications
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


def internal_error(error: Exception) -> Problem:
    """A mistake of our own, as a problem; the preview goes on."""
    return problem(
        "preview-builds",
        "_quarto.yml",
        0,
        f"the pages could not be made: {type(error).__name__}: {error}",
        "save once more; if that does not help, `scripts/render --debug` shows where it fails",
    )
