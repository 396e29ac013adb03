"""One preview from its start to its end: edits -> pages, then checks, then PDFs.

Pages are built in a thread, one build at a time, and pushed before anything else is done about an
edit. Checks and PDFs run in processes of their own; an edit ends those that are at work, for their
answer would be void.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from imprint.core.numbers import counted
from imprint.core.problems import Problem, problem
from imprint.preview import watching
from imprint.preview.board import Board, Pdfs, Stage
from imprint.preview.builder import Builder, Built
from imprint.preview.commenting import Commenting
from imprint.preview.pages import Pages
from imprint.preview.printing import Printer, begin, kill, read_problems
from imprint.review.files import git_name

T = TypeVar("T")
Say = Callable[[str], None]

PAUSE = 0.2
"""Seconds without an edit after which pages are made that few look at while they edit."""
IDLE = 20.0
"""Seconds without an edit after which PDFs are made unasked."""
_LAST_WAIT = 5.0
"""Seconds for a build that is being stopped."""


class Session:
    """What a preview does about edits and wishes."""

    def __init__(self, root: Path, say: Say, is_shared: bool = False) -> None:
        self.pages = Pages(root)
        self.board = Board()
        self._root = root
        self._printer = Printer(root)
        self._say = say
        self._builder = Builder(root, self.pages)
        self._build: threading.Thread | None = None
        self._edited = asyncio.Event()
        self._pdfs_wanted = asyncio.Event()
        self._links: tuple[tuple[str, str], ...] = ()
        self.commenting = Commenting(
            root, lambda: self._builder.texts, self._commented, "" if is_shared else git_name(root)
        )
        self._loop = asyncio.get_running_loop()

    def edited(self, paths: frozenset[str]) -> None:
        """Take in that sources have changed."""
        self._say(f"changed: {_listed(sorted(paths))}")
        self._edited.set()

    def _commented(self) -> None:
        """Tell everyone that there is a new comment; called from any thread."""
        count = self.board.state.comments + 1
        self._loop.call_soon_threadsafe(lambda: self.board.post(comments=count))

    def elsewhere(self) -> watching.States:
        """The files that sources name where `watching.watch` does not look, as they were read."""
        return self._builder.elsewhere

    def ask_pdfs(self) -> None:
        """Make the PDFs now, or once the build that runs has ended."""
        self._pdfs_wanted.set()
        if self.board.state.pdfs.stage != "making":
            self.board.post(pdfs=self._pdfs("waiting"))

    def ask_build(self) -> None:
        """Build once more though nothing has changed."""
        self._edited.set()

    async def run(self) -> None:
        """Build, and build again for every edit, until cancelled."""
        while True:
            self._edited.clear()
            good = await self._update()
            async with _meanwhile(self._check, *([self._print] if good else [])):
                if good:
                    await self._complete()
                await self._edited.wait()

    def end(self) -> None:
        """Let go of browsers and stop a build that runs."""
        self.board.close()
        self._builder.end()

    async def close(self) -> None:
        """Wait for a build that is being stopped, and leave nothing behind."""
        await self._printer.close()
        if self._build:
            await asyncio.to_thread(self._build.join, _LAST_WAIT)
        self._builder.close()

    async def _update(self) -> bool:
        """Bring the pages up to date; whether they are."""
        begun = time.monotonic()
        board, loop = self.board, asyncio.get_running_loop()
        board.post(stage="rendering", doing="", pdfs=self._pdfs())

        def told(what: str) -> None:
            # Once the preview has ended, no one hears it.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: board.post(doing=what))

        built = await self._in_thread(lambda: self._builder.build(told))
        self._tell(built, time.monotonic() - begun)
        # What stopped the last build and stops this one no more is fixed, whatever checks said.
        fixed = set(board.state.stopping) - set(built.problems)
        checked = tuple(found for found in board.state.checked if found not in fixed)
        if not built.problems:
            self._links = built.links
            board.post(printing=())
        files = {name: made for name, made in built.changed.items() if not name.endswith(".html")}
        if files:
            files = {**board.state.files, **files}
            board.post(files=files, edition=board.state.edition + 1)
        board.post(
            stage="checking",
            doing="",
            stopping=built.problems,
            checked=checked,
            pdfs=self._pdfs(),
        )
        return not built.problems

    async def _complete(self) -> None:
        """Make what is left to make, as long as there is no further edit."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._edited.wait(), PAUSE)
            return
        built = await self._in_thread(self._builder.complete)
        self.board.post(stopping=built.problems)
        for found in built.problems:
            self._say(str(found))

    async def _check(self) -> None:
        """Run the checks and tell what they find."""
        # The build has run all code.
        command = [sys.executable, "-m", "imprint.cli", "check", "--draft", "--no-run", "--json"]
        written = await _output_of(command, self._root)
        try:
            found = read_problems(written)
        except ValueError:
            found = (_silent("checks-run", "the checks ended without a word", "scripts/check"),)
        known = set(self.board.state.problems)
        self.board.post(stage="current", checked=found)
        for one in found:
            if one not in known:
                self._say(str(one))

    async def _print(self) -> None:
        """Make PDFs once they are asked for or no one has edited for a while."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._pdfs_wanted.wait(), IDLE)
        while True:
            self.board.post(pdfs=self._pdfs("making"))
            try:
                problems = await self._printer.make()
            except ValueError:
                said = "what makes PDFs ended without a word"
                problems = (_silent("pdf-is-set", said, "scripts/render --to pdf"),)
            self._pdfs_wanted.clear()
            self.board.post(printing=problems, pdfs=self._pdfs(are_current=not problems))
            self._say("made the PDFs" if not problems else counted(len(problems), "problem"))
            await self._pdfs_wanted.wait()

    def _pdfs(self, stage: Stage = "made", *, are_current: bool = False) -> Pdfs:
        """What there is to say of PDFs; they are stale unless they have just been made."""
        links = tuple(link for link in self._links if self.pages.find(link[1]))
        if stage == "made":
            stage = "waiting" if self._pdfs_wanted.is_set() else "made" if links else "none"
        return Pdfs(stage, links, are_current)

    async def _in_thread(self, do: Callable[[], T]) -> T:
        """Do it in a thread that dies with the process, should it come to that."""
        made: Future[T] = Future()
        made.set_running_or_notify_cancel()

        def run() -> None:
            made.set_result(do())

        self._build = threading.Thread(target=run, daemon=True, name="build")
        self._build.start()
        return await asyncio.wrap_future(made)

    def _tell(self, built: Built, seconds: float) -> None:
        for one in built.problems:
            self._say(str(one))
        if built.problems:
            count = counted(len(built.problems), "problem")
            self._say(f"{count}; the pages stay as they were")
            return
        pages = sum(name.endswith(".html") for name in built.changed)
        self._say(f"{counted(pages, 'page')} changed ({seconds:.1f} s)")


@contextlib.asynccontextmanager
async def _meanwhile(*works: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Do all of it until the block ends."""
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _output_of(command: Sequence[str], root: Path) -> bytes:
    """What a program writes to its standard output; it dies, with what it started, if no one waits
    for it any more."""
    process = await begin(command, root, subprocess.DEVNULL)
    try:
        written, _ = await process.communicate()
        return written
    finally:
        await kill(process)


def _silent(code: str, message: str, command: str) -> Problem:
    """A program that should have answered has not."""
    fix = f"save once more; if that does not help, `{command} --debug` shows where it fails"
    return problem(code, "_quarto.yml", 0, message, fix)


def _listed(names: Sequence[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
