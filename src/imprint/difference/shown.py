"""A chapter that is unlike -> its blocks as the page for reviewers and the redline show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from imprint.difference.blocks import Block
from imprint.difference.documents import BlockChange, ChangeKind, ChapterChange
from imprint.difference.segments import Segment, SegmentKind, part_segments, text_segments

_CONTEXT = 1
"""Blocks that stay and are shown before and after one that is unlike."""
_TOLD_APART = ("alt", "code", "raw")
"""Kinds of passages that nobody reads on the way."""
_WHOLE: Mapping[ChangeKind, SegmentKind] = {
    "same": "same", "changed": "inserted", "added": "inserted", "removed": "deleted",
    "moved here": "moved here", "moved away": "moved away",
}  # fmt: skip
"""What becomes of the words of a block that is told whole."""


@dataclass(frozen=True)
class ShownBlock:
    """A block as reviewers see it."""

    kind: str
    """Of the passage."""
    level: int
    """Of a heading."""
    cells: tuple[tuple[Segment, ...], ...]
    """Of a row; all words of any other block are one."""
    is_changed: bool
    number: int
    """Among the chapter's blocks, from 0."""
    note: str
    """Where it has moved from or to."""


@dataclass(frozen=True)
class ShownGroup:
    """Blocks side by side that are shown in one way."""

    is_folded: bool
    """Whether all of them are as before, and far from any change."""
    is_table: bool
    """Whether all are rows and not folded."""
    blocks: tuple[ShownBlock, ...]


def shown_groups(chapter: ChapterChange) -> Iterator[ShownGroup]:
    """The blocks of a chapter, in the order of both documents."""
    near = _near(chapter.blocks)
    numbered = enumerate(chapter.blocks)

    def way(found: tuple[int, BlockChange]) -> tuple[bool, bool]:
        is_folded = found[0] not in near
        return is_folded, not is_folded and _block(found[1]).kind == "row"

    for (is_folded, is_table), found in groupby(numbered, way):
        yield ShownGroup(is_folded, is_table, tuple(_shown(*it) for it in found))


def _near(blocks: Sequence[BlockChange]) -> set[int]:
    """Numbers of the blocks that are shown: what is unlike, and the text that stands beside it."""
    unlike = [at for at, block in enumerate(blocks) if block.kind != "same"]
    beside = {at + by for at in unlike for by in range(-_CONTEXT, _CONTEXT + 1)}
    told_apart = {at for at, it in enumerate(blocks) if _block(it).kind in _TOLD_APART}
    return {*unlike, *(beside - told_apart)}


def _block(change: BlockChange) -> Block:
    found = change.old if change.kind == "moved away" else change.new or change.old
    assert found
    return found


def _shown(number: int, change: BlockChange) -> ShownBlock:
    block = _block(change)
    note = ""
    if change.kind == "moved here" and change.old:
        note = f"moved here from {change.old.place}"
    if change.kind == "moved away" and change.new:
        note = f"moved to {change.new.place}"
    cells = _cells(change) if block.kind == "row" else (tuple(_words(change)),)
    is_changed = change.kind != "same"
    return ShownBlock(block.kind, block.passages[0].level, cells, is_changed, number, note)


def _words(change: BlockChange) -> Iterator[Segment]:
    if change.kind in ("same", "moved away"):
        yield Segment(_WHOLE[change.kind], _block(change).text)
    else:
        yield from part_segments(change.parts)


def _cells(change: BlockChange) -> tuple[tuple[Segment, ...], ...]:
    """The cells of a row; those of a row that is still there are compared one by one."""
    sides = (change.old, change.new)
    old, new = ([passage.text for passage in it.passages] if it else [] for it in sides)
    if change.kind == "changed" and len(old) == len(new):
        return tuple(tuple(text_segments(*texts)) for texts in zip(old, new, strict=True))
    return tuple((Segment(_WHOLE[change.kind], text),) for text in new or old)
