"""Short names for what something holds: two digests are equal only where the things are.

A kernel takes them when it reads, the renderer when it asks whether anything has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imprint.core.model import Statistic
from imprint.core.root import from_root

ABSENT = ""
"""Stands for a file, row or variable that is not there."""


def bytes_digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def value_digest(value: Any) -> str:
    """Digest of a value that JSON can hold."""
    return bytes_digest(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode())


def file_digest(path: Path) -> str:
    """Digest of a file's content; ABSENT where it cannot be read."""
    try:
        return bytes_digest(path.read_bytes())
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


def modules_digest(path: Path) -> str:
    """Digest of what could be imported from a folder: a new module might hide another."""
    try:
        entries = sorted(path.iterdir())
    except OSError:
        return ABSENT
    packages = [entry.name for entry in entries if (entry / "__init__.py").is_file()]
    return value_digest([entry.name for entry in entries if entry.suffix == ".py"] + packages)


def variable_digest(value: str | None) -> str:
    """Digest of a variable of the environment; ABSENT where it is not set."""
    return ABSENT if value is None else value_digest(value)
