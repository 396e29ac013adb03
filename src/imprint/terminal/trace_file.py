"""Spans of time -> a file of trace events, which Perfetto and chrome://tracing open.

Every stage stands in a track of its own, and so does each of its chapters and publications.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imprint.core.files import write_atomically, writing
from imprint.terminal.timings import LABELS, Timings

FILE = ".imprint/timings.json"
"""From the project's root."""


def write_trace(root: Path, record: Timings) -> Path:
    """Write what the record holds up to now and return the file.

    Raises ReportError where the disk refuses.
    """
    # one event a line, so that it can be read without a viewer, too
    lines = ",\n".join(json.dumps(event, ensure_ascii=False) for event in _events(record))
    text = f'{{"displayTimeUnit": "ms", "traceEvents": [\n{lines}\n]}}\n'
    with writing(root):
        write_atomically((root / FILE, text.encode()))
    return root / FILE


def _events(record: Timings) -> Iterator[dict[str, Any]]:
    tracks: dict[str, int] = {}

    def event(kind: str, name: str, at: float, *whose: str, **more: object) -> dict[str, Any]:
        track = tracks.setdefault(": ".join(filter(None, whose)), len(tracks) + 1)
        about = {"ph": kind, "name": name, "pid": 1, "tid": track, "ts": _microseconds(at)}
        return about | more

    yield event(
        "X", "imprint render", 0.0, "imprint render", cat="render", dur=_microseconds(record.now())
    )
    for span in record.spans():
        name, whose = (
            span.detail or span.item or LABELS[span.stage],
            (LABELS[span.stage], span.item),
        )
        duration = _microseconds(span.end) - _microseconds(span.begin)
        yield event("X", name, span.begin, *whose, cat=span.stage, dur=duration)
    for at, kept in record.cached():
        yield event(
            "i", f"kept: {kept.item}", at, LABELS[kept.stage], kept.item, cat=kept.stage, s="t"
        )
    for name, track in tracks.items():
        yield {"ph": "M", "name": "thread_name", "pid": 1, "tid": track, "args": {"name": name}}
        yield {
            "ph": "M", "name": "thread_sort_index", "pid": 1, "tid": track,
            "args": {"sort_index": track},
        }  # fmt: skip


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)
