"""What composing gives: a publication's text as a reader sees it, each run of words with its place
in the author's files (the document), and its pages and Typst source (the book)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from imprint.core.model import Executed, Publication, Role
from imprint.core.problems import Place, Problem

_KEY = re.compile(r"@\{?([^\s{}]+)")

PassageKind = Literal[
    "text", "heading", "item", "term", "cell", "caption", "title", "note", "alt", "code", "raw"
]
RunKind = Literal[
    "emphasis", "strong", "deleted", "superscript", "subscript", "quotation", "code", "math", "raw",
    "link", "image", "citation", "reference", "number", "claim", "equation", "anchor", "note",
]  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What some words of a passage are; runs may hold each other."""

    kind: RunKind
    start: int
    """Offset of its first character in the passage's text."""
    end: int
    """Offset after its last; equal to `start` for a note's call."""
    ids: tuple[str, ...] = ()
    """Of a number or claim: statistics. Of a citation: keys. Of a reference or anchor: labels."""
    form: str = ""
    """Of a number: the form of its words. Of a citation: `brackets`, `text` or `year`. Of raw
    text: its language."""
    target: str = ""
    """Of a link or an image: its address."""
    locators: tuple[str, ...] = ()
    """Of a citation, one for each key: `p. 32`, or empty."""


@dataclass(frozen=True)
class Piece:
    """Characters of a passage that stand side by side in one line of the source."""

    start: int
    """Offset of its first character in the passage's text."""
    place: Place
    """Of that character; of the code that made it where it is not written there."""
    is_written: bool
    """Whether the author wrote these very characters."""


@dataclass(frozen=True)
class Holder:
    """A div, list of a kind, quotation or table that holds passages."""

    id: str
    classes: tuple[str, ...]
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, item, cell, caption, note or alternative text."""

    kind: PassageKind
    text: str
    """What a reader reads; lines as the author broke them, U+FFFC for an image."""
    runs: tuple[Run, ...]
    """In the order of their beginnings, outer ones first."""
    pieces: tuple[Piece, ...]
    """The first begins at 0."""
    within: tuple[Holder, ...] = ()
    """Outer ones first."""
    id: str = ""
    """Of a heading or code block."""
    level: int = 0
    """Of a heading, from 1."""
    row: int = 0
    """Of a cell, from 1, those of the head included."""
    column: int = 0
    is_head: bool = False
    classes: tuple[str, ...] = ()
    """Of code: its languages and marks. Of raw text: its format."""
    target: str = ""
    """Of an alternative text: the image's address. Of a cell of a table of data/: its column."""
    is_output: bool = False
    """Whether a cell printed it."""

    @property
    def file(self) -> str:
        """The file in which the passage begins."""
        return self.pieces[0].place.file

    def piece(self, offset: int) -> Piece:
        """The piece that holds the character at `offset`."""
        return self.pieces[bisect_right(self.pieces, offset, key=lambda it: it.start) - 1]

    def place(self, offset: int) -> Place:
        """Where the character at `offset` of the text stands in the source."""
        piece = self.piece(offset)
        if not piece.is_written:
            return piece.place
        return piece.place.at(piece.place.column + offset - piece.start)

    def runs_of(self, *kinds: RunKind) -> Iterator[Run]:
        """Its runs of these kinds."""
        return (run for run in self.runs if run.kind in kinds)

    def keys(self, kind: Literal["citation", "reference"]) -> Iterator[tuple[str, Place]]:
        """The keys of its citations, or the labels of its references, as they are written."""
        for run in self.runs_of(kind):
            at = run.start
            for key in run.ids:
                wanted = (it for it in _KEY.finditer(self.text, at, run.end) if _says(it[1], key))
                found = next(wanted, None)
                at = found.end() if found else at
                yield key, self.place(found.start() if found else run.start)


def _says(written: str, key: str) -> bool:
    """Whether the word after an @ is a key, and what may follow one."""
    return written.startswith(key) and not re.match(r"\w", written[len(key) :])


@dataclass(frozen=True)
class Mention:
    """A label, link, image or stray note of a text, and where it is written."""

    kind: Literal["label", "heading", "line", "link", "image", "unused note", "repeated note"]
    """Of a heading: its label, from its words where it is given none, and its whole line."""
    name: str
    """The label, or the address as pandoc reads it."""
    place: Place


@dataclass(frozen=True)
class ChapterText:
    """The text of one chapter as one publication prints it."""

    path: str
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...] = ()
    """In the order of the text."""
    uses: Mapping[str, Place] = field(default_factory=dict)
    """The lines that print its numbers, claims and citations, by their number, and its floats, by
    their label."""
    runs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By such a number: the index of the passage that prints it, and that of the run in it."""


@dataclass(frozen=True)
class Document:
    """The text of a publication, chapter by chapter."""

    publication: str
    chapters: tuple[ChapterText, ...]


# --- the composed book -----------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A heading of a page, as the contents show it."""

    level: int
    number: str
    title: str
    """HTML of the title, footnotes and links removed."""
    anchor: str


@dataclass(frozen=True)
class Phrase:
    """A line of Markdown from the metadata, as pandoc reads it."""

    html: str
    plain: str


@dataclass(frozen=True)
class PageFigure:
    """A labelled figure of an image of the report."""

    name: str
    """As its caption has it: `Figure 2.1`; empty without a number."""
    image: str
    """From the project's root."""
    alt: str = ""
    """What the image shows, in words."""


@dataclass(frozen=True)
class Page:
    """One page of the site, composed: its body is final HTML."""

    source: str
    """Chapter path; empty for a part's title page."""
    output: str
    """Path in the publication's folder: `chapters/cycling.html`."""
    role: Role
    number: str
    """`2`, `A`, or empty for an unnumbered chapter."""
    title: str
    """HTML of the title."""
    plain_title: str
    body: str
    """Behind the nth of its figures stands n between two marks (`page_figures.py`)."""
    headings: tuple[Heading, ...]
    description: str = ""
    part: str = ""
    """HTML of the title of the part it stands in."""
    figures: tuple[PageFigure, ...] = ()
    cited: tuple[str, ...] = ()
    """Keys of works that it cites and another page lists."""
    works: Mapping[str, str] = field(default_factory=dict)
    """HTML of the works that it lists, by key."""
    whole: str = ""
    """Its blocks as a part of the whole publication, in pandoc's JSON, where that is wanted."""


@dataclass(frozen=True)
class Use:
    """One printed number, claim, citation, figure or table of data."""

    kind: Literal["statistic", "claim", "citation", "figure", "table"]
    ids: tuple[str, ...]
    """Ids of statistics, BibTeX keys, the image from the project's root, or the table's name."""
    number: int
    """Its number in the publication, counted from 1 in the order of the text."""
    page: str
    """Page's `output`."""
    section: str
    """Number of the section; empty without one."""
    section_title: str
    section_anchor: str
    text: str
    """What is printed: the number's or claim's words, the citation, the caption."""
    anchor: str
    """Its identifier in the page."""
    place: Place
    """Where the author wrote it; without a column."""
    sentence: str = ""
    """The printed sentence around it; empty for figures and tables."""
    form: str = "running"
    """Form in which the statistic is put into words."""
    locators: tuple[str, ...] = ()
    """Of a citation, one for each key: `p. 32`, or empty."""
    label: str = ""
    """Number of the figure or table: `2.1`."""


@dataclass(frozen=True)
class PdfPage:
    """A page of a PDF."""

    page: int
    """Counted from 1, as viewers do."""
    label: str
    """The number printed on it: `iv`, `12`."""


@dataclass(frozen=True)
class Book:
    """A publication composed once for all formats."""

    publication: Publication
    pages: tuple[Page, ...]
    typst: str
    """Complete Typst source of the PDF; empty where no PDF is wanted."""
    uses: tuple[Use, ...]
    images: tuple[str, ...]
    """Images that pages and PDF show and files that they link to, from the project's root."""
    sources: tuple[Executed, ...] = ()
    """The chapters that the Typst source was made of, to place what Typst says of it."""
    warnings: tuple[Problem, ...] = ()
    """What one of its forms lacks, as its authors want it."""
    document: Document | None = None
    """Its text as a reader sees it, with places."""
    phrases: Mapping[str, Phrase] = field(default_factory=dict)
    """What it says of itself in Markdown, by name (`compose/phrases.py`)."""
    is_plain: bool = False
    """Its project brings neither our extension nor our settings."""
    work_names: Mapping[str, str] = field(default_factory=dict)
    """Works as its text names them, by key: `Ministry (2010a)`."""
