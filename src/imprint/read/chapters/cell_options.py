"""The `#| key: value` lines that open a cell -> its options, or problems with line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from imprint.core.problems import Place, Problem, Severity, nearest
from imprint.read.node import Node
from imprint.read.project.quarto_subset import quarto_names
from imprint.read.project.yaml_source import Locate, read_yaml
from imprint.read.schema import Schema, Terms, shape_problems

_OPTION_LINE = re.compile(r"#\s*\| ?")

_TRUTH: Schema = {"type": "boolean", "form": "true or false"}
_TEXT: Schema = {"type": "string", "pattern": r"\S", "form": "a text"}
_TEXTS: Schema = {**_TEXT, "type": ["string", "array"], "items": _TEXT}
_CAPTIONS: Schema = {**_TEXTS, "form": "a text, or one for each image"}
_SIZE: Schema = {"type": "number", "exclusiveMinimum": 0, "form": "a number of inches"}
_LIST: Schema = {"type": "array", "items": _TEXT, "form": "a list of texts"}
_COUNT: Schema = {"type": "integer", "exclusiveMinimum": 0}

KINDS: Mapping[str, Schema] = {
    "label": {
        "type": "string", "pattern": r"\A[A-Za-z][\w:.-]*\Z", "form": "a name such as fig-time",
    },
    "echo": {
        "type": ["boolean", "string"], "enum": [True, False, "fenced"],
        "form": "true, false or fenced",
    },
    "include": _TRUTH,
    "output": {
        "type": ["boolean", "string"], "enum": [True, False, "asis"],
        "form": "true, false or asis",
    },
    "eval": _TRUTH,
    "error": _TRUTH,
    "warning": _TRUTH,
    "fig-cap": _CAPTIONS,
    "fig-alt": _CAPTIONS,
    "fig-width": _SIZE,
    "fig-height": _SIZE,
    "tbl-cap": _TEXT,
    "tags": {**_TEXTS, "form": "a list of names, such as [parameters]"},
    "fig-subcap": _LIST,
    "tbl-subcap": _LIST,
    "layout-ncol": {**_COUNT, "form": "a number of columns"},
    "layout-nrow": {**_COUNT, "form": "a number of rows"},
    "layout": {"type": ["array", "string"], "form": "a list of widths, or of lists of them"},
    "lst-cap": _TEXT,
    "lst-label": {"type": "string", "pattern": r"\Alst-", "form": "a name such as lst-sum"},
    "filename": _TEXT,
    "tbl-colwidths": {
        "type": ["string", "boolean", "array"], "pattern": r"\Aauto\Z", "minItems": 1,
        "items": _SIZE, "form": "auto, true, false or a list of numbers",
    },
}  # fmt: skip
"""Cell options that the embedded engine keeps: what the value must be, and how to say so."""

_OTHERS = frozenset((*quarto_names()["cell"].split(), "lst-cap-location")) - KINDS.keys()
"""Those that Quarto knows beside them."""
_LOSES_WORDS = frozenset({"child", "code", "file"})

CELL_DEFAULTS = frozenset(
    ("echo", "include", "output", "eval", "error", "warning", "fig-width", "fig-height")
)
"""Those of them that `execute:` may set for all cells."""


def split_options(lines: Sequence[str], file: str, first_line: int) -> tuple[int, str, Locate]:
    """Number of option lines at a cell's head, their YAML, and the way back to their places."""
    widths: list[int] = []
    rest: list[str] = []
    for line in lines:
        found = _OPTION_LINE.match(line)
        if not found:
            break
        widths.append(found.end())
        rest.append(line[found.end() :])

    def locate(line: int, column: int) -> Place:
        width = widths[line] if line < len(widths) else 0
        return Place(file, first_line + min(line, max(len(widths) - 1, 0)), column + width + 1)

    return len(rest), "\n".join(rest), locate


def read_options(
    text: str, locate: Locate
) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    """A cell's own options with the place of each value; those that are wrong are left out."""
    node, problems = read_yaml(text, locate)
    if node.value is not None and not isinstance(node.value, Mapping):
        message = "cell options must be `#| key: value` lines"
        fix = "put a space after the colon"
        return {}, {}, [*problems, Problem(node.place, "cell-option-is-supported", message, fix)]
    options: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for name, entry in node.map.items():
        wrong = _wrong(name, entry)
        if wrong:
            problems.append(wrong)
        else:
            options[name] = entry.plain()
            places[name] = entry.place
    return options, places, problems


_TERMS = Terms("", "cell-option-is-supported", "cell-option-is-supported")


def _wrong(name: str, entry: Node) -> Problem | None:
    code = "cell-option-is-supported"
    if name in _OTHERS and name not in _LOSES_WORDS:
        if entry.plain() in (False, None):
            return None
        message = f"the embedded engine does not keep the cell option '{name}'"
        fix = "delete it, or render with Quarto itself"
        return Problem(entry.key, code, message, fix, "warning")
    if name not in KINDS:
        message = f"the embedded engine does not know the cell option '{name}'"
        fix = nearest(name, KINDS) or f"delete it; known are {', '.join(KINDS)}"
        return Problem(entry.key, code, message, fix)
    if not any(shape_problems(entry, KINDS[name], name, _TERMS)):
        return None
    message = f"cell option '{name}' must be {KINDS[name]['form']}"
    # No reference leads to a label that is no name; the cell prints all the same.
    is_free = name == "label" and isinstance(entry.value, str) and entry.text()[:3] != "fig"
    severity: Severity = "warning" if is_free and entry.text()[:3] != "tbl" else "error"
    return Problem(entry.place, code, message, "write one", severity)


def drawn_in_python(language: str, lines: Sequence[str]) -> list[str]:
    """The lines of a Python cell that draws a diagram: its options, each in its column, and a call
    with the rest. The text of a diagram is shown where `echo` asks for it alone, as in Quarto."""
    count = next((i for i, it in enumerate(lines) if not _OPTION.match(it)), len(lines))
    options = [_OPTION.sub(lambda it: "#|".ljust(len(it[0])), it, count=1) for it in lines[:count]]
    if not any(re.match(r"#\|\s*echo\s*:", it) for it in options):
        before = re.match(r"#\|\s*", options[0]) if options else None
        options.append(f"{before[0] if before else '#| '}echo: false")
    text = "\n".join(lines[count:]) + "\n"
    call = f"draw_diagram({language!r}, {text!r})"
    return [*options, f"from imprint.author.diagrams import draw_diagram; {call}"]


DIAGRAMS = ("dot", "mermaid")
"""Languages of cells that programs of their own draw."""
_OPTION = re.compile(r"(?://|%%|#)\|")
