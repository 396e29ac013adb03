"""Text of a paragraph -> its sentences."""

from __future__ import annotations

import re
from functools import lru_cache

OPAQUE = "\ufffc"
"""Stands in a text for something printed whose words are not the author's own."""

_END = re.compile(
    rf"[.?!](?:[’”'\")\]*_]|{OPAQUE})*\s+(?=[‘“'\"(\[*_]*(?:[^\W\d_a-z]|[0-9£]|{OPAQUE}))"
)
_NO_END = re.compile(
    r"(?:\A|.*[(\[‘“])(?:[^\W\d_]|al|e\.g|i\.e|cf|vs|pp?|paras?|eds?|[Nn]os?|vol|etc|ch|sec|n\.d"
    r"|St|Dr|Mrs?|Ms|Prof)\Z"
)
_LONGEST = 40
"""Letters of a word, and more, that can tell whether it ends its sentence."""


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence, with the blanks after it.

    A full stop after an initial or one of the usual abbreviations ends no sentence.
    """
    found, start = [], 0
    for end in _END.finditer(text):
        word = re.split(r"\s", text[max(end.start() - _LONGEST, 0) : end.start()])[-1]
        if not _NO_END.match(word):
            found.append((start, end.end()))
            start = end.end()
    return (*found, (start, len(text)))


def sentence_span(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the sentence that holds the character at `offset`."""
    return next(span for span in reversed(sentences(text)) if span[0] <= offset)


def sentence_at(text: str, offset: int) -> str:
    """The sentence of `text` that holds the character at `offset`."""
    start, end = sentence_span(text, offset)
    return text[start:end].strip()
