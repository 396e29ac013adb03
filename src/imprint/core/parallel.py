"""Work done in parallel: in threads, or on another core in a process forked for it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from imprint.core.problems import Problem, ReportError

T = TypeVar("T")

_DIE_WITH_PARENT, _TAKE_IN_ORPHANS = 1, 36
"""PR_SET_PDEATHSIG and PR_SET_CHILD_SUBREAPER of Linux's prctl."""
_LOOKS, _MOMENT = 10, 0.002
"""Times and seconds."""


def results(futures: Mapping[str, Future[T]]) -> dict[str, T]:
    """All results by name; raise one ReportError with the problems of all."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name, future in futures.items():
        try:
            found[name] = future.result()
        except ReportError as error:
            problems += error.problems
    if problems:
        raise ReportError(problems)
    return found


@contextmanager
def in_parallel(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Do some work while the block runs; yields a function that returns the pickled result.

    Where no process can be forked, on one core, or where it fails, the work is done here when its
    result is taken, and raises what it raises.
    """
    if not can_fork() or len(os.sched_getaffinity(0)) < 2:
        yield work
        return
    fork = get_context("fork")
    told, telling = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(work, telling, os.getpid()), daemon=True)

    def take() -> T:
        # A process that there is none of, or that has failed, has told nothing, or not all.
        with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            result: T = told.recv()
            return result
        return work()

    with told:
        with telling, contextlib.suppress(OSError):  # the system may have no room for a process
            process.start()
        try:
            yield take
        finally:
            if process.pid:
                process.kill()
                process.join()


def die_with_parent(parent: int) -> bool:
    """Have this process, a child of `parent`, killed when that ends; False if it has already."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    return os.getppid() == parent


def take_in_orphans() -> None:
    """Let whatever processes below this one leave behind become its children, not the system's:
    on Linux, which alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_TAKE_IN_ORPHANS, 1, 0, 0, 0)


def can_fork() -> bool:
    """Whether this process may be forked: on Linux, and while it has no other thread, for threads
    would not be carried over, and what they hold would be held for ever."""
    if sys.platform != "linux":
        return False
    # The system lists a thread for a moment after it has been waited for.
    for _ in range(_LOOKS):
        if _threads() == 1:
            return True
        if threading.active_count() > 1:
            return False
        time.sleep(_MOMENT)
    return False


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _work(work: Callable[[], object], telling: Connection, parent: int) -> None:
    """Do the work in this forked process, tell its result, and end.

    What it raises is left out: the work is done again where it can be reported.
    """
    try:
        if die_with_parent(parent):
            telling.send(work())
    finally:
        os._exit(0)
