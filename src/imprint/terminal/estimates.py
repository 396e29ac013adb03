"""How long is left: from what the last render of the same kind took, else from the share done."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imprint.read.schema import load_schema, read_back_file
from imprint.terminal.timings import Span

FILE = ".imprint/took.json"
"""From the project's root."""
_SCHEMA = load_schema(Path(__file__).with_name("took.schema.json"))
MOST_KINDS = 20
"""Kinds of render that are kept besides the last."""


@dataclass(frozen=True)
class PastDurations:
    """Seconds that the last render of some kind took; empty where there was none."""

    stages: Mapping[str, float] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Of items by stage: of those kept last time, when they last ran."""


def past_durations(root: Path, kind: str) -> PastDurations:
    """What the last render of a kind took; never fails, whatever the file holds."""
    return PastDurations(**_read(root).get(kind, {}))


def save_durations(root: Path, kind: str, found: Iterable[Span]) -> None:
    """Save what a render took for the next; a disk that refuses is no problem."""
    last = past_durations(root, kind)
    stages: dict[str, float] = {}
    items = {stage: dict(seconds) for stage, seconds in last.items.items()}
    for span in found:
        if span.item and not span.detail:
            items.setdefault(span.stage, {})[span.item] = round(span.seconds, 3)
        elif not span.detail:
            stages[span.stage] = round(stages.get(span.stage, 0.0) + span.seconds, 3)
    file = root / FILE
    with contextlib.suppress(OSError):
        told = {other: seconds for other, seconds in _read(root).items() if other != kind}
        told = dict(list(told.items())[-MOST_KINDS:])
        told[kind] = {"stages": stages, "items": items}
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _read(root: Path) -> dict[str, Any]:
    """What is kept of all kinds."""
    return read_back_file(root / FILE, _SCHEMA) or {}


def left_of_stage(
    whole: Span, items: Sequence[Span], cached: int, took: Mapping[str, float], last: float | None
) -> float | None:
    """Seconds that a stage which is going on will still take; None where nothing tells.

    `items` are its items that have begun, `cached` how many need not run; `took` says what items
    took last time, `last` what the whole stage did.
    """
    done = [span for span in items if not span.is_open]
    running = [span for span in items if span.is_open]
    waiting = max(0, whole.count - cached - len(items))
    if not whole.count:
        return None if last is None else max(0.0, last - whole.seconds)
    if not took:
        share = len(done) / (len(done) + len(running) + waiting) if done else 0.0
        return whole.seconds / share - whole.seconds if share else None
    usual = sum(took.values()) / len(took)
    begun = {span.item for span in items}
    unseen = [seconds for item, seconds in took.items() if item not in begun]
    each = sum(unseen) / len(unseen) if unseen else usual
    ahead = [max(0.0, took.get(span.item, usual) - span.seconds) for span in running]
    side_by_side = max(1, len(running))
    return max([*ahead, (sum(ahead) + waiting * each) / side_by_side])


def left_after(started: Iterable[str], took: PastDurations) -> float:
    """Seconds that the stages which have not begun took last time."""
    known = set(started)
    return sum(seconds for stage, seconds in took.stages.items() if stage not in known)


def duration(seconds: float) -> str:
    """Seconds in words: `3 s`, `2 min 05 s`."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"
