"""Notes of what the code of a chapter reads, so that its results can be kept until that changes.

Notes are taken in a kernel that `run.recorder` has made listen; elsewhere every function here does
nothing. Readers of data tell of single rows, since each chapter reads the tables' files but few of
their rows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from imprint.core import digests
from imprint.core.model import Statistic
from imprint.read.data.csv_rows import Row

Dependency = tuple[str, str, str]
"""What was read: its kind, its name and, for cells of a row, which, as JSON.

Kinds: `statistic` (one row, by id), `table` (columns and number of rows), `cells`, `citing` (which
columns hold citations), `file`, `folder` (its names), `modules` (what could be imported from it),
`code` (a file of this package), `setting` (one under `imprint:` in `_quarto.yml`), `variable`,
`state` (what the system says of a path), `machine` (what it says of itself) and `place` (PLACE).
Paths are from the root where they lie below it.
"""


PLACE: Dependency = ("place", "", "")
"""Where on this machine the report's folder is, by its absolute path."""


@dataclass
class Notes:
    """Notes while they are taken."""

    root: Path
    reads: dict[Dependency, str] = field(default_factory=dict)
    """With the digest of what was found."""
    written: set[str] = field(default_factory=set)
    """Files below the root that the code made."""
    unfollowed: str = ""
    """What the code did that no notes can be taken of, such as starting a program; or nothing."""
    rows: list[tuple[str, int, Cells]] = field(default_factory=list)
    """Rows given out: table, position, cells."""

    def add(self, kind: str, name: str, detail: str = "", digest: str | None = None) -> None:
        """Note one thing that was read, with its digest as it is now where none is given."""
        digest = digests.digest_of(self.root, kind, name, detail) if digest is None else digest
        if self.reads.setdefault((kind, name, detail), digest) != digest:
            self.give_up(f"{name} changed while it ran")

    def give_up(self, why: str) -> None:
        """Mark the notes as incomplete."""
        self.unfollowed = self.unfollowed or why


class Cells(Mapping[str, Any]):
    """The cells of a row, with the columns that have been looked at."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values_by_column = values
        self.seen: set[str] = set()

    def __getitem__(self, column: str) -> Any:
        value = self.values_by_column[column]
        self.seen.add(column)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_column)

    def __len__(self) -> int:
        return len(self.values_by_column)


_taken: Notes | None = None
_thread = threading.local()


def take(notes: Notes) -> None:
    """Take notes from now on, in this process."""
    global _taken
    _taken = notes


def taken() -> Notes | None:
    """The notes being taken; None where none are, or not of what happens now."""
    return None if getattr(_thread, "unseen", False) else _taken


@contextmanager
def unseen() -> Iterator[None]:
    """Take no notes of what is read within, because it is noted more precisely elsewhere."""
    before = getattr(_thread, "unseen", False)
    _thread.unseen = True
    try:
        yield
    finally:
        _thread.unseen = before


@dataclass
class Heard:
    """What was looked up meanwhile, whether notes are taken or not."""

    statistics: dict[str, Statistic] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)


_heard: Heard | None = None


@contextmanager
def overheard() -> Iterator[Heard]:
    """What is looked up within."""
    global _heard
    before, _heard = _heard, Heard()
    try:
        yield _heard
    finally:
        _heard = before


def note_statistic(id: str, found: Statistic | None) -> None:
    """A statistic was looked up."""
    if _heard is not None and found is not None:
        _heard.statistics[id] = found
    if notes := taken():
        notes.add("statistic", id, "", digests.statistic_digest(found))


def note(kind: str, name: str, value: Any) -> None:
    """Something else that the report says was looked up."""
    if notes := taken():
        notes.add(kind, name, digest=digests.value_digest(value))


def watched(table: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a table, wrapped so that access to their cells is noted."""
    if _heard is not None:
        _heard.tables.add(table)
    notes = taken()
    if notes is None:
        return tuple(rows)
    notes.add("table", table, "", digests.shape_digest(rows))
    made = []
    for position, row in enumerate(rows):
        cells = Cells(row.values_by_column)
        notes.rows.append((table, position, cells))
        made.append(replace(row, values_by_column=cells))
    return tuple(made)
