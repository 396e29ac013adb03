"""Marks that come in pairs: brackets, and quotation marks told from apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from imprint.read.chapters.sentences import OPAQUE

Found = tuple[int, str, str]
"""Offset in the text, what is wrong and how to fix it."""

_PARTNER = {")": "(", "]": "["}
_BRACKET = re.compile(r"[()\[\]]")
_MARK = re.compile(r"['‘’]")
_BEFORE_WORD = re.compile(r"[\s(\[–—/-]|\A\Z")
_CUT_AFTER = re.compile(r"(?:(?<=\s)['’]n|\b(?:o|ol|th|[A-Za-z]{2,}in))$")
"""What an apostrophe shortens at its end: `'n'`, `o'`, `th'`, `doin'`."""
_CUT_SHORT = re.compile(r"['‘’](?:\d\ds?|tis|twas|em|til|n)\b", re.IGNORECASE)
_FIX = "write its partner, or delete it"


def unpaired_brackets(text: str) -> Iterator[Found]:
    """Every bracket of a paragraph without its partner."""
    opened: list[tuple[str, int]] = []
    for found in _BRACKET.finditer(text):
        mark = found[0]
        if mark not in _PARTNER:
            opened.append((mark, found.start()))
            continue
        if all(other != _PARTNER[mark] for other, _ in opened):
            yield found.start(), f"the bracket '{mark}' closes nothing", _FIX
            continue
        while opened[-1][0] != _PARTNER[mark]:
            yield _never_closed(*opened.pop())
        opened.pop()
    yield from (_never_closed(mark, offset) for mark, offset in opened)


def _never_closed(mark: str, offset: int) -> Found:
    return offset, f"the bracket '{mark}' never closes", _FIX


def unpaired_quotation_marks(text: str) -> Iterator[Found]:
    """Every quotation mark of a paragraph without its partner.

    An apostrophe within or before a word (`child's`, `'10`) is none; one after a final s
    (`families' needs`) closes a quotation only where one is open and nothing else closes it.
    """
    opening: int | None = None
    closings = possible = 0
    for mark in _MARK.finditer(text):
        kind = mark_kind(text, mark.start())
        if kind == "opening":
            if opening is not None and not closings and not possible:
                yield _never_ended(text, opening)
            opening, closings, possible = mark.start(), 0, 0
        elif kind == "possible":
            possible += 1
        elif kind == "closing":
            closings += 1
            if opening is None or closings > 1:
                yield mark.start(), "this quotation mark closes nothing", _FIX
    if opening is not None and not closings and not possible:
        yield _never_ended(text, opening)


def _never_ended(text: str, offset: int) -> Found:
    is_cut = _CUT_SHORT.match(text, offset)
    fix = "write the apostrophe as ’: pandoc reads this one as a quotation mark" if is_cut else _FIX
    return offset, "the quotation that begins here never ends", fix


def mark_kind(text: str, offset: int) -> Literal["opening", "closing", "possible", "apostrophe"]:
    """What a mark does: open, close, possibly close, or stand for letters left out.

    What is printed by code or a link counts as a word.
    """
    before = text[max(offset - 1, 0) : offset]
    after = text[offset + 1 : offset + 2]
    is_word = before.isalnum() or before in (OPAQUE, "]")
    if is_word and after.isalnum():
        return "apostrophe"
    if _BEFORE_WORD.match(before) and after and not after.isspace():
        cut = text[offset] != "‘" and _CUT_SHORT.match(text, offset)
        return "apostrophe" if cut else "opening"
    if text[offset] != "‘" and _CUT_AFTER.search(text, 0, offset):
        return "apostrophe"
    plural = before in ("s", "S", "x", "z", OPAQUE) and text[offset] != "‘"
    return "possible" if plural else "closing"
