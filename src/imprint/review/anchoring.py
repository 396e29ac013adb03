"""Words of a document -> the anchor of a comment; anchors -> where their words stand now.

The text that a reviewer saw is paired with the present one as for a comparison. Words hold their
place where the pairs lead them to the same words; they are never looked for anywhere else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from imprint.core.document import ChapterText, Document, Passage, Piece
from imprint.core.escaping import one_line
from imprint.core.problems import Place
from imprint.difference.blocks import Block
from imprint.difference.documents import BlockChange, difference
from imprint.difference.pairing import common_words
from imprint.difference.parts import FEWEST_WORDS, Part, PartPair
from imprint.review.comments import Anchor
from imprint.review.seen import block_starts, blocks_of, chapter_text, keyed
from imprint.review.words import CELLS, folded, passage_at, surviving

CONTEXT = 48
"""Characters kept of what stands before and after a quotation."""
_MOVED_SENTENCE = 0.7
"""The least share of words in common of a sentence that was moved and edited."""
_SPLIT = 0.5
"""The same of a sentence and one of those that it was split into, or the one it was joined to."""
_SAME_PARAGRAPH = 0.6
"""The same of a paragraph, where the rest of what the reviewer saw is not kept."""


@dataclass(frozen=True)
class Position:
    """Where the words of a comment stand in a document."""

    document: Document
    block: Block | None
    """None for the whole of a figure, table, box or chapter."""
    start: int
    """Offset in the block's text."""
    end: int
    place: Place
    is_edited: bool = False
    """Whether some of the words read otherwise now."""

    @property
    def words(self) -> str:
        """The words as they read now."""
        return self.block.text[self.start : self.end] if self.block else ""


def anchor_at(
    document: Document, path: str, number: int, span: tuple[int, int], label: str = ""
) -> Anchor:
    """The anchor of words: those of a chapter's block of this number, between two offsets in its
    text, keys in it as `keyed` has them. Raises LookupError where there are none."""
    found = blocks_of(keyed(document), path)
    block, text, starts = found[number], chapter_text(found), block_starts(found)
    start, end = span
    words = block.text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    if not words:
        raise LookupError(span)
    at = starts[number] + start
    return Anchor(
        document.publication,
        path,
        words,
        text[max(0, at - CONTEXT) : at],
        text[at + len(words) : at + len(words) + CONTEXT],
        at,
        at + len(words),
        block.text,
        start,
        label,
    )


class Anchoring:
    """Finds the words of comments in the documents of a report as it stands."""

    def __init__(
        self, documents: Iterable[Document], seen: Callable[[str], Document | None]
    ) -> None:
        self._documents = {it.publication: keyed(it) for it in documents}
        self._seen = seen
        self._changes: dict[tuple[str, str], _Changes] = {}

    def position(self, anchor: Anchor) -> Position | None:
        """Where the words of an anchor stand; None where they are gone."""
        document = self._document(anchor)
        if document is None:
            return None
        if not anchor.words:
            return _whole(document, anchor)
        changes = self._pairs(anchor, document)
        number, at = changes.block(anchor)
        found = changes.position(number, (at, at + len(anchor.words)), anchor.label)
        return found and replace(found, document=document)

    def _document(self, anchor: Anchor) -> Document | None:
        """Its publication's, else one that holds its chapter."""
        own = self._documents.get(anchor.publication)
        holding = (it for it in self._documents.values() if _holds(it, anchor.chapter))
        return own or next(holding, None)

    def _pairs(self, anchor: Anchor, document: Document) -> _Changes:
        key = (anchor.seen, anchor.chapter) if anchor.seen else (anchor.paragraph, anchor.chapter)
        if key not in self._changes:
            seen = self._seen(anchor.seen)
            if seen is None or not _holds(seen, anchor.chapter):
                key = (anchor.paragraph, anchor.chapter)
                self._changes[key] = _paragraph_alone(anchor, document)
            else:
                self._changes[key] = _Changes(document, anchor.chapter, seen)
        return self._changes[key]


def _holds(document: Document, path: str) -> bool:
    return any(chapter.path == path for chapter in document.chapters)


def _whole(document: Document, anchor: Anchor) -> Position | None:
    """The whole of a float, a chapter or a publication."""
    for chapter in document.chapters:
        if anchor.label:
            places = [it.place for it in chapter.mentions if it.name == anchor.label
                      and it.kind in ("label", "heading")]  # fmt: skip
            places += [chapter.uses[anchor.label]] if anchor.label in chapter.uses else []
            places += [
                passage.place(0)
                for passage in chapter.passages
                if any(holder.id == anchor.label for holder in passage.within)
            ]
            if places:
                return Position(document, None, 0, 0, places[0])
        elif chapter.path == anchor.chapter or not anchor.chapter:
            return Position(document, None, 0, 0, Place(chapter.path))
    return None


class _Changes:
    """A chapter as it was seen, each of its blocks with what has become of it."""

    def __init__(self, document: Document, path: str, seen: Document) -> None:
        self._document = document
        self.old = blocks_of(seen, path)
        self._starts = block_starts(self.old)
        told = {it.path: it.blocks for it in difference(seen, document).chapters}
        every = [change for found in told.values() for change in found]
        pairs = [pair for change in every for pair in change.parts]
        self._come = [it for it in pairs if it.new and not it.elsewhere and not it.is_same]
        if path in told:
            # Of what has moved away, the parts are told where it has moved to.
            here = {id(it.old): it for it in every if it.kind == "moved here"}
            old = [it for it in told[path] if it.old and it.kind != "moved here"]
            self._changes: Sequence[BlockChange] = [here.get(id(it.old), it) for it in old]
        else:
            new = blocks_of(document, path)
            self._changes = [BlockChange("same", *it) for it in zip(self.old, new, strict=False)]

    def block(self, anchor: Anchor) -> tuple[int, int]:
        """The number of the block that holds the anchor's words, and where in its text."""
        number = bisect_right(self._starts, anchor.start) - 1
        if 0 <= number < len(self.old):
            at = anchor.start - self._starts[number]
            if self.old[number].text[at : at + len(anchor.words)] == anchor.words:
                return number, at
        paragraphs = [n for n, it in enumerate(self.old) if it.text == anchor.paragraph]
        return (paragraphs[0], anchor.at) if len(paragraphs) == 1 else (-1, 0)

    def position(self, number: int, span: tuple[int, int], label: str) -> Position | None:
        """Where words of an old block stand now."""
        if not 0 <= number < len(self._changes):
            return None
        change = self._changes[number]
        old, new = self.old[number], change.new
        if new is not None and (found := self._number(old, new, span, label)):
            return found
        pair = next((it for it in change.parts if _holds_words(old, it.old, span)), None)
        if pair and pair.old:
            begin = old.text.find(pair.old.text)
            own = span[0] - begin, span[1] - begin
            others = (pair.elsewhere, pair.new, self._moved(pair.old))
            for part in filter(None, others):
                if kept := surviving(pair.old.text, part.text, own):
                    return self._at(part.block, *kept, begin=part.block.text.find(part.text))
        if new is not None and (kept := surviving(old.text, new.text, span, _SPLIT)):
            return self._at(new, *kept)
        return None

    def _moved(self, old: Part) -> Part | None:
        """The sentence that an old one has become elsewhere, edited on its way."""
        if len(old.text.split()) < FEWEST_WORDS:
            return None

        def likeness(pair: PartPair) -> float:
            assert pair.new
            alike = common_words(old.text, pair.new.text)
            own = common_words(pair.old.text, pair.new.text) if pair.old else 0.0
            return alike if alike > own else 0.0

        found = [it for it in self._come if it.new and it.old is not old]
        best = max(found, key=likeness, default=None)
        return best.new if best and likeness(best) >= _MOVED_SENTENCE else None

    def _number(self, old: Block, new: Block, span: tuple[int, int], label: str) -> Position | None:
        """The number of a statistic, whatever it reads now."""
        before, after = (list(numbers_in(it, label)) for it in (old, new)) if label else ([], [])
        if span in before and len(before) == len(after):
            start, end = after[before.index(span)]
            is_edited = new.text[start:end] != old.text[span[0] : span[1]]
            return self._at(new, start, end, is_edited)
        return None

    def _at(self, block: Block, start: int, end: int, is_edited: bool, begin: int = 0) -> Position:
        """A position from offsets in what begins at `begin` of a block's text."""
        start, end = begin + start, begin + end
        passage, at = passage_at(block, start)
        return Position(self._document, block, start, end, passage.place(at), is_edited)


def _holds_words(block: Block, part: Part | None, span: tuple[int, int]) -> bool:
    """Whether a part of a block holds all words between two offsets of the block's text."""
    begin = block.text.find(part.text) if part else -1
    return part is not None and 0 <= begin <= span[0] and span[1] <= begin + len(part.text)


def _paragraph_alone(anchor: Anchor, document: Document) -> _Changes:
    """The pairs of a paragraph of which nothing else is known: itself, or what is much alike."""
    found = blocks_of(document, anchor.chapter)
    alike = [it for it in found if it.text == anchor.paragraph]
    best = max(found, key=lambda it: common_words(anchor.paragraph, it.text), default=None)
    is_same = best and common_words(anchor.paragraph, best.text) >= _SAME_PARAGRAPH
    now = best.passages if best and is_same and len(alike) <= 1 else ()
    kind = now[0].kind if now else "text"
    piece = Piece(0, Place(anchor.chapter), is_written=True)
    was = Passage(kind, anchor.paragraph, (), (piece,), row=1)
    seen, only = (
        Document(document.publication, (ChapterText(anchor.chapter, it),)) for it in ((was,), now)
    )
    return _Changes(only, anchor.chapter, seen)


def numbers_in(block: Block, id: str) -> Iterator[tuple[int, int]]:
    """Where a block's text has numbers and claims of a statistic."""
    begin = 0
    for passage in block.passages:
        for run in passage.runs_of("number", "claim"):
            if id in run.ids:
                yield (
                    begin + folded(passage.text, run.start),
                    begin + folded(passage.text, run.end),
                )
        begin += len(one_line(passage.text)) + len(CELLS)
