"""A chapter's citations and references as they are printed: `(Burton 2009)`, `Figure 2.1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from imprint.compose.numbering import Target
from imprint.core.document import ChapterText, Passage, Piece, Run

_NBSP = "\u00a0"


def with_printed(
    chapter: ChapterText, citations: Mapping[str, str], index: Mapping[str, Target]
) -> ChapterText:
    """The text of a chapter with the words of its citations and references in the place of their
    keys: `citations` are those words by the number of a use; `index` says what labels stand for."""
    cited = {chapter.runs[use]: words for use, words in citations.items() if use in chapter.runs}
    passages = []
    for at, passage in enumerate(chapter.passages):
        words = {
            run: _reference(run, index) if run.kind == "reference" else cited[at, which]
            for which, run in enumerate(passage.runs)
            if run.kind == "reference" or (at, which) in cited
        }
        passages.append(with_words(passage, words) if words else passage)
    return replace(chapter, passages=tuple(passages))


def _reference(run: Run, index: Mapping[str, Target]) -> str:
    names = []
    for label in run.ids:
        target = index.get(label[:1].lower() + label[1:])
        if target is None:
            names.append(label)
        elif not target.number:
            names.append(target.title or label)
        elif run.form == "year" or not target.word:
            names.append(target.number)
        else:
            names.append(f"{target.word}{_NBSP}{target.number}")
    return ", ".join(names)


def with_words(passage: Passage, words: Mapping[Run, str]) -> Passage:
    """The passage with other words for some of its runs, none of which holds another."""
    moves = sorted((run.start, run.end, text) for run, text in words.items())

    def moved(offset: int, *, is_end: bool = False) -> int:
        shift = 0
        for start, end, text in moves:
            if offset > end or (offset == end and (is_end or start < end)):
                shift += len(text) - (end - start)
            elif start < offset:
                return start + shift
        return offset + shift

    text = passage.text
    pieces = list(passage.pieces)
    for start, end, printed in reversed(moves):
        text = text[:start] + printed + text[end:]
        after = passage.piece(end) if end < len(passage.text) else None
        pieces = [it for it in pieces if not start <= it.start <= end]
        pieces.append(Piece(start, passage.place(start), False))
        if after:
            pieces.append(Piece(end, passage.place(end), after.is_written))
    runs = tuple(
        replace(run, start=moved(run.start), end=moved(run.end, is_end=True))
        for run in passage.runs
    )
    placed = tuple(
        replace(it, start=moved(it.start)) for it in sorted(pieces, key=lambda it: it.start)
    )
    return replace(passage, text=text, runs=runs, pieces=placed)
