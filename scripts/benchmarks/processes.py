"""Run a command and measure it whole: seconds by the clock, of processors, and memory.

All that a command starts counts, however it is started: this process takes in orphans, so that
the kernel counts what they used as ours. Linux alone tells all of it; elsewhere memory is nought.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.1
_PAUSES = 20
"""Times as long as it takes to look at memory it is let alone: what is looked at stands still, and
a gigabyte takes a while."""


@dataclass(frozen=True)
class Run:
    """One command, with all processes that it started."""

    wall: float
    """Seconds by the clock."""
    processors: float
    """Seconds of processors, user and system."""
    memory: float
    """The most that all processes held together, as MiB of PSS: what several share counts once."""
    said: tuple[tuple[float, str], ...]
    """Lines of its standard output, each with the second at which it came."""


def measured(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], alone: bool = True
) -> Run:
    """Run a command in a folder. Ends the program with its last words where it fails.

    Where it is not `alone`, other processes of ours go on beside it.
    """
    before, begun = _used(), time.monotonic()
    with (
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
        _memory() as most,
    ):
        assert process.stdout is not None
        said = tuple((time.monotonic() - begun, line.rstrip()) for line in process.stdout)
    wall = time.monotonic() - begun
    reap(0 if alone else os.WNOHANG)
    if process.returncode:
        last = "\n".join(line for _, line in said[-5:])
        sys.exit(f"{' '.join(map(str, command))} failed in {folder}:\n{last}")
    return Run(wall, _used() - before, max(most), said)


def memory_of_all() -> float:
    """MiB of PSS that all processes below this one hold together."""
    return sum(map(_pss, below(os.getpid())))


def used_by(*pids: int) -> float:
    """Seconds of processors that processes have used, with all that they have started."""
    everyone = [pid for it in pids for pid in (it, *below(it))]
    ticks = 0
    for pid in everyone:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> list[int]:
    """Every process that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold anything, brackets included.
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


def _pss(pid: int) -> float:
    with contextlib.suppress(OSError, ValueError, StopIteration):
        with Path(f"/proc/{pid}/smaps_rollup").open() as file:
            line = next(line for line in file if line.startswith("Pss:"))
        return int(line.split()[1]) / 1024
    return 0.0


@contextlib.contextmanager
def _memory() -> Iterator[list[float]]:
    """Samples of the memory of all processes while the block runs."""
    samples, over = [0.0], threading.Event()

    def sample() -> None:
        pause = _SAMPLE_SECONDS
        while not over.wait(pause):
            begun = time.monotonic()
            samples.append(memory_of_all())
            pause = max(_SAMPLE_SECONDS, (time.monotonic() - begun) * _PAUSES)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reap(options: int = 0) -> None:
    """Wait for orphans, so that what they used counts."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass
