"""Problems -> what editors mark in a text, with the replacements that they offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from imprint.core.problems import Problem

_QUOTED = re.compile(r"'([^']+)'")
_MEANT = re.compile(r"did you mean ([^?]*)\?")
_INSTEAD = re.compile(r"(?:write|say) ('[^']+'(?:(?:, | or )'[^']+')*)")
_CODE = re.compile(r"`(\{python\} [^`]+)`")
_NEEDLESS = re.compile(r"delete '([^']+)'")


def marked(problem: Problem, lines: Sequence[str]) -> tuple[int, int, int]:
    """The line of a text that a problem marks, from 0, and the offsets in it where the mark begins
    and ends: of the words that its message quotes where they stand there, else of one word, or of
    the whole line."""
    if not problem.place.line or problem.place.line > len(lines):
        return 0, 0, len(lines[0]) if lines else 0
    line = lines[problem.place.line - 1]
    start = min(max(0, problem.place.column - 1), len(line))
    if (found := _quoted(problem, line)) is not None:
        return problem.place.line - 1, found, found + len(_named(problem))
    if problem.place.column:
        word = re.compile(r"\S+").match(line, start)
        return problem.place.line - 1, start, word.end() if word else len(line)
    bare = line.strip()
    start = line.index(bare) if bare else 0
    return problem.place.line - 1, start, start + len(bare)


def _named(problem: Problem) -> str:
    found = _QUOTED.search(problem.message)
    return found[1] if found else ""


def _quoted(problem: Problem, line: str) -> int | None:
    """Where the words that the message quotes first begin in the line: at its column or, where it
    names none, at the only place where they stand."""
    words = _named(problem)
    pattern = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
    places = [found.start() for found in pattern.finditer(line)] if words else []
    if not problem.place.column:
        return places[0] if len(places) == 1 else None
    after = [place for place in places if place >= problem.place.column - 1]
    return after[0] if after else None


def replacements(problem: Problem, lines: Sequence[str]) -> tuple[str, ...]:
    """What may stand in place of what a problem marks, as its fix says it; none where the fix is
    more than that."""
    line = problem.place.line
    if not 0 < line <= len(lines) or _quoted(problem, lines[line - 1]) is None:
        return ()
    if found := _MEANT.search(problem.fix):
        return tuple(_QUOTED.findall(found[1]))
    if found := _INSTEAD.match(problem.fix):
        return tuple(it for it in _QUOTED.findall(found[1]) if "…" not in it)
    if found := _NEEDLESS.fullmatch(problem.fix):
        return ("",) if found[1] == _named(problem) else ()
    return tuple(f"`{code}`" for code in _CODE.findall(problem.fix))


def moved(problems: Iterable[Problem], before: str, now: str) -> Iterator[Problem]:
    """Problems of an earlier text in the lines of the present one; those of lines that have changed
    are left out, for nobody has looked at them yet."""
    if before == now:
        yield from problems
        return
    matcher = SequenceMatcher(None, before.split("\n"), now.split("\n"), autojunk=False)
    lines = {0: 0}
    for old, new, count in matcher.get_matching_blocks():
        lines |= {old + n + 1: new + n + 1 for n in range(count)}
    for found in problems:
        if found.place.line in lines:
            yield replace(found, place=replace(found.place, line=lines[found.place.line]))
