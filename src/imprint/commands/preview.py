"""`imprint preview`: the pages in the browser, made anew with every edit."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import secrets
import socket
import ssl
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from imprint.build.room import require_room
from imprint.core.problems import ReportError, problem
from imprint.core.root import find_root
from imprint.preview.admission import PARAMETER, Reach, token_of
from imprint.preview.serve import preview

HOST = "127.0.0.1"
PORT = 4300
_PASSWORD_BYTES = 15
"""Of chance in the password of a shared preview: nobody can guess it by trying."""
_SHARED = """\
Whoever reaches this address and has the password reads the whole report and may ask for its PDFs.
With --review they also write comments, under any name; the next preview has another password."""
NEAR = 20
"""Ports tried from PORT on before any free one is taken."""

EXAMPLES = """\
imprint preview                              open the pages and keep them up to date
imprint preview --review                     and let readers comment on them
imprint preview --port 4310 --no-browser     serve on this port, open nothing
imprint preview --review --share 192.0.2.7 --certificate cert.pem --key key.pem
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
        "--share",
        default="",
        metavar="HOST",
        help="serve other machines at this name or address, over TLS and with a password",
    )
    for name, what in (("--certificate", "the certificate"), ("--key", "its private key")):
        parser.add_argument(name, default="", metavar="FILE", help=f"{what} for --share, as PEM")
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
    host = arguments.share
    if host:
        _require_tls(arguments)
    with _listening(arguments.port, host or HOST) as listener:
        port = listener.getsockname()[1]
        if host:
            password = secrets.token_urlsafe(_PASSWORD_BYTES)
            reach = Reach(port, "", host, password, arguments.certificate, arguments.key)
            address = f"https://{f'[{host}]' if ':' in host else host}:{port}/"
            said = f"password: {password}\n{_SHARED}"
        else:
            reach = Reach(port, "" if arguments.open_to_all_users else token_of(root))
            address = f"http://{HOST}:{port}/"
            address += f"?{PARAMETER}={reach.token}" if reach.token else ""
            said = ""
        say(f"preview: {address} (Ctrl-C ends it)")
        for line in said.splitlines():
            say(line)

        def started() -> None:
            if not arguments.no_browser:
                _open(address)

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(preview(root, listener, started, say, reach, arguments.review))
    say("preview ended")
    return 0


def _require_tls(arguments: argparse.Namespace) -> None:
    """Raises ReportError where a preview cannot be shared as it is asked for."""
    wrong = fix = ""
    if arguments.share in ("0.0.0.0", "::"):
        wrong = f"'{arguments.share}' is no address that a browser can call"
        fix = "name the address or host name at which reviewers reach this machine"
    elif not arguments.certificate or not arguments.key:
        wrong = "a preview is shared over TLS alone, and the certificate or its key is not given"
        fix = "give both with `--certificate FILE` and `--key FILE`"
    else:
        try:
            # An encrypted key would have OpenSSL ask for its password.
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(arguments.certificate, arguments.key, password="")
        except (OSError, ValueError) as error:
            wrong = f"the certificate and its key cannot be used: {error}"
            fix = "give a certificate and the key that belongs to it, as PEM and not encrypted"
    if wrong:
        raise ReportError([problem("preview-is-shared-safely", "--share", 0, wrong, fix)])


def _listening(port: int | None, host: str) -> socket.socket:
    """A socket that listens at a host alone. Raises ReportError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port is not None:
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = os.strerror(error.errno or 0).lower()
            what = "is taken" if taken else f"cannot be used: {reason}"
            fix = "name another, or leave out `--port` to take one that is free"
            found = problem("port-is-free", "--port", 0, f"port {port} {what}", fix)
            raise ReportError([found]) from error
    for near in range(PORT, PORT + NEAR):
        try:
            return socket.create_server((host, near), family=family)
        except OSError:
            continue
    try:
        return socket.create_server((host, 0), family=family)
    except OSError as error:
        wrong = f"this machine cannot be reached at '{host}': {error.strerror or error}"
        fix = "name an address or host name of this machine"
        found = problem("preview-is-shared-safely", "--share", 0, wrong, fix)
        raise ReportError([found]) from error


def _open(address: str) -> None:
    """Open the browser, in a thread, as some wait until it is closed."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
        return  # what would be opened is a text browser, in the place of our lines
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


def _port(written: str) -> int:
    if not written.isdecimal() or not 0 <= int(written) <= 65535:
        raise argparse.ArgumentTypeError(f"'{written}' is not a number from 0 to 65535")
    return int(written)
