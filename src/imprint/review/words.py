"""Words of a block: where they stand in the author's files, and what edits leave of them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from operator import itemgetter

from imprint.core.document import Passage
from imprint.core.escaping import one_line
from imprint.difference.blocks import Block
from imprint.difference.pairing import common_words
from imprint.read.chapters.sentences import sentences

_SAME_SENTENCE = 0.35
"""The least share of words in common of a sentence that was edited and one that was replaced."""
_LONG = 8
"""Words of a quotation that holds its place though a quarter of them were edited."""
_SURVIVING = 0.75
CELLS = " | "
"""Stands between the cells of a row."""
_TOKEN = re.compile(r"\w+|[^\w\s]")


def passage_at(block: Block, offset: int) -> tuple[Passage, int]:
    """The passage of a block that holds an offset of its text, and the offset in its own text."""
    for passage in block.passages:
        line = one_line(passage.text)
        if offset <= len(line) or passage is block.passages[-1]:
            return passage, unfolded(passage.text, min(offset, len(line)))
        offset -= len(line) + len(CELLS)
    raise LookupError(offset)


def unfolded(text: str, offset: int) -> int:
    """The offset in a text of what stands at `offset` once it is on one line."""
    at = len(text) - len(text.lstrip(" \t\r\n\f\v"))
    for match in re.finditer(r"[ \t\r\n\f\v]+|[^ \t\r\n\f\v]+", text[at:]):
        length = 1 if match[0].isspace() else len(match[0])
        if offset < length:
            return at + match.start() + offset
        offset -= length
    return len(text)


def surviving(
    old: str, new: str, span: tuple[int, int], least: float = _SAME_SENTENCE
) -> tuple[int, int, bool] | None:
    """Where words of a text stand in its later form, and whether some of them were edited; None
    where they are gone. `least` is the share of words in common of the sentences that hold them."""
    if old == new:
        return (*span, False)
    own, kept = _tokens(old, new, span)
    if not kept:
        return None
    start, end = kept[0].start(), kept[-1].end()
    is_whole = new[start:end] == old[own[0].start() : own[-1].end()]
    is_mostly = len(own) >= _LONG and len(kept) >= _SURVIVING * len(own)
    if not is_whole and not (is_mostly and len(_TOKEN.findall(new[start:end])) <= 2 * len(own)):
        return None
    if common_words(_sentence(old, span), _sentence(new, (start, end))) < least:
        return None
    if is_whole:
        # Of a word that is quoted in part, the same part.
        start += span[0] - own[0].start()
        end -= own[-1].end() - span[1]
    return start, end, not is_whole


def carried(old: str, new: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Where words of one form of a paragraph stand in the other: from the first to the last that
    both have. None where less than half are found."""
    own, kept = _tokens(old, new, span)
    return (kept[0].start(), kept[-1].end()) if kept and 2 * len(kept) >= len(own) else None


def _tokens(
    old: str, new: str, span: tuple[int, int]
) -> tuple[list[re.Match[str]], list[re.Match[str]]]:
    """The tokens of words of a text, and those of its other form that they have become."""
    before, after = (list(_TOKEN.finditer(text)) for text in (old, new))
    own = [n for n, it in enumerate(before) if it.end() > span[0] and it.start() < span[1]]
    matcher = SequenceMatcher(None, [*map(_word, before)], [*map(_word, after)], autojunk=False)
    blocks = matcher.get_matching_blocks()
    partners = {a + n: after[b + n] for a, b, size in blocks for n in range(size)}
    return [before[n] for n in own], [partners[n] for n in own if n in partners]


_word = itemgetter(0)


def _sentence(text: str, span: tuple[int, int]) -> str:
    """The sentences that hold a span."""
    held = [it for it in sentences(text) if it[1] > span[0] and it[0] < span[1]]
    return text[held[0][0] : held[-1][1]] if held else text


def folded(text: str, offset: int) -> int:
    """The offset on one line of what stands at `offset` of a text; undoes `unfolded`."""
    return len(one_line(f"{text[:offset]}|")) - 1
