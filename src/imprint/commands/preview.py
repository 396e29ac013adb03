"""`imprint preview`: the pages in the browser, made anew with every edit."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from imprint.build.room import require_room
from imprint.core.problems import ReportError, problem
from imprint.core.root import find_root
from imprint.preview.admission import PARAMETER, token_of
from imprint.preview.serve import preview

HOST = "127.0.0.1"
PORT = 4300
NEAR = 20
"""Ports tried from PORT on before any free one is taken."""

EXAMPLES = """\
imprint preview                              open the pages and keep them up to date
imprint preview --review                     and let readers comment on them
imprint preview --port 4310 --no-browser     serve on this port, open nothing
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--port", type=_port, help=f"where to serve; by default {PORT} or the next that is free"
    )
    parser.add_argument(
        "--review", action="store_true", help="let readers comment on the pages, and show comments"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="do not open the pages in the browser"
    )
    parser.add_argument(
        "--open-to-all-users",
        action="store_true",
        help="let every user of this machine read the pages, without the token in the address",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Serve until Ctrl-C. Raises ReportError where there is no project or the port is taken."""
    root = find_root(Path.cwd())
    require_room()
    with _listening(arguments.port) as listener:
        token = "" if arguments.open_to_all_users else token_of(root)
        address = f"http://{HOST}:{listener.getsockname()[1]}/"
        address += f"?{PARAMETER}={token}" if token else ""
        say(f"preview: {address} (Ctrl-C ends it)")

        def started() -> None:
            if not arguments.no_browser:
                _open(address)

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(preview(root, listener, started, say, token, arguments.review))
    say("preview ended")
    return 0


def _listening(port: int | None) -> socket.socket:
    """A socket that listens on this machine alone. Raises ReportError where it cannot."""
    if port is not None:
        try:
            return socket.create_server((HOST, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = os.strerror(error.errno or 0).lower()
            what = "is taken" if taken else f"cannot be used: {reason}"
            fix = "name another, or leave out `--port` to take one that is free"
            found = problem("port-is-free", "--port", 0, f"port {port} {what}", fix)
            raise ReportError([found]) from error
    for near in range(PORT, PORT + NEAR):
        try:
            return socket.create_server((HOST, near))
        except OSError:
            continue
    return socket.create_server((HOST, 0))


def _open(address: str) -> None:
    """Open the browser, in a thread, as some wait until it is closed."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
        return  # what would be opened is a text browser, in the place of our lines
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


def _port(written: str) -> int:
    if not written.isdecimal() or not 0 <= int(written) <= 65535:
        raise argparse.ArgumentTypeError(f"'{written}' is not a number from 0 to 65535")
    return int(written)
