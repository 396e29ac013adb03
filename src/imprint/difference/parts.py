"""The parts of blocks, sentences or the whole of a float's text, paired between two documents.

A part that stands word for word in another place has moved: it neither comes nor goes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from imprint.core.document import Passage, Run
from imprint.core.escaping import one_line
from imprint.core.problems import Place
from imprint.difference.blocks import Block
from imprint.difference.pairing import common_words, paired, partners
from imprint.read.chapters.sentences import sentences

FLOATS = ("caption", "alt", "row")
"""Kinds of blocks that are told whole."""
_SAME_KIND = 0.1
"""How alike two things are that have nothing but their kind in common."""
FEWEST_WORDS = 4
"""Of a sentence that can have moved: what is shorter may well be written twice."""


@dataclass(frozen=True, eq=False)
class Part:
    """A sentence of a block, or the whole of a part of a float; equal only to itself."""

    block: Block
    text: str
    """On one line."""
    place: Place
    """Where it begins."""
    runs: tuple[tuple[Passage, Run], ...]
    """Its numbers, claims and citations."""

    @property
    def key(self) -> Hashable:
        """Equal for parts that read alike and stand for the same."""
        return self.text, tuple(said(found) for found in self.runs)


@dataclass(frozen=True)
class PartPair:
    """A part as it was and as it is."""

    old: Part | None
    """None for what comes."""
    new: Part | None
    """None for what goes."""
    elsewhere: Part | None = None
    """Of a part without a partner here: the same part where the other document has it."""

    @property
    def is_same(self) -> bool:
        """Whether it reads alike and stands for the same."""
        return self.old is not None and self.new is not None and self.old.key == self.new.key


def said(found: tuple[Passage, Run]) -> tuple[str, tuple[str, ...], str]:
    """What a run is to a reader: its kind, what it stands for and its words."""
    passage, run = found
    return run.kind, run.ids, one_line(passage.text[run.start : run.end])


def alike(old: str, new: str) -> float:
    """How alike two texts of a kind are, from just above 0 to just above 1."""
    return _SAME_KIND + common_words(old, new)


def part_pairs(pairs: Sequence[tuple[Block | None, Block | None]]) -> list[tuple[PartPair, ...]]:
    """For each pair of blocks its parts, in the order of both; what has moved from any of them to
    any other has no partner."""
    aligned = [list(_aligned(list(_parts(old)), list(_parts(new)))) for old, new in pairs]
    gaps = [gap for found in aligned for gap in found if not gap.is_same]
    gone = (it for gap in gaps for it in gap.old if len(it.text.split()) >= FEWEST_WORDS)
    come = (it for gap in gaps for it in gap.new)
    moved = partners(gone, come, lambda it: (it.block.kind in FLOATS, it.key))
    return [tuple(pair for gap in found for pair in _pairs(gap, moved)) for found in aligned]


@dataclass(frozen=True)
class _AlignedParts:
    """Parts that are the same in both, or what stands between such parts."""

    old: list[Part]
    new: list[Part]
    is_same: bool


def _parts(block: Block | None) -> Iterator[Part]:
    if block is None:
        return
    runs = tuple(block.runs())
    if block.kind in FLOATS:
        yield Part(block, block.text, block.place, runs)
        return
    passage = block.passages[0]
    for start, end in sentences(passage.text):
        own = tuple(it for it in runs if start <= it[1].start < max(end, start + 1))
        yield Part(block, one_line(passage.text[start:end]), passage.place(start), own)


def _aligned(old: list[Part], new: list[Part]) -> Iterator[_AlignedParts]:
    keys = [it.key for it in old], [it.key for it in new]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        yield _AlignedParts(old[a:b], new[c:d], kind == "equal")


def _pairs(stretch: _AlignedParts, moved: Mapping[int, Part]) -> Iterator[PartPair]:
    if stretch.is_same:
        yield from map(PartPair, stretch.old, stretch.new)
        return
    left = deque(stretch.old), deque(stretch.new)
    old_stays, new_stays = (
        [it for it in side if id(it) not in moved] for side in (stretch.old, stretch.new)
    )
    pairs = paired(
        old_stays, new_stays, lambda it: it.key, lambda was, it: alike(was.text, it.text)
    )
    for old, new in (*pairs, (None, None)):
        # What has moved from or to the place before them; at the end, what is left.
        while left[0] and left[0][0] is not old and id(left[0][0]) in moved:
            part = left[0].popleft()
            yield PartPair(part, None, moved[id(part)])
        while left[1] and left[1][0] is not new and id(left[1][0]) in moved:
            part = left[1].popleft()
            yield PartPair(None, part, moved[id(part)])
        if old or new:
            yield PartPair(old, new)
        for side, part_here in zip(left, (old, new), strict=True):
            if part_here:
                side.popleft()
