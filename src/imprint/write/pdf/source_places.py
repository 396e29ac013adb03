"""A place in a book's Typst source -> the author's line that it was made of.

pandoc leaves no positions behind, so that a chapter's words in Typst are aligned with its words in
Markdown, in order, and a place is that of the nearest word that both have.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from difflib import SequenceMatcher

from imprint.compose.typst import CHAPTER
from imprint.core.document import Book
from imprint.core.model import Executed
from imprint.core.problems import Place

_WORD = re.compile(r"\w+")


def source_place(book: Book, spots: Iterable[tuple[int, int]]) -> Place | None:
    """The author's place for the first of these spots (line and column, from 1) that stands in a
    chapter; None where none does."""
    lines = book.typst.split("\n")
    begins = [number for number, line in enumerate(lines) if line.startswith(CHAPTER)]
    chapters = {chapter.path: chapter for chapter in book.sources}
    for line, column in spots:
        which = bisect_right(begins, line - 1) - 1
        chapter = chapters.get(lines[begins[which]].removeprefix(CHAPTER)) if which >= 0 else None
        if chapter:
            until = begins[which + 1] if which + 1 < len(begins) else len(lines)
            above = "\n".join(lines[begins[which] + 1 : line - 1])
            text = "\n".join(lines[begins[which] + 1 : until])
            return _aligned(text, len(above) + column, chapter)
    return None


def _aligned(typst: str, offset: int, chapter: Executed) -> Place:
    """The place of the word in the chapter that comes nearest to an offset in its Typst source."""
    words = [found.span() for found in _WORD.finditer(typst)]
    written = [
        (found[0], line.place) for line in chapter.lines for found in _WORD.finditer(line.text)
    ]
    matcher = SequenceMatcher(
        None, [typst[start:end] for start, end in words], [word for word, _ in written]
    )
    ends = typst.find("\n", offset)
    at = bisect_left([start for start, _ in words], offset)
    if at == len(words) or words[at][0] > ends >= 0:
        at = max(at - 1, 0)
    pairs = [
        (ours + step, theirs + step)
        for ours, theirs, size in matcher.get_matching_blocks()
        for step in range(size)
    ]
    if not pairs:
        return chapter.lines[0].place if chapter.lines else Place(chapter.path)
    _, nearest = min(pairs, key=lambda pair: (abs(pair[0] - at), pair[0] > at))
    return written[nearest][1]
