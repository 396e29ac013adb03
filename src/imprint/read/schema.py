"""Values held to a JSON schema, with problems in words for authors, each at its place.

The few words of JSON Schema that our schemas use are read here, without the half second that
loading a validator takes; tests hold the two in agreement. Where a schema does not say whether a
map may hold other keys than those that are named, one that is nearly one of them is taken to be
misspelt.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from imprint.core.files import read_file
from imprint.core.problems import Problem, nearest
from imprint.read.node import Node, node_of

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
_LONGEST = 100
"""Characters of a value that a message shows whole."""


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
    value, types = node.value, wanted.get("type", tuple(_TYPES))
    types = [types] if isinstance(types, str) else types

    def other(form: str, near: str = "") -> Problem:
        return form_problem(node, name, form, terms, near)

    if not any(_is(value, kind) for kind in types):
        yield other(
            wanted.get("form") or " or ".join(_WORDS[kind] for kind in types if kind in _WORDS)
        )
        return
    allowed = [wanted["const"]] if "const" in wanted else wanted.get("enum", [value])
    if not any(value == it and type(value) is type(it) for it in allowed):
        near = nearest(_shown(value), map(_shown, allowed))
        yield other(wanted.get("form") or " or ".join(f"`{_shown(it)}`" for it in allowed), near)
    if isinstance(value, int | float) and (form := _beyond(value, wanted)):
        yield other(form)
    if isinstance(value, str):
        if "pattern" in wanted and not re.search(wanted["pattern"], value):
            yield other(wanted.get("form", "words"))
        if len(value) > wanted.get("maxLength", len(value)):
            yield other(f"a text of at most {wanted['maxLength']} characters")
    if isinstance(value, tuple):
        if len(value) < wanted.get("minItems", 0):
            yield other("a list that is not empty")
        if len(value) > wanted.get("maxItems", len(value)):
            yield other(f"a list of at most {wanted['maxItems']}")
        first = wanted.get("prefixItems", ())
        for at, item in enumerate(value):
            inner = first[at] if at < len(first) else wanted.get("items", {})
            yield from shape_problems(item, inner, name, terms)
    if isinstance(value, Mapping):
        yield from _entry_problems(node, wanted, name, terms)
    for part in wanted.get("allOf", ()):
        yield from shape_problems(node, part, name, terms)


def form_problem(node: Node, name: str, form: str, terms: Terms, fix: str = "") -> Problem:
    """The problem of a value that should be a `form`."""
    kind = next((kind for kind in ("object", "array") if _is(node.value, kind)), "")
    shown = _WORDS[kind] if kind else f"'{_shown(node.text())}'" if node.text() else "nothing"
    message = f"{terms.name(name)} wants {form}, not {shown}"
    return Problem(node.place, terms.form_code, message, fix or f"write {form}")


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _entry_problems(node: Node, wanted: Schema, name: str, terms: Terms) -> Iterator[Problem]:
    known = wanted.get("properties", {})
    others = wanted.get("additionalProperties", {})
    for key, entry in node.map.items():
        inner = key if name == terms.top else f"{name}: {key}"
        if known.get(key) is False:
            message = f"{terms.name(inner)} is not kept, and nothing would check it"
            yield Problem(entry.key, terms.key_code, message, "delete it")
        elif key in known:
            yield from shape_problems(entry, known[key], inner, terms)
        elif others is True:
            continue
        elif others is False or get_close_matches(key, known, n=1, cutoff=_MISSPELT):
            yield Problem(entry.key, terms.key_code, *_unknown(key, known, name, terms))
        else:
            yield from shape_problems(entry, others, inner, terms)
    for key in wanted.get("required", ()):
        if key not in node.map:
            message = f"{terms.name(name)} lacks `{key}:`"
            yield Problem(node.key, terms.form_code, message, f"give `{key}:` below it")


def _unknown(key: str, known: Mapping[str, Any], name: str, terms: Terms) -> tuple[str, str]:
    where = f"in {terms.name(name)}" if terms.of else f"under `{name}:`"
    message = f"there is no {terms.key_word} `{key}` {where}"
    near = nearest(key, known)
    if name == terms.top and terms.elsewhere:
        return (
            message,
            f"{near} or else put {terms.elsewhere}" if near else f"put {terms.elsewhere}",
        )
    return message, near or f"known are {', '.join(known)}"


def _beyond(value: float, wanted: Schema) -> str:
    """Which number is wanted where this one is beyond the bounds; empty where it is within."""
    if not -sys.float_info.max <= value <= sys.float_info.max:
        return "a number that can be counted to"
    if "minimum" in wanted and value < wanted["minimum"]:
        return f"a number of {wanted['minimum']} or more"
    if "exclusiveMinimum" in wanted and value <= wanted["exclusiveMinimum"]:
        return f"a number above {wanted['exclusiveMinimum']}"
    if "maximum" in wanted and value > wanted["maximum"]:
        return f"a number of {wanted['maximum']} or less"
    return ""


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


# --- what Imprint has written itself --------------------------------------------------------------

_BACK = Terms("", "", "", of="it")


def read_back(content: str | bytes, wanted: Schema) -> Any:
    """A value of JSON that Imprint has written, in the shape that it wrote. Raises ValueError,
    saying what is wrong, where somebody has damaged or changed it."""
    try:
        value = json.loads(content)
        found = next(shape_problems(node_of(value), wanted, "", _BACK), None)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        raise ValueError("it is not JSON") from None
    if found:
        raise ValueError(found.message)
    return value


def read_back_file(file: Path, wanted: Schema) -> Any:
    """The same of a file; None where there is none, or somebody has damaged or changed it."""
    try:
        return read_back(read_file(file), wanted)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=16)
def load_schema(path: Path, part: str = "", *, is_typed: bool = False) -> Schema:
    """A schema, or a part that it defines, with what its references lead to put in their places;
    they go in no circle. What is not typed by people, as `is_typed` says, has no misspelt keys."""
    whole = json.loads(path.read_text(encoding="utf-8"))

    def put_in(part: Any) -> Any:
        if isinstance(part, list):
            return [put_in(it) for it in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return put_in(whole["$defs"][part["$ref"].rpartition("/")[2]])
        found = {key: put_in(it) for key, it in part.items() if key != "$defs"}
        is_open = "properties" in found and not is_typed
        return {"additionalProperties": True, **found} if is_open else found

    loaded: Schema = put_in(whole["$defs"][part] if part else whole)
    return loaded
