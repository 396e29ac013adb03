"""The program that forks kernels: it imports the heavy libraries once for all of them.

`forked.ForkServer` runs it. Each request that comes in on its standard input, a socket, is
answered with a fresh kernel's process. Once the other end closes, however its owner ended, the
program kills all kernels with what they started, and ends.

What a cell starts in a session of its own ends with the cell's kernel, too: kernels take in such
processes while they run, and this program what ended kernels have left.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from imprint.core.parallel import die_with_parent, take_in_orphans
from imprint.run.recorder import remember_loaded

WARM = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "matplotlib.style",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "tornado.platform.asyncio",
    "imprint",
)
"""Imported before the first fork. `matplotlib.pyplot` is not among them, for it ties itself to the
kernel that imports it; nor is `pandas`, which costs as much as all these and few chapters use."""

PACKET = 200_000
"""Bytes that one packet may have."""

_END_SECONDS = 3.0
_POLL_SECONDS = 0.002

Request = dict[str, Any]
"""`number`, `argv`, `cwd` and `environment` of the kernel asked for; its log comes along as a file
descriptor, which stands under `log`."""


def serve(channel: socket.socket) -> Request | None:
    """Answer requests for kernels. Returns None once there are no more requests; in a new kernel's
    process, its request."""
    bell, wake = socket.socketpair()
    for end in (bell, wake):
        end.setblocking(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    take_in_orphans()
    running: set[int] = set()
    ended: set[int] = set()
    while True:
        ready, _, _ = select.select([channel, bell], [], [])
        if bell in ready:
            bell.recv(PACKET)
            _end_children(running | ended)
            over = {pid: code for pid in running if (code := _exit_code(pid)) is not None}
            for pid, code in over.items():
                _send(channel, {"pid": pid, "code": code})
            running -= over.keys()
            ended |= over.keys()
        if channel not in ready:
            continue
        try:
            packet, descriptors, _, _ = socket.recv_fds(channel, PACKET, 1)
        except ConnectionResetError:
            # Who asked was killed before it had read all that it was told.
            packet = b""
        if not packet:
            _end_all(running | ended)
            return None
        request: Request = json.loads(packet)
        if "release" in request:
            ended.discard(request["release"])
            os.waitpid(request["release"], 0)
            continue
        request |= {"server": os.getpid(), "log": descriptors[0]}
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for end in (bell, wake):
                end.close()
            return request
        # Here as well as in the child: whoever comes first, its group exists from now on.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.close(descriptors[0])
        running.add(pid)
        _send(channel, {"number": request["number"], "pid": pid})


def _end_all(kernels: Collection[int]) -> None:
    """Kill kernels and all they started; what the system holds back is not waited for."""
    for pid in kernels:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + _END_SECONDS
    while _end_children(()) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _end_children(kernels: Collection[int]) -> bool:
    """Kill the children that are no kernels, and reap those that have ended; whether there were
    any. What they have started themselves comes to this process with their end, which wakes it."""
    file = Path(f"/proc/self/task/{os.getpid()}/children")
    children = [int(pid) for pid in (file.read_text() if file.exists() else "").split()]
    left = [pid for pid in children if pid not in kernels]
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, os.WNOHANG)
    return bool(left)


def _exit_code(pid: int) -> int | None:
    """Exit code of a child, negative for a signal; None while it runs. It is not reaped: until its
    kernel's owner releases it, no other process gets its number."""
    state = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    if state is None:
        return None
    return state.si_status if state.si_code == os.CLD_EXITED else -state.si_status


def _send(channel: socket.socket, told: Request) -> None:
    # Whoever is gone will be noticed when the socket is read next.
    with contextlib.suppress(OSError):
        channel.send(json.dumps(told).encode())


def _is_abandoned(channel: socket.socket) -> bool:
    """Whether no one is at the other end any more."""
    watch = select.poll()
    watch.register(channel, 0)
    return bool(watch.poll(0))


def become_kernel(request: Request) -> None:
    """Make this forked process a kernel like one that was started on its own, and run it."""
    os.setpgid(0, 0)
    if not die_with_parent(request["server"]):
        os._exit(1)
    take_in_orphans()
    for number in (signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for standard in (1, 2):
        os.dup2(request["log"], standard)
    os.close(request["log"])
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = request["argv"]
    from ipykernel.kernelapp import IPKernelApp

    # The kernel's own watch on its parent, for systems that cannot do the same.
    IPKernelApp.launch_instance(
        argv=[*request["argv"][1:], f"--IPKernelApp.parent_handle={request['server']}"]
    )


def main() -> None:
    """Warm up, then serve; end at once where the owner does. Raises RuntimeError where a library
    has started a thread, which no fork would carry over."""
    # No one debugs a chapter while it is rendered; without it a kernel starts in half the time.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    with socket.socket(fileno=os.dup(0)) as channel:
        os.set_inheritable(channel.fileno(), False)
        for module in WARM:
            if _is_abandoned(channel):
                os._exit(0)
            import_module(module)
        del sys.modules["debugpy"]
        remember_loaded()
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            raise RuntimeError("a library has started a thread")
        gc.collect()
        gc.freeze()
        request = serve(channel)
    if request is None:
        # Nothing is left to do, and taking down all that was imported takes a while.
        os._exit(0)
    become_kernel(request)
