"""Lines that would keep pandoc or Typst busy for minutes: lists and quotations far within each
other, of which each level is read anew, brackets and tables within each other, and words without
end, which are to be broken somewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from imprint.core.problems import Place, Problem
from imprint.read.chapters.layout import MarkdownParts
from imprint.read.limits import DEEPEST_BRACKETS, DEEPEST_TEXT, LONGEST_WORD, MOST_OPEN

_MARK = r"(?:>|[-+*](?=[ \t])|\(?(?:\d{1,9}|[A-Za-z])[.)](?=[ \t]))"
_OPENING = re.compile(rf"(?P<blanks>[ \t]*+)(?P<marks>(?:{_MARK}[ \t]*+)++)")
_RULE = re.compile(r"[ \t]*+(?:(?:-[ \t]*+)++|(?:\*[ \t]*+)++)\Z")
_ENDLESS = re.compile(rf"\w{{{LONGEST_WORD + 1},}}+")
_BRACKET = re.compile(r"\\.|[\[\]]")
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_LEAST_INDENT = 2
"""Blanks by which an item is set in from the one that holds it, at least."""


def levels(line: str) -> int:
    """Lists and quotations that a line stands in, at most."""
    opening = _OPENING.match(line)
    if not opening or _RULE.match(line):
        return 0
    blanks = len(opening["blanks"].expandtabs(4))
    return blanks // _LEAST_INDENT + len(re.findall(_MARK, opening["marks"]))


def bound_problem(texts: Sequence[str], layout: MarkdownParts, first: Place) -> Problem | None:
    """The problem with the first of these lines that no reader could follow and no program would
    have read in time; `first` is the place of the first line."""
    shown = {line for fence in layout.fences for line in range(fence.start, fence.end + 1)}
    brackets: list[int] = []
    tables = 0
    for index, (text, prose) in enumerate(zip(texts, layout.prose, strict=True)):
        place = replace(first, line=first.line + index)
        if index in shown:
            continue
        if levels(text) > DEEPEST_TEXT:
            message = f"more than {DEEPEST_TEXT} lists and quotations stand within each other here"
            fix = "set this line in by fewer blanks, or put what is code between lines of ```"
            return Problem(replace(place, column=1), "text-is-shallow", message, fix)
        if not prose.strip() or prose.lstrip().startswith("|"):
            brackets.clear()
        if at := _too_many_brackets(prose, brackets):
            message = f"more than {DEEPEST_BRACKETS} square brackets stand within each other here"
            fix = "take links and notes out of each other, or write `\\[` for a bracket"
            return Problem(replace(place, column=at), "text-is-shallow", message, fix)
        tables += sum(-1 if it[1] else 1 for it in _TABLE.finditer(prose)) if "<" in prose else 0
        if tables > DEEPEST_TEXT:
            message = f"more than {DEEPEST_TEXT} tables stand within each other here"
            fix = "close each `<table>` with `</table>`"
            return Problem(replace(place, column=1), "text-is-shallow", message, fix)
        if len(prose) >= LONGEST_WORD and (word := _ENDLESS.search(prose)):
            message = f"a word of {len(word[0]):,} letters, of {LONGEST_WORD:,} at most"
            fix = "part it by spaces, or show it as code"
            return Problem(replace(place, column=word.start() + 1), "word-ends", message, fix)
    return None


def _too_many_brackets(prose: str, opened: list[int]) -> int:
    """The column, from 1, of the first bracket that is one too many, else 0; `opened` holds for
    each bracket that is open how many levels stand in it, and is carried on from line to line."""
    for found in _BRACKET.finditer(prose):
        if found[0] == "[":
            opened.append(0)
        elif found[0] == "]" and opened:
            levels = opened.pop() + 1
            if opened:
                opened[-1] = max(opened[-1], levels)
            if levels > DEEPEST_BRACKETS:
                return found.start() + 1
        if len(opened) > MOST_OPEN:
            return found.start() + 1
    return 0
