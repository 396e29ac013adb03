"""Tables held to the data package: everything wrong with their values, with the line of each."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem, nearest, problem
from imprint.core.root import PROJECT_FILE
from imprint.core.units import KNOWN, Unit
from imprint.read.data.csv_rows import CsvFile, Row, read_csv_file, short
from imprint.read.data.datapackage import PACKAGE, Table, read_package
from imprint.read.data.patterns import PatternError, breaks, require_quick
from imprint.read.data.tables import STATISTICS, declared_units
from imprint.read.data.values import Value


def check_data(root: Path, bib_keys: Collection[str] | None) -> list[Problem]:
    """Check every table of the project at `root` against its data package.

    `bib_keys` are the keys of the bibliography that columns marked `imprint:references` may name;
    None where the bibliography cannot be read, so that its one fault is not reported for every row.
    Returns all problems of all tables, ordered by place.
    """
    tables, problems = read_package(root)
    csv_files = {name: read_csv_file(root, table) for name, table in tables.items()}
    for name, table in tables.items():
        csv_file = csv_files[name]
        problems += csv_file.problems
        problems += _pattern_problems(table)
        problems += _constraint_problems(table, csv_file.rows)
        problems += _unique_problems(table, csv_file.rows)
        problems += _bound_problems(table, csv_file.rows)
        if name == STATISTICS:
            problems += _unit_problems(table, csv_file.rows, declared_units(root))
        if bib_keys is not None:
            problems += _citation_problems(table, csv_file.rows, bib_keys)
        problems += _foreign_problems(table, csv_files)
    if tables:
        described = {table.file for table in tables.values()}
        for path in sorted((root / "data").glob("*.csv")):
            if f"data/{path.name}" not in described:
                fix = f"describe it in {PACKAGE} or move it out of data/"
                message = "table is not described in the data package"
                problems.append(problem("table-is-described", f"data/{path.name}", 0, message, fix))
    return sorted(set(problems))


_LIMITS = {
    "minimum": (operator.ge, "is less than the least allowed"),
    "maximum": (operator.le, "is more than the most allowed"),
}


def _constraint_problems(table: Table, rows: Sequence[Row]) -> Iterator[Problem]:
    for column in table.columns:
        if not rows or column.name not in rows[0]:
            continue
        required = column.constraints.get("required") or column.name in table.primary_key
        values = [row.values_by_column[column.name] for row in rows]
        # What stands in many rows is looked at once.
        given = {*values} - {None}
        wrong = {value for value in given if any(_complaints(column.constraints, value))}
        if not wrong and not (required and None in values):
            continue
        for row, value in zip(rows, values, strict=True):
            if value in wrong:
                said = f"value '{short(str(value))}' in column '{column.name}'"
                for complaint, fix in _complaints(column.constraints, value):
                    message = f"{said} {complaint}"
                    yield problem("cell-is-allowed", table.file, row.line, message, fix)
            elif value is None and required:
                message = f"column '{column.name}' is empty"
                fix = "fill the cell: every row needs one"
                yield problem("cell-is-filled", table.file, row.line, message, fix)


def _pattern_problems(table: Table) -> Iterator[Problem]:
    for column in table.columns:
        if column.pattern_place is None:
            continue
        try:
            require_quick(column.constraints["pattern"])
        except PatternError as error:
            of = f"field '{column.name}' of '{table.name}'"
            message = f"{of} has a pattern that cannot be used: {error.message}"
            yield Problem(column.pattern_place, "datapackage-is-valid", message, error.fix)


def _complaints(rules: Mapping[str, Any], value: Value) -> Iterator[tuple[str, str]]:
    """What is wrong with a value, and the fix."""
    allowed = rules.get("enum")
    if allowed is not None and value not in allowed:
        listed = [str(entry) for entry in allowed]
        yield "is not allowed", nearest(str(value), listed) or "use " + ", ".join(listed)
    pattern = rules.get("pattern")
    if pattern and breaks(pattern, str(value)):
        yield f"has not the form {pattern}", "write it in that form"
    for rule, (holds, complaint) in _LIMITS.items():
        limit = rules.get(rule)
        # A column's limits are of its type.
        if limit is not None and value is not None and not holds(value, limit):
            yield f"{complaint}, {limit}", f"check the value against {limit}"
    if isinstance(value, str):
        least, most = rules.get("minLength", 0), rules.get("maxLength", len(value))
        if not least <= len(value) <= most:
            yield f"has {len(value)} characters", f"write {least} to {most} characters"


def _unique_problems(table: Table, rows: Collection[Row]) -> Iterator[Problem]:
    keys: list[tuple[str, ...]] = [
        (column.name,) for column in table.columns if column.constraints.get("unique")
    ]
    if table.primary_key and table.primary_key not in keys:
        keys.append(table.primary_key)
    for key in keys:
        first: dict[tuple[Value, ...], int] = {}
        for row in rows:
            values = tuple(row.get(name) for name in key)
            if None in values:
                continue
            if values in first:
                shown = ", ".join(short(str(value)) for value in values)
                message = (
                    f"value '{shown}' in column '{', '.join(key)}' "
                    f"stands on line {first[values]} too"
                )
                yield problem(
                    "cell-is-unique", table.file, row.line, message, "give one of them another"
                )
            first.setdefault(values, row.line)


def _bound_problems(table: Table, rows: Collection[Row]) -> Iterator[Problem]:
    """A value outside its bounds, a vague wording without any; other tables have no `low`."""
    columns = {column.name for column in table.columns}
    ends = (("low", "high"), ("ci_low", "ci_high"))
    pairs = [pair for low, high in ends for pair in ((low, "value"), ("value", high), (low, high))]
    pairs = [pair for pair in pairs if columns.issuperset(pair)]
    for row in rows if pairs or "low" in columns else ():
        for lower, upper in pairs:
            low, high = row.get(lower), row.get(upper)
            if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
                message = f"{lower} {low} is above {upper} {high}"
                fix = "order them: low, value, high"
                yield problem("bounds-hold-value", table.file, row.line, message, fix)
        unbounded = "low" in row and row["low"] is None and row.get("high") is None
        if unbounded and row.get("qualifier") not in (None, "exact", "suppressed"):
            message = f"wording '{row['qualifier']}' has neither low nor high"
            fix = "give it bounds, as the description of the table says"
            yield problem("vague-has-bounds", table.file, row.line, message, fix)


def _unit_problems(
    table: Table, rows: Collection[Row], declared: Mapping[str, Unit]
) -> Iterator[Problem]:
    known = [*declared, *KNOWN]
    for row in rows:
        unit = row.get("unit")
        if unit is not None and unit not in known:
            message = f"nothing says how the unit '{unit}' prints"
            declare = f"declare it under `imprint: units:` in {PROJECT_FILE}"
            near = nearest(str(unit), known)
            fix = f"{near} or else {declare}" if near else declare
            yield problem("unit-is-declared", table.file, row.line, message, fix)


def _citation_problems(
    table: Table, rows: Collection[Row], bib_keys: Collection[str]
) -> Iterator[Problem]:
    for column in table.columns:
        if not column.cites:
            continue
        values = {row.get(column.name) for row in rows} - {None}
        wrong = {it for it in values if not all(key in bib_keys for key in str(it).split("; "))}
        for row in rows if wrong else ():
            value = row.get(column.name)
            for key in str(value).split("; ") if value in wrong else ():
                if key not in bib_keys:
                    message = f"no entry '{key}' in references.bib (column '{column.name}')"
                    fix = nearest(key, bib_keys) or "add the entry; divide several keys by '; '"
                    yield problem("cell-citation-resolves", table.file, row.line, message, fix)


def _foreign_problems(table: Table, csv_files: Mapping[str, CsvFile]) -> Iterator[Problem]:
    for key in table.foreign_keys:
        target = csv_files.get(key.table)
        if target is None or not target.whole:
            continue
        known = {tuple(row.get(name) for name in key.targets) for row in target.rows}
        names = [", ".join(map(str, values)) for values in known]
        for row in csv_files[table.name].rows:
            values = tuple(row.get(name) for name in key.columns)
            if None in values or values in known:
                continue
            shown = ", ".join(map(str, values))
            message = (
                f"value '{shown}' in column '{', '.join(key.columns)}' "
                f"is no '{', '.join(key.targets)}' of table '{key.table}'"
            )
            fix = nearest(shown, names) or f"add it to the table '{key.table}'"
            yield problem("cell-key-resolves", table.file, row.line, message, fix)
