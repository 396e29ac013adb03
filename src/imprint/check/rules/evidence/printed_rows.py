"""Numbers in the sentences that print them: a row stands in what is said of it, not of another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Sentence, sentences_of
from imprint.check.prose.roots import COMMON, roots
from imprint.check.rules.evidence.alignment import Match, WordIndex, aligned
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem
from imprint.read.chapters.sentences import sentence_span

NEAR = 0.3
"""Nearness from which the row of another number is taken to be what a sentence speaks of."""
AHEAD = 1.8
"""How many times nearer it must be than the row that is printed."""
FEWEST = 3
"""Words of its own that the sentence must share with it, one of them of what it measures."""
AROUND = 4
"""Sentences before and after in which a row that is printed may be spoken of."""


class _Printing(NamedTuple):
    """A sentence that prints one row, and the row that it is nearest to."""

    position: int
    place: Place
    row: Statistic
    rival: Match | None


def check_printed_rows(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every number that stands in a sentence about what another row of its
    work measures, to which nothing beside it belongs (`number-fits-statement`)."""
    rows = report.statistics or {}
    if not rows:
        return
    evidence, written = aligned(report)
    kinds = report.reference_kinds
    sentences = (*written, *(one for it in report.captions for one in sentences_of(it, kinds)))
    printed: dict[int, frozenset[str]] = {}
    found: list[_Printing] = []
    for position, sentence in enumerate(sentences):
        ids = frozenset(id for it, _ in sentence.printed for id in it.ids if id in rows)
        if ids:
            printed[position] = frozenset(
                id for it, _ in sentence.printed if len(it.ids) == 1 for id in it.ids
            )
        if len(ids) == 1:
            (id,) = ids
            place = sentence.printed[0][1]
            rival = _rival(sentence, rows[id], rows, evidence)
            found.append(_Printing(position, place, rows[id], rival))
    yield from _operands(report, rows)
    swapped = {(it.row.id, it.rival.row.id) for it in found if it.rival}
    for it in found:
        if it.rival is None:
            continue
        other = it.rival.row
        beside = any(
            other.id in printed.get(position, ())
            for position in range(it.position - AROUND, it.position + AROUND + 1)
        )
        if beside and (other.id, it.row.id) not in swapped:
            continue
        message = (
            f"'{it.row.id}' stands in what '{other.id}' measures: "
            f"{measured(rows[other.id])} ({other.place})"
        )
        fix = f"print '{other.id}', or say what '{it.row.id}' measures"
        yield Problem(it.place, "number-fits-statement", message, fix)


def _operands(report: ComposedReport, rows: Mapping[str, Statistic]) -> Iterator[Problem]:
    """A row printed twice beside one that is worked out from it and from another, which is not
    printed: it stands in the place of that one."""
    for paragraph in report.all_written():
        printed = paragraph.numbers(rows)
        times = Counter(row.id for _, row in printed)
        for derived in (rows[id] for id in times if rows[id].derived):
            needed = [id for id in re.findall(r"[a-z][a-z0-9-]+", derived.derived) if id in rows]
            twice = [id for id in needed if times[id] > 1]
            lacking = [id for id in needed if not times[id]]
            if len(twice) != 1 or len(lacking) != 1:
                continue
            other = rows[lacking[0]]
            told = roots(measured(other))
            places = [offset for offset, row in printed if row.id == twice[0]]
            at = max(places, key=lambda it: len(told & roots(_around(paragraph.text, it))))
            message = (
                f"'{twice[0]}' is printed twice beside '{derived.id}', which is {derived.derived}, "
                f"and '{other.id}' is not"
            )
            fix = f"print '{other.id}' where its number belongs"
            yield Problem(paragraph.place(at), "number-fits-statement", message, fix)


def _around(text: str, offset: int) -> str:
    start, end = sentence_span(text, offset)
    return text[start:end]


def _rival(
    sentence: Sentence,
    row: Statistic,
    rows: Mapping[str, Statistic],
    evidence: WordIndex,
) -> Match | None:
    """The row of the same or a cited work that the sentence is much nearer to."""
    works = sentence.near | {row.source}
    told = [
        it
        for it in evidence.matches(sentence.words, works)
        if it.row.id in rows and not it.row.statement and it.row.works & works
    ]
    own = next((it.score for it in told if it.row.id == row.id), 0.0)
    best = next((it for it in told if not rows[it.row.id].derived), None)
    if best is None or best.score < max(NEAR, AHEAD * own) or _alike(rows[best.row.id], row):
        return None
    shared = (best.row.words & sentence.words) - COMMON
    # Of whom a row tells may be said of any other.
    is_spoken_of = shared & roots(measured(rows[best.row.id]))
    return best if len(shared) >= FEWEST and is_spoken_of else None


def measured(row: Statistic) -> str:
    """What a row tells of: its measure, with the answer where there is one."""
    return f"{row.measure}: {row.response}" if row.response else row.measure


def _alike(one: Statistic, other: Statistic) -> bool:
    """Whether two rows print the same, so that a reader is not misled."""
    return (one.value, one.low, one.high, one.unit) == (
        other.value, other.low, other.high, other.unit,
    )  # fmt: skip
