"""What Typst holds while it sets a large document, and in a process that sets one after another.

Typst keeps all that it lays out, in each of its rounds, until the document has ended: a gigabyte
for each megabyte of source. When a document has ended, it forgets what has been of no use to the
last ten. So where another one ends every moment, little more is held than what is being laid out.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator

import typst

_LARGE = 1_000_000
"""Bytes of source from which on it is worth it: what is forgotten too early is laid out twice,
which takes a tenth of the time."""
_PAUSE = 0.02
"""Seconds from the end of one small document to the next."""
_TRIMMED = 0.3
"""Seconds between returns of free memory to the system."""


@contextlib.contextmanager
def forgetting(source: bytes) -> Iterator[None]:
    """While the block sets a document from the source, let Typst hold little more than it needs."""
    if len(source) < _LARGE:
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_forget, args=(done,), name="forgetting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def forget_earlier(last: int) -> None:
    """Have Typst forget what the `last` documents that ended had no use for, for a process in which
    the like of them will be set again."""
    small = _small()
    # what they used outlives as many documents again, which may end before it is looked at
    for _ in range(_OUTLIVED - 2 * last):
        small.compile(b"", format="svg")
    _give_back()


_OUTLIVED = 10
"""Documents that may end until Typst forgets what none of them used."""


def _small() -> typst.Compiler:
    return typst.Compiler(
        b"", font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    )


def _forget(done: threading.Event) -> None:
    small = _small()
    trimmed = time.monotonic()
    while not done.wait(_PAUSE):
        small.compile(b"", format="svg")
        if time.monotonic() - trimmed > _TRIMMED:
            _give_back()
            trimmed = time.monotonic()


def _give_back() -> None:
    """Return free memory to the system, where the C library can (glibc): it keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
