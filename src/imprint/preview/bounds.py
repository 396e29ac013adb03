"""Bounds on who is connected to a preview: how many, and how long a request may take to come."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

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
