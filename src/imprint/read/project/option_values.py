"""Values of options whose wrong kind would only be noticed when pages are made -> problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from imprint.core.problems import Problem
from imprint.read.node import Node
from imprint.read.project.pdf_standards import standard_problems
from imprint.read.schema import Schema, Terms, form_problem, shape_problems

_TERMS = Terms("", "option-has-its-form", "option-is-supported")


def _of(*kinds: str, **more: Any) -> Schema:
    return {"type": [*kinds, "null"], "additionalProperties": True, **more}


_WORDS = _of("string", "number", form="text")
_TEXT = _of("string")
_TEXTS = _of("string", "number", "array", items=_WORDS, form="text, or a list of texts")
_TRUTH = _of("boolean")
_LEVEL = _of("integer", form="a number", minimum=0, maximum=10)
_SIZE = _of("number", exclusiveMinimum=0, maximum=100)
_LANGUAGE = _of(
    "string", pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*$", form="a language, such as en-GB"
)
_PLACE = _of("string", enum=["top", "bottom", "margin", None])
_SIDE = _of("string", enum=["top", "bottom", None])
_NAMED = "a name, or a list of names or of maps with `name`"
_NAMES = _of(
    "string", "array", "object", form=_NAMED, required=["name"], properties={"name": _WORDS},
    items={"type": ["string", "object"], "form": _NAMED, "additionalProperties": True},
)  # fmt: skip
_FILTER = "the name of a Lua file or an extension, or a map with `path`"
_FILTERS = _of("string", "array", form="a list of filters", items={
    "type": ["string", "object"], "form": _FILTER, "required": ["path"],
    "properties": {"path": _TEXT}, "additionalProperties": True,
})  # fmt: skip
_PIECE: Schema = {
    "type": ["string", "object"], "form": "the name of a file, or a map with `file` or `text`",
    "properties": dict.fromkeys(("file", "text"), _TEXT), "additionalProperties": True,
}  # fmt: skip
_PIECES = _of("string", "object", "array", items=_PIECE, properties=_PIECE["properties"])
_LISTED = _of("array", "string", "object")

_ABOUT: Schema = {
    **dict.fromkeys(("title", "subtitle", "abstract", "description"), _WORDS),
    **dict.fromkeys(("date-format", "output-file", "reference-section-title", "nocite"), _TEXT),
    **dict.fromkeys(("author", "authors"), _NAMES),
    "keywords": _TEXTS,
    "lang": _LANGUAGE,
    "filters": _FILTERS,
    **dict.fromkeys(("include-before-body", "include-after-body"), _PIECES),
    "brand": _of("string", "boolean", "object", form="the name of a file, or a map"),
    "shift-heading-level-by": _of("integer", form="a number", minimum=-10, maximum=10),
}
_LAYOUT: Schema = {
    "toc-depth": _of("integer", form="a number", minimum=0),
    "number-depth": _LEVEL,
    **dict.fromkeys(("number-sections", "toc", "citeproc"), _TRUTH),
    **dict.fromkeys(("link-citations", "link-bibliography", "suppress-bibliography"), _TRUTH),
    **dict.fromkeys(("fig-cap-location", "tbl-cap-location"), _PLACE),
    "section-numbering": _TEXT,
    "bibliography": _of("string", "array", items=_TEXT),
    "csl": _TEXT,
    "params": _of("object", "null", form="`name: value` lines", additionalProperties=True),
}
_FLOAT: Schema = {
    **dict.fromkeys(("kind", "reference-prefix", "caption-prefix"), _TEXT),
    "key": _of("string", pattern="^[A-Za-z]+$", form="letters alone, such as box"),
    "caption-location": _SIDE,
    "space-before-numbering": _TRUTH,
}
_EXECUTE: Schema = {
    **dict.fromkeys(("eval", "error", "warning", "include"), _TRUTH),
    "echo": _of("boolean", "string", enum=[True, False, "fenced", None]),
    **dict.fromkeys(("fig-width", "fig-height"), _SIZE),
    "output": _of("boolean", "string", enum=[True, False, "asis", None]),
}
SCHEMA: Schema = {
    "type": "object",
    "additionalProperties": True,
    "properties": {
        **_ABOUT,
        **_LAYOUT,
        "crossref": _of(
            "object",
            properties={
                **{
                    f"{kind}-{word}": _TEXT
                    for kind in ("fig", "tbl", "sec", "eq", "lof", "lot")
                    for word in ("title", "prefix")
                },
                "custom": _of(
                    "array",
                    items={
                        "type": "object",
                        "properties": _FLOAT,
                        "additionalProperties": True,
                    },
                ),
            },
        ),
        "execute": _of("object", properties=_EXECUTE),
        "format": _of("object", "string", additionalProperties=_of(
            "object", "string",
            properties={**_ABOUT, **_LAYOUT, "execute": _of("object", properties=_EXECUTE)},
        )),
        "project": _of(
            "object",
            properties={
                **dict.fromkeys(("type", "title", "output-dir", "execute-dir"), _TEXT),
                "render": _of("string", "array", items=_TEXT),
            },
        ),
        "book": _of(
            "object",
            properties={
                **_ABOUT,
                **dict.fromkeys(("references", "site-url"), _TEXT),
                "page-footer": _of(
                    "string", "object", form="text, or a map of `left`, `center` and `right`",
                    properties=dict.fromkeys(("left", "center", "right"), _TEXT),
                    additionalProperties=True,
                ),
                **dict.fromkeys(("chapters", "appendices"), _LISTED),
            },
        ),
        "profile": _of(
            "object",
            properties={
                "default": _of("string", "array", items=_TEXT),
                "group": _of("array", items=_of("string", "array", items=_TEXT)),
            },
        ),
    },
}  # fmt: skip
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
    formats = node.at("format")
    for options in formats.map.values() if formats else ():
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
