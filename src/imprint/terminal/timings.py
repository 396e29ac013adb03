"""Events with the time they came -> spans of time: what the display, summary and trace show."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from imprint.core.events import Event, Message

LABELS = {
    "start": "start",
    "read": "read the report",
    "check": "check the report",
    "run": "run chapters",
    "quarto": "Quarto",
    "compose": "compose",
    "set": "set PDFs",
    "write": "write pages",
    "manifest": "write manifest",
    "receipt": "keep a receipt",
}
"""Stages in the order in which they usually begin, with their names for people."""

MOST_ITEMS = 3
LEAST_SHARE = 0.03
"""Of the whole time; a stage that takes less is not in the summary."""


@dataclass(frozen=True)
class Span:
    """What took from when to when, in seconds since the command began."""

    stage: str
    item: str
    """Empty for the whole stage."""
    detail: str
    """Which part of the item; empty for the whole item."""
    begin: float
    end: float
    is_open: bool = False
    """Still going on, or ended by no event; `end` is then when one looked."""
    count: int = 0
    """How many items the whole stage has; 0 where it does not say."""

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return self.end - self.begin


@dataclass
class Timings:
    """All events of a command, as they come."""

    started: float
    """By the monotonic clock, in seconds."""
    events: list[tuple[float, Event]] = field(default_factory=list)

    def note(self, event: Event | Message) -> None:
        """Note an event and when it came; from any thread."""
        if isinstance(event, Event):
            self.events.append((self.now(), event))

    def now(self) -> float:
        """Seconds since the command began."""
        return time.monotonic() - self.started

    def spans(self) -> list[Span]:
        """What has happened up to now."""
        return spans(tuple(self.events), self.now())

    def cached(self) -> list[tuple[float, Event]]:
        """The events that tell of an earlier result that holds."""
        return [(at, event) for at, event in tuple(self.events) if event.state == "kept"]


def spans(events: Sequence[tuple[float, Event]], now: float) -> list[Span]:
    """Pair what begins with what ends, in the order of beginnings.

    Until the first event the command starts: libraries are loaded.
    """
    found: list[Span] = []
    whole: dict[tuple[str, str], int] = {}
    part: dict[tuple[str, str], int] = {}

    def open_one(at: float, event: Event, detail: str, count: int) -> int:
        found.append(Span(event.stage, event.item, detail, at, now, is_open=True, count=count))
        return len(found) - 1

    def close(at: float, number: int | None) -> None:
        if number is not None:
            found[number] = replace(found[number], end=at, is_open=False)

    first = events[0][0] if events else now
    found.append(Span("start", "", "", 0.0, first, is_open=not events))
    for at, event in events:
        key = (event.stage, event.item)
        if event.state == "begins":
            whole[key] = open_one(at, event, "", event.count)
        elif event.state == "at" and key in whole:
            close(at, part.pop(key, None))
            part[key] = open_one(at, event, event.detail, 0)
        elif event.state == "ends":
            close(at, part.pop(key, None))
            close(at, whole.pop(key, None))
    return found


def summary_lines(found: Iterable[Span], seconds: float) -> Iterator[str]:
    """The slowest stages, slowest first, and of chapters the slowest by name."""
    found = list(found)
    chapters = [span for span in found if span.stage == "run" and span.item and not span.detail]
    chapters.sort(key=lambda span: -span.seconds)
    totals: dict[str, float] = {}
    for span in found:
        if not span.item and not span.detail:
            totals[span.stage] = totals.get(span.stage, 0.0) + span.seconds
    for stage, total in sorted(totals.items(), key=lambda pair: -pair[1]):
        if total >= LEAST_SHARE * seconds:
            yield f"{total:6.1f} s  {LABELS[stage]}"
            for span in chapters[:MOST_ITEMS] if stage == "run" else ():
                yield f"    {span.seconds:6.1f} s  {span.item}"
