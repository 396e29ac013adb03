"""Numbers: every amount that a reader reads comes from a row of data/statistics.csv.

What `stat` and `claim` print is not written in the text, so an amount that is written there has no
source that can be followed. Dates, locators, names and idioms are no amounts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from imprint.author.wording import WordingError, words
from imprint.check.code.code_texts import (
    inline_texts,
    named_in,
    numbers_in,
    texts_in,
    unsourced,
)
from imprint.check.prose.amounts import Amount, may_hold_amounts
from imprint.check.prose.likely_rows import inline_calls, likely_rows
from imprint.check.prose.measures import SHARES, Units, measured_amounts, units_of
from imprint.check.prose.paragraphs import Paragraph, paragraphs_of, text_paragraphs
from imprint.check.prose.printed import TableCall, file_lines, shows, table_cells
from imprint.core.model import Cell, Chapter, Statistic, Text
from imprint.core.problems import Place, Problem
from imprint.core.settings import Words
from imprint.read.chapters.markdown_source import lay_out, prose_of
from imprint.read.report import Report

_ADD_A_ROW = "add a row to data/statistics.csv and print it with stat() or claim()"


def check_numbers(report: Report) -> Iterator[Problem]:
    """Yield a problem for every amount written in the text itself (`number-has-source`), with the
    rows that it may come from. A report without statistics has none to print."""
    if report.statistics == {}:
        return
    units = units_of((report.statistics or {}).values())
    yield from _made_by_code(report, units)
    for paragraph in _read_by_readers(report):
        for amount in written_amounts(paragraph, units, report.settings.words):
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
        yield from measured_amounts(text, units, words or Words())


def _made_by_code(report: Report, units: Units) -> Iterator[Problem]:
    """Numbers that code prints by itself: literals, and what it works out."""
    for chapter in report.chapters.values():
        names = named_in(chapter)
        for part in chapter.parts:
            if isinstance(part, Cell):
                for number in numbers_in(part):
                    message = f"the code prints '{number.text}', a number that no row stands behind"
                    yield Problem(number.place, "number-has-source", message, _ADD_A_ROW)
                continue
            for paragraph in text_paragraphs(part):
                for mark in paragraph.marks:
                    place = paragraph.place(mark.offset)
                    if mark.expression:
                        found = unsourced(mark.expression, names)
                        if found:
                            message = f"'{found}' is neither stat() nor claim(), and may print a "
                            message += "number that nobody can follow"
                            yield Problem(place, "number-has-source", message, _ADD_A_ROW)
                        yield from _literals(mark.expression, place, units, report.settings.words)
                    elif mark.kind == "code" and _MATHS_NUMBER.fullmatch(mark.text):
                        message = f"the number '{mark.text}' is written in the text, so nobody can "
                        yield Problem(place, "number-has-source", message + "follow it", _ADD_A_ROW)


_MATHS_NUMBER = re.compile(r"\${1,2}\s*[\d.,]*\d\s*(?:\\?%)?\s*\${1,2}")


def _literals(code: str, place: Place, units: Units, words: Words) -> Iterator[Problem]:
    """Amounts in texts that inline code prints."""
    for text in inline_texts(code):
        for amount in measured_amounts(text, units, words):
            message = f"the number '{amount.text}' is written in code, so nobody can follow it"
            yield Problem(place, "number-has-source", message, _ADD_A_ROW)


_HEADING_NUMBER = re.compile(r"\A\d+(?:(?:\.\d+)+\.?|\.)\s")


# --- what readers read -----------------------------------------------------------------------

_ABOUT = ("subtitle", "abstract", "description")
"""What a publication says of itself; its title is a name, as those of works are."""
_OPTIONS = ("fig-cap", "fig-subcap", "fig-alt", "tbl-cap", "lst-cap")
_TOLD = re.compile(rf"(?<![\w-])(?:{'|'.join(_OPTIONS)}|alt|title)=(?:\"([^\"]*)\"|'([^']*)')")


def _read_by_readers(report: Report) -> Iterator[Paragraph]:
    for chapter in report.chapters.values():
        yield from paragraphs_with_attributes(chapter)
        yield from _written(report, chapter.path, chapter.metadata, ("title", *_ABOUT))
    for publication in report.publications:
        for key in ("book", "website", "project"):
            inner = publication.metadata.get(key)
            if isinstance(inner, Mapping):
                yield from _written(report, publication.file, inner, _ABOUT)
        yield from _written(report, publication.file, publication.metadata, _ABOUT)
    for name in sorted(report.figures):
        yield from _figure_texts(f"figures/{name}.py", report)
    yield from _tables(report)


_ALWAYS = {
    "statistics": ("survey", "population", "measure", "response"),
}
"""Columns that the pages of statistics and sources print, whatever chapters do."""
_NO_PROSE = frozenset({"title", "authors", "isbn", "locator", "where", "slip", "as_reported"})
"""Columns that keep what others print: titles, places, and the slips of the originals."""


def _tables(report: Report) -> Iterator[Paragraph]:
    """The texts of tables that pages print from data/."""
    always = {**_ALWAYS, report.settings.tables.evidence: ("statement",)}
    for name, columns in always.items():
        if name in report.tables:
            yield from table_cells(report, TableCall(name, columns, ()))
    # In a report of many chapters, many print the same columns of one table.
    shown: dict[TableCall, None] = {}
    for chapter in report.chapters.values():
        named: dict[str, ast.expr] = {}
        for part in chapter.parts:
            for call in shows(part, named) if isinstance(part, Cell) else ():
                if isinstance(call, TableCall) and call.name and call.name not in always:
                    shown[replace(call, texts=())] = None
    for call in shown:
        yield from table_cells(report, call, _NO_PROSE)


def paragraphs_with_attributes(chapter: Chapter) -> Iterator[Paragraph]:
    """A chapter's paragraphs, with the captions and alt texts written in attributes and cells."""
    for part in chapter.parts:
        if isinstance(part, Cell):
            for option in _OPTIONS:
                if option in part.option_places:
                    yield from paragraphs_of(str(part.options[option]), part.option_places[option])
            yield from _written_in_code(part)
        else:
            yield from text_paragraphs(part)
            yield from _attributes(part)
            yield from _raw_html(part)


_RAW_HTML = re.compile(r"[ \t>]*(?:`{3,}|~{3,})\s*\{=html\}")
_NO_TEXT = re.compile(r"(?is)<(style|script)\b.*?(?:</\1\s*>|\Z)")


def _raw_html(part: Text) -> Iterator[Paragraph]:
    """What blocks of raw HTML print, line by line."""
    if not any("{=html}" in line.text for line in part.lines):
        return
    raw = [line.text for line in part.lines]
    for fence in lay_out(raw).fences:
        if _RAW_HTML.match(raw[fence.start]):
            block = "\n".join(raw[fence.start + 1 : fence.end])
            block = _NO_TEXT.sub(lambda found: re.sub(r"[^\n]", "", found[0]), block)
            for shift, text in enumerate(block.split("\n"), fence.start + 1):
                indent = len(text) - len(text.lstrip())
                at = part.lines[shift].place
                yield from paragraphs_of(text[indent:], at.at(indent + 1))


def _written_in_code(cell: Cell) -> Iterator[Paragraph]:
    """Texts that a cell writes out: what it prints, captions, headers and cells of tables."""
    for written in texts_in(cell):
        text = written.text
        # Its lines keep their places only where the text is one line of code.
        for line in text.split("\n"):
            yield from paragraphs_of(line, written.place)


def _attributes(part: Text) -> Iterator[Paragraph]:
    if not any(_TOLD.search(line.text) for line in part.lines):
        return
    prose = prose_of(part)
    for line, text in zip(part.lines, prose, strict=True):
        for found in _TOLD.finditer(text):
            group = 1 if found[1] is not None else 2
            place = line.place.at(found.start(group) + 1)
            yield from paragraphs_of(found[group], place)


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
            yield from paragraphs_of(" ".join(text.split()), Place(file, at, column))


def _figure_texts(file: str, report: Report) -> Iterator[Paragraph]:
    """The words written in a figure's `caption` and `alt`; what they take from rows is not."""
    try:
        tree = ast.parse("\n".join(file_lines(report.project.root, file)))
    except (SyntaxError, ValueError):
        return
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name in ("caption", "alt"):
            documented = ast.get_docstring(function, clean=False)
            for node in ast.walk(function):
                # A text without a space is a column's name or an id.
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                    continue
                if " " in node.value.strip() and node.value != documented:
                    place = Place(file, node.lineno, node.col_offset + 2)
                    yield from paragraphs_of(" ".join(node.value.split()), place)


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
    except WordingError:
        return ""
