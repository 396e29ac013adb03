"""Where progress goes: to a live display on a terminal, else into plain lines."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from imprint.core.events import Event, Message, Tell
from imprint.core.root import from_root
from imprint.terminal.estimates import PastDurations, past_durations, save_durations
from imprint.terminal.timings import Timings, summary_lines
from imprint.terminal.trace_file import write_trace

Say = Callable[[str], None]


@contextlib.contextmanager
def timed(
    root: Path, kind: str, began: float, say: Say, *, traces: bool
) -> Iterator[tuple[Say, Tell]]:
    """Yield functions that print a line and take an event, and say at the end how long it took; on
    a terminal, and where it `traces`, also what took longest.

    How long is left is told by what the last command of the same `kind` took.
    """
    record, file = Timings(began), None
    try:
        with _watching(record, past_durations(root, kind), say) as shown:
            yield shown
        save_durations(root, kind, record.spans())
    finally:
        if traces:
            file = write_trace(root, record)
    seconds = record.now()
    say(f"rendered in {seconds:.1f} s")
    if file or shows_display():
        for line in summary_lines(record.spans(), seconds):
            say(line)
    if file:
        say(f"timings: {from_root(file, Path.cwd())}")


@contextlib.contextmanager
def _watching(record: Timings, took: PastDurations, say: Say) -> Iterator[tuple[Say, Tell]]:
    """As `timed`; a display is cleared afterwards."""
    if shows_display():
        from imprint.terminal.display import displayed

        with displayed(record, took) as shown:
            yield shown
        return

    def tell(event: Event | Message) -> None:
        record.note(event)
        if line := progress_line(event):
            say(line)

    yield say, tell


def progress_line(event: Event | Message) -> str:
    """What is said of an event in files, pipes and CI, where scripts and people read the same
    words; empty for what needs no line."""
    match event:
        case Message():
            return event.text
        case Event("run", "ends", item) if item:
            return f"executed {item}"
        case Event("quarto", "begins", item) if item:
            return f"quarto renders {item}"
        case Event("compose", "begins", "", publications) if publications:
            return f"composing {publications}"
        case Event("set", "begins", "", _, count) if count:
            return "setting PDFs"
        case Event("write", "begins", "", _, count) if count:
            return "writing pages"
    return ""


def is_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the command runs in continuous integration."""
    return environment.get("CI", "").lower() not in ("", "0", "false")


def shows_display(
    stream: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> bool:
    """Whether people watch: the stream (standard output) is a terminal that can move its cursor.

    CI has terminals that nobody watches. A display needs more characters than some encodings have.
    """
    stream = stream or sys.stdout
    is_able = environment.get("TERM", "") not in ("dumb", "unknown")
    encoding = (stream.encoding or "").lower().replace("-", "")
    return stream.isatty() and is_able and not is_ci(environment) and encoding == "utf8"
