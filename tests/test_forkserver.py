"""The process that kernels come from ends with its owner and takes along what they started."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from faults import wait_for
from imprint.run.fork_server import PACKET
from imprint.run.kernels import _PROGRAM, can_fork, environment

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are not forked on this system")


class Owner:
    """Asks a server for kernels, and reads what it is told only when it wants to."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.log = folder, folder / "log"
        self.variables = environment(folder, folder) | variables
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self.log.open("wb") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=theirs.fileno(),
                stderr=log,
                env=self.variables,
                start_new_session=True,
            )

    def ask(self, number: int, line: str) -> None:
        """Ask for a kernel that runs a line of Python first."""
        file = self.folder / f"{number}.json"
        argv = ["ipykernel_launcher", "-f", str(file), f"--IPKernelApp.exec_lines={line}"]
        request = {"number": number, "argv": argv, "cwd": str(self.folder)}
        packet = json.dumps(request | {"environment": self.variables}).encode()
        with self.log.open("ab") as log:
            socket.send_fds(self.channel, [packet], [log.fileno()])

    def told(self) -> int:
        """Bytes of the next message, which is left unread."""
        return len(self.channel.recv(PACKET, socket.MSG_PEEK))

    def ended(self) -> bool:
        """Whether the server has ended by itself."""
        return wait_for(lambda: self.server.poll() is not None, 60)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for the kernels' files; whatever works for it is ended."""
    (tmp_path / "tmp").mkdir()
    yield tmp_path
    for process in psutil.process_iter(["environ"]):
        if str(tmp_path) in str(process.info["environ"]):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


SLEEPERS = """
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.symlink(str(os.getpid()), 'daemon')
        os.execlp('sleep', 'sleep', '60')
    os._exit(0)
own = subprocess.Popen(['sleep', '60'], start_new_session=True)
os.symlink(str(own.pid), 'session')
os.symlink(str(subprocess.Popen(['sleep', '60']).pid), 'child')
"""
NOTES = ("daemon", "session", "child")


def sleepers(owner: Owner) -> list[psutil.Process]:
    """A kernel's child, one in a session of its own, and one whose parent has ended, too."""
    owner.ask(1, f"exec({SLEEPERS!r})")
    notes = [owner.folder / name for name in NOTES]
    assert wait_for(lambda: all(map(Path.is_symlink, notes)), 60)
    return [psutil.Process(int(str(note.readlink()))) for note in notes]


def are_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() for process in processes)


def test_it_takes_along_what_kernels_started_though_not_all_was_read(folder: Path) -> None:
    """Its owner may be killed before it has read what it was told."""
    owner = Owner(folder)
    started = sleepers(owner)
    assert owner.told() > 0
    owner.channel.close()
    assert owner.ended()
    assert owner.server.returncode == 0, owner.log.read_text()
    assert wait_for(lambda: are_gone(started), 60)


def test_what_a_kernel_started_ends_with_it(folder: Path) -> None:
    """Whatever sessions it was started in, and however the kernel ends."""
    owner = Owner(folder)
    started = sleepers(owner)
    os.killpg(json.loads(owner.channel.recv(PACKET))["pid"], signal.SIGKILL)
    assert wait_for(lambda: are_gone(started), 60)
    assert owner.server.poll() is None
    owner.channel.close()
    assert owner.ended()


def test_it_does_not_warm_up_for_no_one(folder: Path) -> None:
    """Its owner may be killed while it imports."""
    owner = Owner(folder, PYTHONPROFILEIMPORTTIME="1")
    owner.channel.close()
    assert owner.ended()
    imported = owner.log.read_text()
    assert owner.server.returncode == 0, imported
    assert "imprint.core.parallel" in imported
    assert "matplotlib" not in imported
