"""The receipt of the last render: as long as it holds, there is nothing to do.

It names what was asked for and the digest of all that could have made a difference: every file of
the project, files elsewhere that sources name, this package, the installed packages, what chapters'
code read elsewhere, the date, and the output itself. It is cautious: any file that changes, read by
anyone or not, ends it; the cache then tells what needs to be done.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imprint.core import digests, store
from imprint.core.commit import build_time, whole_revision
from imprint.core.digests import PACKAGE
from imprint.core.files import AS_ESCAPES, MADE_IMAGES, OUTPUT, is_folder
from imprint.core.model import Reads
from imprint.core.root import from_root
from imprint.read.pandoc import pandoc_identity
from imprint.run.current import Current

NAME = "last-render"
MADE = (OUTPUT, *MADE_IMAGES)
"""What renders make."""


@dataclass(frozen=True)
class ReceiptKey:
    """What a render is asked for."""

    publications: tuple[str, ...]
    """By name; none stands for all."""
    formats: tuple[str, ...]


@dataclass(frozen=True)
class MadeFrom:
    """What a render was made from."""

    inputs: Mapping[str, str]
    """Digests of files by path from the root."""
    reads: Reads | None
    """What all chapters' code read; None where that is not known."""


@dataclass(frozen=True)
class Outcome:
    """What a render tells people."""

    warnings: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    """Publications, each with the path of one of its files from the root."""

    def file_lines(self, root: Path) -> Iterator[str]:
        """Where the publications stand, as they are called from the working folder."""
        for name, path in self.files:
            yield f"{name}: {from_root(root / path, Path.cwd())}"


def starting_point(root: Path, key: ReceiptKey, without: Sequence[Path] = ()) -> str:
    """Digest of everything that a render of the project at `root` starts from, but for the files
    and folders that it is known to do `without`."""
    left_out = tuple(os.path.relpath(path, root) for path in without)
    digested = _digests(root, source_files(root))
    sources = {path: it for path, it in digested.items() if not is_below(path, left_out)}
    # The package is among them in its own repository, not where it is installed in a `.venv`.
    own = {} if os.path.relpath(PACKAGE / "__init__.py", root) in sources else _files(PACKAGE)
    settings = [Current(root).setting, build_time(root), whole_revision(root), pandoc_identity()]
    return digests.value_digest([key.publications, key.formats, settings, own, sources])


def unchanged(root: Path, start: str) -> Outcome | None:
    """What the last render told, if it started from the same and its output is still there."""
    try:
        receipt = json.loads(store.get(root, NAME) or b"")
        holds = (
            receipt["start"] == start
            and receipt["made"] == _made(root)
            and all(digests.file_digest(root / path) == it for path, it in receipt["named"].items())
            and all(Current(root).digest(tuple(read[:3])) == read[3] for read in receipt["reads"])
        )
        files = tuple((name, path) for name, path in receipt["files"])
        outcome = Outcome(tuple(receipt["warnings"]), files)
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None
    return outcome if holds else None


def disk_time(root: Path) -> float:
    """Seconds since 1970 by the clock of the project's disk; 0 where nothing can be written."""
    folder = root / store.FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return 0.0


def _named_elsewhere(root: Path, inputs: Mapping[str, str], began: float) -> dict[str, str] | None:
    """Of the inputs, digests by path from the root, those that a walk through the project's folder
    does not find: they lie outside it, in hidden folders or behind links.

    None where one of them has changed since `began`, so that it may not be what was read.
    """
    found = {os.path.relpath(path, root) for path in source_files(root)}
    made = tuple(f"{folder}/" for folder in MADE)
    named = {
        path: digest
        for path, digest in inputs.items()
        if path not in found and not path.startswith(made)
    }
    try:
        states = [(root / path).stat() for path in named]
    except OSError:
        return None
    is_old = all(max(state.st_mtime, state.st_ctime) < began for state in states)
    return named if is_old else None


def remember(
    root: Path,
    key: ReceiptKey,
    start: str,
    began: float,
    made_from: MadeFrom,
    outcome: Outcome,
) -> None:
    """Keep a receipt, unless something has changed since `start`, the starting point at `began` by
    the disk's clock, or cannot be known.

    Rows of tables need no look: the files that hold them are among the sources.
    """
    named = _named_elsewhere(root, made_from.inputs, began)
    if made_from.reads is None or named is None or starting_point(root, key) != start:
        return
    kinds = {"file", "folder", "machine", "modules", "place", "state", "variable"}
    receipt = {
        "start": start,
        "warnings": outcome.warnings,
        "files": outcome.files,
        "made": _made(root),
        "named": named,
        "reads": sorted({read for read in made_from.reads if read[0] in kinds}),
    }
    store.put(root, NAME, json.dumps(receipt, ensure_ascii=False).encode(errors=AS_ESCAPES))


def _made(root: Path) -> str:
    return digests.value_digest([_files(root / made) for made in MADE])


def _files(folder: Path) -> dict[str, str]:
    return _digests(folder, _walk(str(folder), set()))


def is_below(path: str, folders: Sequence[str]) -> bool:
    """Whether a path is one of some folders or files, or lies in one."""
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def source_files(root: Path) -> Iterator[str]:
    """All files of the project but those that renders make."""
    return _walk(str(root), {os.path.realpath(root / made) for made in MADE})


def _digests(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """Digests of files by their path from a folder."""
    return {os.path.relpath(path, folder): digests.file_digest(Path(path)) for path in paths}


def _walk(folder: str, seen: set[str]) -> Iterator[str]:
    """Paths of all files below a folder, through links too, each folder once; what tools keep in
    hidden folders is none."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    if any(entry.name == "pyvenv.cfg" for entry in found):
        return
    for entry in found:
        if not is_folder(entry):
            yield entry.path
        elif not entry.name.startswith(".") and entry.name != "__pycache__":
            real = os.path.realpath(entry.path)
            if real not in seen:
                seen.add(real)
                yield from _walk(entry.path, seen)
