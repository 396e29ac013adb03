"""data/datapackage.json -> the tables it describes, and one cell's text -> its typed value.

This reads the part of the Frictionless Table Schema that the report uses and refuses the rest, so
that nothing written in the data package is silently left unchecked. The `frictionless` package
agrees with it (tests/test_tables.py) but does not do this work: it numbers rows, not lines, so a
quoted line break shifts every place after it, and it takes over half a second to import, which
each chapter's kernel would pay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem, nearest, problem

PACKAGE = "data/datapackage.json"
Value = str | int | float | bool | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_MOST_DIGITS, _LARGEST = 40, 1e30
"""No survey counts further; beyond it, arithmetic would fail or lose digits."""
_YEAR = re.compile(r"\d{4}", re.ASCII)
_YEARMONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.ASCII)

_CONSTRAINTS = {
    "required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One field of a table's schema."""

    name: str
    type: str
    format: str
    constraints: Mapping[str, Any]
    pattern: re.Pattern[str] | None
    cites: bool
    """Its cells hold keys of the bibliography (`imprint:references`), several divided by `; `."""
    labels: tuple[tuple[str, str], ...] = ()
    """What readers call its values, where the field's `categories` give value and label."""


@dataclass(frozen=True)
class ForeignKey:
    """Cells that must stand in another table's (or the same table's) columns."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One CSV file as the data package describes it."""

    name: str
    file: str
    """From the project's root: `data/statistics.csv`."""
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    missing_values: frozenset[str]


def read_package(root: Path) -> tuple[dict[str, Table], list[Problem]]:
    """Read the described tables by name, with every problem of the description itself.

    `root` is the project's root. A table whose description is broken is left out.
    """
    try:
        text = (root / PACKAGE).read_bytes().decode("utf-8")
    except FileNotFoundError:
        fix = "add it: it names and types every table of data/"
        return {}, [problem("datapackage-is-valid", PACKAGE, 0, "file is missing", fix)]
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {error}"
        return {}, [problem("datapackage-is-valid", PACKAGE, 0, message, "save it as UTF-8 text")]
    tables, problems = _read_description(text)
    return dict(tables), list(problems)


@lru_cache(maxsize=2)
def _read_description(text: str) -> tuple[dict[str, Table], list[Problem]]:
    """The tables that a text describes; kept, for every table that is read asks for its own."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        at = error.lineno
        message = f"not valid JSON: {error.msg.lower()}"
        fix = "look for a missing comma, quotation mark or bracket here or on the line before"
        found = problem("datapackage-is-valid", PACKAGE, at, message, fix, error.colno)
        return {}, [found]
    except (RecursionError, ValueError):
        message = "not JSON that can be read: nested too deeply, or a number too long"
        return {}, [problem("datapackage-is-valid", PACKAGE, 0, message, "write it plainly")]
    if not isinstance(content, dict) or not isinstance(content.get("resources"), list):
        message = "has no list of 'resources'"
        return {}, [problem("datapackage-is-valid", PACKAGE, 0, message, "list the tables there")]
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for resource in content["resources"]:
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str) or not name:
            problems.append(_invalid(text, "", "a resource has no name", "give it a 'name'"))
            continue
        wrong = list(_resource_problems(resource, text))
        if name in tables:
            wrong.append(_invalid(text, name, f"resource '{name}' is described twice", "drop one"))
        problems.extend(wrong)
        if not wrong:
            tables[name] = _table(resource)
    problems.extend(_key_problems(tables, text))
    return tables, problems


def to_value(text: str, column: Column) -> Value:
    """Turn a cell's text into its typed value: dates stay text, numbers become int or float.

    Raises ValueError, saying what the text is not: `is not a number`.
    """
    kind = column.type
    if kind == "string":
        if column.format == "uri" and not _URI.fullmatch(text):
            raise ValueError("is not a web address")
        return text
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError("is not a number")
        number = int(text[:_MOST_DIGITS]) if _INTEGER.fullmatch(text) else float(text)
        if len(text) > _MOST_DIGITS or abs(number) > _LARGEST:
            raise ValueError("is too large a number")
        return number
    if kind in ("integer", "year"):
        shape, noun = (_INTEGER, "whole number") if kind == "integer" else (_YEAR, "year (YYYY)")
        if not shape.fullmatch(text):
            raise ValueError(f"is not a {noun}")
        if len(text) > _MOST_DIGITS:
            raise ValueError("is too large a number")
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return text == "true"
    if kind == "yearmonth":
        if not _YEARMONTH.fullmatch(text):
            raise ValueError("is not a month (YYYY-MM)")
        return text
    if not _DATE.fullmatch(text) or not _is_date(text):
        raise ValueError("is not a date (YYYY-MM-DD)")
    return text


TYPES = ("string", "number", "integer", "year", "boolean", "yearmonth", "date")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _invalid(text: str, name: str, message: str, fix: str) -> Problem:
    """A problem of the description, on the line that first names what is wrong."""
    at = text.find(json.dumps(name, ensure_ascii=False)) if name else -1
    line = text.count("\n", 0, at) + 1 if at >= 0 else 0
    return problem("datapackage-is-valid", PACKAGE, line, message, fix)


def _resource_problems(resource: Mapping[str, Any], text: str) -> Iterator[Problem]:
    name = resource["name"]
    path = resource.get("path")
    if not isinstance(path, str) or path.startswith(("/", "..")) or "\\" in path:
        fix = "give its file name from the folder data/"
        yield _invalid(text, name, f"resource '{name}' has no usable 'path'", fix)
    if str(resource.get("encoding", "utf-8")).lower() not in ("utf-8", "utf8"):
        fix = "save the table as UTF-8 and drop 'encoding'"
        yield _invalid(text, name, f"resource '{name}' is not said to be UTF-8", fix)
    dialect = resource.get("dialect", {})
    csv_dialect = dialect.get("csv", dialect) if isinstance(dialect, dict) else {}
    if csv_dialect.get("delimiter", ",") != "," or csv_dialect.get("quoteChar", '"') != '"':
        fix = "write it with commas and double quotation marks"
        yield _invalid(text, name, f"resource '{name}' has a dialect of its own", fix)
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        fix = "list its columns under 'schema': {'fields': [...]}"
        yield _invalid(text, name, f"resource '{name}' has no fields", fix)
        return
    seen: set[str] = set()
    for field in fields:
        column = field.get("name") if isinstance(field, dict) else None
        if not isinstance(column, str) or not column:
            yield _invalid(text, name, f"a field of '{name}' has no name", "give it a 'name'")
            continue
        where = f"field '{column}' of '{name}'"
        if column in seen:
            yield _invalid(text, column, f"{where} is described twice", "drop one")
        seen.add(column)
        kind = field.get("type", "string")
        if kind not in TYPES:
            fix = nearest(str(kind), TYPES) or f"use one of {', '.join(TYPES)}"
            yield _invalid(text, column, f"{where} has the unknown type '{kind}'", fix)
        if field.get("format", "default") not in ("default", "uri"):
            fix = "use 'default' or 'uri'"
            yield _invalid(text, column, f"{where} has an unknown format", fix)
        constraints = field.get("constraints", {})
        for rule in sorted(set(constraints) - _CONSTRAINTS):
            fix = nearest(rule, _CONSTRAINTS) or f"use {', '.join(sorted(_CONSTRAINTS))}"
            yield _invalid(text, rule, f"{where} has the unknown constraint '{rule}'", fix)
        try:
            re.compile(constraints.get("pattern", ""))
        except (re.error, TypeError) as error:
            message = f"{where} has a malformed pattern: {error}"
            yield _invalid(text, column, message, "fix the regular expression")


def _table(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    columns = []
    for field in schema["fields"]:
        constraints = field.get("constraints", {})
        pattern = constraints.get("pattern")
        columns.append(
            Column(
                name=field["name"],
                type=field.get("type", "string"),
                format=field.get("format", "default"),
                constraints=constraints,
                pattern=re.compile(pattern) if pattern is not None else None,
                cites=bool(field.get("imprint:references")),
                labels=_labels(field.get("categories")),
            )
        )
    keys = tuple(
        ForeignKey(
            _names(key.get("fields")),
            key.get("reference", {}).get("resource") or resource["name"],
            _names(key.get("reference", {}).get("fields")),
        )
        for key in schema.get("foreignKeys", [])
    )
    return Table(
        name=resource["name"],
        file=f"data/{resource['path']}",
        columns=tuple(columns),
        primary_key=_names(schema.get("primaryKey")),
        foreign_keys=keys,
        missing_values=frozenset(schema.get("missingValues", [""])) | {""},
    )


def _labels(categories: Any) -> tuple[tuple[str, str], ...]:
    listed = categories if isinstance(categories, list) else []
    pairs = [item for item in listed if isinstance(item, Mapping) and "label" in item]
    return tuple((str(item.get("value")), str(item["label"])) for item in pairs)


def _names(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _key_problems(tables: Mapping[str, Table], text: str) -> Iterator[Problem]:
    """Keys that name a column or table that is not there."""
    for table in tables.values():
        uses = [(table.name, table.primary_key)]
        for key in table.foreign_keys:
            uses += [(table.name, key.columns), (key.table, key.targets)]
            if len(key.columns) != len(key.targets) or not key.columns:
                message = f"a foreign key of '{table.name}' does not pair its fields"
                yield _invalid(text, table.name, message, "name as many fields as it refers to")
        for target, names in uses:
            if target not in tables:
                message = f"a foreign key of '{table.name}' names the unknown table '{target}'"
                fix = nearest(target, tables) or "describe that table or fix the name"
                yield _invalid(text, target, message, fix)
                continue
            known = [column.name for column in tables[target].columns]
            for name in names:
                if name not in known:
                    message = f"a key of '{table.name}' names the unknown column '{name}'"
                    fix = nearest(name, known) or f"table '{target}' has {', '.join(known)}"
                    yield _invalid(text, name, message, fix)
