"""A document's passages as a reader takes them in: each under its heading, cells as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from imprint.compose.text.origins import figure_drawn
from imprint.core.document import ChapterText, Passage, Run
from imprint.core.escaping import one_line
from imprint.core.problems import Place

_FLOATS = ("fig", "tbl")
"""Kinds of floats that are figures and tables, not boxes with text of their own."""


@dataclass(frozen=True)
class Block:
    """A passage, or all cells of a table's row."""

    chapter: str
    kind: str
    """Of the passage; `row` for cells."""
    passages: tuple[Passage, ...]
    section: str = ""
    """Title of the heading that it stands under; of a heading, of the one before."""
    box: str = ""
    """Label of the innermost labelled div that holds it and is no figure or table."""
    label: str = ""
    """Label of the figure or table that it belongs to."""
    figure: str = ""
    """Of a drawn figure's caption or alternative text: the figure's name."""
    head: Place | None = None
    """Of a row: where the code or text stands that makes its table's head."""

    @property
    def text(self) -> str:
        """Its words on one line; cells apart from each other."""
        return " | ".join(one_line(passage.text) for passage in self.passages)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.passages[0].place(0)

    @property
    def table(self) -> str:
        """Of the row or caption of a printed table: its name in data/."""
        named = (holder.attributes.get("data-table", "") for holder in self.passages[0].within)
        return next(filter(None, named), "")

    def runs(self) -> Iterator[tuple[Passage, Run]]:
        """Numbers, claims and citations, each with the passage that holds it."""
        for passage in self.passages:
            for run in passage.runs_of("number", "claim", "citation"):
                yield passage, run


def blocks(chapter: ChapterText) -> Iterator[Block]:
    """The blocks of a chapter, in the order of its text."""
    figures = {_float(it): _figure(it) for it in chapter.passages if it.kind == "alt"}
    section = ""
    head: Place | None = None
    for _, group in groupby(enumerate(chapter.passages), key=_row):
        passages = tuple(passage for _, passage in group)
        first = passages[0]
        if first.row == 1:
            head = _not_in_data(passages)
        boxes = [it.id for it in first.within if it.id and it.attributes.get("kind") not in _FLOATS]
        label = _float(first)
        yield Block(
            chapter=chapter.path,
            kind="row" if first.kind == "cell" else first.kind,
            passages=passages,
            section=section,
            box=boxes[-1] if boxes else "",
            label=label,
            figure=figures.get(label, "") if label else _figure(first),
            head=head if first.kind == "cell" else None,
        )
        if first.kind == "heading":
            section = one_line(first.text)


def _float(passage: Passage) -> str:
    """Label of the figure or table that holds a passage."""
    labels = [it.id for it in passage.within if it.attributes.get("kind") in _FLOATS]
    return labels[-1] if labels else ""


def _figure(passage: Passage) -> str:
    """Name of the drawn figure whose alternative text a passage is."""
    return figure_drawn(passage.target) if passage.kind == "alt" else ""


def _not_in_data(passages: Iterable[Passage]) -> Place | None:
    places = (piece.place for passage in passages for piece in passage.pieces)
    return next((place for place in places if not place.file.startswith("data/")), None)


def _row(numbered: tuple[int, Passage]) -> tuple[object, ...]:
    """Names the row of a table that a cell stands in; any other passage stands alone."""
    number, passage = numbered
    if passage.kind != "cell":
        return (number,)
    return "row", id(passage.within[-1]) if passage.within else 0, passage.row
