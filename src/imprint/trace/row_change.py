"""`column=value` for a row of data/statistics.csv -> the table's text with these values."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imprint.core.model import Statistic
from imprint.core.problems import Problem, ReportError, nearest, problem
from imprint.read.data.csv_rows import csv_records
from imprint.read.data.datapackage import Column, read_package
from imprint.read.data.values import to_value

TABLE = "data/statistics.csv"


@dataclass(frozen=True)
class CellChange:
    """One changed cell of the row."""

    column: str
    old: str
    new: str


def cell_changes(root: Path, row: Statistic, settings: Sequence[str]) -> tuple[CellChange, ...]:
    """The cells to change. Raises ReportError where the data package would not take them."""
    header, *records = csv_records(table_text(root), TABLE)[0]
    found = next((it.cells for it in records if it.line == row.line), ())
    written = dict(zip(header.cells, found, strict=False))
    columns: dict[str, Column] = {}
    described = read_package(root)[0].get("statistics")
    for column in described.columns if described else ():
        columns[column.name] = column
    problems: list[Problem] = []
    cells = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        message, fix = "", ""
        if not equals:
            message, fix = f"'{setting}' sets no column", "write it as `--if value=46`"
        elif name not in columns:
            message = f"table 'statistics' has no column '{name}'"
            fix = nearest(name, columns) or f"it has {', '.join(columns)}"
        elif text:
            try:
                to_value(text, columns[name].type, columns[name].format)
            except ValueError as error:
                message = f"value '{text}' for column '{name}' {error}"
                fix = f"give a {columns[name].type}, or nothing to empty the cell"
        if message:
            problems.append(problem("setting-is-allowed", TABLE, row.line, message, fix))
        cells.append(CellChange(name, written.get(name, ""), text))
    if problems:
        raise ReportError(problems)
    return tuple(cells)


def table_text(root: Path) -> str:
    """The table of statistics as it is written."""
    return (root / TABLE).read_text(encoding="utf-8-sig")


def changed_table(text: str, line: int, cells: Sequence[CellChange]) -> str:
    """The table's text with the cells of the row that begins on `line` changed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    records = csv_records(text, TABLE)[0]
    for begins, record in ((it.line, list(it.cells)) for it in records):
        for cell in cells if begins == line else ():
            record[records[0].cells.index(cell.column)] = cell.new
        writer.writerow(record)
    return stream.getvalue()
