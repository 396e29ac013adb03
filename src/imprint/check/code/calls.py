"""Calls that chapters make of what `imprint` offers, read from their code without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

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


def calls_in(code: str, start: Place) -> Iterator[Call]:
    """Every call of a plain name in code that begins at `start`."""
    for call in _called(code):
        line = start.line + call.place.line - 1
        yield replace(call, place=replace(start, line=line, column=0))


# Several checks look at the same code in one run; a large report has thousands of statistics.
@lru_cache(maxsize=2**15)
def _called(code: str) -> tuple[Call, ...]:
    """The calls, each placed by its line in the code."""
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
                Place("", node.lineno),
            )
            found.append(call)
    return tuple(found)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
