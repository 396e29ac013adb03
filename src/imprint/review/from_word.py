"""What a reviewer did in a Word document -> comments, at the words of the report."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

from imprint.core.document import Document
from imprint.core.escaping import one_line
from imprint.difference.blocks import Block
from imprint.difference.pairing import common_words, paired
from imprint.review.anchoring import anchor_at
from imprint.review.comments import LONGEST_TEXT, Anchor, Comment, clean
from imprint.review.pages import with_seen
from imprint.review.seen import blocks_of, keyed
from imprint.review.word import Change, WordDocument, WordParagraph
from imprint.review.words import carried

_ALIKE = 0.5
"""The least share of words in common of a paragraph in Word and in the report."""
_LEAST_KNOWN = 0.3
"""The share of paragraphs that are in the report; below it, the document is of another one."""
_LONG = 12
"""Letters of a paragraph that is told from all others by them."""
_CITATION = re.compile(
    r"\[@[^\]]*\]|\([^()]*\d{4}[^()]*\)|\b(?:Figure|Table|Box|Section)\s[\dA-Z.]+"
)
_NUMBER = re.compile(r"^(?:[A-Z][a-z]+\s)?(?:\d+|[A-Z](?=\.))(?:\.\d+)*:?\s")
_LETTERS = re.compile(r"[\W_]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_WORD = re.compile(r"\S+")
_UNKNOWN_TIME = "1970-01-01T00:00:00Z"

Numbered = tuple[str, int, Block]
"""A block with its chapter and its number there."""


class OtherReportError(ValueError):
    """A document's paragraphs are not those of the report."""


def comments_from(word: WordDocument, document: Document, digest: str) -> list[Comment]:
    """The comments and proposals of a document that was made from `document`, which is kept by a
    digest, or empty. Raises OtherReportError."""
    plain = keyed(document)
    numbered = [
        (chapter.path, number, block)
        for chapter in plain.chapters
        for number, block in enumerate(blocks_of(plain, chapter.path))
        if block.kind not in ("alt", "raw")
    ]
    pairs = _pairs(numbered, [it for it in word.paragraphs if it.text.strip()])
    known = {id(paragraph): block for block, paragraph in pairs}
    if len(known) < _LEAST_KNOWN * max(1, sum(bool(it.text.strip()) for it in word.paragraphs)):
        raise OtherReportError("its paragraphs are not those of this report")
    found: list[Comment] = []
    before: Numbered | None = None
    for paragraph in word.paragraphs:
        block = known.get(id(paragraph))
        before = block or before
        for change in paragraph.changes:
            found.append(_comment(change, paragraph, (block, before), plain))
    ids: Counter[str] = Counter()
    return [with_seen(_named(it, ids), digest) for it in found]


def _pairs(
    blocks: Sequence[Numbered], paragraphs: Sequence[WordParagraph]
) -> list[tuple[Numbered, WordParagraph]]:
    """Blocks and the paragraphs that Word has of them, in the order of both."""

    def text(it: Numbered | WordParagraph) -> str:
        return one_line(it.text if isinstance(it, WordParagraph) else it[2].text)

    def key(it: Numbered | WordParagraph) -> Hashable:
        # What is short, or written twice, might pair what stands far apart.
        words = _without_citations(text(it))
        sides = (alone[0][words], alone[1][words])
        return words if sides == (1, 1) and len(words) >= _LONG else id(it)

    def likeness(block: Numbered | WordParagraph, paragraph: Numbered | WordParagraph) -> float:
        share = common_words(*(_NUMBER.sub("", text(it)) for it in (block, paragraph)))
        return share if share >= _ALIKE else 0.0

    everything: tuple[list[Numbered | WordParagraph], list[Numbered | WordParagraph]]
    everything = [*blocks], [*paragraphs]
    alone = [Counter(_without_citations(text(it)) for it in side) for side in everything]
    found: list[tuple[Numbered, WordParagraph]] = []
    for block, paragraph in paired(*everything, key, likeness):
        if block is not None and paragraph is not None:
            assert not isinstance(block, WordParagraph) and isinstance(paragraph, WordParagraph)
            if likeness(block, paragraph):
                found.append((block, paragraph))
    left = {key(it): it for it in blocks if id(it) not in {id(block) for block, _ in found}}
    known = {id(paragraph) for _, paragraph in found}
    # What stands elsewhere, as notes do, is known by its words.
    elsewhere = ((left.get(key(it)), it) for it in paragraphs if id(it) not in known)
    return [*found, *((block, it) for block, it in elsewhere if block)]


def _without_citations(text: str) -> str:
    """The letters of a text, without what a page prints otherwise than the report has it."""
    return _LETTERS.sub("", _CITATION.sub("", text))


def _comment(
    change: Change,
    paragraph: WordParagraph,
    where: tuple[Numbered | None, Numbered | None],
    document: Document,
) -> Comment:
    """A change as a comment; what stands in no paragraph of the report is on the one before."""
    block, before = where
    author = clean(change.author)[:200] or "unknown"
    created = f"{change.date[:19]}Z" if _TIME.match(change.date) else _UNKNOWN_TIME
    text, proposed = clean(change.text)[:LONGEST_TEXT], change.inserted
    span = change.start, change.end
    words = paragraph.text[slice(*span)]
    if block and proposed is not None and span[0] == span[1]:
        span, proposed = _beside(paragraph.text, span[0], proposed)
    carried_span = _in_block(paragraph.text, block[2], span) if block else None
    if block and carried_span:
        anchor = anchor_at(document, block[0], block[1], carried_span)
        if proposed is not None:
            proposed = one_line(proposed)[:LONGEST_TEXT]
        return Comment("", author, created, text, anchor, proposed)
    if proposed is not None:
        told = [f"deletes ‘{words.strip()}’" if words.strip() else ""]
        told += [f"writes ‘{one_line(proposed)}’" if proposed.strip() else ""]
        text = clean(" and ".join(filter(None, told)))[:LONGEST_TEXT]
    anchor = Anchor(document.publication, before[0] if before else "")
    if before:
        anchor = anchor_at(document, before[0], before[1], (0, len(before[2].text)))
        text = f"After this: {text}" if not block else text
    return Comment("", author, created, text or "no words", anchor)


def _beside(text: str, at: int, inserted: str) -> tuple[tuple[int, int], str]:
    """An insertion as other words for the word before it, or behind it."""
    before = [it for it in _WORD.finditer(text) if it.end() <= at]
    if before:
        start = before[-1].start()
        return (start, at), text[start:at] + inserted
    first = next((it for it in _WORD.finditer(text) if it.start() >= at), None)
    end = first.end() if first else len(text)
    return (at, end), inserted + text[at:end]


def _in_block(text: str, block: Block, span: tuple[int, int]) -> tuple[int, int] | None:
    """Where words of a paragraph stand in the block that it is; a point is the word there."""
    if span[0] == span[1]:
        near = [it for it in _WORD.finditer(text) if it.end() >= span[0]]
        span = (near[0].start(), near[0].end()) if near else (0, len(text))
    return carried(text, block.text, span)


def _named(comment: Comment, ids: Counter[str]) -> Comment:
    """The comment with an id that is the same whenever the document is read."""
    anchor = comment.anchor
    told = [comment.author, comment.created, comment.text, str(comment.proposed)]
    told += [anchor.chapter, str(anchor.start), anchor.words]
    name = "\n".join(told)
    ids[name] += 1
    id = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}\n{ids[name]}")
    return replace(comment, id=f"urn:uuid:{id}")
