"""What derived rows are worked out from, so that the record alone gives their values again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imprint.core.problems import ReportError
from imprint.read.data.formulas import FormulaError, parse_formula, rows_named, tables_named
from imprint.read.data.tables import read_rows
from imprint.write.statistic_rows import Record, Rows, digest, plain_value


def derivations(root: Path, rows: Sequence[Rows]) -> Record:
    """For each derived row, by its hash: the rows and tables that its formula names, by theirs;
    and these tables. What cannot be read is left out: a rule tells it."""
    found: Record = {}
    tables: dict[str, tuple[str, Record]] = {}
    for styled in rows:
        for id, row in styled.by_id.items():
            try:
                formula = parse_formula(str(row["derived"])) if row.get("derived") else None
                counted = tables_named(formula) if formula else ()
                for name in set(counted) - tables.keys():
                    tables[name] = _table(root, name)
            except (FormulaError, ReportError):
                continue
            if formula:
                found[styled.digests[id]] = {
                    "rows": {
                        named: styled.digests[named]
                        for named in rows_named(formula)
                        if named in styled.digests
                    },
                    "tables": {name: tables[name][0] for name in counted},
                }
    return {"derivations": found, "tables": dict(tables.values())}


def _table(root: Path, name: str) -> tuple[str, Record]:
    """A table for readers, with its hash."""
    rows = [
        {column: plain_value(value) for column, value in row.items()}
        for row in read_rows(root, name)
    ]
    told = {"name": name, "rows": rows}
    return digest(told), told
