"""The `#| key: value` lines that open a cell -> its options, or problems with line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from imprint.core.problems import Place, Problem, Severity, nearest
from imprint.read.node import Node
from imprint.read.project.option_values import OPTIONS, shapes_of
from imprint.read.project.quarto_subset import names_of
from imprint.read.project.yaml_source import Locate, read_yaml
from imprint.read.schema import Schema, Terms, shape_problems

_OPTION_LINE = re.compile(r"#\s*\| ?")

KINDS: Mapping[str, Schema] = shapes_of("cell")
"""Cell options that the embedded engine keeps: what the value must be, and how to say so."""

_OTHERS = frozenset(names_of("@cell lst-cap-location")) - KINDS.keys()
"""Those that Quarto knows beside them."""
_LOSES_WORDS = frozenset({"child", "code", "file"})

CELL_DEFAULTS = frozenset(names_of(OPTIONS["support"]["execute"]["supports"]))
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
