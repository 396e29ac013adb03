"""Typst's memory while it sets a large document.

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


def _forget(done: threading.Event) -> None:
    small = typst.Compiler(b"", font_paths=typst.Fonts(False, False))
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
