"""Boxes that say what they hold: `::: {#box-audits data-holds="Wales; Sheffield"}`.

The names are words of the box's own text; a sentence that refers to the box and gives a number
must give theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from imprint.checks.citing import sentences
from imprint.checks.paragraphs import paragraphs
from imprint.markdown_source import lay_out
from imprint.model import Chapter, Text
from imprint.numerals import number_words
from imprint.problems import Place, Problem
from imprint.sources import Sources


@dataclass(frozen=True)
class Box:
    """A labelled div and the things it declares to hold."""

    label: str
    holds: tuple[str, ...]
    text: str
    place: Place


def check_boxes(sources: Sources) -> Iterator[Problem]:
    """Yield a problem for every box that lacks something it declares
    (`box-holds-what-it-declares`) and every sentence that counts its contents wrongly
    (`box-holds-what-is-said`)."""
    for publication in sources.publications:
        chapters = list(sources.chapters_of(publication))
        known = {box.label: box for chapter in chapters for box in boxes(chapter)}
        for box in known.values():
            yield from _missing(box)
        for chapter in chapters if known else ():
            yield from _miscounted(chapter, known)


_OPEN = re.compile(r"[ \t>]*:{3,}[ \t]*(?:\{(?P<attributes>.*)\}|[^\s{}:]+)[ \t]*:*[ \t]*\Z")
_CLOSE = re.compile(r"[ \t>]*:{3,}[ \t]*\Z")
_LABEL = re.compile(r"(?<!\S)#(?P<label>[^\s{}#]+)")
_HOLDS = re.compile(r"(?<!\S)data-holds=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s\"]+))")


def boxes(chapter: Chapter) -> Iterator[Box]:
    """The boxes of a chapter that declare what they hold."""
    opened: list[tuple[Box | None, list[str]]] = []
    for part in chapter.parts:
        if not isinstance(part, Text):
            continue
        prose = lay_out([line.text for line in part.lines]).prose
        for line, text in zip(part.lines, prose, strict=True):
            opening = _OPEN.match(text)
            if opening:
                opened.append((_declared(opening["attributes"] or "", line.place), []))
            elif _CLOSE.match(text) and opened:
                box, lines = opened.pop()
                if box:
                    yield Box(box.label, box.holds, "\n".join(lines), box.place)
                if opened:
                    opened[-1][1].extend(lines)
            elif opened:
                opened[-1][1].append(text)


def _declared(attributes: str, place: Place) -> Box | None:
    label, holds = _LABEL.search(attributes), _HOLDS.search(attributes)
    if not label or not holds:
        return None
    names = (holds["quoted"] or holds["bare"] or "").split(";")
    return Box(label["label"], tuple(name.strip() for name in names if name.strip()), "", place)


def _missing(box: Box) -> Iterator[Problem]:
    for name in box.holds:
        if name not in box.text:
            message = f"the box declares '{name}' and does not hold it"
            mend = "write about it, or take it out of `data-holds`"
            yield Problem(box.place, "box-holds-what-it-declares", message, mend)


_NUMBERS = {number_words(number): number for number in range(2, 21)}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)}|[2-9]|1\d|20)\b(?!\s+(?:of|per)\b)")


def _miscounted(chapter: Chapter, known: dict[str, Box]) -> Iterator[Problem]:
    for paragraph in paragraphs(chapter):
        marks = [mark for mark in paragraph.marks if mark.text in known]
        for start, end in sentences(paragraph.text) if marks else ():
            named = {mark.text for mark in marks if start <= mark.offset < end}
            if len(named) != 1:
                continue
            box = known[named.pop()]
            for found in _NUMBER.finditer(paragraph.text, start, end):
                said = _NUMBERS.get(found[0]) or int(found[0])
                if said != len(box.holds):
                    message = f"'{box.label}' holds {', '.join(box.holds)}, which is not {found[0]}"
                    mend = "mend the number, or what the box declares in `data-holds`"
                    place = paragraph.place(found.start())
                    yield Problem(place, "box-holds-what-is-said", message, mend)
