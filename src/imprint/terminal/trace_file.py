"""Spans of time -> a file of trace events, which Perfetto and chrome://tracing open.

Every stage stands in the lane of the main line, every chapter in that of its kernel's place, every
publication in its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from imprint.core.files import writing
from imprint.terminal.timings import LABELS, Span, Timings

FILE = ".imprint/timings.json"
"""From the project's root."""

MAIN, KERNEL = "main", "kernel"
_PROCESS = 1


def write_trace(root: Path, record: Timings) -> Path:
    """Write what the record holds up to now and return the file.

    Raises ReportError where the disk refuses.
    """
    file = root / FILE
    events = list(_events(record.spans(), record.now(), record))
    # one event a line, so that it can be read without a viewer, too
    lines = ",\n".join(json.dumps(event, ensure_ascii=False) for event in events)
    text = f'{{"displayTimeUnit": "ms", "traceEvents": [\n{lines}\n]}}\n'
    with writing(root):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return file


def _events(found: Sequence[Span], seconds: float, record: Timings) -> Iterator[dict[str, Any]]:
    lanes = _lanes(found)
    names = sorted({MAIN: 0} | dict.fromkeys(lanes.values(), 0), key=_order)
    numbers = {name: number for number, name in enumerate(names, 1)}
    yield _named("process_name", 0, name="imprint render")
    for name, number in numbers.items():
        yield _named("thread_name", number, name=name)
        yield _named("thread_sort_index", number, sort_index=number)
    yield _complete("imprint render", "render", 0.0, seconds, numbers[MAIN])
    for index, span in enumerate(found):
        name = span.detail or span.item or LABELS[span.stage]
        if span.stage != "run" and span.item and not span.detail:
            name = f"{LABELS[span.stage]}: {span.item}"
        yield _complete(name, span.stage, span.begin, span.end, numbers[lanes[index]])
    for at, event in record.cached():
        about = _common(f"kept: {event.item}", event.stage, at, numbers[MAIN])
        yield about | {"ph": "i", "s": "t"}


def _lanes(found: Sequence[Span]) -> dict[int, str]:
    """The lane of each span by its number; what goes on at the same time never shares one."""
    ends: dict[str, list[float]] = {}
    lanes: dict[int, str] = {}
    of_items: dict[tuple[str, str], str] = {}
    for index, span in enumerate(found):
        key = (span.stage, span.item)
        if not span.detail:
            group = MAIN if not span.item else KERNEL if span.stage == "run" else span.item
            taken = ends.setdefault(group, [])
            place = next((n for n, end in enumerate(taken) if end <= span.begin), len(taken))
            taken[place : place + 1] = [span.end]
            number = f" {place + 1}" if place or group == KERNEL else ""
            of_items[key] = f"{group}{number}"
        lanes[index] = of_items[key]
    return lanes


def _order(lane: str) -> tuple[int, str]:
    group = lane.partition(" ")[0]
    return (0 if group == MAIN else 1 if group == KERNEL else 2, lane)


def _common(name: str, category: str, at: float, lane: int) -> dict[str, Any]:
    return {"name": name, "cat": category, "pid": _PROCESS, "tid": lane, "ts": _microseconds(at)}


def _complete(name: str, category: str, begin: float, end: float, lane: int) -> dict[str, Any]:
    duration = _microseconds(end) - _microseconds(begin)
    return _common(name, category, begin, lane) | {"ph": "X", "dur": duration}


def _named(kind: str, lane: int, **what: object) -> dict[str, Any]:
    return {"name": kind, "ph": "M", "pid": _PROCESS, "tid": lane, "args": what}


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)
