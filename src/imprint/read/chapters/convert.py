"""A chapter's `.qmd` text <-> the Jupyter notebook that JupyterLab opens, and back.

What a notebook's cells cannot say (how many empty lines follow a cell, a fence of another form)
is kept in their metadata under `imprint`, so that text -> notebook -> text changes no byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.core.problems import Problem, ReportError, problem
from imprint.read.chapters.ipynb import cell_source, language_of, load_notebook
from imprint.read.chapters.markdown_source import front_matter_end
from imprint.read.chapters.pieces import Kind, code_block, cut, open_slips
from imprint.read.chapters.shown import source_of
from imprint.read.project.yaml_source import read_text

NOTEBOOK_METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_OURS = "imprint"


@dataclass(frozen=True)
class Conversion:
    """What is to be written where."""

    target: Path
    text: str
    is_new: bool
    """False where the target holds this text already."""


def plan_conversion(
    source: Path,
    name: str,
    force: bool = False,
    show: Callable[[str, str], str] = lambda notebook, _: notebook,
) -> Conversion:
    """Convert the chapter at `source`, called `name` in problems; nothing is written. `show` gets
    the notebook and the text that it is made of, and gives the notebook to be written.

    Raises ReportError when it cannot be read or has no equal in the other form, and, unless
    `force` is set, when the target is newer than the source and holds something else.
    """
    endings = {".qmd": ".ipynb", ".ipynb": ".qmd"}
    if source.suffix not in endings:
        message = f"'{name}' is neither a .qmd nor an .ipynb file"
        raise ReportError([problem("chapter-is-supported", name, 0, message, "name a chapter")])
    text, problems = read_text(source, name)
    if problems:
        raise ReportError(problems)
    is_text = source.suffix == ".qmd"
    made = show(to_notebook(text, name), text) if is_text else to_document(text, name)
    target = source.with_suffix(endings[source.suffix])
    if not target.exists():
        return Conversion(target, made, True)
    is_new = target.read_bytes() != made.encode("utf-8")
    if is_new and not force and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        message = f"'{target.name}' is newer than this and would be overwritten"
        fix = f"convert {target.name} if its changes are wanted, or overwrite it with `--force`"
        raise ReportError([problem("target-is-older", name, 0, message, fix)])
    return Conversion(target, made, is_new)


# --- text -> notebook ------------------------------------------------------------------------


def to_notebook(text: str, file: str) -> str:
    """Turn a `.qmd` text into a notebook's JSON: front matter, Markdown and Python cells.

    Includes and inline code stay as they are in Markdown cells. Raises ReportError for front
    matter, a fence or a comment that is never closed; `file` names the text in problems.
    """
    lines = text.split("\n")
    problems = open_slips(lines, file)
    if problems:
        raise ReportError(problems)
    pieces = cut(lines)
    ends = [piece.start for piece in pieces[1:]] + [len(lines)]
    before = pieces[0].start if pieces else len(lines)
    notebook = {
        "cells": [
            _cell(number, piece.kind, lines[piece.start : piece.stop], end - piece.stop)
            for number, (piece, end) in enumerate(zip(pieces, ends, strict=False), start=1)
        ],
        "metadata": NOTEBOOK_METADATA | ({_OURS: {"blank_before": before}} if before else {}),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(number: int, kind: Kind, block: Sequence[str], blank_after: int) -> dict[str, Any]:
    kept: dict[str, Any] = {} if blank_after == 1 else {"blank_after": blank_after}
    source = "\n".join(block[1:-1] if kind == "code" else block)
    if kind == "code" and code_block(source, {}) != block:
        # No line at all and one empty line are the same source.
        only_empty = list(block[1:-1]) == [""]
        kept |= {"open": block[0], "close": "\n" * only_empty + block[-1]}
    return {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {_OURS: kept} if kept else {},
        "source": source.splitlines(keepends=True),
        **({"execution_count": None, "outputs": []} if kind == "code" else {}),
    }


# --- notebook -> text ------------------------------------------------------------------------


def to_document(text: str, file: str) -> str:
    """Turn a notebook's JSON into a `.qmd` text; outputs are left behind.

    Raises ReportError for a notebook that cannot be read or whose cells would mean something
    else in a text; `file` names it in problems, whose lines are counted within the cell.
    """
    data = _read_notebook(text, file)
    cells, is_shown = data["cells"], _kept(data).get("shown") is True
    lines = [""] * _whole(_kept(data).get("blank_before"), 0)
    first_lines: dict[int, int] = {}
    code_starts: dict[int, int] = {}
    gap, before = 0, ""
    for number, cell in enumerate(cells, start=1):
        kind, source, kept = cell["cell_type"], cell_source(cell), _kept(cell)
        if kind != "code" and not source:
            continue
        if kind == "markdown" and is_shown:
            source = source_of(source)
        # Two Markdown cells are two paragraphs, whatever stood between them in the text.
        lines += [""] * (max(gap, 1) if kind == before == "markdown" else gap)
        first_lines[number] = len(lines)
        if kind == "code":
            code_starts[len(lines)] = number
        lines += code_block(source, kept) if kind == "code" else source.split("\n")
        gap, before = _whole(kept.get("blank_after"), 1), kind
    lines += [""] * gap
    problems = _misreadings(lines, file, first_lines, code_starts)
    if problems:
        raise ReportError(problems)
    return "\n".join(lines)


def _misreadings(
    lines: Sequence[str], file: str, first_lines: Mapping[int, int], code_starts: Mapping[int, int]
) -> list[Problem]:
    """Whatever the text would be read as that the notebook's cells are not."""

    def note(index: int, code: str, message: str, fix: str) -> Problem:
        cell = max((n for n, first in first_lines.items() if first <= index), default=1)
        line = index - first_lines.get(cell, 0) + (cell not in code_starts.values())
        return problem(code, file, max(line, 1), f"{message}, in cell {cell}", fix)

    slips = open_slips(lines, file)
    if slips:
        return [note(slip.place.line - 1, slip.code, slip.message, slip.fix) for slip in slips]
    found = {piece.start for piece in cut(lines) if piece.kind == "code"}
    problems = []
    for index in sorted(found.symmetric_difference(code_starts)):
        if index in found:
            message = "a Markdown cell holds a cell's fence"
            fix = "make it a code cell, or write {{python}} to show the code"
        else:
            message = "what an earlier cell opens runs into this code cell"
            fix = "close the comment, code or front matter in the cell that opens it"
        problems.append(note(index, "cell-is-supported", message, fix))
    return problems


def _read_notebook(text: str, file: str) -> dict[str, Any]:
    """A notebook of Python in version 4 of the format, every cell of a kind that text can hold."""
    data, broken = load_notebook(text, file)
    if data is None:
        raise ReportError(broken)
    problems = []
    for number, cell in enumerate(data["cells"], start=1):
        message, fix, kind = "", "", cell["cell_type"]
        if cell.get("attachments"):
            message = "a picture is pasted into this cell"
            fix = "save it as a file and name it: `![Caption](/figures/name.png)`"
        elif kind == "raw" and cell_source(cell) and not (number == 1 and _is_front_matter(cell)):
            message = "a raw cell that is not the front matter has no place in a text"
            fix = "make it a Markdown cell"
        if message:
            told = f"{message}, in cell {number}"
            problems.append(problem("cell-is-supported", file, 1, told, fix))
    language = language_of(data)
    if language != "python":
        message = f"the notebook's language is '{language}', not python"
        problems.append(problem("cell-is-supported", file, 0, message, "use a Python kernel"))
    if problems:
        raise ReportError(problems)
    return data


def _is_front_matter(cell: Mapping[str, Any]) -> bool:
    lines = cell_source(cell).rstrip("\n").split("\n")
    return front_matter_end(lines) == len(lines) - 1


def _kept(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an earlier conversion kept in a cell's or notebook's metadata."""
    metadata = holder.get("metadata")
    kept = metadata.get(_OURS) if isinstance(metadata, dict) else None
    return kept if isinstance(kept, dict) else {}


def _whole(value: Any, default: int) -> int:
    """A number of empty lines."""
    return value if type(value) is int and 0 <= value < 1000 else default
