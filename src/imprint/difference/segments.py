"""Two texts -> the words that stay, come and go, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from imprint.difference.pairing import common_words
from imprint.difference.parts import PartPair

SegmentKind = Literal["same", "inserted", "deleted", "moved here", "moved away"]

_TOKEN = re.compile(r"[^\W_]+(?:[.,’'-][^\W_]+)*|\s+|.", re.DOTALL)
"""A word or number with what holds it together, blanks, or one other character."""
_REWRITTEN = 0.35
"""Sentences with a smaller share of words in common are told one after the other, not mixed."""


@dataclass(frozen=True)
class Segment:
    """Some words of a text, and what has become of them."""

    kind: SegmentKind
    text: str


def text_segments(old: str, new: str) -> list[Segment]:
    """The words of two texts; what both begin and end with stands outside of what has changed."""
    if old == new:
        return [Segment("same", old)] if old else []
    if not old or not new or common_words(old, new) < _REWRITTEN:
        return [*_of("deleted", old), *_of("inserted", new)]
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found: list[Segment] = []
    gone = come = ""
    for at, (kind, a, b, c, d) in enumerate(opcodes):
        was, becomes = "".join(before[a:b]), "".join(after[c:d])
        is_between = 0 < at < len(opcodes) - 1
        if kind == "equal" and not (is_between and was.isspace()):
            found += [*_of("deleted", gone), *_of("inserted", come), Segment("same", was)]
            gone = come = ""
        else:
            gone, come = gone + was, come + becomes
    return [*found, *_of("deleted", gone), *_of("inserted", come)]


def part_segments(pairs: tuple[PartPair, ...]) -> Iterator[Segment]:
    """The parts of a block as they read, a blank after each."""
    for pair in pairs:
        old, new = (part.text if part else "" for part in (pair.old, pair.new))
        if pair.elsewhere:
            yield Segment("moved here" if pair.new else "moved away", old or new)
        else:
            yield from text_segments(old, new)
        yield Segment("same", " ")


def _of(kind: SegmentKind, text: str) -> list[Segment]:
    return [Segment(kind, text)] if text else []
