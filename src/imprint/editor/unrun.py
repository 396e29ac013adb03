"""What can be told of a chapter's code that is not run: the rows that it names and no table has."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator

from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.mentions import running

_ONE = ("stat", "statistic")
_AFTER_A_WORD = ("claim", "compare", "change")


def unknown_statistics(chapter: Chapter, known: Iterable[str]) -> Iterator[Problem]:
    """Every id that a chapter's calls name as it stands and that is none of the `known` ones."""
    ids = frozenset(known)
    for code, place in _code(chapter):
        for id, line, column in _unknown(code, ids):
            before = place.column if line == 1 else 1
            at = Place(place.file, place.line + line - 1, before + column)
            message = f"there is no statistic '{id}' in data/statistics.csv"
            fix = nearest(id, ids) or "add a row for it"
            yield Problem(at, "statistic-exists", message, fix)


def _code(chapter: Chapter) -> Iterator[tuple[str, Place]]:
    """The code that a build would run, with the place of its first character."""
    for part in chapter.parts:
        if isinstance(part, Cell):
            if part.options.get("eval", True) and not part.place.cell:
                yield part.code, Place(part.place.file, part.code_line, 1)
            continue
        for line in part.lines:
            for inline in running(line):
                yield inline.expression, line.at(line.text.index(inline.expression, inline.start))


def _unknown(code: str, ids: Container[str]) -> Iterator[tuple[str, int, int]]:
    """Unknown ids with line, from 1, and characters before them; none of code half written."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = code.split("\n")
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        name = call.func.id
        named = call.args[:1] if name in _ONE else call.args[1:] if name in _AFTER_A_WORD else ()
        for it in named:
            if isinstance(it, ast.Constant) and isinstance(it.value, str) and it.value not in ids:
                before = lines[it.lineno - 1].encode()[: it.col_offset].decode(errors="replace")
                yield it.value, it.lineno, len(before) + 1
