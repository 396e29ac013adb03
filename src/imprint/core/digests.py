"""Short names for what something holds: two digests are equal only where the things are.

A kernel takes them when it reads, the renderer when it asks whether anything has changed since.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import stat
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imprint.core.files import AS_ESCAPES, read_file
from imprint.core.model import Statistic
from imprint.core.root import from_root

ABSENT = ""
"""Stands for a file, row or variable that is not there."""
UNREADABLE = "unreadable"
"""Stands for what is no thing that has a digest."""
PACKAGE = Path(__file__).resolve().parent.parent


def bytes_digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def value_digest(value: Any) -> str:
    """Digest of a value that JSON can hold."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return bytes_digest(text.encode(errors=AS_ESCAPES))


def file_digest(path: Path) -> str:
    """Digest of a file's content; ABSENT where it cannot be read."""
    return digest_of(path.parent, "file", path.name)


def file_digests(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Digests of files by their paths from `root`, the same wherever it is."""
    return {from_root(path, root): file_digest(path) for path in sorted(paths)}


def statistic_digest(statistic: Statistic | None) -> str:
    """Digest of a statistic wherever in the file it stands; ABSENT for None."""
    if statistic is None:
        return ABSENT
    return value_digest(
        {name: value for name, value in asdict(statistic).items() if name != "line"}
    )


def shape_digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """Digest of a table's columns and its number of rows."""
    return value_digest([len(rows), list(rows[0]) if rows else []])


def cells_digest(row: Mapping[str, Any], columns: Collection[str]) -> str:
    """Digest of some cells of a row."""
    return value_digest({column: row.get(column) for column in columns})


def digest_of(root: Path, kind: str, name: str, detail: str = "") -> str:
    """Digest of what `author.dependencies` notes by this kind, name and detail of a report in the
    folder `root`, as it is now; ABSENT for what is not there. Kinds are all but those of data."""
    path = (PACKAGE if kind == "code" else root) / name
    try:
        match kind:
            case "file" | "code":
                return bytes_digest(read_file(path))
            case "folder":
                return value_digest(sorted(entry.name for entry in path.iterdir()))
            case "modules":
                return value_digest(_modules(path, detail.split()))
            case "state" if detail == "link":
                return value_digest(str(path.readlink()))
            case "state":
                return value_digest(_state(path.stat(), detail))
            case "machine":
                return value_digest(_of_machine(name))
            case "variable":
                return value_digest(os.environ[name])
    except (OSError, ValueError, KeyError):
        return ABSENT
    return value_digest(str(root)) if kind == "place" else UNREADABLE


def _state(found: os.stat_result, aspect: str) -> Any:
    """What the system says of a path: of which `kind` it is, or all of its `state` that is the same
    until somebody changes it."""
    kind = stat.S_IFMT(found.st_mode)
    if aspect == "kind" or stat.S_ISDIR(found.st_mode):
        return kind
    return [found.st_mode, found.st_size, found.st_mtime_ns]


def _of_machine(aspect: str) -> Any:
    """What a machine says of itself: its `name`, `processors`, or the `umask` in which programs are
    begun."""
    if aspect == "name":
        return platform.node()
    if aspect == "processors":
        usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
        return [os.cpu_count(), len(usable)]
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _modules(path: Path, names: Collection[str]) -> list[str]:
    """Which of these modules, and of those that every Python has, could be imported from a folder:
    a new one might hide another."""
    wanted = sys.stdlib_module_names.union(names)
    found = [entry for entry in sorted(path.iterdir()) if entry.stem in wanted]
    packages = [entry.name for entry in found if (entry / "__init__.py").is_file()]
    return [entry.name for entry in found if entry.suffix == ".py"] + packages
