"""One process that kernels are forked from, for all renders within a process of the tests.

It costs a second to warm up, as much as all else of many a render. What a render does with its own
is tried where commands run as programs, in `test_execute.py` and in `test_forkserver.py`.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO
from unittest import mock

from imprint.run import kernels
from imprint.run.kernels import Forked, ForkServer


class _KeptServer(ForkServer):
    """A fork server that several renders use one after another."""

    _running: set[int]

    async def fork(
        self, argv: Sequence[str], cwd: str, environment: Mapping[str, str], log: IO[bytes]
    ) -> Forked:
        forked = await super().fork(argv, cwd, environment, log)
        self._running.add(forked.pid)
        return forked

    def release(self, pid: int) -> None:
        self._running.discard(pid)
        super().release(pid)

    @contextlib.contextmanager
    def lent(self) -> Iterator[ForkServer]:
        """The server for one render; as its end would do, the end of the block ends its kernels."""
        self._running, self.is_stopped = set(), False
        try:
            yield self
        finally:
            self.is_stopped = True
            for pid in self._running:
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)


_kept: list[_KeptServer] = []


@contextlib.contextmanager
def _lend(root: Path, scratch: Path) -> Iterator[ForkServer | None]:
    if not kernels.can_fork():
        yield None
        return
    if _kept and not _kept[0].is_running():
        _kept.pop().stop()
    if not _kept:
        folder = tempfile.TemporaryDirectory()
        with Path(os.devnull).open("wb") as log:
            _kept.append(_KeptServer(kernels.environment(Path(folder.name), scratch), log))
        atexit.register(folder.cleanup)
        atexit.register(_kept[0].stop)
    with _kept[0].lent() as server:
        yield server


def keeping_the_server() -> contextlib.AbstractContextManager[object]:
    """Kernels of this process are forked from the one server while the block runs."""
    return mock.patch.object(kernels, "fork_server", _lend)
