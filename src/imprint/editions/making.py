"""Editions -> what came of each, by processes of this machine that are forked from one that has
read all that they have in common."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from imprint.core.parallel import can_fork, die_with_parent
from imprint.editions.maker import EditionMaker, Template
from imprint.editions.record import Made, put_in_place
from imprint.editions.table import Edition

_ATTEMPTS = 2
"""Times that an edition is begun whose process dies."""

_maker: EditionMaker
_folder: Path
"""A worker process's own, and where its editions go."""


def make_editions(
    template: Template, editions: Sequence[Edition], folder: Path, jobs: int
) -> Iterator[Made]:
    """Make editions, `jobs` at a time, and tell of each when it is in the folder or has failed.

    One that fails stops no other; one whose process dies is begun once more.
    """
    left = list(editions)
    for attempt in range(_ATTEMPTS):
        left = yield from _made(template, left, folder, jobs if attempt == 0 else 1)
        if not left:
            return
    for edition in left:
        yield Made(edition.name, problems=("its process has been ended from outside",))


def _made(
    template: Template, editions: Sequence[Edition], folder: Path, jobs: int
) -> Generator[Made, None, list[Edition]]:
    """Yields what was made; returns the editions whose process died."""
    # Where none can be forked, each worker is handed what has been read.
    start = multiprocessing.get_context("fork" if can_fork() else "spawn")
    lost: list[Edition] = []
    begin = (template, folder, os.getpid())
    pool = ProcessPoolExecutor(min(jobs, len(editions)), start, _begin, begin)
    try:
        waiting = {pool.submit(_make, edition): edition for edition in editions}
        for future in as_completed(waiting):
            edition = waiting.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(edition)
    finally:
        pool.shutdown(cancel_futures=True)
    return lost


def _begin(template: Template, folder: Path, parent: int) -> None:
    """Make this process a worker of its parent, which alone hears Ctrl-C."""
    global _maker, _folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        die_with_parent(parent)
    _maker, _folder = EditionMaker(template), folder
    atexit.register(_maker.__exit__)


def _make(edition: Edition) -> Made:
    # Files do not go through the pool's pipe: a process that is killed while it fills that would
    # leave everyone waiting for the rest.
    return put_in_place(_folder, *_maker.make(edition))
