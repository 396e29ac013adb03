"""What everyone who looks at the preview is told: one frozen state, replaced with every change.

A browser is always told the whole state, never a step towards it, so that one that was away has
missed nothing once it is back.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from imprint.core.problems import Problem

Stage = Literal["none", "waiting", "making", "made"]


@dataclass(frozen=True)
class Pdfs:
    """The PDFs of the preview."""

    stage: Stage = "none"
    """Whether they are asked for or made; `none` when there is none and no one asked."""
    links: tuple[tuple[str, str], ...] = ()
    """What is there to read, as label and path; it may show an earlier state than the pages."""
    are_current: bool = False
    """They show the same state as the pages."""


@dataclass(frozen=True)
class State:
    """The preview as it stands."""

    stage: Literal["rendering", "checking", "current"] = "rendering"
    doing: str = ""
    """What the render does at the moment, in a few words."""
    stopping: tuple[Problem, ...] = ()
    """What keeps the last edit from the pages; they are then the last good ones."""
    checked: tuple[Problem, ...] = ()
    """What the checks found last."""
    printing: tuple[Problem, ...] = ()
    """What keeps the PDFs from being made."""
    pdfs: Pdfs = Pdfs()
    files: Mapping[str, str] = field(default_factory=dict)
    """Style sheets, images and scripts that have changed since the preview began: path -> digest.
    """
    comments: int = 0
    """How often a reader has written something."""
    edition: int = 0
    """How often `files` has changed."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of places; the checks know the column too."""
        seen = {(found.place.file, found.place.line, found.code) for found in self.checked}
        others = {
            found
            for found in (*self.stopping, *self.printing)
            if (found.place.file, found.place.line, found.code) not in seen
        }
        return tuple(sorted({*self.checked, *others}))


class Board:
    """The state, and all who wait for the next one. Used by one event loop alone."""

    def __init__(self) -> None:
        self.state = State()
        self.session = secrets.token_hex(4)
        """Tells this preview from an earlier one at the same address."""
        self._is_closed = False
        self._news = asyncio.Event()

    def post(self, **changes: Any) -> None:
        """Change the state and tell everyone."""
        self.state = replace(self.state, **changes)
        self._wake()

    def close(self) -> None:
        """End all that `states` gives."""
        self._is_closed = True
        self._wake()

    async def states(self, patience: float) -> AsyncIterator[State | None]:
        """The state as it is, then each newer one; None where `patience` seconds brought none.

        Who is slow to take a state in gets the newest one, not those between.
        """
        while not self._is_closed:
            news = self._news
            yield self.state
            while not news.is_set():
                try:
                    await asyncio.wait_for(news.wait(), patience)
                except TimeoutError:
                    yield None

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
