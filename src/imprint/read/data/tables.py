"""data/*.csv with data/datapackage.json -> typed frozen rows; constraints.py checks their values.

Chapters read statistics in every kernel, so this module needs the standard library alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from imprint.core.model import Statistic
from imprint.core.problems import Problem, ReportError, nearest, problem
from imprint.core.units import Unit, unit_of
from imprint.read.data.csv_rows import CsvFile, Row, read_csv_file
from imprint.read.data.datapackage import PACKAGE, Table, read_package
from imprint.read.project.lazy_settings import settings_about

STATISTICS = "statistics"
"""The table of reported figures."""


def read_rows(root: Path, name: str) -> tuple[Row, ...]:
    """Read the rows of the table `name` of the project at `root`, in the file's order.

    What editors note of them is left out, so that it cannot come to be printed. Raises ReportError
    when the table is unknown, unreadable or holds a value of the wrong type.
    """
    return _sound(root, _described(root, name)).rows_for_readers


def citing_columns(root: Path, name: str) -> frozenset[str]:
    """Say which columns of the table `name` hold BibTeX keys. Raises ReportError if unknown."""
    return frozenset(column.name for column in _described(root, name).columns if column.cites)


def read_statistics(root: Path) -> dict[str, Statistic]:
    """Read `data/statistics.csv` of the project at `root` by id.

    Raises ReportError when the table cannot be read, a row has no id or an id stands twice.
    """
    table = _described(root, STATISTICS)
    units = declared_units(root)
    found: dict[str, Statistic] = {}
    problems: list[Problem] = []
    for row in _sound(root, table).rows:
        statistic = to_statistic(row, row.line, units.get(str(row.get("unit"))))
        if not statistic.id:
            fix = "give the row an id such as 'survey-time-to-work'"
            problems.append(problem("cell-is-filled", table.file, row.line, "row has no id", fix))
        elif statistic.id in found:
            message = f"id '{statistic.id}' stands on line {found[statistic.id].line} too"
            problems.append(
                problem("cell-is-unique", table.file, row.line, message, "give one another id")
            )
        found[statistic.id] = statistic
    if problems:
        raise ReportError(problems)
    return found


def declared_units(root: Path) -> Mapping[str, Unit]:
    """The units that `_quarto.yml` declares."""
    return settings_about(root, "units", "rounding").units


def _described(root: Path, name: str) -> Table:
    tables, problems = read_package(root)
    if name in tables:
        return tables[name]
    if not problems:
        fix = nearest(name, tables) or "describe it there, with its columns"
        message = f"table '{name}' is not described"
        problems = [problem("table-is-described", PACKAGE, 0, message, fix)]
    raise ReportError(problems)


def _sound(root: Path, table: Table) -> CsvFile:
    csv_file = read_csv_file(root, table)
    if csv_file.problems:
        raise ReportError(csv_file.problems)
    return csv_file


_NUMBERS = ("value", "low", "high", "n", "ci_low", "ci_high", "ci_level", "se", "design_effect")
_TEXTS = tuple(
    field.name
    for field in fields(Statistic)
    if field.name not in (*_NUMBERS, "weighted", "line", "declared_unit")
)


def to_statistic(row: Mapping[str, Any], line: int = 0, unit: Unit | None = None) -> Statistic:
    """The statistic that a row of data/statistics.csv, or of provenance, stands for; `unit` is its
    own where the report declares it."""
    if declared := row.get("declared_unit"):
        unit = unit_of(declared)
    values: dict[str, Any] = {
        name: "" if (text := row.get(name)) is None else str(text) for name in _TEXTS
    }
    values |= {
        name: float(found) if isinstance(found := row.get(name), int | float) else None
        for name in _NUMBERS
    }
    weighted = str(row.get("weighted") or "").lower() in ("true", "yes", "1", "weighted")
    return Statistic(**values, line=line, declared_unit=unit, weighted=weighted)
