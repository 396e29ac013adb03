"""A chapter's text cut into what become the cells of a notebook, and a code cell's fence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

from imprint.core.problems import Place, Problem, problem
from imprint.read.chapters.markdown_source import front_matter_end, lay_out

_OPEN_ENDED = ("fence-is-closed", "comment-is-closed")
"""Slips by which text would swallow the cells after it."""


Kind = Literal["raw", "markdown", "code"]


@dataclass(frozen=True)
class CellSpan:
    """What becomes one cell, by the indexes of its first line and of the line after its last."""

    kind: Kind
    start: int
    stop: int


def cut(lines: Sequence[str]) -> list[CellSpan]:
    """Take a text apart; empty lines around Markdown belong to no piece."""
    begin = max(front_matter_end(lines) + 1, 0)
    pieces = [CellSpan("raw", 0, begin)] if begin else []
    here = begin
    for fence in lay_out(lines[begin:]).fences:
        start, stop = begin + fence.start, begin + fence.end + 1
        if fence.language == "python" and lines[start][0] == "`":
            pieces += [*_markdown(lines, here, start), CellSpan("code", start, stop)]
            here = stop
    return [*pieces, *_markdown(lines, here, len(lines))]


def _markdown(lines: Sequence[str], start: int, stop: int) -> list[CellSpan]:
    filled = [index for index in range(start, stop) if lines[index]]
    return [CellSpan("markdown", filled[0], filled[-1] + 1)] if filled else []


def open_slips(lines: Sequence[str], file: str) -> list[Problem]:
    """Everything that is opened and never closed."""
    end = front_matter_end(lines)
    if end == -2:
        message, fix = "the front matter is never closed", "close it with a line of `---`"
        return [problem("front-matter-is-closed", file, 1, message, fix, 1)]
    return [
        replace(slip, place=Place(file, end + 1 + slip.place.line, slip.place.column))
        for slip in lay_out(lines[end + 1 :]).slips
        if slip.code in _OPEN_ENDED
    ]


def code_block(source: str, kept: Mapping[str, Any]) -> list[str]:
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
