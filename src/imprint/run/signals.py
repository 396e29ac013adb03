"""Ctrl-C and SIGTERM while an asyncio loop runs: the loop ends in order, and only then they count.

An exception raised wherever the loop happens to be would tear it apart, with tracebacks of tasks
that nobody waits for any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """The first signal that came, if one did."""

    def __init__(self) -> None:
        self.number = 0
        self._cancel: Callable[[], object] = lambda: None

    def cancels(self, task: asyncio.Task[object] | None) -> None:
        """From now on a signal cancels this task of the running loop; one that came does so now."""
        assert task is not None
        loop = asyncio.get_running_loop()
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        if self.number:
            task.cancel()

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Take the first signal; those after it would keep the task from clearing up."""
        if not self.number:
            self.number = number
            # The loop may have ended.
            with contextlib.suppress(RuntimeError):
                self._cancel()


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Hold signals back while the block runs a loop, and give them to who dealt with them before.

    Raises what that raises; SystemExit where nobody did. Signals reach the main thread alone: in
    any other the block runs as it is.
    """
    stop = Stop()
    before = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in _STOPS}
        before = {n: own for n, own in handlers.items() if own not in (None, signal.SIG_IGN)}
    for number in before:
        signal.signal(number, stop.hear)
    try:
        yield stop
    except asyncio.CancelledError:
        if not stop.number:
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if stop.number:
        handler = before[signal.Signals(stop.number)]
        if callable(handler):
            handler(stop.number, None)
        raise SystemExit(128 + stop.number)
