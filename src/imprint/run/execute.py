"""Chapters -> executed chapters: run cells and inline code, keep the place each line comes from.

Every chapter has a kernel of its own, several run at a time; a chapter without code needs none, nor
does one whose earlier answers still hold. What goes wrong in one chapter does not keep the others
from running, so that one run shows every problem.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from imprint.core.events import Event, Tell, during, ignore_events
from imprint.core.model import Chapter, Executed
from imprint.core.problems import Problem
from imprint.run.cache import DAMAGED, CachedRun, Changed, RunRequest, look_up, restore
from imprint.run.chapter_script import Script, needs_kernel
from imprint.run.current import Current
from imprint.run.kernels import KernelEnvironment, kernel_environment
from imprint.run.transcripts import Rehearsal, Replay, at_once

DEFAULT_TIMEOUT = 120.0
"""Seconds, where _quarto.yml says nothing."""

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
            for script, *_ in waiting:
                at_once(script.play(None))
        elif waiting:
            # What talks with kernels takes longer to load than many a check takes in all.
            from imprint.run.playing import KernelRun, Waiting, play_in_kernels

            with (
                contextlib.nullcontext(ahead) if ahead else kernel_environment(root) as environment
            ):
                current = cached.current if cached else None
                hand_on = partial(_hand_on, done=done)
                run = KernelRun(environment, options.execute_dir, current, tell, hand_on)
                jobs = options.jobs or os.cpu_count() or 1
                play_in_kernels(run, [Waiting(*job) for job in waiting], jobs)
    failed = {script.chapter.path for script in scripts if script.problems}
    unrun = set() if options.runs else {script.chapter.path for script, *_ in waiting}
    return Ran(
        tuple(script.executed() for script in scripts),
        tuple(problem for script in scripts for problem in script.problems),
        frozenset(failed | unrun),
    )


def _take_cached(
    scripts: Sequence[Script],
    cached: Mapping[str, tuple[RunRequest, CachedRun | Changed]],
    tell: Tell,
    done: Callable[[Executed], None],
) -> list[tuple[Script, RunRequest | None, tuple[str, ...]]]:
    """Play the chapters that need no kernel or whose results are kept; return the others, each with
    what it asks of its kernel and why no kept result holds."""
    waiting: list[tuple[Script, RunRequest | None, tuple[str, ...]]] = []
    for script in scripts:
        request, found = cached.get(script.chapter.path, (None, Changed(())))
        if not needs_kernel(script.chapter):
            at_once(script.play(None))
            _hand_on(script, done)
        elif isinstance(found, Changed):
            waiting.append((script, request, found.reasons))
        elif not restore(script.root, found):
            waiting.append((script, request, (DAMAGED,)))
        else:
            at_once(script.play(Replay(found.answers)))
            script.reads = found.reads
            tell(Event("run", "kept", script.chapter.path))
            _hand_on(script, done)
    return waiting


def _hand_on(script: Script, done: Callable[[Executed], None]) -> None:
    if not script.problems:
        done(script.executed())
