"""data/datapackage.json -> the tables it describes.

This reads the part of the Frictionless Table Schema that the report uses and refuses the rest, so
that nothing written in the data package is silently left unchecked; `datapackage.schema.json` says
what there may be. The `frictionless` package agrees with it (tests/test_tables.py) but does not do
this work: it numbers rows, not lines, so a quoted line break shifts every place after it, and it
takes over half a second to import, which each chapter's kernel would pay.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from imprint.core.files import EncodingError, decoded, read_file
from imprint.core.problems import Place, Problem, nearest, problem
from imprint.read.data.values import to_value
from imprint.read.json_source import read_json
from imprint.read.node import Node
from imprint.read.schema import Schema, Terms, shape_problems

PACKAGE = "data/datapackage.json"
_FOLDER, _CODE = "data", "datapackage-is-valid"
SCHEMA = Path(__file__).with_name("datapackage.schema.json")


@dataclass(frozen=True)
class Column:
    """One field of a table's schema."""

    name: str
    type: str
    format: str
    constraints: Mapping[str, Any]
    """As the data package has them, limits and allowed values in the column's type."""
    cites: bool
    """Its cells hold keys of the bibliography (`imprint:references`), several divided by `; `."""
    pattern_place: Place | None = None
    """Where its pattern stands, which is looked at where tables are checked."""
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
        text = decoded(read_file(root / PACKAGE))
    except FileNotFoundError:
        fix = "add it: it names and types every table of data/"
        return {}, [problem(_CODE, PACKAGE, 0, "file is missing", fix)]
    except EncodingError as error:
        return {}, [problem(_CODE, PACKAGE, error.line, str(error), error.fix)]
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        return {}, [problem(_CODE, PACKAGE, 0, message, "make it a readable file")]
    tables, problems = _read_description(text)
    return dict(tables), list(problems)


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Schemas of the data package, of a `resource` and of a `field` of it."""
    found: Schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return found


@lru_cache(maxsize=2)
def _read_description(text: str) -> tuple[dict[str, Table], list[Problem]]:
    """The tables that a text describes; kept, for every table that is read asks for its own."""
    node, problems = read_json(text, PACKAGE, _CODE)
    if node is None:
        return {}, problems
    problems += shape_problems(node, schema()["package"], "", _terms("the data package"))
    described: dict[str, tuple[Node, Table]] = {}
    for resource in node.items_at("resources"):
        name = resource.text("name")
        wrong = list(_resource_problems(resource, name or "a resource"))
        if name in described:
            message = f"resource '{name}' is described twice"
            wrong.append(Problem(resource.place, _CODE, message, "drop one"))
        problems += wrong
        if not wrong:
            described[name] = resource, _table(resource)
    tables = {name: table for name, (_, table) in described.items()}
    for resource, table in described.values():
        problems += _key_problems(resource, table, tables)
    return tables, problems


def _terms(of: str) -> Terms:
    return Terms("", _CODE, _CODE, of=of)


def _resource_problems(resource: Node, name: str) -> Iterator[Problem]:
    where = f"resource '{name}'"
    wrong = list(shape_problems(resource, schema()["resource"], "", _terms(where)))
    yield from wrong
    path = resource.at("path")
    if path and not wrong and not _file(path.text()).startswith(f"{_FOLDER}/"):
        message = f"the 'path' of {where} leads out of the folder {_FOLDER}/"
        yield Problem(path.place, _CODE, message, f"give its file name from {_FOLDER}/")
    seen: set[str] = set()
    for field in resource.items_at("schema", "fields"):
        column = field.text("name")
        of = f"field '{column}' of '{name}'" if column else f"a field of '{name}'"
        wrong = list(shape_problems(field, schema()["field"], "", _terms(of)))
        yield from wrong
        if column in seen:
            yield Problem(field.place, _CODE, f"{of} is described twice", "drop one")
        seen.add(column)
        if not wrong:
            yield from _constraint_problems(field, of)


def _constraint_problems(field: Node, of: str) -> Iterator[Problem]:
    """Limits and allowed values that are none of the field's type."""
    kind = field.text("type") or "string"
    for rule in ("minimum", "maximum", "enum"):
        for value in field.items_at("constraints", rule):
            try:
                to_value(_cell(value.value), kind)
            except ValueError as error:
                message = f"`constraints: {rule}` of {of}: '{value.text()}' {error}"
                yield Problem(value.place, _CODE, message, f"write a {kind}")


def _cell(value: object) -> str:
    """A value of JSON as a cell of a table has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _file(path: str) -> str:
    return posixpath.normpath(posixpath.join(_FOLDER, path.replace("\\", "/")))


def _table(resource: Node) -> Table:
    described = resource.plain()
    own = described["schema"]
    keys = [(key["fields"], key["reference"]) for key in own.get("foreignKeys", [])]
    return Table(
        name=described["name"],
        file=_file(described["path"]),
        columns=tuple(map(_column, resource.items_at("schema", "fields"))),
        primary_key=_names(own.get("primaryKey", ())),
        foreign_keys=tuple(
            ForeignKey(
                _names(names),
                target.get("resource") or described["name"],
                _names(target["fields"]),
            )
            for names, target in keys
        ),
        missing_values=frozenset(own.get("missingValues", [])) | {""},
    )


def _column(node: Node) -> Column:
    field, pattern = node.plain(), node.at("constraints", "pattern")
    kind = field.get("type", "string")
    rules = dict(field.get("constraints", {}))
    rules |= {r: to_value(_cell(rules[r]), kind) for r in ("minimum", "maximum") if r in rules}
    if "enum" in rules:
        rules["enum"] = [to_value(_cell(value), kind) for value in rules["enum"]]
    labels = [it for it in field.get("categories", []) if isinstance(it, Mapping) and "label" in it]
    return Column(
        name=field["name"],
        type=kind,
        format=field.get("format", "default"),
        constraints=rules,
        cites=bool(field.get("imprint:references")),
        pattern_place=pattern.place if pattern else None,
        labels=tuple((str(it["value"]), it["label"]) for it in labels),
    )


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _key_problems(resource: Node, table: Table, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Keys that name a column or table that is not there."""
    own = resource.at("schema", "primaryKey")
    uses = [(own.place if own else resource.place, table.name, table.primary_key)]
    listed = resource.items_at("schema", "foreignKeys")
    for node, key in zip(listed, table.foreign_keys, strict=True):
        uses += [(node.place, table.name, key.columns), (node.place, key.table, key.targets)]
        if len(key.columns) != len(key.targets):
            message = f"a foreign key of '{table.name}' does not pair its fields"
            fix = "name as many fields as it refers to"
            yield Problem(node.place, _CODE, message, fix)
    for place, target, names in uses:
        if target not in tables:
            message = f"a foreign key of '{table.name}' names the unknown table '{target}'"
            fix = nearest(target, tables) or "describe that table or fix the name"
            yield Problem(place, _CODE, message, fix)
            continue
        known = [column.name for column in tables[target].columns]
        for name in names:
            if name not in known:
                message = f"a key of '{table.name}' names the unknown column '{name}'"
                fix = nearest(name, known) or f"table '{target}' has {', '.join(known)}"
                yield Problem(place, _CODE, message, fix)
