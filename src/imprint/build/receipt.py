"""The receipt of the last render: as long as it holds, there is nothing to do.

It names what was asked for and the digest of all that could have made a difference: every file of
the project, this package, the installed packages, what chapters' code read elsewhere, the date, and
the output itself. It is cautious: any file that changes, read by anyone or not, ends it; the cache
then tells what needs to be done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.author.dependencies import Read
from imprint.core import digests, store
from imprint.core.build_date import build_time
from imprint.run.current import PACKAGE, Current, pandoc

NAME = "last-render"
MADE = ("_output", "figures/drawn", "figures/cells")
"""What renders make."""


@dataclass(frozen=True)
class Asked:
    """What a render is asked for."""

    publications: tuple[str, ...]
    """By name; none stands for all."""
    formats: tuple[str, ...]


def starting_point(root: Path, asked: Asked) -> str:
    """Digest of everything that a render of the project at `root` starts from."""
    own = {} if PACKAGE.is_relative_to(root) else _files(PACKAGE)
    settings = [Current(root).setting, build_time(root), pandoc()]
    sources = _files(root, without=[root / made for made in MADE])
    return digests.of_value([asked.publications, asked.formats, settings, own, sources])


def unchanged(root: Path, start: str) -> list[str] | None:
    """What the last render said, if it started from the same and its output is still there."""
    try:
        receipt = json.loads(store.get(root, NAME) or b"")
        holds = (
            receipt["start"] == start
            and receipt["made"] == _made(root)
            and all(_digest(root, read[:3]) == read[3] for read in receipt["reads"])
        )
        said: list[str] = receipt["said"]
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None
    return said if holds else None


def remember(
    root: Path, start: str, said: Sequence[str], reads: Iterable[tuple[Read, str]]
) -> None:
    """Keep a receipt. `start` is from before the render, `reads` are those of all chapters' code.

    Rows of tables need no look: the files that hold them are among the sources.
    """
    kinds = {"file", "folder", "modules", "variable"}
    receipt = {
        "start": start,
        "said": list(said),
        "made": _made(root),
        "reads": sorted({(*read, digest) for read, digest in reads if read[0] in kinds}),
    }
    store.put(root, NAME, json.dumps(receipt, ensure_ascii=False).encode())


def _digest(root: Path, read: Sequence[Any]) -> str:
    kind, name, detail = read
    return Current(root).digest((kind, name, detail))


def _made(root: Path) -> str:
    return digests.of_value([_files(root / made) for made in MADE])


def _files(folder: Path, without: Collection[Path] = ()) -> dict[str, str]:
    """Digests of all files below a folder by path; what tools keep in hidden folders is none."""
    return {
        os.path.relpath(path, folder): digests.of_file(Path(path))
        for path in _walk(str(folder), {os.path.realpath(path) for path in without})
    }


def _walk(folder: str, seen: set[str]) -> Iterator[str]:
    """Paths of all files below a folder, through links too, each folder once."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    if any(entry.name == "pyvenv.cfg" for entry in found):
        return
    for entry in found:
        if not entry.is_dir():
            yield entry.path
        elif not entry.name.startswith(".") and entry.name != "__pycache__":
            real = os.path.realpath(entry.path)
            if real not in seen:
                seen.add(real)
                yield from _walk(entry.path, seen)
