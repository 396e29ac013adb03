"""A chapter's `.qmd` text <-> the Jupyter notebook that JupyterLab opens, and back.

What a notebook's cells cannot say (how many empty lines follow a cell, a fence of another form)
is kept in their metadata under `imprint`, so that text -> notebook -> text changes no byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

from imprint.core.problems import Place, Problem, ReportError, problem
from imprint.read.chapters.markdown_source import front_matter_end, lay_out
from imprint.read.project.yaml_source import read_text

NOTEBOOK_METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_OURS = "imprint"
_OPEN_ENDED = ("fence-is-closed", "comment-is-closed")
"""Slips by which text would swallow the cells after it."""

Kind = Literal["raw", "markdown", "code"]


@dataclass(frozen=True)
class Conversion:
    """What is to be written where."""

    target: Path
    text: str
    is_new: bool
    """False where the target holds this text already."""


def plan_conversion(source: Path, name: str, force: bool = False) -> Conversion:
    """Convert the chapter at `source`, called `name` in problems; nothing is written.

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
    made = to_notebook(text, name) if source.suffix == ".qmd" else to_document(text, name)
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
    problems = _slips(lines, file)
    if problems:
        raise ReportError(problems)
    pieces = _pieces(lines)
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
    if kind == "code" and _code_block(source, {}) != block:
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


@dataclass(frozen=True)
class _Piece:
    """What becomes one cell, by the indexes of its first line and of the line after its last."""

    kind: Kind
    start: int
    stop: int


def _pieces(lines: Sequence[str]) -> list[_Piece]:
    """Take a text apart; empty lines around Markdown belong to no piece."""
    begin = max(front_matter_end(lines) + 1, 0)
    pieces = [_Piece("raw", 0, begin)] if begin else []
    here = begin
    for fence in lay_out(lines[begin:]).fences:
        start, stop = begin + fence.start, begin + fence.end + 1
        if fence.language == "python" and lines[start][0] == "`":
            pieces += [*_markdown(lines, here, start), _Piece("code", start, stop)]
            here = stop
    return [*pieces, *_markdown(lines, here, len(lines))]


def _markdown(lines: Sequence[str], start: int, stop: int) -> list[_Piece]:
    filled = [index for index in range(start, stop) if lines[index]]
    return [_Piece("markdown", filled[0], filled[-1] + 1)] if filled else []


def _slips(lines: Sequence[str], file: str) -> list[Problem]:
    """Everything that is opened and never closed."""
    end = front_matter_end(lines)
    if end == -2:
        message, fix = "the front matter is never closed", "close it with a line of `---`"
        return [problem("front-matter-is-closed", file, 1, message, fix, 1)]
    return [
        problem(slip.code, file, end + 2 + slip.line, slip.message, slip.fix, slip.column + 1)
        for slip in lay_out(lines[end + 1 :]).slips
        if slip.code in _OPEN_ENDED
    ]


# --- notebook -> text ------------------------------------------------------------------------


def to_document(text: str, file: str) -> str:
    """Turn a notebook's JSON into a `.qmd` text; outputs are left behind.

    Raises ReportError for a notebook that cannot be read or whose cells would mean something
    else in a text; `file` names it in problems, whose lines are counted within the cell.
    """
    data = _read_notebook(text, file)
    cells = data["cells"]
    lines = [""] * _whole(_kept(data).get("blank_before"), 0)
    first_lines: dict[int, int] = {}
    code_starts: dict[int, int] = {}
    gap, before = 0, ""
    for number, cell in enumerate(cells, start=1):
        kind, source, kept = cell["cell_type"], _source(cell), _kept(cell)
        if kind != "code" and not source:
            continue
        # Two Markdown cells are two paragraphs, whatever stood between them in the text.
        lines += [""] * (max(gap, 1) if kind == before == "markdown" else gap)
        first_lines[number] = len(lines)
        if kind == "code":
            code_starts[len(lines)] = number
        lines += _code_block(source, kept) if kind == "code" else source.split("\n")
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

    slips = _slips(lines, file)
    if slips:
        return [note(slip.place.line - 1, slip.code, slip.message, slip.fix) for slip in slips]
    found = {piece.start for piece in _pieces(lines) if piece.kind == "code"}
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
    save = "save it again from JupyterLab"
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"the notebook is not valid JSON: {error.msg.lower()}"
        place = Place(file, error.lineno, error.colno)
        raise ReportError([Problem(place, "notebook-is-valid", message, save)]) from None
    except (RecursionError, ValueError):
        data = None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(cells, list) or data.get("nbformat") != 4:
        message = "the notebook is not in version 4 of its format"
        raise ReportError([problem("notebook-is-valid", file, 0, message, save)])
    problems = []
    for number, cell in enumerate(cells, start=1):
        code, message, fix = "cell-is-supported", "", ""
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind not in ("raw", "markdown", "code") or not isinstance(_source(cell), str):
            code, message, fix = "notebook-is-valid", "this is not a notebook's cell", save
        elif cell.get("attachments"):
            message = "a picture is pasted into this cell"
            fix = "save it as a file and name it: `![Caption](/figures/name.png)`"
        elif kind == "raw" and _source(cell) and not (number == 1 and _is_front_matter(cell)):
            message = "a raw cell that is not the front matter has no place in a text"
            fix = "make it a Markdown cell"
        if message:
            problems.append(problem(code, file, 1, f"{message}, in cell {number}", fix))
    language = _language(data)
    if language != "python":
        message = f"the notebook's language is '{language}', not python"
        problems.append(problem("cell-is-supported", file, 0, message, "use a Python kernel"))
    if problems:
        raise ReportError(problems)
    return data


def _is_front_matter(cell: Mapping[str, Any]) -> bool:
    lines = _source(cell).rstrip("\n").split("\n")
    return front_matter_end(lines) == len(lines) - 1


def _source(cell: Mapping[str, Any]) -> Any:
    """The cell's source with our line ends; anything but text where it is broken."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(piece, str) for piece in source):
        source = "".join(source)
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else None


def _language(data: Mapping[str, Any]) -> str:
    metadata = data.get("metadata")
    for entry, key in (("kernelspec", "language"), ("language_info", "name")):
        told = metadata.get(entry) if isinstance(metadata, dict) else None
        if isinstance(told, dict) and isinstance(told.get(key), str):
            return str(told[key]).lower()
    return "python"


def _kept(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an earlier conversion kept in a cell's or notebook's metadata."""
    metadata = holder.get("metadata")
    kept = metadata.get(_OURS) if isinstance(metadata, dict) else None
    return kept if isinstance(kept, dict) else {}


def _whole(value: Any, default: int) -> int:
    """A number of empty lines."""
    return value if type(value) is int and 0 <= value < 1000 else default


def _code_block(source: str, kept: Mapping[str, Any]) -> list[str]:
    """The lines of a fenced cell; its old fence where the code still fits it."""
    opening, closing = kept.get("open"), kept.get("close")
    if isinstance(opening, str) and isinstance(closing, str):
        ends = closing.split("\n") if not source else [closing.lstrip("\n")]
        block = [opening, *_inner(source), *ends]
        if _is_one_cell(block):
            return block
    for length in count(3):
        fence = "`" * length
        block = [f"{fence}{{python}}", *_inner(source), fence]
        if _is_one_cell(block):
            return block
    raise AssertionError("a fence longer than any in the code closes it")


def _inner(source: str) -> list[str]:
    return source.split("\n") if source else []


def _is_one_cell(block: Sequence[str]) -> bool:
    layout = lay_out(block)
    (fence, *others) = layout.fences or (None,)
    return (
        fence is not None
        and not others
        and not layout.slips
        and (fence.start, fence.end, fence.language) == (0, len(block) - 1, "python")
        and block[0].startswith("`")
    )
