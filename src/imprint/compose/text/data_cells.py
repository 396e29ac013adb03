"""Texts of a printed table -> the cells of the tables of data/ that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from imprint.author.tables import cell_text
from imprint.compose.text.alignment import ALIKE
from imprint.core.memo import FileMemo
from imprint.core.problems import Place, ReportError
from imprint.read.data.tables import read_rows


@dataclass(frozen=True)
class CsvCell:
    """A cell of a table of data/."""

    place: Place
    is_text: bool
    column: str
    beside: frozenset[str]
    """The texts of its row."""


_CsvCells = Mapping[str, Mapping[int, Sequence[CsvCell]]]
"""By what the cell prints, and by its line."""
_RAREST, _MOST_ROWS = 3, 300
"""Texts of a row by which it is looked for, and rows that are looked at."""

_cells: FileMemo[_CsvCells] = FileMemo()


def cell_in_tables(
    root: Path, names: Sequence[str], text: str, row: frozenset[str]
) -> CsvCell | None:
    """The cell that holds a text of a printed `row`, of the first of the tables that has one. A
    number stands in a row only beside a text of it."""
    for name in names:
        cells = _cells_of(root, name)
        if found := cells.get(text):
            # Of thousands of rows that hold this text, few hold the rarest of those beside it.
            beside = sorted((cells[other] for other in row if other in cells), key=len)[:_RAREST]
            lines = {line for it in beside for line in islice(it, _MOST_ROWS) if line in found}
            looked_at = sorted(lines) or islice(found, _MOST_ROWS)
            near = [cell for line in looked_at for cell in found[line]]
            cell = max(near, key=lambda it: len(row & it.beside))
            if cell.is_text or row & cell.beside:
                return cell
    return None


def plain_text(text: str) -> str:
    """A text as data and pages both have it: blanks and quotation marks are made alike."""
    return " ".join(text.translate(ALIKE).split())


def _cells_of(root: Path, name: str) -> _CsvCells:
    files = [root / f"data/{name}.csv"]
    return _cells.get((root, name), lambda: _read_cells(root, name), lambda _: files, files)


def _read_cells(root: Path, name: str) -> _CsvCells:
    found: dict[str, dict[int, list[CsvCell]]] = {}
    try:
        rows = read_rows(root, name)
        lines = (root / f"data/{name}.csv").read_text(encoding="utf-8-sig").splitlines()
    except (ReportError, OSError, UnicodeDecodeError):
        return {}
    for row in rows:
        beside = frozenset(
            plain_text(text) for text in row.values() if isinstance(text, str) and text
        )
        for column, value in row.items():
            is_text = isinstance(value, str)
            text = str(value) if is_text else cell_text(row, column, False, ())
            at = lines[row.line - 1].find(text) + 1 if is_text else 0
            if text:
                place = Place(f"data/{name}.csv", row.line, at)
                rows_of = found.setdefault(plain_text(text), {})
                cell = CsvCell(place, is_text, column, beside)
                rows_of.setdefault(row.line, []).append(cell)
    return found
