"""The tables of data/ with those rows that can be read, for checks that look at several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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

    def works(self, row: Row, but: Collection[str] = ()) -> frozenset[str]:
        """Keys of the works that one of its rows names, `but` for those in some columns."""
        citing = (it.name for it in self.table.columns if it.cites and it.name not in but)
        keys = (key for name in citing for key in str(row.get(name) or "").split("; "))
        return frozenset(filter(None, keys))


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


def table_rows(report: Report, name: str) -> tuple[Row, ...]:
    """The rows of one table; none where there is no such table."""
    filled = read_tables(report).get(name)
    return filled.rows if filled else ()
