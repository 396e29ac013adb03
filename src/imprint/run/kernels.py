"""Jupyter kernels: start one in a fixed environment and leave nothing of it behind.

A kernel is the ipykernel of the running interpreter. It talks over IPC sockets in a throwaway
folder, sees a small environment that is the same on every machine, and reads no configuration
of the person who runs it. It is forked from a warmed process where that can be had, started on its
own elsewhere. It dies with this process: asked to, or, should this process be killed, by its own
watch on its parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from imprint.core.scratch import scratch_folder
from imprint.run.forked_kernels import ForkServer, can_fork, use_forked
from imprint.run.kernel_client import Kernel, KernelError

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


@contextlib.contextmanager
def kernels_folder() -> Iterator[Path]:
    """Make the throwaway folder that kernels share: sockets, configuration, temporary files."""
    base = tempfile.gettempdir()
    short = "/tmp" if len(base) > _LONGEST_FOLDER and Path("/tmp").is_dir() else base
    with scratch_folder(Path(short)) as folder:
        profile = folder / "profile_default"
        profile.mkdir()
        (folder / "tmp").mkdir()
        (profile / "ipython_kernel_config.json").write_text(json.dumps(_CONFIG), encoding="utf-8")
        yield folder


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
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # Kept between runs, for matplotlib's list of fonts takes seconds to make.
        "MPLCONFIGDIR": str(root / ".imprint" / "matplotlib"),
        "QUARTO_PROJECT_DIR": str(root),
        "IPYTHONDIR": str(scratch),
        "JUPYTER_CONFIG_DIR": str(scratch),
        "JUPYTER_DATA_DIR": str(scratch),
        "JUPYTER_RUNTIME_DIR": str(scratch),
        "JUPYTER_NO_CONFIG": "1",
        "TMPDIR": str(scratch / "tmp"),
        "TEMP": str(scratch / "tmp"),
        "TMP": str(scratch / "tmp"),
    }


def folder_without_room(scratch: Path) -> str:
    """The folder that kernels' own is made in, if they have no room there; else empty."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(scratch).free < _LEAST_ROOM:
            return str(scratch.parent)
    return ""


class _RunningPython(KernelSpecManager):
    """Knows one kernel, that of the running interpreter, whatever is installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name=kernel_name, language="python")


_numbers = itertools.count(1)
_POLL_SECONDS = 0.005
_RETRY_MILLISECONDS = 4
"""Until a kernel is called again that is not there yet; a tenth of a second would be usual."""


@dataclass(frozen=True)
class KernelEnvironment:
    """What kernels share."""

    scratch: Path
    server: ForkServer | None
    """The process from which they are forked; it warms up while its owner does other things."""


@contextlib.contextmanager
def kernel_environment(root: Path) -> Iterator[KernelEnvironment]:
    """What kernels share, with a warm process to fork them from; all of it ends with the block."""
    with kernels_folder() as scratch, fork_server(root, scratch) as server:
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


@contextlib.asynccontextmanager
async def start_kernel(
    root: Path, scratch: Path, folder: Path, server: ForkServer | None = None
) -> AsyncIterator[Kernel]:
    """Start a kernel in `folder`; whatever happens, kill it and what it started at the end.

    It is forked from `server` or, where there is none or it has failed, started on its own. Raises
    KernelError when it does not come up.
    """
    stem = scratch / f"k{next(_numbers)}"
    manager = AsyncKernelManager(
        kernel_spec_manager=_RunningPython(),
        transport="ipc" if zmq.has("ipc") else "tcp",
        connection_file=f"{stem}.json",
        **({"ip": str(stem)} if zmq.has("ipc") else {}),
    )
    client = None
    log = stem.with_suffix(".log")
    try:
        with log.open("wb") as stream:
            await _launch(manager, server, folder, environment(root, scratch), stream)
        client = manager.client()
        client.context.setsockopt(zmq.RECONNECT_IVL, _RETRY_MILLISECONDS)
        client.start_channels(stdin=False, hb=False, control=False)
        kernel = Kernel(manager, client, root)
        await kernel.wait_until_ready(log)
        yield kernel
    finally:
        if client is not None:
            client.stop_channels()
        await _end(manager)


async def _launch(
    manager: AsyncKernelManager,
    server: ForkServer | None,
    folder: Path,
    variables: Mapping[str, str],
    log: IO[bytes],
) -> None:
    options = {"cwd": str(folder), "env": variables, "stdout": log, "stderr": log}
    if server is not None:
        with contextlib.suppress(OSError):
            use_forked(manager, server)
            await manager.start_kernel(**options)
            return
        if server.is_stopped:
            raise KernelError("the render was stopped")
        manager.provisioner = None
    try:
        await manager.start_kernel(**options)
    except OSError as error:
        raise KernelError(str(error)) from error


async def _end(manager: AsyncKernelManager) -> None:
    """Kill the kernel with all it started; jupyter_client alone would look only every 0.1 s."""
    with contextlib.suppress(RuntimeError):
        if manager.has_kernel:
            await manager.signal_kernel(signal.SIGKILL)
            for _ in range(200):
                if not await manager.is_alive():
                    break
                await asyncio.sleep(_POLL_SECONDS)
        await manager.shutdown_kernel(now=True)
