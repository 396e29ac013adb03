"""Figures as they were drawn -> their rows, and what differs between two builds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path


@dataclass(frozen=True)
class FigureChange:
    """A drawn figure that comes, goes or looks otherwise."""

    name: str
    old: bytes
    """Its SVG; empty where there is none."""
    new: bytes
    rows: tuple[tuple[str, str], ...]
    """Of one that looks otherwise: each row that differs, before and after, as its label and the
    columns that differ."""


def figure_changes(
    old: Path, new: Path, names: Iterable[str] | None = None
) -> Iterator[FigureChange]:
    """Those of the figures that stand otherwise in the second folder; of all that are drawn, where
    none are named."""
    if names is None:
        names = sorted({file.stem for folder in (old, new) for file in folder.glob("*.csv")})
    for name in names:
        files = (folder / f"{name}.svg" for folder in (old, new))
        was, becomes = (file.read_bytes() if file.is_file() else b"" for file in files)
        rows = list(_rows_that_differ(drawn_rows(old, name), drawn_rows(new, name)))
        if was != becomes or rows:
            yield FigureChange(name, was, becomes, tuple(rows if was and becomes else ()))


def drawn_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows behind a drawn figure; none where it is not drawn."""
    try:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError:
        return []


def _rows_that_differ(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """Each row that differs, as its label and the columns that differ in it."""
    nothing: Mapping[str, str] = {}
    for before, after in zip_longest(old, new, fillvalue=nothing):
        columns = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        if columns:
            yield _row_text(before, columns), _row_text(after, columns)


def _row_text(row: Mapping[str, str], columns: Sequence[str]) -> str:
    cells = ", ".join(f"{name} {row.get(name) or 'empty'}" for name in columns)
    return f"{row.get('label', 'row')}: {cells}" if row else ""
