"""Editions -> their files, made by processes that are forked from one that has read all that they
have in common."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from imprint.build.plan import Request
from imprint.build.single import judge_of, render_file
from imprint.compose.stages import Stages
from imprint.core.digests import bytes_digest
from imprint.core.events import ignore_events
from imprint.core.files import write_atomically
from imprint.core.model import Format
from imprint.core.parallel import can_fork, die_with_parent
from imprint.core.problems import Problem, ReportError
from imprint.editions.table import Edition
from imprint.read.parameters import with_parameters
from imprint.read.single_file import SingleFile
from imprint.run.kernels import kernel_environment

_FORGETS = 50
"""Editions after which a process lets go of what it keeps for the next."""
_ATTEMPTS = 2
"""Times that an edition is begun whose process dies."""


@dataclass(frozen=True)
class Template:
    """What all editions are made from."""

    single: SingleFile
    problems: tuple[Problem, ...]
    """Of reading it."""
    formats: tuple[Format, ...]
    folder: Path
    """Where editions go."""


@dataclass(frozen=True)
class Made:
    """What came of one edition."""

    name: str
    seconds: float
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by the file's name; none where it failed."""
    size: int = 0
    """Bytes of its files."""
    problems: tuple[str, ...] = ()
    """As they are printed: why it failed, or what is to be known of it."""

    @property
    def failed(self) -> bool:
        """Whether there are no files of it."""
        return not self.files


def make_editions(template: Template, editions: Sequence[Edition], jobs: int) -> Iterator[Made]:
    """Make editions, `jobs` at a time, and tell of each when it is there or has failed.

    One that fails stops no other; one whose process dies is begun once more.
    """
    left = list(editions)
    for attempt in range(_ATTEMPTS):
        left = yield from _made(template, left, jobs if attempt == 0 else 1)
        if not left:
            return
    for edition in left:
        yield Made(edition.name, 0.0, problems=("its process has been ended from outside",))


def _made(
    template: Template, editions: Sequence[Edition], jobs: int
) -> Generator[Made, None, list[Edition]]:
    """Yields what was made; returns the editions whose process died."""
    # Where none can be forked, each worker is handed what has been read.
    start = multiprocessing.get_context("fork" if can_fork() else "spawn")
    begin = (template, os.getpid())
    lost: list[Edition] = []
    pool = ProcessPoolExecutor(min(jobs, len(editions)), start, _Worker.begin, begin)
    try:
        waiting = {pool.submit(_Worker.make, edition): edition for edition in editions}
        for future in as_completed(waiting):
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(waiting[future])
    finally:
        pool.shutdown(cancel_futures=True)
    return lost


class _Worker:
    """A process that makes editions one after the other."""

    current: ClassVar[_Worker]

    def __init__(self, template: Template) -> None:
        """Start what one edition leaves to the next: pandoc, and what kernels are forked from."""
        self.template = template
        self.count = 0
        self.held = ExitStack()
        root = template.single.report.project.root
        self.stages = self.held.enter_context(Stages(root, 1, keeps=False))
        self.kernels = self.held.enter_context(kernel_environment(root))
        atexit.register(self.held.close)

    @classmethod
    def begin(cls, template: Template, parent: int) -> None:
        """Make this process a worker of its parent, which alone hears Ctrl-C."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if sys.platform == "linux":
            die_with_parent(parent)
        cls.current = cls(template)

    @classmethod
    def make(cls, edition: Edition) -> Made:
        """Make one edition in this process."""
        return cls.current.made(edition)

    def made(self, edition: Edition) -> Made:
        """Make one edition; whatever goes wrong is told of it."""
        began = time.monotonic()
        noted: list[Problem] = []
        try:
            files = self.files(edition, noted)
            write_atomically(*((self.template.folder / name, it) for name, it in files.items()))
        except ReportError as error:
            problems = tuple(map(_line, error.problems))
            return Made(edition.name, time.monotonic() - began, problems=problems)
        except Exception as error:
            said = " ".join(f"internal error: {type(error).__name__}: {error}".split())
            return Made(edition.name, time.monotonic() - began, problems=(said,))
        return Made(
            edition.name,
            time.monotonic() - began,
            {name: bytes_digest(content) for name, content in files.items()},
            sum(map(len, files.values())),
            tuple(map(_line, noted)),
        )

    def files(self, edition: Edition, noted: list[Problem]) -> dict[str, bytes]:
        """The edition's files by name. Raises ReportError."""
        template = self.template
        single = replace(
            template.single,
            file=template.single.file.with_name(f"{edition.name}.qmd"),
            report=with_parameters(template.single.report, edition.values),
            around=with_parameters(template.single.around, edition.values),
        )
        request = Request(template.formats, None, 1, keeps=False, ahead=self.kernels)
        judge = judge_of(single, template.problems, noted)
        made = render_file(single, request, ignore_events, judge, self.stages)
        self.count += 1
        if self.count % _FORGETS == 0:
            self.stages.forget()
            self.stages.forget()
        return {path.name: content for path, content in made.items()}


def _line(found: Problem) -> str:
    """A problem on one line, as tables hold it."""
    return f"{found.place}: {found.message} [{found.code}]"
