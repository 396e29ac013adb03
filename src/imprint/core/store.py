"""`.imprint/cache/`: files under keys, whole or not there, with their checksums, bounded in size.

Anything in it may be deleted at any time, and what is damaged is as good as gone.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from imprint.core import digests
from imprint.core.files import write_atomically

FOLDER = ".imprint/cache"
MOST_BYTES = 200 * 1024 * 1024
"""Size to which the cache is cut, what has not been used for longest first."""


def put(root: Path, name: str, content: bytes) -> None:
    """Keep content under a name such as `pdf/3f2a…`. Does nothing where the disk has no room, for
    a cache is worth no failure."""
    with contextlib.suppress(OSError):
        summed = digests.bytes_digest(content).encode() + b"\n" + content
        write_atomically((root / FOLDER / name, summed))


def get(root: Path, name: str) -> bytes | None:
    """The content kept under a name; None without or where it is damaged."""
    path = root / FOLDER / name
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digests.bytes_digest(content).encode() != digest:
        return None
    return content


def get_or_make(root: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """The content kept under a name, which counts as used now; made and kept where it is not."""
    kept = get(root, name)
    if kept is not None:
        touch(root, name)
        return kept
    made = make()
    put(root, name, made)
    return made


def names(root: Path, folder: str) -> list[str]:
    """What is kept in a folder, the most recently used first."""
    found = []
    for path in _kept(root / FOLDER / folder, "*"):
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime_ns, f"{folder}/{path.name}"))
    return [name for _, name in sorted(found, reverse=True)]


def is_empty(root: Path) -> bool:
    """Whether nothing is kept, as before the first render."""
    return not _kept(root / FOLDER, "*")


def _kept(folder: Path, pattern: str) -> list[Path]:
    """What is in a folder; nothing where nobody may look into it: a cache is worth no failure."""
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def touch(root: Path, name: str) -> None:
    """Count as used now."""
    with contextlib.suppress(OSError):
        os.utime(root / FOLDER / name)


def drop(root: Path, dropped: Sequence[str]) -> None:
    """Keep these no longer."""
    for name in dropped:
        with contextlib.suppress(OSError):
            (root / FOLDER / name).unlink(missing_ok=True)


def prune(root: Path, most: int = MOST_BYTES) -> None:
    """Delete what has not been used for longest until no more than `most` bytes are left."""
    found = []
    for path in _kept(root / FOLDER, "**/*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
    size = sum(bytes for _, bytes, _ in found)
    for _, bytes, path in sorted(found):
        if size <= most:
            return
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        size -= bytes
