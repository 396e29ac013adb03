"""A report's parameters, and the report with other values for them.

A parameter is a key under `params:`, which text and titles print by `{{< meta params.NAME >}}`, or
a name that a cell tagged `parameters` gives a value, or both. A value from outside takes the place
of both, as papermill and Quarto put it in: assigned anew at the end of that cell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from imprint.core.model import Cell, Chapter, Publication
from imprint.core.problems import Place, Problem, ReportError, nearest, problem
from imprint.read.data.tables import read_rows
from imprint.read.report import Report, with_publications

Value = str | int | float | bool | None
PARAMETERS = "params"
_TAG = "parameters"
_KINDS: Mapping[str, type] = {"text": str, "integer": int, "number": float, "yes-or-no": bool}
"""Types that `imprint: params:` names."""
_META = re.compile(r"\{\{<\s*meta\s+params\.([\w-]+)\s*>\}\}")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a report."""

    name: str
    kind: type | None
    """Of its values; None where any will do."""
    allowed: tuple[Value, ...] = ()
    """The only values that it takes; empty where all of its type will do."""
    is_public: bool = True
    """Whether its value may be printed in messages."""


def parameters(report: Report) -> dict[str, Parameter]:
    """Every parameter of a report by its name.

    Raises ReportError where a column that lists a parameter's values cannot be read.
    """
    defaults: dict[str, Any] = {}
    for chapter in report.chapters.values():
        for cell in _tagged(chapter):
            defaults |= _assigned(cell)
        defaults |= _declared(chapter.metadata)
    own: dict[str, Any] = {}
    for publication in report.publications:
        defaults |= _declared(publication.metadata)
        own |= publication.own.get(PARAMETERS) or {}
    return {name: _parameter(report, name, defaults.get(name), own.get(name) or {})
            for name in dict.fromkeys([*defaults, *own])}  # fmt: skip


def typed_values(
    known: Mapping[str, Parameter], given: Mapping[str, object], place: Place
) -> dict[str, Value]:
    """Values as written, on the command line or in a table, in their parameters' types.

    Raises ReportError for every name that no parameter has and every value that one does not take;
    `place` is where they are given.
    """
    found: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, written in given.items():
        if name not in known:
            fix = nearest(name, known) or _listed(known)
            message = f"there is no parameter '{name}'"
            problems.append(Problem(place, "parameter-exists", message, fix))
            continue
        try:
            found[name] = _value(known[name], written)
        except ValueError as error:
            message = f"parameter '{name}' {error}"
            fix = _allowed(known[name])
            problems.append(Problem(place, "parameter-has-its-form", message, fix))
    if problems:
        raise ReportError(problems)
    return found


def with_parameters(report: Report, values: Mapping[str, Value]) -> Report:
    """The report with these values in the place of its parameters' own."""
    if not values:
        return report
    chapters = {path: _chapter(chapter, values) for path, chapter in report.chapters.items()}
    changed = with_publications(report, lambda publication: _publication(publication, values))
    return replace(changed, chapters=chapters)


def filled(text: str, values: Mapping[str, object]) -> str:
    """A name with the values of its shortcodes `{{< meta params.NAME >}}`."""
    return _META.sub(lambda found: str(values.get(found[1], found[0])), text)


def _publication(publication: Publication, values: Mapping[str, Value]) -> Publication:
    metadata = _with(publication.metadata, values)
    stem = filled(publication.output_file, metadata[PARAMETERS])
    return replace(publication, metadata=metadata, output_file=stem)


def _chapter(chapter: Chapter, values: Mapping[str, Value]) -> Chapter:
    tagged = set(map(id, _tagged(chapter)))
    lines = "".join(f"\n{name} = {value!r}" for name, value in values.items())
    parts = tuple(
        replace(part, code=part.code + lines) if isinstance(part, Cell) and id(part) in tagged
        else part
        for part in chapter.parts
    )  # fmt: skip
    return replace(chapter, metadata=_with(chapter.metadata, values), parts=parts)


def _with(metadata: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    return {**metadata, PARAMETERS: {**_declared(metadata), **values}}


def _declared(metadata: Mapping[str, Any]) -> dict[str, Any]:
    declared = metadata.get(PARAMETERS)
    return dict(declared) if isinstance(declared, Mapping) else {}


def _tagged(chapter: Chapter) -> Iterator[Cell]:
    for part in chapter.parts:
        if isinstance(part, Cell):
            tags = part.options.get("tags") or ()
            if _TAG in ([tags] if isinstance(tags, str) else tags):
                yield part


def _assigned(cell: Cell) -> dict[str, Any]:
    """Names that a cell gives a plain value."""
    found: dict[str, Any] = {}
    try:
        statements = ast.parse(cell.code).body
    except SyntaxError:
        return {}  # told where it runs
    for statement in statements:
        targets: list[ast.expr] = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value:
            targets = [statement.target]
        for target in targets:
            if isinstance(target, ast.Name):
                value = getattr(statement, "value", None)
                try:
                    found[target.id] = ast.literal_eval(value) if value else None
                except ValueError:
                    found[target.id] = None
    return found


def _parameter(report: Report, name: str, default: object, own: Mapping[str, Any]) -> Parameter:
    kind = _KINDS.get(str(own.get("type") or ""))
    kind = kind or next((it for it in (bool, int, float, str) if isinstance(default, it)), None)
    allowed = list(own.get("values") or ())
    if own.get("column"):
        table, _, column = str(own["column"]).partition(".")
        rows = read_rows(report.project.root, table)
        allowed += [row[column] for row in rows if column in row and row[column] is not None]
    return Parameter(name, kind, tuple(dict.fromkeys(allowed)), not own.get("secret"))


def _value(parameter: Parameter, written: object) -> Value:
    """A value in its parameter's type. Raises ValueError that says, after the name, why not."""
    shown = f"'{written}'" if parameter.is_public else "the value given"
    value: Any = written
    if isinstance(written, str) and parameter.kind is not str:
        try:
            value = yaml.safe_load(written)
        except yaml.YAMLError:
            value = written
    kind = parameter.kind
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is str and not isinstance(value, str):
        value = str(value)
    if kind and type(value) is not kind:
        raise ValueError(f"takes {_KIND_WORDS[kind]}, and {shown} is none")
    if not isinstance(value, str | int | float | bool | None):
        value = str(written)
    if parameter.allowed and value not in parameter.allowed:
        raise ValueError(f"does not take {shown}")
    return value  # type: ignore[no-any-return]


_KIND_WORDS: Mapping[type, str] = {
    str: "a text", int: "a whole number", float: "a number", bool: "`true` or `false`"
}  # fmt: skip


def _allowed(parameter: Parameter) -> str:
    if parameter.allowed:
        shown = ", ".join(str(value) for value in parameter.allowed[:8])
        more = f" and {len(parameter.allowed) - 8} more" if len(parameter.allowed) > 8 else ""
        return f"give it one of {shown}{more}"
    return "give it one"


def _listed(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"known are {names}" if names else "declare it under `params:`"


def read_values(words: Iterable[str], file: Path | None) -> dict[str, object]:
    """What `-P NAME=VALUE` and a YAML file of parameters give, those of the command line last.

    Raises ReportError for a word without a name, and for a file that is no map.
    """
    found: dict[str, object] = {}
    if file is not None:
        try:
            told = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            raise _refused(str(file), f"cannot be read: {reason}") from None
        if not isinstance(told, dict) or not all(isinstance(name, str) for name in told):
            raise _refused(str(file), "must hold `name: value` lines")
        found |= told
    for word in words:
        # Quarto writes a colon, others an equals sign.
        named = re.match(r"([^=:\s]+)[=:](.*)", word, re.DOTALL)
        if not named:
            raise _refused("-P", f"'{word}' is not written NAME=VALUE")
        found[named[1]] = named[2]
    return found


def _refused(place: str, message: str) -> ReportError:
    return ReportError([problem("parameter-has-its-form", place, 0, message, "write NAME=VALUE")])
