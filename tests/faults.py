"""Renders in processes of their own, to be disturbed: what they leave behind, and what they say."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from reports import ReportFolder, tree

RENDER = [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded"]
GRACE = 15.0
"""Seconds in which whatever a killed render has started must be gone; a busy machine is slow."""
WAIT = 120.0
"""Seconds for a render to end at all."""
_NAP = 0.02


@dataclass
class Bench:
    """A report, a folder for its renders' temporary files, and what good renders of it make."""

    report: ReportFolder
    temporary: Path
    good: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Outputs by the name of the state of the sources."""
    seconds: float = 0.0
    """How long a render from nothing takes."""

    def start(
        self, *words: str, before: Sequence[str] = (), **changed: str
    ) -> subprocess.Popen[str]:
        """Begin a render, in a process group of its own as a terminal would."""
        environment = {**os.environ, "TMPDIR": str(self.temporary), "IMPRINT_FAULTS": self.mark}
        with held_signals():
            return subprocess.Popen(
                [*before, *RENDER, *words],
                cwd=self.report.folder,
                env={**environment, "SOURCE_DATE_EPOCH": "1290000000", **changed},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )

    @property
    def mark(self) -> str:
        """What the environment of every process of this report's renders holds."""
        return str(self.report.folder.resolve())

    def render(self, *words: str, before: Sequence[str] = ()) -> str:
        """A render that nothing disturbs; what it says. The test fails with its problems."""
        running = self.start(*words, before=before)
        said, problems = running.communicate(timeout=WAIT)
        assert running.returncode == 0, problems
        assert problems == ""
        return said

    def output(self) -> dict[str, bytes] | None:
        """The output as it stands; None without one."""
        folder = self.report.folder / "_output"
        return tree(folder) if folder.exists() else None

    def numbers(self) -> list[int]:
        """Processes that work for this report."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    def processes(self) -> list[str]:
        """The same with their command lines, parents, states and seconds of the processor."""
        found = []
        for number in self.numbers():
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(number)
                found.append(
                    f"{number} {' '.join(process.cmdline())[:120]}, child of {process.ppid()}, "
                    f"{process.status()}, {sum(process.cpu_times()[:2]):.2f} s"
                )
        return found

    def alone(self) -> list[str]:
        """The processes that are left once they had time to end."""
        wait_for(self._are_gone, GRACE)
        return self.processes()

    def _are_gone(self) -> bool:
        # One that begins to run another program has no environment for a moment, and is not seen.
        if self.numbers():
            return False
        time.sleep(5 * _NAP)
        return not self.numbers()

    def rubbish(self) -> list[str]:
        """Temporary files that are left, in the folder for them and in the report's own."""
        own = self.report.folder / ".imprint"
        left = [*self.temporary.iterdir(), *own.glob("imprint-*"), *own.glob("*.typ")]
        left += [path for path in (own / "staging", own / "previous") if path.exists()]
        for folder in (own / "cache", *(self.report.folder / "figures").glob("*/")):
            left += [path for path in folder.rglob(".*") if path.is_file()]
        return [str(path) for path in left]

    def restore(self, kept: Path) -> None:
        """Put the report's folder back as it was kept, times of its files included."""
        shutil.rmtree(self.report.folder)
        subprocess.run(["cp", "-a", str(kept), str(self.report.folder)], check=True)


@contextlib.contextmanager
def held_signals() -> Iterator[None]:
    """What is started here hears Ctrl-C once it can answer, as `scripts/render` has it."""
    stops = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stops)


def end(running: subprocess.Popen[str], number: int, group: bool) -> None:
    """Send a signal to a render alone or to its whole group; it may have ended already."""
    with contextlib.suppress(ProcessLookupError):
        if group:
            os.killpg(running.pid, number)
        else:
            os.kill(running.pid, number)


def signal_process(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_for(condition: Callable[[], object], seconds: float = 10) -> bool:
    """True as soon as the condition holds; False when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(_NAP)
    return False


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A folder for temporary files with room in its name for that of a socket."""
    with tempfile.TemporaryDirectory(prefix="f", dir="/tmp") as folder:
        yield Path(folder)


@contextlib.contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[bool]:
    """A disk of that size at a folder; False where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def differences(one: Mapping[str, bytes] | None, other: Mapping[str, bytes]) -> list[str]:
    """Files in which two outputs differ, for messages."""
    found = one or {}
    return sorted(name for name in {*found, *other} if found.get(name) != other.get(name))


STOPPED = "stopped; the output is the last good one"
