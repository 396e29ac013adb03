"""A chapter's Markdown -> paragraphs as a reader meets them, each character with its place.

What is not printed (attributes, addresses, comments) is left out; what is printed but not written
here (inline code, shortcodes, citations, addresses shown as they are) is one `OPAQUE` character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from typing import Literal

from imprint.check.prose.dashed_tables import dashed_cells
from imprint.core.model import Chapter, Line, Text
from imprint.core.problems import Place
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.chapters.mentions import DESTINATION
from imprint.read.chapters.sentences import OPAQUE

Kind = Literal["text", "heading", "item", "note", "row"]


@dataclass(frozen=True)
class Mark:
    """What an `OPAQUE` character stands for."""

    offset: int
    kind: Literal["code", "citation", "address", "shortcode"]
    text: str
    """The code between the backticks, the key without its `@`, or the address."""

    @property
    def expression(self) -> str:
        """The Python of inline code; empty for everything else, code that is only shown too."""
        code = self.text.removeprefix("{python}")
        return code.strip() if self.kind == "code" and code != self.text else ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading, list item, note or table row."""

    kind: Kind
    text: str
    """Its lines, joined by line breaks."""
    marks: tuple[Mark, ...]
    pieces: tuple[tuple[int, Place], ...]
    """Where runs of characters begin: offset in `text` and place in the source; without a column
    where the text is made by code."""
    level: int = 0
    """Of a heading, from 1."""

    @property
    def file(self) -> str:
        """The file in which the paragraph begins."""
        return self.pieces[0][1].file

    def place(self, offset: int) -> Place:
        """Where the character at `offset` of `text` stands in the source."""
        start, place = self.pieces[bisect_right(self.pieces, offset, key=lambda p: p[0]) - 1]
        if not place.column:
            return place
        return place.at(place.column + offset - start)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Whether these characters stand side by side in the source too."""
        return not any(start < offset < end for offset, _ in self.pieces)


def paragraphs(chapter: Chapter) -> Iterator[Paragraph]:
    """Every paragraph of the chapter in the order of its text, includes in place."""
    for part in chapter.parts:
        if isinstance(part, Text):
            yield from text_paragraphs(part)


def paragraphs_of(markdown: str, place: Place) -> Iterator[Paragraph]:
    """The paragraphs of one line of Markdown that stands at `place`."""
    for found in text_paragraphs(Text((Line(markdown, place),))):
        shift = place.column - 1
        pieces = tuple(
            (start, at.at(at.column + shift if place.column else 0)) for start, at in found.pieces
        )
        yield replace(found, pieces=pieces)


_SKIPPED = re.compile(
    r"(?P<attributes>(?<!\{)\{(?![{<])(?:[^{}\"]|\"[^\"]*\")*\})"
    rf"|(?P<destination>{DESTINATION})"
    r"|(?P<shortcode>\{\{<.*?>\}\})"
    r"|(?P<note>\[\^[^\]\s]+\])"
    r"|(?P<address><[^\s<>]+[:@][^\s<>]+>|\b(?:https?|ftp)://[^\s<>()]+(?<![.,;:]))"
    r"|(?P<picture><(?i:img|input)\b[^<>]*>)"
    r"|(?P<break><(?i:br|hr)\b[^<>]*>)"
    r"|(?P<tag><[A-Za-z/][^<>]*>)"
    r"|(?P<entity>&(?:\#\d+|\#[xX][\dA-Fa-f]+|[A-Za-z]\w*);)"
    r"|(?P<citation>-?(?<![^\W_])(?<!\\)@(?:\{[^{}\s]+\}|\w(?:[:.#$%&\-+?<>~/]?\w)*))"
    r"|(?P<image>!(?=\[))"
    r"|(?P<escape>\\(?=[^\w\s]))"
)
_OPENING = re.compile(
    r"(?P<indent>[ \t>]*)"
    r"(?:(?P<heading>#{1,6})\s+|(?P<item>[-*+]\s+(?:\[[ xX]\]\s+)?|"
    r"(?:\(?(?:\d{1,3}|[a-z]|[ivxlc]+|#|@\w*)[.)]|\(?[A-Z]\)|[A-Z]\.\s)\s+)|(?P<note>\[\^[^\]\s]+\]:\s*)"
    r"|(?P<row>\|))?"
)
_BREAK = re.compile(r"[ \t>]*(?::{3,}|\[[^\]^@]+\]:[ \t]+\S|[-*_]{3,}[ \t]*\Z|\|?[-:| ]{3,}\Z)")
_BLANKS = re.compile(r" +")


# Many checks read the same texts; a report of some hundred chapters has to fit in.
@lru_cache(maxsize=8192)
def text_paragraphs(part: Text) -> tuple[Paragraph, ...]:
    """The paragraphs of one stretch of text between cells."""
    raw = [line.text for line in part.lines]
    layout = lay_out(raw)
    unread = {i for fence in layout.fences for i in range(fence.start, fence.end + 1)}
    unread |= {i for first, last in layout.comments for i in range(first, last + 1)}
    dashed = dashed_cells(raw)
    found: list[Paragraph] = []
    gathered: list[_Fragment] = []
    opened: tuple[Kind, int] = ("text", 0)

    def close() -> None:
        if gathered:
            paragraph = _joined(opened, gathered)
            if paragraph.text.strip():
                found.append(paragraph)
            gathered.clear()

    for index, line in enumerate(part.lines):
        prose = layout.prose[index]
        if index in dashed and index not in unread:
            close()
            cells = [[_Fragment(line, prose[:stop], start)] for start, stop in dashed[index]]
            found += [it for cell in cells if (it := _joined(("row", 0), cell)).text.strip()]
            continue
        # Inline code is blank in the prose; where a line has nothing else, that is no break.
        is_break = _BREAK.match(prose) and (_BREAK.match(raw[index]) or "`" not in raw[index])
        if index in unread or not raw[index].strip() or is_break:
            close()
            continue
        # At a line's beginning it would look like an indent, so indents are read in the raw.
        opening = _OPENING.match(raw[index])
        assert opening is not None
        kind = opening.lastgroup if opening.lastgroup != "indent" else None
        if kind or not gathered or opened[0] in ("heading", "row"):
            close()
            level = len(opening["heading"] or "")
            opened = (kind or "text", level)  # type: ignore[assignment]
        gathered.append(_Fragment(line, prose, opening.end()))
    close()
    return tuple(found)


_INSTEAD = dict.fromkeys(("code", "citation", "address", "shortcode", "picture"), OPAQUE) | {
    "break": " ",
    "entity": "",
}
"""What stands in a paragraph for what is printed otherwise than written; an entity is its sign."""


@dataclass(frozen=True)
class _Fragment:
    line: Line
    prose: str
    start: int
    """Column from 0 where its text begins, after a list's marker and the like."""


def _joined(opened: tuple[Kind, int], lines: Sequence[_Fragment]) -> Paragraph:
    text: list[str] = []
    marks: list[Mark] = []
    pieces: list[tuple[int, Place]] = []
    length = 0

    def add(piece: str, line: Line, column: int) -> None:
        nonlocal length
        pieces.append((length, line.place.at(column + 1)))
        text.append(piece)
        length += len(piece)

    for position, piece in enumerate(lines):
        line, end = piece.line, len(piece.prose.rstrip())
        at = piece.start
        for start, stop, kind, said in _unprinted(piece):
            if start > at:
                add(piece.prose[at:start], line, at)
            if kind in ("code", "citation", "address", "shortcode"):
                marks.append(Mark(length, kind, said))  # type: ignore[arg-type]
            if kind in _INSTEAD:
                add(_INSTEAD[kind] or unescape(said), line, start)
            at = stop
        if at < end:
            add(piece.prose[at:end], line, at)
        if position < len(lines) - 1:
            add("\n", line, max(at, end))
    return Paragraph(opened[0], "".join(text), tuple(marks), tuple(pieces), opened[1])


def _unprinted(piece: _Fragment) -> list[tuple[int, int, str, str]]:
    """Start, end, kind and text of all in the line that is not printed as it is written."""
    raw, prose = piece.line.text, piece.prose
    found: list[tuple[int, int, str, str]] = []
    if raw != prose:
        for run in _BLANKS.finditer(prose, piece.start):
            hidden = raw[run.start() : run.end()]
            core = hidden.strip()
            if core:
                start = run.start() + hidden.index(core)
                kind = "comment" if core.startswith("<!--") else "code"
                found.append((start, start + len(core), kind, core.strip("`")))
    for skipped in _SKIPPED.finditer(prose, piece.start):
        kind = str(skipped.lastgroup)
        said = skipped[0].lstrip("-").lstrip("@").strip("{}<>")
        found.append((skipped.start(), skipped.end(), kind, said))
    return sorted(found)
