"""Calls that chapters make of what `imprint` offers, read from their code without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from imprint.check.prose.paragraphs import Paragraph
from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place
from imprint.read.chapters.mentions import inline_expressions


@dataclass(frozen=True)
class Call:
    """A call of a plain name: `stat("census-cycling-budget", form="sentence")`."""

    name: str
    arguments: tuple[str | None, ...]
    """Positional arguments that are literal text; None for any other."""
    keywords: Mapping[str, str]
    """Keyword arguments that are literal text."""
    place: Place

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of statistics that a call of `stat` or `claim` names in literal text."""
        given = {"stat": self.arguments[:1], "claim": self.arguments[1:]}.get(self.name, ())
        return tuple(id for id in given if id)


def calls(chapter: Chapter) -> Iterator[Call]:
    """Every call of a plain name in the chapter's cells and inline code.

    Code that does not parse yields none: its kernel will say what is wrong with it, and where.
    """
    for part in chapter.parts:
        if isinstance(part, Cell):
            if part.options.get("eval", True) is not False:
                yield from calls_in(part.code, replace(part.place, line=part.code_line))
            continue
        for line in part.lines:
            for inline in inline_expressions(line.text):
                if not inline.escaped:
                    yield from calls_in(inline.expression, line.place)


def calls_in_text(paragraph: Paragraph) -> Iterator[tuple[int, Call]]:
    """Every call of a plain name in a paragraph's inline code, with the offset of that code."""
    for mark in paragraph.marks:
        if mark.expression:
            for call in calls_in(mark.expression, paragraph.place(mark.offset)):
                yield mark.offset, call


def calls_in(code: str, start: Place) -> Iterator[Call]:
    """Every call of a plain name in code that begins at `start`."""
    for call in calls_of(code):
        line = start.line + call.place.line - 1
        yield replace(call, place=replace(start, line=line, column=0))


# Several checks look at the same code in one run; a large report has thousands of statistics.
@lru_cache(maxsize=2**15)
def calls_of(code: str) -> tuple[Call, ...]:
    """Every call of a plain name in some code, placed by its line and column there."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            keywords = {word.arg: _text(word.value) for word in node.keywords if word.arg}
            call = Call(
                node.func.id,
                tuple(_text(argument) for argument in node.args),
                {name: text for name, text in keywords.items() if text is not None},
                Place("", node.lineno, node.col_offset + 1),
            )
            found.append(call)
    return tuple(found)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
