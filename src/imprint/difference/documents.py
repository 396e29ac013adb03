"""Two documents of one publication -> what a reader finds otherwise in the second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imprint.core.document import ChapterText, Document, Passage, Run
from imprint.core.escaping import one_line
from imprint.core.problems import Place
from imprint.difference.blocks import Block, blocks
from imprint.difference.pairing import common_words, paired
from imprint.read.chapters.sentences import sentences

_FLOATS = ("caption", "alt", "row")
_SAME_KIND = 0.1
"""How alike two passages are that have nothing but their kind in common."""


@dataclass(frozen=True)
class WordChange:
    """Words that read otherwise, come or go: a sentence, or the whole of a part of a float."""

    old: Block | None
    """None for what comes."""
    new: Block | None
    """None for what goes."""
    old_text: str
    new_text: str

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

    ids: tuple[str, ...]
    """Statistics or keys; of a pair the old ones."""
    old: str
    """As printed; empty for one that comes."""
    new: str
    place: Place
    """In the old document, else in the new one."""


@dataclass(frozen=True)
class Move:
    """A passage that stands elsewhere, word for word."""

    old: Block
    new: Block


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


def difference(old: Document, new: Document) -> Difference:
    """What is unlike in two documents of one publication."""
    pairs = [pair for chapters in _chapters(old, new) for pair in _block_pairs(*chapters)]
    gone = [was for was, becomes in pairs if was and not becomes]
    come = [becomes for was, becomes in pairs if becomes and not was]
    moves = list(_moves(gone, come))
    moved = {id(it) for move in moves for it in (move.old, move.new)}
    pairs = [(was, becomes) for was, becomes in pairs if id(was or becomes) not in moved]
    words = [change for was, becomes in pairs for change in _word_changes(was, becomes)]
    runs = [change for was, becomes in pairs for change in _run_changes(was, becomes)]
    return Difference(
        new.publication,
        tuple(change for change in words if change.block.kind not in _FLOATS),
        tuple(change for change in words if change.block.kind in _FLOATS),
        tuple(change for kind, change in runs if kind != "citation"),
        tuple(change for kind, change in runs if kind == "citation"),
        tuple(moves),
    )


def _chapters(old: Document, new: Document) -> Iterator[tuple[ChapterText, ChapterText]]:
    """Chapters that are unlike; one that is not there is empty."""
    before = {chapter.path: chapter for chapter in old.chapters}
    after = {chapter.path: chapter for chapter in new.chapters}
    for path in dict.fromkeys([*before, *after]):
        nothing = ChapterText(path, ())
        was, becomes = before.get(path, nothing), after.get(path, nothing)
        if was is not becomes and was.passages != becomes.passages:
            yield was, becomes


def _block_pairs(old: ChapterText, new: ChapterText) -> Iterator[tuple[Block | None, Block | None]]:
    yield from paired(list(blocks(old)), list(blocks(new)), _key, _likeness)


def _key(block: Block) -> tuple[object, ...]:
    return block.kind, block.text, tuple((run.kind, run.ids) for _, run in block.runs())


def _likeness(old: Block, new: Block) -> float:
    if old.kind != new.kind:
        return 0.0
    return _alike(old.text, new.text)


def _moves(gone: Sequence[Block], come: Sequence[Block]) -> Iterator[Move]:
    left: dict[object, list[Block]] = {}
    for block in come:
        left.setdefault(_key(block), []).append(block)
    for block in gone:
        if left.get(_key(block)):
            yield Move(block, left[_key(block)].pop(0))


def _word_changes(old: Block | None, new: Block | None) -> Iterator[WordChange]:
    texts = [block.text if block else "" for block in (old, new)]
    if texts[0] == texts[1]:
        return
    is_whole = not old or not new or old.kind in _FLOATS
    before, after = ([text] if is_whole else _sentences(text) for text in texts)
    for was, becomes in paired(before, after, str, _alike):
        if was != becomes:
            yield WordChange(old, new, was or "", becomes or "")


def _alike(old: str, new: str) -> float:
    return _SAME_KIND + common_words(old, new)


def _sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentences(text)]


def _run_changes(old: Block | None, new: Block | None) -> Iterator[tuple[str, RunChange]]:
    """Kind and change of each number, claim and citation that is unlike."""
    before, after = ([*block.runs()] if block else [] for block in (old, new))
    for was, becomes in paired(before, after, _said, _same_use):
        found = was or becomes
        if found and (was is None or becomes is None or _said(was) != _said(becomes)):
            passage, run = found
            old_words, new_words = (_said(it)[-1] if it else "" for it in (was, becomes))
            place = passage.place(run.start)
            yield run.kind, RunChange(run.ids, old_words, new_words, place)


def _same_use(old: tuple[Passage, Run], new: tuple[Passage, Run]) -> float:
    return _SAME_KIND + (old[1].ids == new[1].ids) if old[1].kind == new[1].kind else 0.0


def _said(found: tuple[Passage, Run]) -> tuple[str, tuple[str, ...], str]:
    passage, run = found
    return run.kind, run.ids, one_line(passage.text[run.start : run.end])
