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
from imprint.read.chapters.sentences import OPAQUE, sentences

LARGE = 75
"""Per cent above which nothing is *only* or *just* that much."""
_ONLY = re.compile(r"\b(only|just|merely|as few as|a mere)\s\Z", re.IGNORECASE)
_ALL = re.compile(r"\b(all|all of the|every one of the)\s\Z", re.IGNORECASE)
_MORE = re.compile(r"\b(better|higher|greater|larger|more often|rises to|rose to)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(worse|lower|smaller|poorer|less often|falls to|fell to)\b", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:(?P<more>more|higher|greater|larger|better)|(?P<less>fewer|less|lower|smaller|worse))"
    rf" (?:[\w'’-]+ ){{0,4}}than (?:[\w'’-]+ ){{0,3}}(?P<other>{OPAQUE})"
)
_TIMES = re.compile(
    r"\b(?P<said>(?P<times>twice|double|three times|half)(?: (?:as|that|the|of)\b)?)"
    rf" (?:[\w'’-]+ ){{0,8}}(?P<other>{OPAQUE})"
)
_RATIOS = {"twice": 2.0, "double": 2.0, "three times": 3.0, "half": 0.5}
_ROOM = 0.1
"""How far from a ratio two numbers may be that are said to have it, as a share of it."""
_UNCLAIMED = re.compile(
    r"\b(soar(?:s|ed)|surg(?:es|ed)|rocket(?:s|ed)|plummet(?:s|ed)|plung(?:es|ed)|tumbl(?:es|ed)"
    r"|(?:comes?|came|ranks?|ranked) (?:first|second|third|fourth|top|last|bottom))\b"
)
"""Words that compare with a number that they do not name."""


def check_comparisons(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every *only*, *all*, *better*, *lower* or *twice as* that the rows
    printed beside it do not bear out (`words-fit-rows`), and for every *soared* or *comes second*
    that no claim stands behind (`claim-is-bound`)."""
    rows = report.statistics or {}
    for paragraph in report.all_written():
        printed = paragraph.numbers(rows)
        for offset, row in printed:
            yield from _only(paragraph, offset, row)
            beside = [it for _, it in printed if _is_whole(it, row)]
            yield from _all(paragraph, offset, row, [*wholes_of(row, rows), *beside])
        if printed:
            yield from _unclaimed(paragraph, [offset for offset, _ in printed])
        if len(printed) > 1:
            yield from _than_before(paragraph, printed)
            yield from _than_beside(paragraph, dict(printed))


def _only(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    found = _ONLY.search(paragraph.text, max(0, offset - 12), offset)
    if found and row.unit == "percent" and row.value is not None and row.value > LARGE:
        message = f"'{found[1]}' stands before '{row.id}', which is {row.value:g} per cent"
        fix = f"delete '{found[1]}', or look the row up in its source"
        yield Problem(paragraph.place(found.start(1)), "words-fit-rows", message, fix)


def _all(
    paragraph: Paragraph, offset: int, row: Statistic, wholes: Sequence[Statistic]
) -> Iterator[Problem]:
    found = _ALL.search(paragraph.text, max(0, offset - 18), offset)
    for whole in dict.fromkeys(wholes) if found else ():
        if found and row.value is not None and whole.value not in (None, row.value):
            message = (
                f"'{found[1]}' stands before '{row.id}', which is {row.value:g} of the "
                f"{whole.value:g} of '{whole.id}'"
            )
            fix = f"say how many of how many, or look both rows up (data/statistics.csv:{row.line})"
            yield Problem(paragraph.place(found.start(1)), "words-fit-rows", message, fix)


def _is_whole(other: Statistic, row: Statistic) -> bool:
    """Whether a count of the same things by the same work is that of which the row has a part."""
    same = (other.source, other.population, other.unit) == (row.source, row.population, "count")
    more = other.value is not None and row.value is not None and other.value > row.value
    return same and bool(row.population) and more


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


def _than_beside(paragraph: Paragraph, printed: Mapping[int, Statistic]) -> Iterator[Problem]:
    """`…, more than …` and `…, twice the …`, between two numbers of one sentence."""
    for start, end in sentences(paragraph.text):
        for pattern in (_THAN, _TIMES):
            for found in pattern.finditer(paragraph.text, start, end):
                before = [at for at in printed if start <= at < found.start()]
                second = printed.get(found.start("other"))
                first = printed[before[-1]] if before else None
                if (
                    first
                    and second
                    and first.unit == second.unit
                    and not _holds(found, first, second)
                ):
                    said = found["said"] if pattern is _TIMES else found["more"] or found["less"]
                    message = (
                        f"'{said}' is not what the rows say: '{first.id}' is {first.value:g}, "
                        f"'{second.id}' {second.value:g}"
                    )
                    fix = "turn the sentence round, or look the rows up in their source"
                    yield Problem(paragraph.place(found.start()), "words-fit-rows", message, fix)


def _holds(found: re.Match[str], first: Statistic, second: Statistic) -> bool:
    """Whether two values are as they are said to be; those that are vague may be."""
    if first.value is None or second.value is None:
        return True
    if times := found.groupdict().get("times"):
        ratio = _RATIOS[times]
        return abs(first.value - ratio * second.value) <= _ROOM * ratio * abs(second.value)
    return first.value > second.value if found["more"] else first.value < second.value


def _unclaimed(paragraph: Paragraph, printed: Sequence[int]) -> Iterator[Problem]:
    claimed = [offset for offset, it in paragraph.printed if it.is_claim]
    for start, end in sentences(paragraph.text):
        if any(start <= at < end for at in claimed) or not any(start <= at < end for at in printed):
            continue
        for found in _UNCLAIMED.finditer(paragraph.text, start, end):
            message = f"'{found[0]}' compares, and no claim says with what"
            fix = "say it with claim() or compare() of both rows, or say the numbers alone"
            yield Problem(paragraph.place(found.start()), "claim-is-bound", message, fix)
