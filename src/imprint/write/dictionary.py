"""data/datapackage.json -> docs/data-dictionary.md, which says what every table and column means.

Rows are not counted and nothing is dated: the page changes only when the description does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imprint.core.escaping import pipe_table
from imprint.core.problems import ReportError
from imprint.read.data.datapackage import PACKAGE, read_package

DICTIONARY = "docs/data-dictionary.md"
_HEADERS = ("Column", "Type", "Unit", "Meaning", "Must be", "Refers to")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)`]\.) (?=[A-Z`])")


def data_dictionary(root: Path) -> str:
    """Describe the tables of the project at `root` as Markdown, one section each, in their order.

    Raises ReportError with every problem of the data package.
    """
    _, problems = read_package(root)
    if problems:
        raise ReportError(problems)
    package = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    lines = [
        "# Data dictionary",
        "",
        f"<!-- Made by `imprint dictionary` from {PACKAGE}: edit that file, not this one. -->",
        "",
        *_prose(package.get("description", "")),
    ]
    for resource in package["resources"]:
        lines += _table(resource)
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(resource: Mapping[str, Any]) -> Iterator[str]:
    schema = resource["schema"]
    yield f"## {resource.get('title') or resource['name']}"
    yield ""
    key = " and ".join(f"`{name}`" for name in _names(schema.get("primaryKey")))
    yield f"File: `data/{resource['path']}`" + (f"; a row is known by its {key}." if key else ".")
    yield ""
    yield from _prose(resource.get("description", ""))
    links = _links(resource)
    rows = [_column(field, links.get(field["name"], [])) for field in schema["fields"]]
    shown = [at for at, _ in enumerate(_HEADERS) if any(row[at] for row in rows)]
    yield pipe_table(
        [_HEADERS[at] for at in shown],
        [[row[at] for at in shown] for row in rows],
        ["left"] * len(shown),
    )
    yield ""


def _column(field: Mapping[str, Any], links: list[str]) -> tuple[str, ...]:
    kind = field.get("type", "string")
    if field.get("format", "default") != "default":
        kind += f" ({field['format']})"
    library = field.get("imprint:references")
    refers = [*links, *([f"entries of `{library}`"] if library else [])]
    return (
        f"`{field['name']}`",
        kind,
        _cell(field.get("unit", "")),
        _cell(field.get("description") or field.get("title", "")),
        "; ".join(_rules(field.get("constraints", {}))),
        "; ".join(refers),
    )


def _rules(constraints: Mapping[str, Any]) -> Iterator[str]:
    """The constraints in words."""
    if constraints.get("required"):
        yield "filled"
    if constraints.get("unique"):
        yield "unique"
    if "enum" in constraints:
        yield "one of " + ", ".join(_code(value) for value in constraints["enum"])
    if "pattern" in constraints:
        yield f"of the form {_code(constraints['pattern'])}"
    for rule, said in _LIMITS.items():
        if rule in constraints:
            yield said.format(constraints[rule])


_LIMITS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or fewer",
}


def _links(resource: Mapping[str, Any]) -> dict[str, list[str]]:
    """By column: the columns of other tables in which its values must stand."""
    links: dict[str, list[str]] = {}
    for key in resource["schema"].get("foreignKeys", []):
        reference = key["reference"]
        table = reference.get("resource") or resource["name"]
        for name, target in zip(_names(key["fields"]), _names(reference["fields"]), strict=True):
            links.setdefault(name, []).append(f"`{target}` of `{table}`")
    return links


def _prose(text: str) -> Iterator[str]:
    """Paragraphs with one sentence per line, and an empty line after each."""
    for paragraph in filter(None, (part.strip() for part in text.split("\n\n"))):
        yield from _SENTENCE_END.split(paragraph)
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _code(value: object) -> str:
    """Code within a table, where a bar would end the cell."""
    return "`" + str(value).replace("|", "\\|") + "`"


def _names(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
