"""Headings, lists, tables and quotations that follow a paragraph's text without an empty line.

pandoc reads them as more of that text, whatever notebooks and other readers make of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from imprint.core.problems import Problem, problem

_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_ITEM = re.compile(r"(?:(?P<bullet>[-*+])|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+\S")
_QUOTE = re.compile(r">[ \t]?\S")
_ROW = re.compile(r"\|.*\|[ \t]*\Z")
_DASHES = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_NO_PROSE = re.compile(
    r"[ \t]|[<>|:$]|\[\^|\{\{<|#{1,6}(?:\s|\Z)|(?:[-*+]|\(?(?:\w{1,4}|#|@[\w-]*)[.)])\s"
)
"""What begins a paragraph that is no plain prose, and may be followed by more of its kind."""


def glued_blocks(
    lines: Sequence[str], prose: Sequence[str], apart: Collection[int]
) -> Iterator[Problem]:
    """The first such line of each paragraph; `apart` are the lines of code, divs and comments."""
    opened = False
    for index, line in enumerate(prose):
        if index in apart or not lines[index].strip():
            opened = False
        elif not opened:
            is_prose = index == 0 or index - 1 in apart or not lines[index - 1].strip()
            if _HEADING.match(line):
                continue
            opened = (is_prose or bool(_HEADING.match(prose[index - 1]))) and not (
                _NO_PROSE.match(lines[index]) or "\\begin" in lines[index]
            )
        else:
            following = prose[index + 1] if index + 1 < len(prose) else ""
            what = _block(line, following, prose[index - 1])
            if what:
                message = (
                    f"this {what} follows text without an empty line, so it would print as text"
                )
                fix = "put an empty line before it"
                yield problem("block-stands-apart", "", index + 1, message, fix, 1)
            opened = not what and "\\begin" not in line


def _block(line: str, following: str, before: str) -> str:
    """What a line within a paragraph was meant to begin; empty for text."""
    item = _ITEM.match(line)
    if item:
        # A dash or a year may well begin a line; two items, or one after a colon, may not.
        more = _ITEM.match(following)
        is_list = more and bool(more["bullet"]) == bool(item["bullet"])
        return "list" if is_list or before.rstrip().endswith(":") else ""
    if _ROW.match(line) and _DASHES.match(following) and "-" in following:
        return "table"
    return "heading" if _HEADING.match(line) else "quotation" if _QUOTE.match(line) else ""
