"""One CSV file of data/ -> its rows, typed as the data package says, with the line of each.

Every problem of form or type is found in one pass; a row that is broken is left out.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from imprint.core.files import EncodingError, decoded, read_file
from imprint.core.memo import FileMemo
from imprint.core.problems import Problem, nearest, problem
from imprint.read.data.datapackage import PACKAGE, Column, Table
from imprint.read.data.values import Value, to_value

EDITORS = "editor_note"
"""The column, of any table, that is for those who keep it: exceptions from rules and the like."""


_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True, eq=False)
class Row(Mapping[str, Value]):
    """One row of a table: its typed values by column; an empty cell is None."""

    line: int
    """Line of the CSV file on which the row begins."""
    values_by_column: Mapping[str, Value] = field(repr=False)

    def __getitem__(self, column: str) -> Value:
        return self.values_by_column[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_column)

    def __len__(self) -> int:
        return len(self.values_by_column)


class CsvRecord(NamedTuple):
    """One row's cells as text."""

    cells: tuple[str, ...]
    line: int

    def line_of(self, position: int) -> int:
        """The line on which a cell begins; quoted cells before it may hold line breaks."""
        return self.line + sum(cell.count("\n") for cell in self.cells[:position])


@dataclass(frozen=True)
class CsvFile:
    """A table's rows and the problems found while reading them."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    whole: bool
    """All its rows could be read, so that a key it lacks is really missing."""

    @cached_property
    def rows_for_readers(self) -> tuple[Row, ...]:
        """The rows without what editors note of them."""
        # All rows have the same columns.
        if not any(EDITORS in row for row in self.rows[:1]):
            return self.rows
        return tuple(
            Row(row.line, {name: row[name] for name in row if name != EDITORS}) for row in self.rows
        )


_files: FileMemo[CsvFile] = FileMemo()


def read_csv_file(root: Path, table: Table) -> CsvFile:
    """Read a table's file; its problems are about form and type, not about values."""
    made_from = [root / table.file, root / PACKAGE]
    return _files.get(
        (root, table.file), lambda: _read_csv_file(root, table), lambda _: made_from, made_from
    )


def csv_for_readers(file: Path, only: Collection[str] | None = None) -> bytes:
    """A CSV file without what editors note of its rows, other cells as they stand; with `only`,
    the rows of these ids alone.

    The file must have been read: its rows are as long as its header.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        records = list(csv.reader(stream))
    if only is not None:
        key = records[0].index("id")
        records = [records[0], *(record for record in records[1:] if record[key] in only)]
    kept = [at for at, name in enumerate(records[0]) if name != EDITORS] if records else []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([record[at] for at in kept] for record in records)
    return text.getvalue().encode("utf-8")


def _read_csv_file(root: Path, table: Table) -> CsvFile:
    text, told = _read_text(root, table.file)
    if text is None:
        return CsvFile((), tuple(told), whole=False)
    records, broken = csv_records(text, table.file)
    problems = [*told, *broken]
    if not records:
        if not broken:
            fix = "begin it with " + ",".join(column.name for column in table.columns)
            problems.append(
                problem("table-has-its-columns", table.file, 1, "file has no header row", fix)
            )
        return CsvFile((), tuple(problems), whole=False)
    header, *body = records
    if divided := _other_delimiter(table, header) or _no_header(table, header):
        return CsvFile((), (*problems, divided), whole=False)
    wrong = _header_problems(table, header)
    problems += wrong
    whole = not broken and not wrong
    records = []
    for record in body:
        if record.cells == ():
            fix = "delete the empty line"
            problems.append(problem("row-is-whole", table.file, record.line, "row is empty", fix))
        elif len(record.cells) != len(header.cells):
            problems.append(_ragged(table.file, record, header))
        else:
            records.append(record)
    columns = {column.name: column for column in table.columns}
    values: dict[str, list[Value]] = {}
    # Column by column, so that what stands in many rows is looked at once.
    for position, name in enumerate(header.cells if records else ()):
        if name in columns:
            cells = [record.cells[position] for record in records]
            values[name], untyped = _typed(cells, columns[name], table.missing_values)
            problems += _type_problems(table, columns[name], untyped, position, records)
    names = tuple(values)
    found = zip(*values.values(), strict=True) if values else [()] * len(records)
    rows = (
        Row(record.line, dict(zip(names, row, strict=True)))
        for record, row in zip(records, found, strict=True)
    )
    return CsvFile(tuple(rows), tuple(sorted(problems)), whole)


def _typed(
    cells: Sequence[str], column: Column, missing: Collection[str]
) -> tuple[list[Value], Mapping[str, str]]:
    """The values of a column's cells, and of those that are not of its type what they are not."""
    known: dict[str, Value] = dict.fromkeys(missing)
    wrong: dict[str, str] = {}
    for cell in set(cells).difference(known):
        try:
            known[cell] = to_value(cell, column.type, column.format)
        except ValueError as error:
            known[cell], wrong[cell] = None, str(error)
    return [known[cell] for cell in cells], wrong


def _type_problems(
    table: Table,
    column: Column,
    wrong: Mapping[str, str],
    position: int,
    records: Sequence[CsvRecord],
) -> Iterator[Problem]:
    for record in records if wrong else ():
        cell = record.cells[position]
        if cell in wrong:
            message = f"value '{short(cell)}' in column '{column.name}' {wrong[cell]}"
            fix, line = _typed_fix(cell, column), record.line_of(position)
            yield problem("cell-has-its-type", table.file, line, message, fix)


def _read_text(root: Path, file: str) -> tuple[str | None, list[Problem]]:
    """A file's text without a byte order mark, or None with what is wrong."""

    def wrong(code: str, line: int, message: str, fix: str) -> Problem:
        return problem(code, file, line, message, fix)

    try:
        data = read_file(root / file)
    except FileNotFoundError:
        names = [path.name for path in (root / "data").glob("*.csv")]
        fix = nearest(Path(file).name, names) or f"add it, or drop it from {PACKAGE}"
        return None, [wrong("table-exists", 0, "file is missing", fix)]
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        return None, [wrong("table-is-readable", 0, message, "make it a readable file")]
    found = []
    if data.startswith(codecs.BOM_UTF8):
        fix = "save it as UTF-8 without a byte order mark"
        found.append(wrong("table-is-readable", 1, "file begins with a byte order mark", fix))
    try:
        return normalize("NFC", decoded(data)), found
    except EncodingError as error:
        return None, [*found, wrong("table-is-readable", error.line, str(error), error.fix)]


def csv_records(text: str, file: str) -> tuple[list[CsvRecord], list[Problem]]:
    """The records of a text up to the first that cannot be told apart."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[CsvRecord] = []
    start = 1
    try:
        for cells in reader:
            records.append(CsvRecord(tuple(cells), start))
            start = reader.line_num + 1
    except csv.Error as error:
        message = f"row cannot be read: {error}"
        fix = "write a quotation mark inside a quoted cell twice"
        if "end of data" in str(error):
            message = "a quotation mark opened in this row is never closed"
            fix = "close it, or write a quotation mark inside a quoted cell twice"
        return records, [problem("table-is-readable", file, start, message, fix)]
    return records, []


def _header_problems(table: Table, header: CsvRecord) -> list[Problem]:
    known = [column.name for column in table.columns]
    found = []

    def wrong(message: str, fix: str) -> None:
        found.append(problem("table-has-its-columns", table.file, header.line, message, fix))

    missing = [name for name in known if name not in header.cells]
    for position, name in enumerate(header.cells):
        if name in header.cells[:position]:
            wrong(f"column '{name}' stands twice", "drop one")
        elif not name.strip():
            wrong("a column has no name", "drop it, or each row's last comma; it may be an index")
        elif name not in known:
            plain = name.strip().casefold()
            meant = next((it for it in missing if it.casefold() == plain), "")
            missing = [it for it in missing if it != meant]
            near = f"write '{meant}'" if meant else nearest(name, missing or known)
            wrong(f"column '{name}' is unknown", near or f"describe it in {PACKAGE} or drop it")
    for name in missing:
        wrong(f"column '{name}' is missing", f"add it, empty if need be: {','.join(known)}")
    if not found and list(header.cells) != known:
        wrong("columns stand in another order than described", f"write {','.join(known)}")
    return found


def _other_delimiter(table: Table, header: CsvRecord) -> Problem | None:
    """A table saved with another mark between its cells than a comma: one cause, told once."""
    known = {column.name for column in table.columns}
    for mark, name in _DELIMITERS.items():
        if len(header.cells) == 1 and len(known & set(header.cells[0].split(mark))) > 1:
            message = f"its cells are divided by {name}, not by commas"
            fix = "save it as CSV divided by commas, with decimal points"
            return problem("table-has-its-columns", table.file, header.line, message, fix)
    return None


def _no_header(table: Table, header: CsvRecord) -> Problem | None:
    """A first line that is none of this table's: a comment, a page of a website, `sep=,`."""
    if {column.name for column in table.columns} & {name.strip() for name in header.cells}:
        return None
    message = f"the first line, '{short(','.join(header.cells))}', has none of the table's columns"
    fix = f"begin the file with {','.join(column.name for column in table.columns)}"
    return problem("table-has-its-columns", table.file, header.line, message, fix)


def _typed_fix(cell: str, column: Column) -> str:
    """How to put a cell right that is not of its column's type."""
    if column.type not in ("number", "integer"):
        return f"write a {column.type}, or leave the cell empty"
    number = cell.strip().replace("\u2212", "-")
    if re.fullmatch(r"-?\d+,\d+", number) and not re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", number):
        return f"write {number.replace(',', '.')}, with a decimal point"
    if number != cell and re.fullmatch(r"-?\d+(?:\.\d+)?", number):
        return f"write {number}, with a hyphen and without spaces"
    return "write figures only, without signs or spaces, or leave the cell empty"


def _ragged(file: str, record: CsvRecord, header: CsvRecord) -> Problem:
    message = f"row has {len(record.cells)} cells, the header has {len(header.cells)}"
    if len(record.cells) > len(header.cells):
        fix = "put a cell that holds a comma in double quotation marks"
    else:
        fix = "add the missing commas; an empty cell still needs one"
    return problem("row-is-whole", file, record.line, message, fix)


def short(text: str) -> str:
    """A cell's text on one line, cut to what a message can carry."""
    text = " ".join(text.split()) if len(text.split()) > 1 else text
    return text if len(text) <= 40 else text[:39] + "…"
