"""The process that makes a preview's PDFs: who has it at hand, and the program that it runs.

It is started when PDFs are first wanted, and keeps what it has composed and what Typst has laid
out, so that the next PDFs take a fraction of the time. An edit that comes while it works ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from imprint.build.output import render_lock
from imprint.build.plan import Request, plan_build
from imprint.core.document import Book
from imprint.core.events import ignore_events
from imprint.core.files import write_atomically, writing
from imprint.core.problems import (
    Problem,
    ReportError,
    problem_from_json,
)
from imprint.preview.builder import build_date, draft_of, internal_error
from imprint.preview.making import PreviewMaker
from imprint.preview.pages import FOLDER
from imprint.read.report import read_report
from imprint.write.pdf.cache import cached_pdf
from imprint.write.pdf.eviction import forget_earlier
from imprint.write.pdf.typeset import source_folder

_PROGRAM = "from imprint.preview.printing import main; main()"
_MOST_MEMORY = 1024
"""MiB that the process may keep until the next PDFs; after those of a large report it ends."""


class Printer:
    """Makes the PDFs of the project at `root` when asked, one call at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: asyncio.subprocess.Process | None = None

    async def make(self) -> tuple[Problem, ...]:
        """Make them; returns what hindered it. Whoever cancels this ends the process.

        Raises ValueError where the process ends without an answer.
        """
        try:
            told = await _answer_of(self._process) if self._process else b""
            if not told:
                # There is no process yet, or it has ended since it answered last.
                await self._kill()
                command = (sys.executable, "-c", _PROGRAM, str(self._root))
                self._process = await begin(command, self._root, subprocess.PIPE)
                told = await _answer_of(self._process)
            return read_problems(told)
        except BaseException:
            await self._kill()
            raise

    async def close(self) -> None:
        """Let the process end, which has nothing to do."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            # One that does not end of itself is killed.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), _LAST_WAIT)
        await self._kill()

    async def _kill(self) -> None:
        """End the process, with what it started."""
        process, self._process = self._process, None
        if process:
            await kill(process)


async def begin(command: Sequence[str], root: Path, given: int) -> asyncio.subprocess.Process:
    """A process that leads a session of its own, with a pipe for what it answers; `given` is its
    standard input."""
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=root,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        limit=_LONGEST_ANSWER,
    )


async def kill(process: asyncio.subprocess.Process) -> None:
    """End such a process, with what it started."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    await process.wait()


async def _answer_of(process: asyncio.subprocess.Process) -> bytes:
    """A line from the process, once it has been asked; empty where it has ended."""
    assert process.stdin is not None and process.stdout is not None
    # One that has ended cannot be asked; its silence tells.
    with contextlib.suppress(ConnectionError):
        process.stdin.write(b"\n")
        await process.stdin.drain()
    return await process.stdout.readline()


_LONGEST_ANSWER = 2**24
"""Bytes."""
_LAST_WAIT = 2.0
"""Seconds for a process that has nothing left to do."""


def read_problems(written: bytes) -> tuple[Problem, ...]:
    """Problems from a JSON list. Raises ValueError where a process ended before it wrote one."""
    return tuple(map(problem_from_json, json.loads(written)))


# --- the program -------------------------------------------------------------------------------


def main() -> None:
    """Make the PDFs of the project that the argument names, once for each line of the input."""
    root = Path(sys.argv[1])
    answers, sys.stdout = sys.stdout, sys.stderr
    maker = PreviewMaker(root, os.cpu_count() or 1)
    with source_folder(root) as folder:
        for _ in sys.stdin:
            problems = print_pdfs(maker, folder)
            told = json.dumps([asdict(found) for found in problems])
            print(told, file=answers, flush=True)
            if _held() > _MOST_MEMORY:
                break
    maker.close()


def _held() -> float:
    """MiB that this process has held at most; nought where that cannot be asked."""
    if sys.platform == "win32":
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform == "linux" else most / 1024**2


def print_pdfs(maker: PreviewMaker, folder: Path) -> tuple[Problem, ...]:
    """Put the PDF of every publication into the preview's folder; returns what hindered it.

    Sources for Typst come to stand in `folder`, below the project's root.
    """
    root = maker.root
    try:
        with writing(root), build_date(root) as epoch:
            # What is set next is in hand: pages may be completed meanwhile.
            with render_lock(root, lambda: None):
                report = draft_of(*read_report(root, memory=maker.memory))
                books = maker.compose(plan_build(report, Request(("pdf",))), ignore_events)
            problems = tuple(_set(books, root, epoch, folder))
        forget_earlier(len(books))
        return problems
    except ReportError as error:
        maker.recheck()
        return tuple(error.problems)
    except Exception as error:
        maker.close()
        return (internal_error(error),)


def _set(books: Iterable[Book], root: Path, epoch: int, folder: Path) -> Iterable[Problem]:
    """Set all books; yields the problems of those that cannot be."""
    with ThreadPoolExecutor() as pool:
        for book, pdf in [(it, pool.submit(cached_pdf, it, root, epoch, folder)) for it in books]:
            path = root / FOLDER / book.publication.name / f"{book.publication.output_file}.pdf"
            try:
                write_atomically((path, pdf.result().content))
            except ReportError as error:
                yield from error.problems
