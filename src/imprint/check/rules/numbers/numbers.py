"""Numbers: every amount that a reader reads comes from a row of data/statistics.csv.

What `stat` and `claim` print is not written in the text, so an amount that is written there has no
source that can be followed. Dates, locators, names and idioms are no amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from imprint.author.wording import StatisticError, words
from imprint.check.composed import ComposedReport
from imprint.check.prose.amounts import Amount, may_hold_amounts
from imprint.check.prose.likely_rows import inline_calls, likely_rows
from imprint.check.prose.measures import SHARES, Units, measured_amounts, units_of
from imprint.check.prose.other_numbers import BLANK, is_title
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.printed import file_lines, paragraph_at, table_cells
from imprint.check.rules.structure.counts import counts_that_fit
from imprint.core.model import Cell, Chapter, Statistic
from imprint.core.problems import Place, Problem
from imprint.core.settings import Words
from imprint.read.report import Report

_ADD_A_ROW = "add a row to data/statistics.csv and print it with stat() or claim()"


def check_numbers(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every amount written in the text itself (`number-has-source`), with the
    rows that it may come from. A report without statistics has none to print."""
    if report.statistics == {}:
        return
    units = units_of((report.statistics or {}).values())
    for chapter in report.chapters.values():
        yield from _made_by_code(report, chapter, units)
    for paragraph in report.all_written():
        yield from _maths(paragraph)
    counted = counts_that_fit(report)
    for paragraph in _read_by_readers(report):
        for amount in written_amounts(paragraph, units, report.settings.words):
            if paragraph.place(amount.start) in counted:
                continue
            yield Problem(
                paragraph.place(amount.start),
                "number-has-source",
                f"the number '{amount.text}' is written in the text, so nobody can follow it",
                _fix(paragraph, amount, report.statistics or {}),
            )


def written_amounts(
    paragraph: Paragraph, units: Units = (), words: Words | None = None
) -> Iterator[Amount]:
    """The amounts that a paragraph's author wrote in it, dates, names and the like left out."""
    if may_hold_amounts(paragraph.text):
        text = paragraph.text
        if paragraph.kind == "heading":
            text = _HEADING_NUMBER.sub(lambda found: " " * len(found[0]), text)
        for start, end in paragraph.emphasised:
            if is_title(text[start:end]):
                text = text[:start] + BLANK * (end - start) + text[end:]
        yield from measured_amounts(text, units, words or Words())


def _made_by_code(report: ComposedReport, chapter: Chapter, units: Units) -> Iterator[Problem]:
    """Numbers that code prints and no row stands behind, one problem for each place."""
    found: dict[Place, list[str]] = {}
    for paragraph in report.with_made(chapter):
        for amount in written_amounts(paragraph, units, report.settings.words):
            if paragraph.is_made(amount.start):
                place = _in_cell(chapter, paragraph.place(amount.start), amount.text)
                found.setdefault(place, []).append(amount.text)
    for place, numbers in found.items():
        listed = ", ".join(f"'{number}'" for number in numbers[:_MOST])
        more = f" and {len(numbers) - _MOST} more" if len(numbers) > _MOST else ""
        what = "numbers that no row stands" if len(numbers) > 1 else "a number that no row stands"
        message = f"the code prints {listed}{more}, {what} behind"
        yield Problem(place, "number-has-source", message, _ADD_A_ROW)


def _in_cell(chapter: Chapter, place: Place, number: str) -> Place:
    """Where a number is written in the code of the cell that prints it; the code's first line,
    where it is not."""
    for cell in chapter.parts:
        if not isinstance(cell, Cell) or cell.place.at(0) != place.at(0):
            continue
        written = re.compile(rf"(?<![\w.]){re.escape(number)}(?![\w.]*\w)")
        for line, text in enumerate(cell.code.split("\n"), cell.code_line):
            if found := written.search(text):
                return replace(place, line=line, column=found.start() + 1)
        return replace(place, line=cell.code_line, column=0)
    return place


_MATHS_NUMBER = re.compile(r"\${1,2}\s*[\d.,]*\d\s*(?:\\?%)?\s*\${1,2}")


def _maths(paragraph: Paragraph) -> Iterator[Problem]:
    """Numbers that are set as formulas."""
    for mark in paragraph.marks:
        if mark.kind == "code" and _MATHS_NUMBER.fullmatch(mark.text):
            message = f"the number '{mark.text}' is written in the text, so nobody can follow it"
            yield Problem(paragraph.place(mark.offset), "number-has-source", message, _ADD_A_ROW)


_HEADING_NUMBER = re.compile(r"\A\d+(?:(?:\.\d+)+\.?|\.)\s")


# --- what readers read -----------------------------------------------------------------------

_ABOUT = ("subtitle", "abstract", "description")
"""What a publication says of itself; its title is a name, as those of works are."""


def _read_by_readers(report: ComposedReport) -> Iterator[Paragraph]:
    yield from (it for it in report.printed() if it.column not in _NO_PROSE)
    for chapter in report.chapters.values():
        yield from report.said_by_code(chapter)
        yield from _raw_html(report, chapter)
        yield from _written(report, chapter.path, chapter.metadata, ("title", *_ABOUT))
    for publication in report.publications:
        for key in ("book", "website", "project"):
            inner = publication.metadata.get(key)
            if isinstance(inner, Mapping):
                yield from _written(report, publication.file, inner, _ABOUT)
        yield from _written(report, publication.file, publication.metadata, _ABOUT)
    yield from _registers(report)


_ALWAYS = {
    "statistics": ("survey", "population", "measure", "response"),
}
"""Columns that the pages of statistics and sources print, whatever chapters do."""
_NO_PROSE = frozenset({"title", "authors", "isbn", "locator", "where", "slip", "as_reported"})
"""Columns that keep what others print: titles, places, and the slips of the originals."""


def _registers(report: Report) -> Iterator[Paragraph]:
    """The texts of tables that pages print from data/ whatever chapters do."""
    for name, columns in {**_ALWAYS, report.settings.tables.evidence: ("statement",)}.items():
        yield from table_cells(report, name, columns)


_NO_TEXT = re.compile(r"(?is)<(style|script)\b.*?(?:</\1\s*>|\Z)")
_TAG = re.compile(r"<[^<>]*>")


def _raw_html(report: ComposedReport, chapter: Chapter) -> Iterator[Paragraph]:
    """What blocks of raw HTML print, line by line."""
    for passage in report.passages.get(chapter.path, ()):
        if passage.kind != "raw" or "html" not in passage.classes:
            continue
        hidden = _NO_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), passage.text)
        text = _TAG.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), hidden)
        start = 0
        for line in text.split("\n"):
            if line.strip():
                yield paragraph_at(passage.place(start), line, "text")
            start += len(line) + 1


def _written(
    report: Report, file: str, metadata: Mapping[str, object], keys: Sequence[str]
) -> Iterator[Paragraph]:
    """What some options of the metadata say, each at the place where it is written."""
    for key in keys:
        text = metadata.get(key)
        if isinstance(text, str) and may_hold_amounts(text):
            first = text.split("\n", 1)[0]
            lines = file_lines(report.project.root, file)
            at = next((i for i, line in enumerate(lines, 1) if first in line), 0)
            column = lines[at - 1].index(first) + 1 if at else 0
            yield paragraph_at(Place(file, at, column), " ".join(text.split()), "text")


# --- which row it may be ---------------------------------------------------------------------

_MOST = 3
"""Rows named in one message."""


def _fix(paragraph: Paragraph, amount: Amount, statistics: Mapping[str, Statistic]) -> str:
    comparable = [row for row in statistics.values() if _same_kind(amount, row)]
    ranked = likely_rows(paragraph, amount.start, amount.end, comparable)
    same = [row.id for _, row in ranked if _same_value(amount, row)][:_MOST]
    if same:
        return "use " + inline_calls(f'stat("{id}")' for id in same)
    near = [row for score, row in ranked[:1] if score >= 4 and _words(row)]
    if near:
        return (
            f"the row that comes nearest, '{near[0].id}', says '{_words(near[0])}': use "
            f'`{{python}} stat("{near[0].id}")`, or add a row to data/statistics.csv'
        )
    return "add a row to data/statistics.csv and print it with stat()"


def _same_kind(amount: Amount, row: Statistic) -> bool:
    if row.declared_unit or amount.unit not in ("", "times", "percent", "gbp"):
        return amount.unit in ("", row.unit)
    shares = (amount.unit == "percent", row.unit in SHARES)
    money = (amount.unit == "gbp", row.unit == "gbp")
    return shares[0] == shares[1] and money[0] == money[1]


def _same_value(amount: Amount, row: Statistic) -> bool:
    near = 0.5 if amount.unit == "percent" else 1e-9
    if len(amount.values) == 2 and row.low is not None and row.high is not None:
        ends = (row.low, row.high)
        return all(abs(a - b) <= near for a, b in zip(amount.values, ends, strict=True))
    # A fall of 8.2 is a change of minus 8.2.
    return row.value is not None and any(
        abs(abs(row.value) - abs(value)) <= near for value in amount.values
    )


def _words(row: Statistic) -> str:
    try:
        return words(row).replace("\u00a0", " ")
    except StatisticError:
        return ""
