"""Two documents of one publication -> what a reader finds otherwise in the second."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from imprint.core.document import ChapterText, Document, Passage, Run, RunKind
from imprint.core.problems import Place
from imprint.difference.blocks import Block, blocks
from imprint.difference.pairing import MOST_PAIRS, paired, partners
from imprint.difference.parts import FLOATS, Part, PartPair, alike, part_pairs, said

ChangeKind = Literal["same", "changed", "added", "removed", "moved here", "moved away"]
_SAME_BLOCK = 0.8
"""How alike a block is that has moved and been edited; `alike` says the scale."""
_SAME_USE = 0.1
"""How alike two uses are that have nothing but their kind in common."""


@dataclass(frozen=True)
class BlockChange:
    """A block as it stands in both documents."""

    kind: ChangeKind
    old: Block | None
    """Where it stood, of a block that has moved here, too."""
    new: Block | None
    """Where it stands, of a block that has moved away, too."""
    parts: tuple[PartPair, ...] = ()
    """Of what is neither the same nor moved away."""


@dataclass(frozen=True)
class ChapterChange:
    """A chapter that is unlike: all its blocks, in the order of both documents."""

    path: str
    blocks: tuple[BlockChange, ...]


@dataclass(frozen=True)
class WordChange:
    """Words that read otherwise, come or go: a sentence, or the whole of a part of a float."""

    old: Block | None
    """None for what comes."""
    new: Block | None
    """None for what goes."""
    old_text: str
    new_text: str
    place: Place
    """Where they begin in the new document, else in the old one."""

    @property
    def block(self) -> Block:
        """The old block, else the new one."""
        found = self.old or self.new
        assert found
        return found


@dataclass(frozen=True)
class RunChange:
    """A number, claim or citation that prints otherwise, stands for something else, comes or
    goes."""

    kind: RunKind
    ids: tuple[str, ...]
    """Statistics or keys; of a pair the old ones."""
    old: str
    """As printed; empty for one that comes."""
    new: str
    place: Place
    """In the old document, else in the new one."""
    part: Part
    """The sentence that holds it now, else the one that held it."""


@dataclass(frozen=True)
class Move:
    """Text that stands elsewhere: a block, perhaps edited, or a sentence word for word."""

    old: Block
    new: Block
    text: str
    """As it reads now."""


@dataclass(frozen=True)
class Difference:
    """What is unlike in two documents, in the order of the text."""

    publication: str
    words: tuple[WordChange, ...] = ()
    """Sentences of text, headings, notes and code."""
    floats: tuple[WordChange, ...] = ()
    """Captions, alternative texts and rows of tables."""
    numbers: tuple[RunChange, ...] = ()
    """And claims."""
    citations: tuple[RunChange, ...] = ()
    places: tuple[Move, ...] = ()
    chapters: tuple[ChapterChange, ...] = ()
    """Those that are unlike, as they read."""


def difference(old: Document, new: Document) -> Difference:
    """What is unlike in two documents of one publication."""
    pairs = {path: list(_block_pairs(*both)) for path, both in _chapters(old, new).items()}
    chapters = _with_parts(pairs)
    changes = [it for chapter in chapters for it in chapter.blocks]
    words = [change for it in changes for change in _word_changes(it)]
    runs = [change for it in changes for pair in it.parts for change in _run_changes(pair)]
    return Difference(
        new.publication,
        tuple(change for change in words if change.block.kind not in FLOATS),
        tuple(change for change in words if change.block.kind in FLOATS),
        tuple(change for change in runs if change.kind != "citation"),
        tuple(change for change in runs if change.kind == "citation"),
        tuple(_moves(changes)),
        chapters,
    )


def _chapters(old: Document, new: Document) -> dict[str, tuple[ChapterText, ChapterText]]:
    """Chapters that are unlike; one that is not there is empty."""
    before = {chapter.path: chapter for chapter in old.chapters}
    after = {chapter.path: chapter for chapter in new.chapters}
    found = {}
    for path in dict.fromkeys([*before, *after]):
        nothing = ChapterText(path, ())
        was, becomes = before.get(path, nothing), after.get(path, nothing)
        if was is not becomes and was.passages != becomes.passages:
            found[path] = was, becomes
    return found


BlockPair = tuple[Block | None, Block | None]


def _block_pairs(old: ChapterText, new: ChapterText) -> Iterator[BlockPair]:
    yield from paired(list(blocks(old)), list(blocks(new)), _key, _likeness)


def _key(block: Block) -> Hashable:
    return block.kind, block.text, tuple((run.kind, run.ids) for _, run in block.runs())


def _likeness(old: Block, new: Block) -> float:
    return alike(old.text, new.text) if old.kind == new.kind else 0.0


def _with_parts(pairs: dict[str, list[BlockPair]]) -> tuple[ChapterChange, ...]:
    """The chapters whose blocks are unlike, with the parts of what is."""
    every = [pair for found in pairs.values() for pair in found]
    moved = _moved(
        [was for was, becomes in every if was and not becomes],
        [becomes for was, becomes in every if becomes and not was],
    )
    chapters = {
        path: [_change(was, becomes, moved) for was, becomes in found]
        for path, found in pairs.items()
    }
    unlike = [
        it for found in chapters.values() for it in found if it.kind not in ("same", "moved away")
    ]
    parts = dict(zip(map(id, unlike), part_pairs([(it.old, it.new) for it in unlike]), strict=True))
    whole = {
        path: tuple(BlockChange(it.kind, it.old, it.new, parts.get(id(it), ())) for it in found)
        for path, found in chapters.items()
    }
    return tuple(
        ChapterChange(path, found)
        for path, found in whole.items()
        if any(it.kind != "same" for it in found)
    )


def _change(was: Block | None, becomes: Block | None, moved: dict[int, Block]) -> BlockChange:
    if was and becomes:
        return BlockChange("same" if _key(was) == _key(becomes) else "changed", was, becomes)
    found = was or becomes
    assert found
    partner = moved.get(id(found))
    if was:
        return BlockChange("moved away" if partner else "removed", was, partner)
    return BlockChange("moved here" if partner else "added", partner, becomes)


def _moved(gone: Sequence[Block], come: Sequence[Block]) -> dict[int, Block]:
    """The partners of blocks that stand elsewhere: word for word, or much alike."""
    found = partners(gone, come, _key)
    if len(gone) * len(come) > MOST_PAIRS:
        return found
    for block in gone:
        is_text = id(block) not in found and block.kind not in FLOATS
        others = [it for it in come if id(it) not in found] if is_text else []
        best = max(others, key=lambda it: _likeness(block, it), default=None)
        if best and _likeness(block, best) >= _SAME_BLOCK:
            found |= {id(block): best, id(best): block}
    return found


def _moves(changes: Sequence[BlockChange]) -> Iterator[Move]:
    for change in changes:
        if change.kind == "moved here" and change.old and change.new:
            yield Move(change.old, change.new, change.new.text)
        for pair in change.parts:
            if pair.new and pair.elsewhere:
                yield Move(pair.elsewhere.block, pair.new.block, pair.new.text)


def _word_changes(change: BlockChange) -> Iterator[WordChange]:
    """What reads otherwise; of a block that comes or goes, the whole of what has not moved."""
    unlike = [it for it in change.parts if not it.is_same and not it.elsewhere]
    places = [part.place for pair in unlike for part in (pair.new or pair.old,) if part]
    if change.kind in ("added", "removed") and unlike:
        sides = zip(*map(_both, unlike), strict=True)
        was, becomes = (" ".join(it.text for it in side if it) for side in sides)
        yield WordChange(change.old, change.new, was, becomes, places[0])
        return
    for pair, place in zip(unlike, places, strict=True):
        was, becomes = (it.text if it else "" for it in _both(pair))
        if was != becomes:
            yield WordChange(change.old, change.new, was, becomes, place)


def _both(pair: PartPair) -> tuple[Part | None, Part | None]:
    return pair.old, pair.new


def _run_changes(pair: PartPair) -> Iterator[RunChange]:
    """Each number, claim and citation that is unlike."""
    if pair.elsewhere:
        return
    before, after = ([*part.runs] if part else [] for part in _both(pair))
    part = pair.new or pair.old
    assert part
    for was, becomes in paired(before, after, said, _same_use):
        found = was or becomes
        if found and (was is None or becomes is None or said(was) != said(becomes)):
            passage, run = found
            old, new = (said(it)[-1] if it else "" for it in (was, becomes))
            yield RunChange(run.kind, run.ids, old, new, passage.place(run.start), part)


def _same_use(old: tuple[Passage, Run], new: tuple[Passage, Run]) -> float:
    return _SAME_USE + (old[1].ids == new[1].ids) if old[1].kind == new[1].kind else 0.0
