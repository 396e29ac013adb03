"""Values of options whose wrong kind would only be noticed when pages are made -> problems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem
from imprint.read.node import Node
from imprint.read.project.pdf_standards import standard_problems
from imprint.read.schema import Schema, Terms, form_problem, shape_problems

_TERMS = Terms("", "option-has-its-form", "option-is-supported")

OPTIONS: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("quarto_options.toml").read_text(encoding="utf-8")
)
"""Quarto's options, what the engine does with each, and the shapes of their values."""


def shapes_of(*tables: str) -> dict[str, Schema]:
    """The shape of every option in tables of OPTIONS, by the option's name, in their order."""
    entries = [it for table in tables for it in OPTIONS["options"][table].items()]
    return {name: shape(wanted) for names, wanted in entries for name in names.split()}


def shape(wanted: str | Mapping[str, Any]) -> Schema:
    """A JSON schema by its name in OPTIONS, or as it stands there, with all it refers to put in."""
    found = dict(OPTIONS["shapes"][wanted] if isinstance(wanted, str) else wanted)
    if "properties" in found:
        found["properties"] = shapes_of(*found["properties"].split())
        found["additionalProperties"] = True
    elif "additionalProperties" in found:
        found["additionalProperties"] = shape(found["additionalProperties"])
    if "items" in found:
        found["items"] = shape(found["items"])
    if "enum" in found and "null" in found["type"]:
        found["enum"] = [*found["enum"], None]
    return found


SCHEMA = shape("document")
"""Of what form the values must be that are read of a project file or front matter. Which keys there
are, and which of them are kept, says `quarto_subset.py`."""

DATE_WORDS = ("today", "now", "last-modified")
"""Words for a day: `resolved_date` says which."""


def value_problems(node: Node) -> Iterator[Problem]:
    """Problems with the values of a project file or front matter (`option-has-its-form`)."""
    yield from _code_problems(node)
    yield from form_problems(node)


def form_problems(node: Node) -> Iterator[Problem]:
    """Problems with values of another form, each at the value that is wrong."""
    yield from shape_problems(node, SCHEMA, "", _TERMS)
    for path in (("date",), ("book", "date")):
        given = node.at(*path)
        if given and not _is_date(given):
            yield form_problem(given, ": ".join(path), "a date, such as 2010-11-23", _TERMS)
    yield from standard_problems(node.at("pdf-standard"))
    for options in node.map_at("format").values():
        yield from standard_problems(options.at("pdf-standard"))
    own = node.at("imprint", "pdf-standard")
    if own and all(isinstance(item.value, str) for item in own.items):
        yield from standard_problems(own)


def _is_date(node: Node) -> bool:
    """Text that is free in form, but a real day or month where it begins as an ISO date does."""
    text = node.text()
    if text in DATE_WORDS:
        return True
    if isinstance(node.value, float | bool):
        return False
    if not re.match(r"\d{4}-\d{1,2}(?!\d)", text):
        return not isinstance(node.value, Mapping | tuple)
    day = f"{text}-01" if len(text) == len("2010-11") else text
    try:
        datetime.fromisoformat(day)
        return re.match(r"\d{4}-\d{2}-\d{2}([T ]|\Z)", day) is not None
    except ValueError:
        return False


def _code_problems(node: Node, name: str = "") -> Iterator[Problem]:
    """Inline code in the texts of YAML, where neither engine runs it."""
    if name == "imprint":
        return
    if isinstance(node.value, str) and (found := _INLINE_CODE.search(node.value)):
        message = f"inline code is not run in front matter and project files: {found[0]}"
        fix = "write what it would print, or put it into the text"
        yield Problem(node.place, "inline-code-is-supported", message, fix)
    for key, inner in node.map.items():
        yield from _code_problems(inner, key)
    for item in node.items:
        if item is not node:
            yield from _code_problems(item, name)


_INLINE_CODE = re.compile(r"`\{python\}[^`]*`")
