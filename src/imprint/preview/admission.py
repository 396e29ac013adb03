"""Who may read a preview: whoever opens the address that it said, which holds a token.

The browser keeps it in a cookie for this port. It stays the same for a report, in a file that its
owner alone can read, so that open pages go on after a preview is begun again.

A shared preview is read over TLS, from other machines, with a password that holds while it runs.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from imprint.core.files import SCRATCH

PARAMETER = "token"
_FILE = f"{SCRATCH}/preview-token"
_LETTERS = 43
"""Of a token of 32 bytes."""


def token_of(root: Path) -> str:
    """The token of the report at `root`, made where there is none. Raises OSError."""
    file = root / _FILE
    try:
        opened = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(opened, encoding="ascii", errors="replace") as stream:
            told, rights = stream.read(_LETTERS + 1), os.fstat(stream.fileno()).st_mode
        if len(told) == _LETTERS and told.isascii() and (os.name != "posix" or not rights & 0o077):
            return told
    except OSError:
        pass
    token = secrets.token_urlsafe(32)
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(token)
    return token


@dataclass(frozen=True)
class Reach:
    """Where a preview is served, and what lets readers in."""

    port: int
    token: str = ""
    """Of this machine's readers; empty where every user of it may read."""
    host: str = ""
    """The name or address at which other machines reach a shared preview."""
    password: str = ""
    """Of a shared preview."""
    certificate: str = ""
    key: str = ""
    """Files of TLS, of a shared preview."""

    def names(self) -> set[str]:
        """How browsers call the server; they leave out the protocol's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host.lower()
        hosts = {host} if host else {"127.0.0.1", "localhost", "[::1]"}
        is_usual = self.port == (443 if host else 80)
        return {f"{it}:{self.port}" for it in hosts} | (hosts if is_usual else set())

    def origins(self) -> set[str]:
        """How browsers name the preview's own pages as those that ask."""
        return {f"{'https' if self.host else 'http'}://{name}" for name in self.names()}


class PasswordAdmission:
    """Answers 401 to whoever has not the password, for which browsers then ask."""

    def __init__(self, within: ASGIApp, password: str) -> None:
        self._within, self._password = within, password.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_right(Request(scope)):
            asks = {"WWW-Authenticate": 'Basic realm="Imprint preview", charset="UTF-8"'}
            text = "Give the password that `imprint preview` said, and any name.\n"
            await PlainTextResponse(text, 401, asks)(scope, receive, send)
        else:
            await self._within(scope, receive, send)

    def _is_right(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            password = base64.b64decode(given, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and hmac.compare_digest(password, self._password)


class Admission:
    """Answers 403 to whoever has not the token; takes it from an address into a cookie."""

    def __init__(self, within: ASGIApp, port: int, token: str) -> None:
        self._within, self._token = within, token
        self._cookie = f"imprint-preview-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._within(scope, receive, send)
            return
        request = Request(scope)
        given = request.query_params.get(PARAMETER, "")
        if given and self._is_right(given):
            await self._admitted(request)(scope, receive, send)
        elif self._is_right(request.cookies.get(self._cookie, "")):
            await self._within(scope, receive, send)
        else:
            text = "Open the address that `imprint preview` said: it lets you in.\n"
            await PlainTextResponse(text, 403)(scope, receive, send)

    def _admitted(self, request: Request) -> Response:
        """On to the same page, without the token in its address."""
        answer = RedirectResponse(quote(f"/{request.url.path.lstrip('/')}"), 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
        return answer

    def _is_right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


# --- bounds on who is connected --------------------------------------------------------------

MOST_CONNECTIONS = 200
"""A browser has six for each host and one for each open page of events."""
PATIENCE = 10.0
"""Seconds within which a new connection must have sent a whole request."""
MOST_BYTES = 16_384
"""Of a request's line and headers."""


class BoundedProtocol(H11Protocol):
    """Hangs up on those beyond the bounds."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take the connection in, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.close()
        else:
            self._waiting = self.loop.call_later(PATIENCE, transport.close)

    def handle_events(self) -> None:
        """Read what has come; a request that is whole ends the wait for it."""
        super().handle_events()
        if self.cycle is not None:
            self._end_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._end_wait()
        super().connection_lost(exc)

    def _end_wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
