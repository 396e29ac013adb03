"""Where progress goes: to a live display on a terminal, else into plain lines."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from imprint.core.events import Event, Message, Tell
from imprint.terminal.estimates import PastDurations
from imprint.terminal.lines import progress_line
from imprint.terminal.timings import Timings

Say = Callable[[str], None]


@contextlib.contextmanager
def watching(record: Timings, took: PastDurations, say: Say) -> Iterator[tuple[Say, Tell]]:
    """Yield functions that print a line and take an event; a display is cleared afterwards."""
    if shows_display():
        from imprint.terminal.display import displayed

        with displayed(record, took) as shown:
            yield shown
        return

    def tell(event: Event | Message) -> None:
        record.hear(event)
        if line := progress_line(event):
            say(line)

    yield say, tell


def shows_display(
    stream: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> bool:
    """Whether people watch: the stream (standard output) is a terminal that can move its cursor.

    CI has terminals that nobody watches. A display needs more characters than some encodings have.
    """
    stream = stream or sys.stdout
    is_able = environment.get("TERM", "") not in ("dumb", "unknown")
    is_ci = environment.get("CI", "").lower() not in ("", "0", "false")
    encoding = (stream.encoding or "").lower().replace("-", "")
    return stream.isatty() and is_able and not is_ci and encoding == "utf8"
