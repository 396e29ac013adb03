"""Values of options whose wrong kind would only be noticed when pages are made -> problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from imprint.core.problems import Problem
from imprint.read.node import Node
from imprint.read.project.pdf_standards import standard_problems

Form = Callable[[Node], bool]


def _is_number(node: Node) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _is_text(node: Node) -> bool:
    return isinstance(node.value, str)


def _is_language(node: Node) -> bool:
    return bool(re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*", node.text()))


def _is_date(node: Node) -> bool:
    """Text that is free in form, but a real day or month where it begins as an ISO date does, and
    no word that means another day at every render: the same commit gives the same bytes."""
    text = node.text()
    if text in ("today", "now", "last-modified") or isinstance(node.value, float | bool):
        return False
    if not re.match(r"\d{4}-\d{1,2}(?!\d)", text):
        return not isinstance(node.value, Mapping | tuple)
    day = f"{text}-01" if len(text) == len("2010-11") else text
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _are_texts(node: Node) -> bool:
    return all(_is_text(item) for item in node.items)


def _are_names(node: Node) -> bool:
    return all(_is_text(item) or item.text("name") for item in node.items)


def _is_side(node: Node) -> bool:
    return node.text() in ("top", "bottom")


_NUMBER = (_is_number, "a number")
_TEXT = (_is_text, "text")
_LANGUAGE = (_is_language, "a language, such as en-GB")
_DATE = (_is_date, "a date, such as 2010-11-23")
_TEXTS = (_are_texts, "text, or a list of texts")
_NAMES = (_are_names, "a name, or a list of names or of maps with `name`")
_SIDE = (_is_side, "top or bottom")

_DOCUMENT: Mapping[tuple[str, ...], tuple[Form, str]] = {
    ("number-depth",): _NUMBER,
    ("toc-depth",): _NUMBER,
    ("lang",): _LANGUAGE,
    ("nocite",): _TEXT,
    ("fig-cap-location",): _SIDE,
    ("tbl-cap-location",): _SIDE,
    **{(*at, "date"): _DATE for at in ((), ("book",))},
    **{(*at, key): _NAMES for at in ((), ("book",)) for key in ("author", "authors")},
    **{
        ("crossref", f"{kind}-{word}"): _TEXT
        for kind in ("fig", "tbl", "sec", "eq")
        for word in ("title", "prefix")
    },
}
_CUSTOM_FLOAT = {"reference-prefix": _TEXT, "caption-prefix": _TEXT, "caption-location": _SIDE}
_FORMAT = {"lang": _LANGUAGE, "toc-depth": _NUMBER}


def value_problems(node: Node) -> Iterator[Problem]:
    """Problems with the values of a project file or front matter (`option-has-its-form`)."""
    yield from _code_problems(node)
    for path, form in _DOCUMENT.items():
        yield from _checked(node.at(*path), ": ".join(path), form)
    custom = node.at("crossref", "custom")
    for item in custom.items if custom else ():
        for key, form in _CUSTOM_FLOAT.items():
            yield from _checked(item.at(key), key, form)
    formats = node.at("format")
    for options in formats.map.values() if formats else ():
        for key, form in _FORMAT.items():
            yield from _checked(options.at(key), key, form)
        yield from standard_problems(options.at("pdf-standard"))
    own = node.at("imprint", "pdf-standard")
    yield from standard_problems(own) if own and _are_texts(own) else ()


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


def _checked(node: Node | None, name: str, form: tuple[Form, str]) -> Iterator[Problem]:
    is_right, wanted = form
    if node is not None and not is_right(node):
        shown = f"'{node.text()}'" if node.text() else "something else"
        yield Problem(
            node.place,
            "option-has-its-form",
            f"`{name}` wants {wanted}, not {shown}",
            f"write {wanted}",
        )
