"""Jupyter kernels: start one in a fixed environment and leave nothing of it behind.

A kernel is the ipykernel of the running interpreter. It talks over IPC sockets in the folder that
kernels share. It is forked from a warmed process where that can be had, started on its own
elsewhere. It dies with this process: asked to, or, should this process be killed, by its own watch
on its parent.

Loaded where code runs, and only there: jupyter_client takes as long as a whole check may.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import IO, Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from imprint.run.kernel_client import Kernel, KernelError
from imprint.run.kernels import ForkServer, environment


class _RunningPython(KernelSpecManager):
    """Knows one kernel, that of the running interpreter, whatever is installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name=kernel_name, language="python")


_numbers = itertools.count(1)
_POLL_SECONDS = 0.005
_RETRY_MILLISECONDS = 4
"""Until a kernel is called again that is not there yet; a tenth of a second would be usual."""


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
            _use_forked(manager, server)
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


class _ForkProvisioner(LocalProvisioner):
    """Gives a kernel manager a kernel forked from `server`."""

    server: ForkServer

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork a kernel for the command that would start one. Raises OSError where it cannot."""
        process = await self.server.fork(
            cmd[cmd.index("-m") + 1 :], options["cwd"], options["env"], options["stdout"]
        )
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = options["cwd"]
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started."""
        # Without the server the kernel is dead, and its number may be another's by now.
        if not self.server.is_gone:
            await super().send_signal(signum)


def _use_forked(manager: AsyncKernelManager, server: ForkServer) -> None:
    """Let the manager start its kernel by forking it from `server`."""
    provisioner = _ForkProvisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.server = server
    manager.provisioner = provisioner
