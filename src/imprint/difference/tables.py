"""The data and works of two versions of a report -> rows and works that come, go or change."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from imprint.core.problems import Place
from imprint.read.bibliography import Library
from imprint.read.data.csv_rows import Row, read_csv_file
from imprint.read.data.datapackage import Table, read_package
from imprint.read.references import Reference

EntryKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class EntryChange:
    """A row of a table, or a work, that comes, goes or says something else."""

    kind: EntryKind
    table: str
    """Name of the table; empty for a work."""
    name: str
    """The row's key, or the work's."""
    cells: tuple[tuple[str, str, str], ...]
    """Columns or fields that differ: name, before, after; all that are filled where there is no
    other."""
    place: Place
    """In the new version, else in the old one."""


def row_changes(old: Path, new: Path) -> Iterator[EntryChange]:
    """Rows of the tables in `data/` of two report folders, without what editors note of them.

    Rows are the same by their table's primary key, or by all their cells where it has none.
    """
    before, after = read_package(old)[0], read_package(new)[0]
    for name in dict.fromkeys([*before, *after]):
        rows = _rows(old, before.get(name)), _rows(new, after.get(name))
        files = [tables[name].file if name in tables else "" for tables in (before, after)]
        for key in dict.fromkeys([*rows[0], *rows[1]]):
            was, becomes = rows[0].get(key), rows[1].get(key)
            cells = tuple(_cells(was or {}, becomes or {}))
            found = becomes or was
            if cells and found:
                place = Place(files[1] if becomes else files[0], found.line)
                yield EntryChange(_kind(was, becomes), name, _named(key), cells, place)


def work_changes(old: Library | None, new: Library | None) -> Iterator[EntryChange]:
    """Works of two bibliographies."""
    before, after = (library.references if library else {} for library in (old, new))
    for key in dict.fromkeys([*before, *after]):
        was, becomes = before.get(key), after.get(key)
        cells = tuple(_cells(_fields(was), _fields(becomes)))
        found = becomes or was
        if cells and found:
            yield EntryChange(_kind(was, becomes), "", key, cells, found.place)


def _rows(root: Path, table: Table | None) -> dict[Hashable, Row]:
    if table is None or not (root / table.file).is_file():
        return {}
    found: dict[Hashable, Row] = {}
    for row in read_csv_file(root, table).rows_for_readers:
        names = [name for name in table.primary_key if name in row] or list(row)
        found[tuple(_text(row[name]) for name in names)] = row
    return found


def _named(key: Hashable) -> str:
    return ", ".join(part for part in key if part) if isinstance(key, tuple) else str(key)


def _kind(was: object, becomes: object) -> EntryKind:
    if was and becomes:
        return "changed"
    return "added" if becomes else "removed"


def _cells(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*old, *new]):
        was, becomes = _text(old.get(name)), _text(new.get(name))
        if was != becomes:
            yield name, was, becomes


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fields(reference: Reference | None) -> Mapping[str, str]:
    if reference is None:
        return {}
    return {"type": reference.type, **reference.typed_names, **reference.fields}
