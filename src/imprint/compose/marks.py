"""Executed Markdown -> the same with its line written into every statistic and citation.

pandoc forgets where things stood; what `lua/read.lua` takes out of these marks is the line of each
use, whatever has since been moved, dropped or printed elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from imprint.core.model import Chapter, Line, Text
from imprint.core.problems import Place
from imprint.core.settings import Style
from imprint.core.units import PER_CENT
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.chapters.mentions import citations

_STATISTIC = re.compile(r'(?<!\\)\{(?:[^{}"\\]|"[^"]*")*?(?<!\S)data-stat="[^"]*"')
_PRINTED = re.compile(r'\[(?:[^\[\]\\]|\\.)*\]\{\.stat data-stat="')
_KEY = re.compile(r"@(?:\{([^{}\s]+)\}|(\w(?:[:.#$%&\-+?<>~/]?\w)*))")
_NARROW = 80
"""Letters up to which pandoc lets a table be as narrow as its cells: such a row stays as it is."""

_RESERVED = dict.fromkeys(range(0xE000, 0xE010), "\ufffd")
"""Characters for private use with which stages mark places: an author's, which mean nothing to any
reader, are shown as such and not taken for marks."""


def restyled(lines: Sequence[Line], style: Style) -> Sequence[Line]:
    """The lines with their statistics as a publication of this style prints them."""
    if PER_CENT[style] == PER_CENT["none"]:
        return lines

    def styled(text: str) -> str:
        return _PRINTED.sub(lambda span: span[0].replace("per cent", PER_CENT[style]), text)

    return [replace(line, text=styled(line.text)) for line in lines]


def marked(lines: Sequence[Line], keys: Collection[str]) -> str:
    """The lines as one text; `data-line="17"` and `@{key::17}` name the line they stand on.

    Lines count from 0 in `lines`; only citations of `keys` are marked.
    """
    texts = [line.text.translate(_RESERVED) for line in lines]
    prose = lay_out(texts).prose
    insertions: list[tuple[int, int, int, str]] = []
    for index, line in enumerate(prose):
        for found in _STATISTIC.finditer(line):
            insertions.append((index, found.end(), found.end(), f' data-line="{index}"'))
    by_index = Text(
        tuple(replace(line, place=Place("", index)) for index, line in enumerate(lines))
    )
    for key, place in citations(Chapter("", {}, (by_index,), ())):
        written = _KEY.match(texts[place.line], place.column - 1) if key in keys else None
        if written:
            insertions.append((place.line, *written.span(), f"@{{{key}::{place.line}}}"))
    for index, start, end, mark in sorted(insertions, reverse=True):
        line = texts[index]
        if not line.startswith("|") or len(line) > _NARROW:
            texts[index] = line[:start] + mark + line[end:]
    return "\n".join(texts)
