"""Chapters played in kernels, several at a time; what came of each is kept with what it read.

Loaded where code runs, and only there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from imprint.core import digests
from imprint.core.events import Tell, during
from imprint.run.cache import RunRequest, keep
from imprint.run.chapter_script import Script, amount_of_code
from imprint.run.current import Current
from imprint.run.jupyter_kernels import start_kernel
from imprint.run.kernel_client import Kernel, KernelError
from imprint.run.kernel_problems import start_problem
from imprint.run.kernels import KEPT_VARIABLES, KernelEnvironment, folder_without_room
from imprint.run.signals import Stop, stoppable
from imprint.run.transcripts import INSIDE, Recording

_WORDS = INSIDE + ".tell_values_in_words()"
_BEGIN_NOTES = INSIDE + ".begin_notes({})"
_WRITE_NOTES = INSIDE + ".write_notes({!r})"


@dataclass(frozen=True)
class KernelRun:
    """What all chapters that are run share."""

    environment: KernelEnvironment
    execute_dir: Literal["file", "project"]
    current: Current | None
    """The project as it stands, where results are kept."""
    tell: Tell
    hand_on: Callable[[Script], None]
    """Gets each chapter when it has been played."""


@dataclass(frozen=True)
class Waiting:
    """A chapter that is to be run."""

    script: Script
    request: RunRequest | None = None
    reasons: tuple[str, ...] = ()
    """Why no kept result holds."""


def play_in_kernels(run: KernelRun, waiting: Sequence[Waiting], jobs: int) -> None:
    """Play each chapter in a kernel of its own, `jobs` at a time."""
    with stoppable() as stop:
        asyncio.run(_play(run, waiting, jobs, stop))


async def _play(run: KernelRun, waiting: Sequence[Waiting], jobs: int, stop: Stop) -> None:
    stop.cancels(asyncio.current_task())
    slots = asyncio.Semaphore(jobs)

    # Who has most to do begins first, so that no long chapter runs alone at the end.
    jobs_by_size = sorted(waiting, key=lambda job: -amount_of_code(job.script.chapter))
    await asyncio.gather(*(_play_in_kernel(run, job, slots) for job in jobs_by_size))


async def _play_in_kernel(run: KernelRun, job: Waiting, slots: asyncio.Semaphore) -> None:
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
        run.hand_on(script)


async def _play_and_keep(
    kernel: Kernel, job: Waiting, request: RunRequest, current: Current, scratch: Path
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
