"""A report -> everything printed from its data, publication by publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from imprint.check.prose.paragraphs import Paragraph, paragraphs
from imprint.core.escaping import one_line
from imprint.core.model import Chapter, Statistic
from imprint.core.problems import Place
from imprint.core.root import project_at
from imprint.read.chapters.mentions import inline_expressions
from imprint.read.chapters.sentences import OPAQUE, sentences
from imprint.read.report import Report
from imprint.trace.evaluation import (
    Evaluation,
    FailedCall,
    PrintedTable,
    Value,
    caption_of,
    evaluate,
    rows_of,
)
from imprint.trace.outline import Setting, outline


@dataclass(frozen=True)
class Location:
    """Where in a publication something is printed."""

    publication: str
    chapter: str
    place: Place
    setting: Setting


@dataclass(frozen=True)
class TextUse:
    """One piece of inline code in a sentence."""

    spot: Location
    value: Value
    sentence: str
    """As printed, but for citations and references, which stand as written."""
    paragraph: str


@dataclass(frozen=True)
class TableUse:
    """A table that a cell makes from data."""

    spot: Location
    name: str
    rows: tuple[str, ...]
    """As a reader reads them, headers first."""
    caption: str
    statistics: Mapping[str, str]
    """The statistics that it shows, each with its row where it has one."""


@dataclass(frozen=True)
class FigureUse:
    """A figure that a cell shows."""

    spot: Location
    name: str


@dataclass(frozen=True)
class CellFailure:
    """A cell that would stop the build."""

    spot: Location
    failure: FailedCall


@dataclass(frozen=True)
class UnevaluatedCode:
    """Code that only a kernel can run."""

    spot: Location
    code: str


@dataclass(frozen=True)
class Prints:
    """Everything that code prints in a report."""

    texts: tuple[TextUse, ...]
    tables: tuple[TableUse, ...]
    figures: tuple[FigureUse, ...]
    faults: tuple[CellFailure, ...]
    unread: tuple[UnevaluatedCode, ...]


def read_prints(report: Report, statistics: Mapping[str, Statistic], root: Path) -> Prints:
    """All that the chapters print from the data of the project at `root`."""
    texts: list[TextUse] = []
    tables: list[TableUse] = []
    figures: list[FigureUse] = []
    faults: list[CellFailure] = []
    unread: list[UnevaluatedCode] = []
    with project_at(root):
        for chapter in report.chapters.values():
            settings = outline(chapter, report.settings.findings_folder)
            done = evaluate(chapter, statistics)
            shown_in = [p.name for p in report.publications
                        if any(entry.path == chapter.path for entry in p.entries)]  # fmt: skip
            told = list(_texts(chapter, done))
            for name in shown_in:
                spots = partial(_spots, name, chapter.path, settings)
                for place, value, sentence, paragraph in told:
                    for spot in spots(place):
                        texts.append(TextUse(spot, value, sentence, paragraph))
                        if not value.is_known:
                            unread.append(UnevaluatedCode(spot, value.code))
                for table in done.tables:
                    tables += [_table(spot, table) for spot in spots(table.cell.place)]
                for cell, figure in done.figures:
                    figures += [FigureUse(spot, figure) for spot in spots(cell.place)]
                for cell, failure in done.failures:
                    faults += [CellFailure(spot, failure) for spot in spots(cell.place)]
                for cell in done.unread:
                    unread += [UnevaluatedCode(spot, cell.code) for spot in spots(cell.place)]
    return Prints(tuple(texts), tuple(tables), tuple(figures), tuple(faults), tuple(unread))


def _spots(
    publication: str, chapter: str, settings: Mapping[Place, Setting], place: Place
) -> Iterator[Location]:
    """The place as the publication's reader meets it; none where it is hidden there."""
    setting = settings.get(place.at(0), Setting())
    if setting.shown_in(publication):
        yield Location(publication, chapter, place, setting)


def _table(spot: Location, table: PrintedTable) -> TableUse:
    shown = {**dict.fromkeys(table.ids, ""), **table.kept}
    rows, caption = rows_of(table.markdown), caption_of(table.markdown)
    return TableUse(spot, table.name, rows, caption, shown)


def _texts(chapter: Chapter, done: Evaluation) -> Iterator[tuple[Place, Value, str, str]]:
    """Place and value of each piece of inline code, its sentence and its paragraph.

    Code that stands in no paragraph, such as a comment, has neither.
    """
    left = dict(done.values)
    for paragraph in paragraphs(chapter):
        printed = _PrintedParagraph(paragraph, done.values)
        if not printed.codes:
            continue
        for start, end in sentences(paragraph.text):
            sentence = printed.text(start, end)
            for offset, place in printed.codes:
                if start <= offset < end:
                    left.pop(place, None)
                    yield place, done.values[place], sentence, printed.text(0, None)
    for place, value in left.items():
        yield place, value, "", ""


class _PrintedParagraph:
    """A paragraph with the values of its inline code put in."""

    def __init__(self, paragraph: Paragraph, values: Mapping[Place, Value]) -> None:
        self.template = paragraph.text
        self.marks: dict[int, str] = {}
        self.codes: list[tuple[int, Place]] = []
        for mark in paragraph.marks:
            if mark.kind != "code":
                self.marks[mark.offset] = "@" * (mark.kind == "citation") + mark.text
                continue
            source = f"`{mark.text}`"
            at = paragraph.place(mark.offset)
            said, done = "", 0
            for inline in inline_expressions(source):
                place = at.at(at.column + inline.start)
                if not inline.escaped and place in values:
                    self.codes.append((mark.offset, place))
                    said += source[done : inline.start] + values[place].text
                    done = inline.end
            self.marks[mark.offset] = (said + source[done:]).strip("`")

    def text(self, start: int, end: int | None) -> str:
        """A stretch of the paragraph as printed, on one line."""
        piece = self.template[start:end]
        filled = (self.marks.get(start + i, c) if c == OPAQUE else c for i, c in enumerate(piece))
        return one_line("".join(filled))
