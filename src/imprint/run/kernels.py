"""What kernels share: a throwaway folder, an environment that is the same on every machine and
reads no configuration of the person who runs it, and a warm process to fork them from."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from imprint.core.scratch import SHORT, scratch_folder
from imprint.run.fonts import CONFIGURATION, provide_fonts
from imprint.run.fork_server import PACKET

# As ipykernel does it: the folder comes back once libraries of the same name are imported.
_PROGRAM = "import sys; del sys.path[0]; from imprint.run import fork_server; fork_server.main()"
_POLL_SECONDS = 0.003
_STOP_SECONDS = 5.0
_LEAST_ROOM = 256 * 1024
"""Bytes without which a kernel cannot begin."""
_LONGEST_FOLDER = 60
"""A socket's path may have about 100 characters in all."""

KEPT_VARIABLES = ("PATH", "HOME", "SOURCE_DATE_EPOCH", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT",
                  "USERPROFILE", "APPDATA", "LOCALAPPDATA")  # fmt: skip
"""What a kernel sees of its surroundings that is not the same everywhere."""

_CONFIG = {
    "HistoryManager": {"enabled": False},
    "InteractiveShell": {"colors": "nocolor"},
    "InlineBackend": {
        "figure_formats": ["svg"],
        "print_figure_kwargs": {"bbox_inches": "tight", "metadata": {"Date": None}},
        # 7 x 5 inches is Quarto's default for HTML.
        "rc": {"svg.hashsalt": "imprint", "figure.figsize": [7, 5]},
    },
}


def environment(root: Path, scratch: Path) -> dict[str, str]:
    """The environment variables of a kernel: those not listed are left out."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        # One thread sums in one order, whatever the number of cores.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(root / CONFIGURATION),
        "QUARTO_PROJECT_DIR": str(root),
        "IPYTHONDIR": str(scratch),
        **{f"JUPYTER_{it}_DIR": str(scratch) for it in ("CONFIG", "DATA", "RUNTIME")},
        "JUPYTER_NO_CONFIG": "1",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch / "tmp")),
    }


def folder_without_room(scratch: Path) -> str:
    """The folder that kernels' own is made in, if they have no room there; else empty."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(scratch).free < _LEAST_ROOM:
            return str(scratch.parent)
    return ""


@dataclass(frozen=True)
class KernelEnvironment:
    """What kernels share."""

    scratch: Path
    server: ForkServer | None
    """The process from which they are forked; it warms up while its owner does other things."""


@contextlib.contextmanager
def kernel_environment(root: Path) -> Iterator[KernelEnvironment]:
    """What kernels share: a throwaway folder for sockets, configuration and temporary files, with
    a warm process to fork them from; all of it ends with the block."""
    provide_fonts(root)
    base = tempfile.gettempdir()
    is_long = len(base) > _LONGEST_FOLDER and SHORT.is_dir()
    with scratch_folder(SHORT if is_long else Path(base)) as scratch:
        profile = scratch / "profile_default"
        profile.mkdir()
        (scratch / "tmp").mkdir()
        (profile / "ipython_kernel_config.json").write_text(json.dumps(_CONFIG), encoding="utf-8")
        with fork_server(root, scratch) as server:
            yield KernelEnvironment(scratch, server)


@contextlib.contextmanager
def fork_server(root: Path, scratch: Path) -> Iterator[ForkServer | None]:
    """Warm up a process to fork kernels from; None where kernels are not forked."""
    if not can_fork():
        yield None
        return
    with (scratch / "fork_server.log").open("wb") as log:
        server = ForkServer(environment(root, scratch), log)
    try:
        yield server
    finally:
        server.stop()


# --- the process that forks them ------------------------------------------------------------------


def can_fork() -> bool:
    """Whether kernels are forked here: on macOS libraries forbid it, on Windows nothing forks."""
    return sys.platform == "linux"


class ForkServer:
    """A running `fork_server`. It warms up while its owner does other things."""

    def __init__(self, environment: Mapping[str, str], log: IO[bytes]) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                env=dict(environment),
                start_new_session=True,
            )
        self._channel.setblocking(False)
        self._numbers = itertools.count(1)
        self._forked: dict[int, int] = {}
        self._ended: dict[int, int] = {}
        self.is_gone = False
        self.is_stopped = False
        """Its owner wants no kernels any more, be they forked or not."""
        self._is_asked = False

    async def fork(
        self, argv: Sequence[str], cwd: str, environment: Mapping[str, str], log: IO[bytes]
    ) -> Forked:
        """Fork a kernel with the arguments `argv`. Raises OSError where the server is gone."""
        import asyncio

        self._is_asked = True
        number = next(self._numbers)
        request = {"number": number, "argv": argv, "cwd": cwd, "environment": dict(environment)}
        socket.send_fds(self._channel, [json.dumps(request).encode()], [log.fileno()])
        while number not in self._forked:
            if self.is_gone:
                raise OSError("the process that forks kernels has ended")
            await asyncio.sleep(_POLL_SECONDS)
            self._listen()
        return Forked(self, self._forked.pop(number))

    def exit_code(self, pid: int) -> int | None:
        """Exit code of a kernel, negative for a signal; None while it runs."""
        self._listen()
        return self._ended.get(pid, -signal.SIGKILL if self.is_gone else None)

    def release(self, pid: int) -> None:
        """Let the system give the number of an ended kernel to another process, and forget it."""
        self._ended.pop(pid, None)
        with contextlib.suppress(OSError):
            self._channel.send(json.dumps({"release": pid}).encode())

    def is_running(self) -> bool:
        """Whether it can still fork kernels."""
        return not self.is_gone and self._process.poll() is None

    def stop(self) -> None:
        """End the server and with it every kernel that still runs."""
        self.is_stopped = True
        self._channel.close()
        if not self._is_asked:
            # Without kernels there is nothing to tidy up, and it may have much left to import.
            self._process.kill()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        """Take in what the server has told so far."""
        while not self.is_gone:
            try:
                packet = self._channel.recv(PACKET)
            except BlockingIOError:
                return
            except OSError:
                packet = b""
            self.is_gone = not packet
            told = json.loads(packet or "{}")
            if "number" in told:
                self._forked[told["number"]] = told["pid"]
            elif told:
                self._ended[told["pid"]] = told["code"]


class Forked:
    """A forked kernel: what jupyter_client uses of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
        self._server = server
        self.pid = pid

    def poll(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._server.exit_code(self.pid)

    def wait(self) -> int:
        """Wait for its end, and let go of it."""
        while (code := self.poll()) is None:
            time.sleep(_POLL_SECONDS)
        self._server.release(self.pid)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
