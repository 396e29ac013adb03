"""Lines that would keep pandoc or Typst busy for minutes: lists and quotations far within each
other, of which each level is read anew, and words without end, which are to be broken somewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from imprint.core.problems import Place, Problem
from imprint.read.chapters.layout import Layout
from imprint.read.limits import DEEPEST_TEXT, LONGEST_WORD

_MARK = r"(?:>|[-+*](?=[ \t])|\(?(?:\d{1,9}|[A-Za-z])[.)](?=[ \t]))"
_OPENING = re.compile(rf"(?P<blanks>[ \t]*+)(?P<marks>(?:{_MARK}[ \t]*+)++)")
_RULE = re.compile(r"[ \t]*+(?:(?:-[ \t]*+)++|(?:\*[ \t]*+)++)\Z")
_ENDLESS = re.compile(rf"\w{{{LONGEST_WORD + 1},}}+")
_LEAST_INDENT = 2
"""Blanks by which an item is set in from the one that holds it, at least."""


def levels(line: str) -> int:
    """Lists and quotations that a line stands in, at most."""
    opening = _OPENING.match(line)
    if not opening or _RULE.match(line):
        return 0
    blanks = len(opening["blanks"].expandtabs(4))
    return blanks // _LEAST_INDENT + len(re.findall(_MARK, opening["marks"]))


def bound_problem(texts: Sequence[str], layout: Layout, first: Place) -> Problem | None:
    """The problem with the first of these lines that no reader could follow and no program would
    have read in time; `first` is the place of the first line."""
    shown = {line for fence in layout.fences for line in range(fence.start, fence.end + 1)}
    for index, (text, prose) in enumerate(zip(texts, layout.prose, strict=True)):
        place = replace(first, line=first.line + index)
        if index in shown:
            continue
        if levels(text) > DEEPEST_TEXT:
            message = f"more than {DEEPEST_TEXT} lists and quotations stand within each other here"
            fix = "set this line in by fewer blanks, or put what is code between lines of ```"
            return Problem(replace(place, column=1), "text-is-shallow", message, fix)
        if len(prose) >= LONGEST_WORD and (word := _ENDLESS.search(prose)):
            message = f"a word of {len(word[0]):,} letters, of {LONGEST_WORD:,} at most"
            fix = "part it by spaces, or show it as code"
            return Problem(replace(place, column=word.start() + 1), "word-ends", message, fix)
    return None
