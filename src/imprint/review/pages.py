"""Words selected on a page -> their anchor in the document; comments -> what a page shows of them.

A page prints citations and notes otherwise than the document tells them, so that words are carried
over from the paragraph as the page reads to the paragraph as the document has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from imprint.core.document import Book, Document
from imprint.difference.blocks import Block
from imprint.difference.pairing import common_words
from imprint.read.schema import load_schema
from imprint.review.anchoring import Position, anchor_at, numbers_in
from imprint.review.comments import SCHEMAS, Anchor, Comment, clean, whole
from imprint.review.files import new_id, now
from imprint.review.placed import Placed, as_data
from imprint.review.seen import blocks_of, keyed
from imprint.review.words import carried

_SAME_PARAGRAPH = 0.5
"""The least share of words in common of a paragraph on a page and in the document."""
_QUOTED = 300
"""Characters of words that belong to no paragraph, put before what is said of them."""


@dataclass(frozen=True)
class Texts:
    """The documents of a build, and the pages that show their chapters."""

    documents: tuple[Document, ...] = ()
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Publication and chapter by the page's path: `review/chapters/cycling.html`."""

    def document(self, publication: str) -> Document | None:
        """The document of a publication."""
        return next((it for it in self.documents if it.publication == publication), None)


def texts_of(books: Iterable[Book]) -> Texts:
    """The documents of composed books, with their pages."""
    found = list(books)
    pages = {
        f"{book.publication.name}/{page.output}": (book.publication.name, page.source)
        for book in found
        for page in book.pages
        if page.source
    }
    return Texts(tuple(book.document for book in found if book.document), pages)


SENT = load_schema(SCHEMAS, "sent")


def comment_of(sent: Mapping[str, Any], document: Document, chapter: str) -> Comment:
    """What a page sends, which fits `SENT`, anchored in the document; what cannot be placed is on
    the chapter as a whole, with the words before what is said.

    Raises ValueError for what no page of ours would send.
    """
    author, text, label = (clean(sent.get(it, "")) for it in ("author", "text", "label"))
    paragraph, proposed = whole(sent.get("paragraph", "")), sent.get("proposed")
    proposed = proposed if proposed is None else clean(proposed)
    span = sent.get("start", 0), sent.get("end", 0)
    is_said = text or proposed is not None
    if not author or not is_said or not span[0] <= span[1] <= len(paragraph):
        raise ValueError("incomplete")
    anchor = _anchor(paragraph, sent.get("nth", 0), span, label[:200], (document, chapter))
    if not anchor:
        anchor = Anchor(document.publication, chapter, label="" if paragraph else label[:200])
        words = paragraph[slice(*span)].strip()
        text = f"On ‘{words[:_QUOTED]}’: {text}" if words else text
    is_blocking = sent.get("blocking", False)
    return Comment(new_id(), author[:200], now(), text, anchor, proposed, is_blocking)


def _anchor(
    paragraph: str, nth: int, span: tuple[int, int], label: str, where: tuple[Document, str]
) -> Anchor | None:
    """The anchor of words of a paragraph as its page prints it, the `nth` from 0 of those that read
    so; None where no paragraph of the chapter, or of the whole document where it is not known,
    holds them."""
    document, chapter = where
    if not paragraph:
        return None
    paths = [chapter] if chapter else [it.path for it in document.chapters]
    found = [(path, n, it) for path in paths for n, it in enumerate(blocks_of(document, path))]
    likeness = [common_words(paragraph, it.text) for *_, it in found]
    best = max(likeness, default=0.0)
    if best < _SAME_PARAGRAPH:
        return None
    alike = [number for number, it in enumerate(likeness) if it == best]
    path, number, _ = found[alike[min(nth, len(alike) - 1)]]
    block = blocks_of(keyed(document), path)[number]
    # What has no words of its own there, as a citation, is a matter of its whole paragraph.
    span = carried(paragraph, block.text, span) or (0, len(block.text))
    if statistic := _number_at(block, label, span):
        return anchor_at(document, path, number, statistic, label)
    return anchor_at(document, path, number, span)


def _number_at(block: Block, id: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Where the number of a statistic stands that a span touches."""
    numbers = numbers_in(block, id) if id else ()
    return next((it for it in numbers if it[0] < span[1] and span[0] < it[1]), None)


def shown(placed: Placed, texts: Texts) -> dict[str, Any]:
    """What a page needs to show a comment: everything, and the paragraph that holds its words."""
    told = as_data(placed) | {"id": placed.thread.comment.id, "paragraph": "", "nth": 0}
    position = placed.position
    if position and position.block:
        told |= _on_page(position, position.block, texts)
    anchor = placed.thread.comment.anchor
    publication, chapter = anchor.publication, anchor.chapter
    if position:
        publication = position.document.publication
        chapter = position.block.chapter if position.block else chapter or position.place.file
    by_chapter = {both: page for page, both in texts.pages.items()}
    return told | {"page": by_chapter.get((publication, chapter), "")}


def _on_page(position: Position, block: Block, texts: Texts) -> dict[str, Any]:
    """The paragraph as its page prints it, which of those that read so, and the words in it."""
    document = texts.document(position.document.publication) or position.document
    printed = [it.text for it in blocks_of(document, block.chapter)]
    found = enumerate(blocks_of(position.document, block.chapter))
    number = next(n for n, it in found if it.passages == block.passages)
    text = printed[number]
    start, end = carried(block.text, text, (position.start, position.end)) or (0, len(text))
    return {"paragraph": text, "nth": printed[:number].count(text), "start": start, "end": end}


def with_seen(comment: Comment, digest: str) -> Comment:
    """The comment, with the text that it was made on."""
    return replace(comment, anchor=replace(comment.anchor, seen=digest))
