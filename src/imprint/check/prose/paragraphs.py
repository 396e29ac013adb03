"""A passage of a document -> a paragraph as rules read it: the author's own words.

What is printed but not written there (values of code, citations, code and maths, addresses shown as
they are) is one `OPAQUE` character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from imprint.core.document import Passage, Run
from imprint.core.model import Statistic
from imprint.core.problems import Place
from imprint.read.chapters.sentences import OPAQUE

Kind = Literal["text", "heading", "item", "note", "row"]


@dataclass(frozen=True)
class Printed:
    """What `stat` or `claim` printed."""

    is_claim: bool
    ids: tuple[str, ...]
    text: str
    form: str = ""
    """Of a number, where it is not the running one."""


@dataclass(frozen=True)
class Mark:
    """What an `OPAQUE` character stands for."""

    offset: int
    kind: Literal["code", "citation", "address"]
    text: str
    """The code between the backticks, the key without its `@`, or the address."""
    printed: tuple[Printed, ...] = ()
    """What stands in its place of rows."""

    @property
    def is_run(self) -> bool:
        """Whether it is inline code that prints something, not code that is only shown."""
        return self.kind == "code" and self.text.startswith("{python}")


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
    column: str = ""
    """Of a cell of a table of data/: its column."""
    emphasised: tuple[tuple[int, int], ...] = ()
    """Where words in italics begin and end, as titles of works are."""
    made: tuple[tuple[int, int], ...] = ()
    """Where words begin and end that code made, of a paragraph that shows them."""

    @property
    def without_titles(self) -> str:
        """The text with blanks for the words in italics."""
        text = self.text
        for start, end in self.emphasised:
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text

    @property
    def file(self) -> str:
        """The file in which the paragraph begins."""
        return self.pieces[0][1].file

    @property
    def printed(self) -> Iterator[tuple[int, Printed]]:
        """What rows print in it, each with its offset."""
        return ((mark.offset, it) for mark in self.marks for it in mark.printed)

    def rows(self, rows: Mapping[str, Statistic]) -> list[tuple[int, Statistic]]:
        """All rows that it prints, those of claims too, each with its offset."""
        return [(offset, rows[id]) for offset, it in self.printed for id in it.ids if id in rows]

    def numbers(self, rows: Mapping[str, Statistic]) -> list[tuple[int, Statistic]]:
        """The rows whose numbers it prints, but for claims, each with its offset."""
        printed = ((offset, it.ids[0]) for offset, it in self.printed if not it.is_claim)
        return [(offset, rows[id]) for offset, id in printed if id in rows]

    def place(self, offset: int) -> Place:
        """Where the character at `offset` of `text` stands in the source."""
        start, place = self.pieces[bisect_right(self.pieces, offset, key=lambda p: p[0]) - 1]
        if not place.column or self.is_made(offset):
            return place
        return place.at(place.column + offset - start)

    def is_made(self, offset: int) -> bool:
        """Whether code made the character at `offset`."""
        return any(start <= offset < end for start, end in self.made)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Whether these characters stand side by side in the source too."""
        return not any(start < offset < end for offset, _ in self.pieces)


_KINDS: dict[str, Kind] = {
    "heading": "heading", "item": "item", "term": "item", "note": "note", "cell": "row",
}  # fmt: skip
_KEY = re.compile(r"-?@(?:\{([^{}\s]+)\}|(\w(?:[:.#$%&\-+?<>~/]?\w)*))")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>()]+(?<![.,;:])")

Cut = tuple[int, int, str, str]
"""Start and end in a passage, the kind of its mark (empty for none) and the mark's text."""


def paragraph_of(
    passage: Passage, code: Mapping[Place, str], *, shows_made: bool = False
) -> Paragraph:
    """A passage as rules read it; `code` is inline code by its place.

    With `shows_made` the words that code made are those that readers read, but for what rows print.
    """
    text: list[str] = []
    marks: list[Mark] = []
    pieces: list[tuple[int, Place]] = []
    length = at = 0
    kept: list[tuple[int, int, int]] = []
    made: list[tuple[int, int]] = []

    def keep(end: int) -> None:
        nonlocal length
        kept.append((at, end, length))
        starts = [at, *(it.start for it in passage.pieces if at < it.start < end)]
        for start, after in pairwise([*starts, end]) if at < end else ():
            pieces.append((length + start - at, passage.place(start)))
            if not passage.piece(start).is_written:
                made.append((length + start - at, length + after - at))
        text.append(passage.text[at:end])
        length += max(end - at, 0)

    for start, end, kind, said in _cuts(passage, code, shows_made):
        if start < at:
            continue
        keep(start)
        if kind:
            printed = tuple(
                Printed(run.kind == "claim", run.ids, passage.text[run.start : run.end], run.form)
                for run in passage.runs_of("number", "claim")
                if start <= run.start and run.end <= end
            )
            marks.append(Mark(length, kind, said, printed))  # type: ignore[arg-type]
            pieces.append((length, passage.place(start)))
            text.append(OPAQUE)
            length += 1
        at = end
    keep(len(passage.text))
    return Paragraph(
        _KINDS.get(passage.kind, "text"), "".join(text), tuple(marks),
        tuple(pieces) or ((0, passage.place(0)),), passage.level,
        passage.target if passage.kind == "cell" else "",
        tuple(_kept_of(run, kept) for run in passage.runs_of("emphasis")), tuple(made),
    )  # fmt: skip


def _kept_of(run: Run, kept: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """Where the words of a run begin and end in a paragraph; `kept` says what of the passage stands
    where in it."""

    def moved(offset: int) -> int:
        start, end, to = next(it for it in reversed(kept) if it[0] <= offset)
        return to + min(offset, end) - start

    return moved(run.start), moved(run.end)


def _cuts(passage: Passage, code: Mapping[Place, str], shows_made: bool) -> list[Cut]:
    made = list(_of_rows(passage, code) if shows_made else _made(passage, code))
    found = list(made)
    for run in passage.runs:
        said = passage.text[run.start : run.end]
        if run.kind in ("code", "math"):
            signs = "$" if run.kind == "math" else ""
            found.append((run.start, run.end, "code", f"{signs}{said}{signs}"))
        elif run.kind == "raw":
            found.append((run.start, run.end, "", ""))
        elif run.kind in ("citation", "reference"):
            is_made = any(start < run.end and run.start < end for start, end, _, _ in made)
            found += [(run.start, run.end, "code", "")] if is_made else _keys(run, said)
        elif run.kind == "link" and run.target in (said, f"mailto:{said}"):
            found.append((run.start, run.end, "address", said))
    found += [(*it.span(), "address", it[0]) for it in _ADDRESS.finditer(passage.text)]
    # What holds others comes first.
    return sorted(found, key=lambda cut: (cut[0], -cut[1]))


def _made(passage: Passage, code: Mapping[Place, str]) -> Iterator[Cut]:
    """Stretches that code made, each with the code."""
    ends = [*(piece.start for piece in passage.pieces[1:]), len(passage.text)]
    found: list[tuple[int, int, Place]] = []
    for piece, end in zip(passage.pieces, ends, strict=True):
        # A space that code puts between written words is the space it is.
        if piece.is_written or passage.text[piece.start : end].isspace():
            continue
        start = piece.start
        if found and found[-1][1:] == (start, piece.place):
            start = found.pop()[0]
        found.append((start, end, piece.place))
    for start, end, place in found:
        yield start, end, "code", code.get(place, "")


def _of_rows(passage: Passage, code: Mapping[Place, str]) -> Iterator[Cut]:
    """Stretches that code made of rows: what `stat` and `claim` print, what figures and tables of
    data say of theirs; and those that are not known to be code's at all."""
    for start, end, kind, said in _made(passage, code):
        file = passage.place(start).file
        if file.startswith(("figures/", "data/")) or not (passage.is_output or said):
            yield start, end, kind, said
    for run in passage.runs_of("number", "claim"):
        yield run.start, run.end, "code", ""


def _keys(run: Run, said: str) -> Iterator[Cut]:
    """The keys of a citation as it is written."""
    for key in _KEY.finditer(said):
        yield run.start + key.start(), run.start + key.end(), "citation", key[1] or key[2]
