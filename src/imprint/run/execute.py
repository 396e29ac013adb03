"""Chapters -> executed chapters: run cells and inline code, keep the place each line comes from.

Every chapter has a kernel of its own, several run at a time; a chapter without code needs none, nor
does one whose earlier answers still hold. What goes wrong in one chapter does not keep the others
from running, so that one run shows every problem.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from imprint.core import digests
from imprint.core.events import Event, Tell, during, ignore_events
from imprint.core.model import Chapter, Executed
from imprint.core.problems import Problem
from imprint.run.cache import DAMAGED, CachedRun, Changed, RunRequest, keep, look_up, restore
from imprint.run.chapter_script import Script, amount_of_code, needs_kernel
from imprint.run.current import Current
from imprint.run.kernel_client import Kernel, KernelError
from imprint.run.kernel_problems import start_problem
from imprint.run.kernels import (
    KEPT_VARIABLES,
    KernelEnvironment,
    folder_without_room,
    kernel_environment,
)
from imprint.run.signals import Stop, stoppable
from imprint.run.transcripts import INSIDE, Recording, Rehearsal, Replay, at_once

DEFAULT_TIMEOUT = 120.0
"""Seconds, where _quarto.yml says nothing."""

_WORDS = INSIDE + ".tell_values_in_words()"
_BEGIN_NOTES = INSIDE + ".begin_notes({})"
_WRITE_NOTES = INSIDE + ".write_notes({!r})"


ExecuteDir = Literal["file", "project"]
"""Where kernels start: in the chapter's folder, or in the project's root."""


@dataclass(frozen=True)
class CacheLookup:
    """What the cache holds of some chapters."""

    current: Current
    """The project as it stood then."""
    found: Mapping[str, tuple[RunRequest, CachedRun | Changed]]
    """By path, of those that have code."""

    @property
    def needs_kernel(self) -> bool:
        """Whether some chapter needs a kernel."""
        return any(isinstance(found, Changed) for _, found in self.found.values())


def look_up_chapters(
    current: Current, chapters: Iterable[Chapter], execute_dir: ExecuteDir
) -> CacheLookup:
    """Find what the cache holds of the chapters; nothing is run."""
    requests = [
        run_request(current.root, chapter, execute_dir)
        for chapter in chapters
        if needs_kernel(chapter)
    ]
    return CacheLookup(current, {each.path: (each, look_up(current, each)) for each in requests})


def run_request(root: Path, chapter: Chapter, execute_dir: ExecuteDir) -> RunRequest:
    """What a chapter asks of its kernel, under which its result is cached; nothing is run."""
    rehearsal = Rehearsal()
    at_once(Script(root, chapter, DEFAULT_TIMEOUT).play(rehearsal))
    return RunRequest(chapter.path, execute_dir, tuple(rehearsal.questions))


@dataclass(frozen=True)
class RunOptions:
    """How chapters are run."""

    execute_dir: ExecuteDir
    jobs: int | None = None
    """Kernels at a time; None: one for each core."""
    timeout: float = DEFAULT_TIMEOUT
    """Seconds that one cell, or the inline code of one stretch of text, may take."""
    cached: CacheLookup | None = None
    """What the cache holds of the chapters. None: nothing is taken from it or put there."""
    ahead: KernelEnvironment | None = None
    """What kernels need, where it was made ahead of need."""
    runs: bool = True
    """Run what the cache does not hold."""


@dataclass(frozen=True)
class Ran:
    """What came of chapters that were run."""

    chapters: tuple[Executed, ...]
    """In the order given; of one that failed, the text without what is not known."""
    problems: tuple[Problem, ...]
    incomplete: frozenset[str]
    """Paths of the chapters that failed or were not run."""


def run_chapters(
    root: Path,
    chapters: Sequence[Chapter],
    options: RunOptions,
    tell: Tell = ignore_events,
    done: Callable[[Executed], None] = lambda _: None,
) -> Ran:
    """Run the chapters' code; where nothing is to be run, take what the cache holds.

    `tell` hears of every chapter with code that it is kept, or begins, which cell it is at, and
    ends; `done` gets each chapter as soon as it has run well.

    No kernel outlives the call, however it ends; SIGTERM ends it with SystemExit.
    """
    root = root.resolve()
    scripts = [Script(root, chapter, options.timeout) for chapter in chapters]
    ahead, cached = options.ahead, options.cached
    with during(tell, "run", count=sum(map(needs_kernel, chapters))):
        waiting = _take_cached(scripts, cached.found if cached else {}, tell, done)
        if not options.runs:
            for job in waiting:
                at_once(job.script.play(None))
        elif waiting:
            with (
                contextlib.nullcontext(ahead) if ahead else kernel_environment(root) as environment
            ):
                current = cached.current if cached else None
                run = _RunContext(environment, options.execute_dir, current, tell, done)
                with stoppable() as stop:
                    asyncio.run(_play(run, waiting, options.jobs or os.cpu_count() or 1, stop))
    failed = {script.chapter.path for script in scripts if script.problems}
    unrun = set() if options.runs else {job.script.chapter.path for job in waiting}
    return Ran(
        tuple(script.executed() for script in scripts),
        tuple(problem for script in scripts for problem in script.problems),
        frozenset(failed | unrun),
    )


@dataclass(frozen=True)
class _RunContext:
    """What all chapters that are run share."""

    environment: KernelEnvironment
    execute_dir: ExecuteDir
    current: Current | None
    """The project as it stands, where results are kept."""
    tell: Tell
    done: Callable[[Executed], None]


@dataclass(frozen=True)
class _WaitingChapter:
    """A chapter that is to be run."""

    script: Script
    request: RunRequest | None = None
    reasons: tuple[str, ...] = ()
    """Why no kept result holds."""


def _take_cached(
    scripts: Sequence[Script],
    cached: Mapping[str, tuple[RunRequest, CachedRun | Changed]],
    tell: Tell,
    done: Callable[[Executed], None],
) -> list[_WaitingChapter]:
    """Play the chapters that need no kernel or whose results are kept; return the others."""
    waiting = []
    for script in scripts:
        request, found = cached.get(script.chapter.path, (None, Changed(())))
        if not needs_kernel(script.chapter):
            at_once(script.play(None))
            _hand_on(script, done)
        elif isinstance(found, Changed):
            waiting.append(_WaitingChapter(script, request, found.reasons))
        elif not restore(script.root, found):
            waiting.append(_WaitingChapter(script, request, (DAMAGED,)))
        else:
            at_once(script.play(Replay(found.answers)))
            script.reads = found.reads
            tell(Event("run", "kept", script.chapter.path))
            _hand_on(script, done)
    return waiting


async def _play(
    run: _RunContext, waiting: Sequence[_WaitingChapter], jobs: int, stop: Stop
) -> None:
    stop.cancels(asyncio.current_task())
    slots = asyncio.Semaphore(jobs)

    # Who has most to do begins first, so that no long chapter runs alone at the end.
    jobs_by_size = sorted(waiting, key=lambda job: -amount_of_code(job.script.chapter))
    await asyncio.gather(*(_play_in_kernel(run, job, slots) for job in jobs_by_size))


async def _play_in_kernel(run: _RunContext, job: _WaitingChapter, slots: asyncio.Semaphore) -> None:
    from imprint.run.jupyter_kernels import start_kernel

    script, environment = job.script, run.environment
    inner = PurePosixPath(script.chapter.path).parent
    folder = script.root if run.execute_dir == "project" else script.root / inner
    script.tell, script.reads = run.tell, None
    # The next chapter need not wait until this one's kernel has been cleared away.
    async with contextlib.AsyncExitStack() as clearing, slots:
        with during(run.tell, "run", script.chapter.path):
            script.at("its kernel starts")
            try:
                kernel = await clearing.enter_async_context(
                    start_kernel(
                        script.root, run.environment.scratch, folder, run.environment.server
                    )
                )
                await kernel.run("", script.timeout, [_WORDS])
                if run.current is None or job.request is None:
                    await script.play(kernel)
                else:
                    await _play_and_keep(
                        kernel, job, job.request, run.current, run.environment.scratch
                    )
            except KernelError as error:
                full = folder_without_room(environment.scratch)
                script.problems.append(start_problem(script.chapter, error, full))
                if not script.lines:
                    await script.play(None)
        _hand_on(script, run.done)


def _hand_on(script: Script, done: Callable[[Executed], None]) -> None:
    if not script.problems:
        done(script.executed())


async def _play_and_keep(
    kernel: Kernel, job: _WaitingChapter, request: RunRequest, current: Current, scratch: Path
) -> None:
    """Play a chapter and, where nothing goes wrong, keep what came of it with what it read."""
    script = job.script
    recording = Recording(kernel)
    await kernel.run("", script.timeout, [_BEGIN_NOTES.format(list(KEPT_VARIABLES))])
    await script.play(recording)
    if script.problems:
        return
    file = scratch / f"{digests.value_digest(request.path)}.json"
    # Whatever hinders the notes, the chapter itself is done.
    with contextlib.suppress(KernelError, OSError):
        await kernel.run("", script.timeout, [_WRITE_NOTES.format(str(file))])
        noted = json.loads(file.read_text(encoding="utf-8"))
        script.reads = keep(current, request, recording.answers, noted, job.reasons)
