"""Kernels forked from a warmed process, as Jupyter's kernel managers can hold them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from imprint.run.fork_server import PACKET

# As ipykernel does it: the folder comes back once libraries of the same name are imported.
_PROGRAM = "import sys; del sys.path[0]; from imprint.run import fork_server; fork_server.main()"
_POLL_SECONDS = 0.003
_STOP_SECONDS = 5.0


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


class ForkProvisioner(LocalProvisioner):
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


def use_forked(manager: AsyncKernelManager, server: ForkServer) -> None:
    """Let the manager start its kernel by forking it from `server`."""
    provisioner = ForkProvisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.server = server
    manager.provisioner = provisioner
