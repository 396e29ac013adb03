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


def bytes_digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def value_digest(value: Any) -> str:
    """Digest of a value that JSON can hold."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return bytes_digest(text.encode(errors=AS_ESCAPES))


def file_digest(path: Path) -> str:
    """Digest of a file's content; ABSENT where it cannot be read."""
    try:
        return bytes_digest(read_file(path))
    except (OSError, ValueError):
        return ABSENT


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


def folder_digest(path: Path) -> str:
    """Digest of the names in a folder; ABSENT where there is none."""
    try:
        return value_digest(sorted(entry.name for entry in path.iterdir()))
    except OSError:
        return ABSENT


def state_digest(path: Path, aspect: str) -> str:
    """Digest of what the system says of a path: of which `kind` it is, where the `link` that it is
    leads, or all of its `state` that is the same until somebody changes it."""
    try:
        if aspect == "link":
            return value_digest(str(path.readlink()))
        found = path.stat()
    except (OSError, ValueError):
        return ABSENT
    kind = stat.S_IFMT(found.st_mode)
    if aspect == "kind" or stat.S_ISDIR(found.st_mode):
        return value_digest(kind)
    return value_digest([found.st_mode, found.st_size, found.st_mtime_ns])


def machine_digest(aspect: str) -> str:
    """Digest of what a machine says of itself: its `name`, `processors`, or the `umask` in which
    programs are begun."""
    if aspect == "name":
        return value_digest(platform.node())
    if aspect == "processors":
        usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
        return value_digest([os.cpu_count(), len(usable)])
    mask = os.umask(0o077)
    os.umask(mask)
    return value_digest(mask)


def modules_digest(path: Path, names: Collection[str]) -> str:
    """Digest of which of these modules, and of those that every Python has, could be imported from
    a folder: a new one might hide another."""
    try:
        entries = sorted(path.iterdir())
    except OSError:
        return ABSENT
    wanted = sys.stdlib_module_names.union(names)
    found = [entry for entry in entries if entry.stem in wanted]
    packages = [entry.name for entry in found if (entry / "__init__.py").is_file()]
    return value_digest([entry.name for entry in found if entry.suffix == ".py"] + packages)


def variable_digest(value: str | None) -> str:
    """Digest of a variable of the environment; ABSENT where it is not set."""
    return ABSENT if value is None else value_digest(value)
