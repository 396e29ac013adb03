"""What happens on a worker of a cluster: the report is unpacked once, and processes of the worker's
own make editions of it, for rendering wants a process's main thread.

    python -m imprint.editions.worker FILE FORMAT…

is such a process: it reads editions as pickles and answers each with what came of it.
"""

from __future__ import annotations

import functools
import io
import os
import pickle
import platform
import subprocess
import sys
import tarfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from imprint.build.installed import installed
from imprint.core.model import Format
from imprint.core.problems import ReportError
from imprint.core.scratch import scratch_folder
from imprint.editions.maker import EditionMaker, Template, on_one_line
from imprint.editions.record import Made
from imprint.editions.table import Edition
from imprint.read.single_file import read_single_file

_SAID = 3
"""Differences that are told."""
_lock = threading.Lock()
_idle: dict[str, list[subprocess.Popen[bytes]]] = {}
"""Processes that wait for an edition, by the digest of the job, the last one alone."""


class WorkerError(Exception):
    """A worker cannot make an edition; another may."""


@dataclass(frozen=True)
class Job:
    """A report that a cluster makes editions of."""

    digest: str
    """Of its files and of all below."""
    file: str
    """That all editions are made from, by its path from the root."""
    formats: tuple[Format, ...]
    epoch: int
    """Seconds since 1970 that stand for now."""
    versions: Mapping[str, str]
    """Of whatever has a hand in the output, where the editions are asked for."""


def make_edition(job: Job, packed: bytes, edition: Edition) -> tuple[Made, dict[str, bytes]]:
    """Make one edition in this worker. Raises WorkerError where it cannot, by no fault of the
    edition's."""
    from distributed import get_worker

    worker = get_worker()
    if differing := differences(job.versions, versions()):
        raise WorkerError(f"the worker {worker.address} has {differing}")
    folder = _unpacked(Path(worker.local_directory), job.digest, packed)
    process = _waiting(job.digest) or _started(job, folder)
    try:
        assert process.stdin and process.stdout
        pickle.dump(edition, process.stdin)
        process.stdin.flush()
        made: tuple[Made, dict[str, bytes]] = pickle.load(process.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        process.kill()
        process.wait()
        raise WorkerError(f"a process of the worker {worker.address} has died") from None
    with _lock:
        _idle.setdefault(job.digest, []).append(process)
    return made


def _waiting(digest: str) -> subprocess.Popen[bytes] | None:
    """A process of the job that waits for an edition; those of other jobs are let go."""
    with _lock:
        for other in [it for it in _idle if it != digest]:
            for process in _idle.pop(other):
                assert process.stdin
                process.stdin.close()
        return _idle[digest].pop() if _idle.get(digest) else None


@functools.cache
def versions() -> dict[str, str]:
    """Versions of Python and of the packages that have a hand in editions."""
    packages = {name: it.version for name, it in sorted(installed().items())}
    return {"Python": platform.python_version(), **packages}


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """What another machine has of other versions than this one; empty where there is nothing."""
    found = [
        f"{name} {theirs[name]}, not {version}" if name in theirs else f"no {name}"
        for name, version in ours.items()
        if theirs.get(name) != version
    ]
    more = f", and {len(found) - _SAID} more" if len(found) > _SAID else ""
    return ", ".join(found[:_SAID]) + more


def _unpacked(base: Path, digest: str, packed: bytes) -> Path:
    """The report's folder in a worker's own, where it goes with the worker."""
    folder = base / f"report-{digest}"
    with _lock:
        if not folder.is_dir():
            with (
                scratch_folder(base) as scratch,
                tarfile.open(fileobj=io.BytesIO(packed)) as files,
            ):
                files.extractall(scratch / "report", filter="data")
                (scratch / "report").rename(folder)
    return folder


def _started(job: Job, folder: Path) -> subprocess.Popen[bytes]:
    """A process that waits for editions, and ends when this one does: nobody writes to it then."""
    asked = [sys.executable, "-m", "imprint.editions.worker", job.file, *job.formats]
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": str(job.epoch)}
    return subprocess.Popen(
        asked, cwd=folder, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def serve(file: str, formats: Sequence[Format], asked: BinaryIO, told: BinaryIO) -> None:
    """Answer each edition that is asked for until there are no more."""
    with ExitStack() as held:
        try:
            single, problems = read_single_file(Path(file))
            template = Template(single, tuple(problems), tuple(formats))
            make = held.enter_context(EditionMaker(template)).make
        except ReportError as error:
            found = on_one_line(error.problems)
            make = lambda edition: (Made(edition.name, problems=found), {})  # noqa: E731
        while True:
            try:
                edition = pickle.load(asked)
            except EOFError:
                return
            pickle.dump(make(edition), told)
            told.flush()


def main() -> None:
    """Answer on what was the standard output, and let whatever prints do so elsewhere."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    file, *formats = sys.argv[1:]
    serve(file, cast("list[Format]", formats), sys.stdin.buffer, told)


if __name__ == "__main__":
    main()
