"""The tables of data/ with those rows that can be read, for checks that look at several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from imprint.read.data.csv_rows import Row, read_csv_file
from imprint.read.data.datapackage import Table, read_package
from imprint.read.report import Report


@dataclass(frozen=True)
class TableRows:
    """A described table and its rows."""

    table: Table
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns, in order."""
        return tuple(column.name for column in self.table.columns)


@lru_cache(maxsize=1)
def read_tables(report: Report) -> Mapping[str, TableRows]:
    """Every table of the data package by name.

    A table that cannot be read whole has no rows here: `imprint.read.data.tables` tells why.
    """
    root = report.project.root
    tables = read_package(root)[0] if report.tables else {}
    csv_files = {name: read_csv_file(root, table) for name, table in tables.items()}
    return {
        name: TableRows(table, csv_files[name].rows if csv_files[name].whole else ())
        for name, table in tables.items()
    }
