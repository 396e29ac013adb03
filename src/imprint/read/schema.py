"""Values held to a JSON schema, with problems in words for authors, each at its place.

The few words of JSON Schema that our schemas use are read here, without the half second that
loading a validator takes; tests hold the two in agreement. Where a schema does not say whether a
map may hold other keys than those that are named, one that is nearly one of them is taken to be
misspelt.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from imprint.core.problems import Problem, nearest
from imprint.read.node import Node

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (tuple,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "object": "`key: value` pairs",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_MISSPELT = 0.75
"""Likeness from which a key that nobody knows is taken for one that is known."""


@dataclass(frozen=True)
class Terms:
    """How problems of one kind of text are told."""

    top: str
    """What the whole is called; keys directly below it are called without it. Empty where `of`
    says it."""
    form_code: str
    """Rule of a value in another form."""
    key_code: str
    """Rule of a key that is not there."""
    key_word: str = "key"
    """What a key is called."""
    elsewhere: str = ""
    """Where values of one's own belong that are directly below the top."""
    of: str = ""
    """What the values belong to, where several such wholes stand in one text."""

    def name(self, path: str) -> str:
        """What a value is called."""
        named = f"`{path}`" if path else ""
        return " of ".join(filter(None, (named, self.of)))


def shape_problems(node: Node, wanted: Schema, name: str, terms: Terms) -> Iterator[Problem]:
    """Problems of one value, called `name`, and of all within it."""
    types = wanted.get("type", tuple(_TYPES))
    types = [types] if isinstance(types, str) else types
    if not any(_is(node.value, kind) for kind in types):
        form = wanted.get("form") or " or ".join(_WORDS[kind] for kind in types if kind in _WORDS)
        yield form_problem(node, name, form, terms)
        return
    if "enum" in wanted and node.value not in wanted["enum"]:
        near = nearest(node.text(), map(str, wanted["enum"]))
        form = " or ".join(f"`{value}`" for value in wanted["enum"])
        yield form_problem(node, name, form, terms, near)
    if isinstance(node.value, int | float):
        yield from _out_of_bounds(node, wanted, name, terms)
    if isinstance(node.value, str) and not re.search(wanted.get("pattern", ""), node.value):
        yield form_problem(node, name, wanted.get("form", "words"), terms)
    if isinstance(node.value, tuple):
        if len(node.value) < wanted.get("minItems", 0):
            yield form_problem(node, name, "a list that is not empty", terms)
        for item in node.value:
            yield from shape_problems(item, wanted.get("items", {}), name, terms)
    if isinstance(node.value, Mapping):
        yield from _entry_problems(node, wanted, name, terms)


def form_problem(node: Node, name: str, form: str, terms: Terms, fix: str = "") -> Problem:
    """The problem of a value that should be a `form`."""
    kind = next((kind for kind in ("object", "array") if _is(node.value, kind)), "")
    shown = f"'{node.text()}'" if node.text() else _WORDS.get(kind, "nothing")
    message = f"{terms.name(name)} wants {form}, not {shown}"
    return Problem(node.place, terms.form_code, message, fix or f"write {form}")


def _entry_problems(node: Node, wanted: Schema, name: str, terms: Terms) -> Iterator[Problem]:
    known = wanted.get("properties", {})
    others = wanted.get("additionalProperties", {})
    for key, value in node.map.items():
        inner = key if name == terms.top else f"{name}: {key}"
        if known.get(key) is False:
            message = f"{terms.name(inner)} is not kept, and nothing would check it"
            yield Problem(value.key, terms.key_code, message, "delete it")
        elif key in known:
            yield from shape_problems(value, known[key], inner, terms)
        elif others is False or (others is not True and _is_misspelt(key, known)):
            yield _unknown(key, value, known, name, terms)
        elif others is not True:
            yield from shape_problems(value, others, inner, terms)
    for key in wanted.get("required", ()):
        if key not in node.map:
            message = f"{terms.name(name)} lacks `{key}:`"
            yield Problem(node.key, terms.form_code, message, f"give `{key}:` below it")


def _is_misspelt(key: str, known: Mapping[str, Any]) -> bool:
    return bool(get_close_matches(key, known, n=1, cutoff=_MISSPELT))


def _unknown(key: str, value: Node, known: Mapping[str, Any], name: str, terms: Terms) -> Problem:
    where = f"in {terms.name(name)}" if terms.of else f"under `{name}:`"
    message = f"there is no {terms.key_word} `{key}` {where}"
    near = nearest(key, known)
    if name == terms.top and terms.elsewhere:
        fix = f"{near} or else put {terms.elsewhere}" if near else f"put {terms.elsewhere}"
    else:
        fix = near or f"known are {', '.join(known)}"
    return Problem(value.key, terms.key_code, message, fix)


def _out_of_bounds(node: Node, wanted: Schema, name: str, terms: Terms) -> Iterator[Problem]:
    value: Any = node.value
    if not math.isfinite(value):
        yield form_problem(node, name, "a number that can be counted to", terms)
    elif "minimum" in wanted and value < wanted["minimum"]:
        yield form_problem(node, name, f"a number of {wanted['minimum']} or more", terms)
    elif "exclusiveMinimum" in wanted and value <= wanted["exclusiveMinimum"]:
        yield form_problem(node, name, f"a number above {wanted['exclusiveMinimum']}", terms)
    elif "maximum" in wanted and value > wanted["maximum"]:
        yield form_problem(node, name, f"a number of {wanted['maximum']} or less", terms)


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])
