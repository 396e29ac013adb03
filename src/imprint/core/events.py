"""Events: what a stage tells of itself while it works, for whoever wants to know.

The library tells and never prints; nor does it look at the clock: whoever listens notes when an
event came. Several threads may tell at once, and a stage may begin before another has ended.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Stage = Literal["read", "check", "run", "quarto", "compose", "set", "write", "manifest", "receipt"]
State = Literal["begins", "at", "ends", "kept"]
"""`at`: an item has come to what the detail says; `kept`: an earlier result of it still holds."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to a stage or to one of its items."""

    stage: Stage
    state: State
    item: str = ""
    """A chapter's path or a publication's name; empty where the stage as a whole is meant."""
    detail: str = ""
    """What an item is at (`cell 2 'fig-pay'`); of a stage, what it is about."""
    count: int = 0
    """How many items a stage has, where it begins and knows."""


@dataclass(frozen=True)
class Message:
    """Words for people that belong to no stage: another render is running."""

    text: str


Tell = Callable[[Event | Message], None]
"""Takes an event. Must not raise, and may be called from any thread."""


def ignore_events(_event: Event | Message) -> None:
    """Take no notice."""


@contextlib.contextmanager
def during(
    tell: Tell, stage: Stage, item: str = "", *, detail: str = "", count: int = 0
) -> Iterator[None]:
    """Tell that a stage, or one of its items, begins and, however the block ends, that it ends."""
    tell(Event(stage, "begins", item, detail, count))
    try:
        yield
    finally:
        tell(Event(stage, "ends", item))
