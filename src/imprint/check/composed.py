"""A report with the texts of its publications: what rules look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

from imprint.author.figure_record import FigureRecord, read_record
from imprint.check.prose.amounts import may_hold_amounts
from imprint.check.prose.paragraphs import Paragraph, paragraph_of
from imprint.compose.text.origins import figure_drawn
from imprint.core.document import Document, Mention, Passage
from imprint.core.model import Chapter, Text
from imprint.core.problems import Place
from imprint.read.chapters.mentions import running
from imprint.read.report import Report

_KEYS = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+(?:; [a-z0-9]+(?:[-_][a-z0-9]+)+)*")
"""Ids and keys, which print as links or citations."""


@dataclass(frozen=True, eq=False)
class ComposedReport(Report):
    """A report that has been run and read."""

    documents: tuple[Document, ...] = ()
    """Of its publications, as far as they can be read."""
    incomplete: Collection[str] = ()
    """Paths of the chapters of which it is not known all that they print."""

    @property
    def is_complete(self) -> bool:
        """Whether all publications of the project have been read, and composed: one file of them
        says nothing of what the others print."""
        composed = {it.publication for it in self.documents}
        return super().is_complete and composed >= {it.name for it in self.publications}

    @property
    def is_known(self) -> bool:
        """Whether all that it prints is known, so that what it does not print can be told."""
        return self.is_complete and not self.incomplete

    @cached_property
    def printed_rows(self) -> frozenset[str]:
        """Ids of the statistics whose numbers or words its chapters print."""
        return frozenset(
            id
            for document in self.documents
            for chapter in document.chapters
            for passage in chapter.passages
            for run in passage.runs_of("number", "claim")
            for id in run.ids
            # A table of the statistics names rows and prints none of their numbers.
            if id != passage.text[run.start : run.end]
        )

    @cached_property
    def shown(self) -> frozenset[str]:
        """Names of the figures that its chapters show."""
        targets = (it.target for passages in self.passages.values() for it in passages)
        return frozenset(name for target in targets if (name := figure_drawn(target)))

    @cached_property
    def drawn(self) -> Mapping[str, FigureRecord]:
        """What these figures drew, by name."""
        records = {name: read_record(self.project.root, name) for name in sorted(self.shown)}
        return {name: record for name, record in records.items() if record}

    def written(self, chapter: Chapter) -> Sequence[Paragraph]:
        """The paragraphs of a chapter in the order of its text, includes in place; not what its
        cells print."""
        return [it for passage, it in self._paragraphs[chapter.path] if not passage.is_output]

    def all_written(self) -> Iterator[Paragraph]:
        """The same of all chapters."""
        return (it for chapter in self.chapters.values() for it in self.written(chapter))

    def printed_by(self, chapter: Chapter) -> Sequence[Paragraph]:
        """The paragraphs of a chapter, those that its cells print of their own, of figures and of
        data among them."""
        return [paragraph for _, paragraph in self._paragraphs[chapter.path]]

    @cached_property
    def captions(self) -> Sequence[Paragraph]:
        """The captions that figures' modules give, each place once."""
        told = {
            it.place(0): it
            for chapter in self._paragraphs.values()
            for passage, it in chapter
            if passage.kind == "caption" and passage.is_output and it.file.startswith("figures/")
        }
        return tuple(told.values())

    def said_by_code(self, chapter: Chapter) -> Iterator[Paragraph]:
        """What its cells print as a program does, in the type of code."""
        for passage in self.passages.get(chapter.path, ()):
            is_said = passage.kind == "code" and passage.is_output
            if is_said and "cell-code" not in passage.classes:
                yield paragraph_of(passage, {})

    def with_made(self, chapter: Chapter) -> Iterator[Paragraph]:
        """The paragraphs with numbers in which code made some of the words, those words in place,
        but for what rows print; what cells print among them."""
        code = _inline_code(chapter)
        for passage in self.passages.get(chapter.path, ()):
            is_printed = passage.is_output and "cell-code" not in passage.classes
            is_shown = is_printed if passage.kind == "code" else passage.kind != "raw"
            # What heads a row or a column names it.
            is_name = passage.is_head and passage.is_output
            is_made = any(not piece.is_written for piece in passage.pieces)
            if is_shown and is_made and not is_name and may_hold_amounts(passage.text):
                yield paragraph_of(passage, code, shows_made=True)

    def printed(self) -> Iterator[Paragraph]:
        """Every paragraph of every chapter; a cell of data/ comes once, however many tables print
        it."""
        told: set[Place] = set()
        for chapter in self.chapters.values():
            for paragraph in self.printed_by(chapter):
                place = paragraph.place(0)
                if paragraph.file.startswith("data/"):
                    if place in told:
                        continue
                    told.add(place)
                yield paragraph

    @cached_property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """What readers read of each chapter by its path, whichever publication prints it."""
        found: dict[str, dict[tuple[str, str, Place], Passage]] = {}
        for document in self.documents:
            for chapter in document.chapters:
                known = found.setdefault(chapter.path, {})
                for passage in chapter.passages:
                    known.setdefault((passage.kind, passage.text, passage.place(0)), passage)
        return {path: tuple(passages.values()) for path, passages in found.items()}

    def mentions(self, chapter: Chapter) -> Sequence[Mention]:
        """The labels, links and images of a chapter, whichever publication prints them."""
        texts = (text for it in self.documents for text in it.chapters if text.path == chapter.path)
        return tuple(dict.fromkeys(it for text in texts for it in text.mentions))

    def keys(
        self, chapter: Chapter, kind: Literal["citation", "reference"]
    ) -> Iterator[tuple[str, Place]]:
        """The works that a chapter cites, or the labels that it refers to, as they are written."""
        for passage in self.passages.get(chapter.path, ()):
            yield from passage.keys(kind)

    def line_at(self, place: Place) -> str:
        """The line of a chapter, or of what it includes, at a place; empty for other files."""
        return self._lines.get(place.at(0), "")

    @cached_property
    def _lines(self) -> dict[Place, str]:
        found: dict[Place, str] = {}
        for chapter in self.chapters.values():
            for part in chapter.parts:
                # Blank lines between the cells of a notebook stand at the line before them.
                for line in part.lines if isinstance(part, Text) else ():
                    found.setdefault(line.place, line.text)
        return found

    @cached_property
    def _paragraphs(self) -> Mapping[str, Sequence[tuple[Passage, Paragraph]]]:
        """By chapter: the passages of text with what rules read of them."""
        found = {}
        for path, chapter in self.chapters.items():
            code = _inline_code(chapter)
            found[path] = [
                (passage, paragraph_of(passage, code))
                for passage in self.passages.get(path, ())
                if passage.kind not in ("code", "raw") and _is_read(passage)
            ]
        return found


def composed_report(
    report: Report, documents: Sequence[Document], incomplete: Collection[str] = ()
) -> ComposedReport:
    """A report with the texts that were composed of it; `incomplete` are the paths of the chapters
    of which these do not hold all."""
    values = {it.name: getattr(report, it.name) for it in fields(Report)}
    return ComposedReport(**values, documents=tuple(documents), incomplete=incomplete)


def _is_read(passage: Passage) -> bool:
    """Whether it holds words that somebody wrote, in the text, in code or in data."""
    if not passage.is_output:
        return bool(passage.text.strip())
    is_key = passage.kind == "cell" and _KEYS.fullmatch(passage.text)
    return not is_key and any(piece.is_written for piece in passage.pieces)


def _inline_code(chapter: Chapter) -> dict[Place, str]:
    """The inline code of a chapter by the place of its first backtick."""
    return {
        line.place.at(inline.start + 1): f"{{python}} {inline.expression}"
        for part in chapter.parts
        if isinstance(part, Text)
        for line in part.lines
        for inline in running(line)
    }
