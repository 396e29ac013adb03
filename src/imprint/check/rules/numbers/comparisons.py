"""Words about size beside printed rows, which a change of the data may leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.rules.numbers.derivations import wholes_of
from imprint.core.model import Statistic
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import sentences

LARGE = 75
"""Per cent above which nothing is *only* or *just* that much."""
_ONLY = re.compile(r"\b(only|just|merely|as few as|a mere)\s\Z", re.IGNORECASE)
_ALL = re.compile(r"\b(all|all of the|every one of the)\s\Z", re.IGNORECASE)
_MORE = re.compile(r"\b(better|higher|greater|larger|more often|rises to|rose to)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(worse|lower|smaller|poorer|less often|falls to|fell to)\b", re.IGNORECASE)


def check_comparisons(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every *only*, *all*, *better* or *lower* that the rows printed beside it
    do not bear out (`words-fit-rows`)."""
    rows = report.statistics or {}
    for paragraph in report.all_written():
        printed = paragraph.numbers(rows)
        for offset, row in printed:
            yield from _only(paragraph, offset, row)
            yield from _all(paragraph, offset, row, rows)
        if len(printed) > 1:
            yield from _than_before(paragraph, printed)


def _only(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    found = _ONLY.search(paragraph.text, max(0, offset - 12), offset)
    if found and row.unit == "percent" and row.value is not None and row.value > LARGE:
        message = f"'{found[1]}' stands before '{row.id}', which is {row.value:g} per cent"
        fix = f"delete '{found[1]}', or look the row up in its source"
        yield Problem(paragraph.place(found.start(1)), "words-fit-rows", message, fix)


def _all(
    paragraph: Paragraph, offset: int, row: Statistic, rows: Mapping[str, Statistic]
) -> Iterator[Problem]:
    found = _ALL.search(paragraph.text, max(0, offset - 18), offset)
    for whole in wholes_of(row, rows) if found else ():
        if found and row.value is not None and whole.value not in (None, row.value):
            message = (
                f"'{found[1]}' stands before '{row.id}', which is {row.value:g} of the "
                f"{whole.value:g} of '{whole.id}'"
            )
            fix = f"say how many of how many, or look both rows up (data/statistics.csv:{row.line})"
            yield Problem(paragraph.place(found.start(1)), "words-fit-rows", message, fix)


def _than_before(
    paragraph: Paragraph, printed: Sequence[tuple[int, Statistic]]
) -> Iterator[Problem]:
    """A sentence that is *better* or *lower*, by its one number, than the one before by its own."""
    spans = sentences(paragraph.text)
    of_each = [[it for it in printed if start <= it[0] < end] for start, end in spans]
    for (before, now), (start, _) in zip(pairwise(of_each), spans[1:], strict=True):
        if len(now) != 1 or len(before) != 1:
            continue
        (_, first), (offset, second) = before[0], now[0]
        same = (first.measure, first.unit) == (second.measure, second.unit)
        if not same or first.value is None or second.value is None:
            continue
        said = paragraph.text[start:offset]
        for words, holds in (
            (_MORE, second.value > first.value),
            (_LESS, second.value < first.value),
        ):
            found = words.search(said)
            if found and " than " not in said and not holds:
                message = (
                    f"'{found[1]}' is not what the rows say: '{second.id}' is {second.value:g}, "
                    f"'{first.id}' {first.value:g}"
                )
                fix = "turn the sentence round, or look the rows up in their source"
                place = paragraph.place(start + found.start())
                yield Problem(place, "words-fit-rows", message, fix)
