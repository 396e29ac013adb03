"""Chapters -> executed chapters: run cells and inline code, keep the place each line comes from.

Every chapter has a kernel of its own, several run at a time, and a chapter without code needs
none. What goes wrong in one chapter does not keep the others from running, so that one run
shows every problem.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from imprint.model import Cell, Chapter, Executed, Line, Text
from imprint.notebooks import Inline, inline_expressions
from imprint.problems import Place, Problem, ReportError
from imprint.render.conversation import Failure, Kernel, KernelError
from imprint.render.display import cell_name, show_cell, show_inline
from imprint.render.forked import ForkServer
from imprint.render.kernels import fork_server, scratch_folder, start_kernel
from imprint.render.mishaps import (
    cell_problems,
    death_problem,
    inline_death_problem,
    inline_problems,
    start_problem,
)

Progress = Callable[[str, str], None]
"""Called with a chapter's path and what it has come to: `cell 2 'fig-pay'`."""

DEFAULT_TIMEOUT = 120.0
"""Seconds, where _quarto.yml says nothing."""

_TERMINATED = 128 + signal.SIGTERM
_FIGURE_SIZE = '__import__("imprint.render.inside", fromlist=["_"]).figure_size({}, {})'
_USUAL_SIZE = (7, 5)
"""Quarto's, in inches."""


def execute_chapters(
    root: Path,
    chapters: Sequence[Chapter],
    *,
    execute_dir: Literal["file", "project"],
    jobs: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
) -> tuple[Executed, ...]:
    """Run the chapters' code and return them in the order given.

    `jobs` is the number of kernels at a time, by default one for each core; `timeout` the
    seconds that one cell, or the inline code of one stretch of text, may take. Kernels start in
    the chapter's folder or, where `execute_dir` is `project`, in the root.

    Raises ReportError with the problems of all chapters. No kernel outlives the call, however it
    ends; SIGTERM ends it with SystemExit.
    """
    terminated = threading.Event()
    root = root.resolve()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder())
        server = None
        if any(_needs_kernel(chapter) for chapter in chapters):
            server = stack.enter_context(fork_server(root, scratch))
        run = _Run(root, scratch, server, execute_dir, timeout, on_progress or _unheard)
        try:
            played = asyncio.run(_play(run, chapters, jobs or os.cpu_count() or 1, terminated))
        except asyncio.CancelledError:
            if terminated.is_set():
                raise SystemExit(_TERMINATED) from None
            raise
    problems = [problem for script in played for problem in script.problems]
    if problems:
        raise ReportError(problems)
    return tuple(script.executed() for script in played)


@dataclass(frozen=True)
class _Run:
    """What all chapters of a run share."""

    root: Path
    scratch: Path
    server: ForkServer | None
    execute_dir: Literal["file", "project"]
    timeout: float
    tell: Progress


async def _play(
    run: _Run, chapters: Sequence[Chapter], jobs: int, terminated: threading.Event
) -> list[_Script]:
    _cancel_on_sigterm(terminated)
    slots = asyncio.Semaphore(jobs)
    scripts = [_Script(run, chapter) for chapter in chapters]

    async def play(script: _Script) -> None:
        if not _needs_kernel(script.chapter):
            await script.play(None)
            return
        async with slots:
            await script.play_in_kernel()

    # Who has most to do begins first, so that no long chapter runs alone at the end.
    await asyncio.gather(
        *(play(script) for script in sorted(scripts, key=lambda s: -_amount_of_code(s.chapter)))
    )
    return scripts


def _cancel_on_sigterm(terminated: threading.Event) -> None:
    """Let SIGTERM stop the run as Ctrl-C does, unless the program deals with it already."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        terminated.set()
        task.cancel()

    # Windows has no such signal to wait for.
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)


class _StoppedError(Exception):
    """The rest of the chapter cannot run; why is among its problems."""


@dataclass
class _Script:
    """One chapter while it is played."""

    run: _Run
    chapter: Chapter
    lines: list[Line] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    played: dict[int, Cell] = field(default_factory=dict)
    """Cells by the execution count under which the kernel knows them."""

    def executed(self) -> Executed:
        return Executed(self.chapter.path, self.chapter.metadata, tuple(self.lines), self.media)

    async def play_in_kernel(self) -> None:
        inner = PurePosixPath(self.chapter.path).parent
        folder = self.run.root if self.run.execute_dir == "project" else self.run.root / inner
        self.run.tell(self.chapter.path, "its kernel starts")
        try:
            async with start_kernel(
                self.run.root, self.run.scratch, folder, self.run.server
            ) as kernel:
                await self.play(kernel)
        except KernelError as error:
            self.problems.append(start_problem(self.chapter, error))
        self.run.tell(self.chapter.path, "done")

    async def play(self, kernel: Kernel | None) -> None:
        with contextlib.suppress(_StoppedError):
            for part in self.chapter.parts:
                if isinstance(part, Cell):
                    await self.cell(part, kernel)
                else:
                    await self.text(part, kernel)

    async def cell(self, cell: Cell, kernel: Kernel | None) -> None:
        """Run a cell and print it. Raises _StoppedError when it fails."""
        outputs: Sequence[Mapping[str, Any]] = ()
        if kernel is not None and _is_run(cell):
            self.run.tell(self.chapter.path, cell_name(cell))
            try:
                if size := _figure_size(cell):
                    await kernel.run("", self.run.timeout, [size])
                answer = await kernel.run(cell.code, self.run.timeout)
            except KernelError as error:
                self.stop([death_problem(cell, error)])
            self.played[answer.count] = cell
            self.stop(cell_problems(cell, answer, self.played, self.run.timeout))
            outputs = answer.outputs
        shown = show_cell(self.chapter.path, cell, outputs)
        self.lines.extend(Line(text, cell.place) for text in shown.lines)
        self.media.update(shown.media)
        self.problems.extend(shown.problems)

    async def text(self, text: Text, kernel: Kernel | None) -> None:
        """Put the values of inline code in its place.

        Where some have none the chapter goes on, to find what else is wrong.
        """
        found = [
            (Place(line.place.file, line.place.line, inline.start + 1), inline.expression)
            for line in text.lines
            for inline in inline_expressions(line.text)
            if not inline.escaped
        ]
        values: list[str] = []
        if kernel is not None and found:
            try:
                answer = await kernel.run("", self.run.timeout, [code for _, code in found])
            except KernelError as error:
                self.stop([inline_death_problem(found, error)])
            problems = inline_problems(found, answer, self.run.timeout)
            if answer.stopped:
                self.stop(problems)
            self.problems.extend(problems)
            values = ["" if isinstance(v, Failure) else show_inline(v) for v in answer.values]
        self.lines.extend(_filled(text.lines, iter(values)))

    def stop(self, problems: Sequence[Problem]) -> None:
        """Note the problems and, where there are any, end the chapter."""
        self.problems.extend(problems)
        if problems:
            raise _StoppedError


def _filled(lines: Sequence[Line], values: Iterator[str]) -> Iterator[Line]:
    """Replace inline code by its values; a value of several lines leaves all at its own line."""
    for line in lines:
        done, text = 0, ""
        for inline in inline_expressions(line.text):
            text += line.text[done : inline.start]
            text += _unescaped(inline) if inline.escaped else next(values, "")
            done = inline.end
        for piece in (text + line.text[done:]).split("\n"):
            yield Line(piece, line.place)


def _unescaped(inline: Inline) -> str:
    """Print `{{python}} …` as the inline code that it shows to readers."""
    return f"`{{{inline.language}}} {inline.expression}`"


def _figure_size(cell: Cell) -> str:
    """What sets the size of a cell's figures, if its options do."""
    width, height = (cell.options.get(f"fig-{side}") for side in ("width", "height"))
    if width is None and height is None:
        return ""
    return _FIGURE_SIZE.format(float(width or _USUAL_SIZE[0]), float(height or _USUAL_SIZE[1]))


def _is_run(cell: Cell) -> bool:
    return bool(cell.options.get("eval", True) and cell.code.strip())


def _needs_kernel(chapter: Chapter) -> bool:
    return any(
        _is_run(part)
        if isinstance(part, Cell)
        else any(not i.escaped for line in part.lines for i in inline_expressions(line.text))
        for part in chapter.parts
    )


def _amount_of_code(chapter: Chapter) -> int:
    return sum(len(part.code) for part in chapter.parts if isinstance(part, Cell))


def _unheard(chapter: str, what: str) -> None:
    """Take no notice of progress."""
