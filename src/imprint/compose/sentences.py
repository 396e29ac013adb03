"""Text of a paragraph -> the sentence that stands at a place in it."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?][’”'\")\]]*\s+(?=[‘“'\"(]?[A-Z0-9£])")
_NO_END = re.compile(
    r"(?:^|[\s(‘“])(?:[A-Z]|pp?|[Nn]os?|vol|eds?|cf|al|e\.g|i\.e|etc|ch|sec|Dr|Mrs?|Ms|Prof|St|n\.d)\.$"
)


def sentence_at(text: str, offset: int) -> str:
    """The sentence of `text` that holds the character at `offset`, spaces made plain.

    A full stop after an initial or one of the usual abbreviations ends no sentence.
    """
    start, end = 0, len(text)
    for found in _END.finditer(text):
        if _NO_END.search(text[: found.start() + 1]):
            continue
        if found.end() <= offset:
            start = found.end()
        else:
            end = found.end()
            break
    return " ".join(text[start:end].split(" ")).strip()
