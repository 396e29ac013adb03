"""Events -> a live display: a line for each stage, then the chapters that are running.

Loaded only where there is a terminal, for rich takes a moment. The display goes when the work is
done, fails or is stopped; lines that are said meanwhile stand above it and stay.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from imprint.core.events import Event, Message, Tell
from imprint.terminal.estimates import PastDurations, duration, left_after, left_of_stage
from imprint.terminal.timings import LABELS, Span, Timings

PER_SECOND = 5
WIDE = 60
"""Columns from which there is room for bars and for the folders of chapters."""


@contextlib.contextmanager
def displayed(
    record: Timings, took: PastDurations, console: Console | None = None
) -> Iterator[tuple[Callable[[str], None], Tell]]:
    """Show what the record hears; yields functions that print a line and that take an event."""
    console = console or Console(highlight=False)

    def say(line: str) -> None:
        console.print(Text(line), soft_wrap=True)

    def tell(event: Event | Message) -> None:
        record.note(event)
        if isinstance(event, Message):
            say(event.text)

    live = Live(
        get_renderable=lambda: picture(record, took, console.width, console.height),
        console=console,
        refresh_per_second=PER_SECOND,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=sys.stderr.isatty(),
    )
    try:
        with live:
            yield say, tell
    finally:
        # whatever came in between, as a second Ctrl-C may
        console.show_cursor(True)


def picture(record: Timings, took: PastDurations, width: int, height: int) -> RenderableType:
    """The display as of now, no wider and lower than the terminal."""
    found = record.spans()
    stages = _stages(found)
    cached: list[str] = [event.stage for _, event in record.cached()]
    is_wide = width >= WIDE
    table = Table.grid(padding=(0, 2, 0, 0))
    # widths of their own, so that nothing jumps when a stage begins or ends
    table.add_column(no_wrap=True, min_width=max(map(len, LABELS.values())))
    table.add_column(no_wrap=True, justify="right", min_width=len("10/10"))
    if is_wide:
        table.add_column(width=20)
    table.add_column(no_wrap=True, justify="right", min_width=len("10 s left"))
    running: list[Span] = []
    all_left: float | None = left_after(stages, took) if took.stages else None
    rows = 0
    for stage, (whole, items) in stages.items():
        done = sum(not span.is_open for span in items) + cached.count(whole.stage)
        count = f"{done}/{whole.count}" if whole.count else ""
        left = None
        if whole.is_open:
            last = took.stages.get(stage)
            left = left_of_stage(
                whole, items, cached.count(whole.stage), took.items.get(stage, {}), last
            )
            running += [span for span in items if span.is_open]
            all_left = None if all_left is None else all_left + (left or 0.0)
        bar = ProgressBar(whole.count or 1, done if whole.count else 0)
        has_bar = whole.is_open and whole.count > 1
        cells: list[RenderableType] = [LABELS[stage], count]
        cells += [bar if has_bar else ""] if is_wide else []
        time = f"{duration(left)} left" if left and left >= 1 else duration(whole.seconds)
        table.add_row(*cells, time, style="bold" if whole.is_open else "dim")
        rows += 1
    room = max(0, height - rows - 2)
    lines: list[RenderableType] = [table]
    lines += [_chapter(span, found, is_wide) for span in running[:room]]
    lines.append(_sum(record.now(), all_left))
    return Group(*lines[-max(1, height - 1) :]) if rows < height - 1 else lines[-1]


def _stages(found: Sequence[Span]) -> dict[str, tuple[Span, list[Span]]]:
    """Every stage that has begun, as it is or was last, with its items."""
    stages: dict[str, tuple[Span, list[Span]]] = {}
    for span in found:
        if not span.item and not span.detail:
            stages[span.stage] = (span, [])
        elif not span.detail and span.stage in stages:
            stages[span.stage][1].append(span)
    return stages


def _chapter(span: Span, found: Sequence[Span], is_wide: bool) -> Text:
    """An item that is running, and what it is at."""
    name = span.item if is_wide else span.item.rpartition("/")[2]
    at = [
        part.detail
        for part in found
        if part.is_open and part.detail and (part.stage, part.item) == (span.stage, span.item)
    ]
    text = Text(f"  {name}", no_wrap=True, overflow="ellipsis")
    return text.append(f"  {at[-1]}" if at else "", style="dim")


def _sum(so_far: float, left: float | None) -> Text:
    text = f"{duration(so_far)} so far"
    if left is not None and left >= 1:
        text += f", about {duration(left)} left"
    return Text(text, no_wrap=True, overflow="ellipsis")
