"""The rows that say what works state, and how near a sentence is to each.

A row is in other words than the sentence that rests on it, so the two are paired by the words they
share, rare ones above all. Where nothing is near enough nothing is known, and nothing is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from math import log, sqrt
from operator import itemgetter
from typing import NamedTuple

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import COMMON, roots
from imprint.check.prose.similarity import Sentence, sentences_of
from imprint.check.table_rows import read_tables
from imprint.core.model import Chapter
from imprint.core.problems import Place


@dataclass(frozen=True)
class EvidenceRow:
    """What one work states, as a table of data/ keeps it."""

    id: str
    works: frozenset[str]
    """The works that state it, and the one they are cited in."""
    statement: str
    """Empty for a statistic, whose measure is no sentence."""
    words: frozenset[str]
    locator: str
    theme: str
    place: Place


class Match(NamedTuple):
    """A row with its nearness to some words, from 0 to 1."""

    score: float
    row: EvidenceRow


NEAR = 0.25
"""Nearness from which any row is looked at."""
FAR = 0.05
"""Nearness from which a row of the works that stand beside a sentence is."""
FAINT = 0.1
"""What a word that sentences of any subject share weighs beside others."""


class EvidenceIndex:
    """All rows, by the words in them."""

    def __init__(self, rows: Sequence[EvidenceRow], texts: Sequence[frozenset[str]]) -> None:
        self.rows = rows
        self._places: dict[str, list[int]] = {}
        for index, row in enumerate(rows):
            for word in row.words:
                self._places.setdefault(word, []).append(index)
        told = [*(row.words for row in rows), *texts]
        self._counts, self._whole = Counter(chain.from_iterable(told)), len(told) + 1
        self._weights: dict[str, float] = {}
        self._lengths = [sqrt(self.weight(row.words)) for row in rows]

    def weight(self, words: Collection[str]) -> float:
        """Rare words weigh more."""
        return sum(map(self._weight, words))

    def matches(self, words: frozenset[str], works: frozenset[str]) -> tuple[Match, ...]:
        """The rows that share much with the words, the nearest first; of the works, those that
        share a little too."""
        shared: dict[int, float] = {}
        for word in words - COMMON:
            weight = self._weight(word)
            for index in self._places.get(word, ()):
                shared[index] = shared.get(index, 0.0) + weight
        length = sqrt(self.weight(words))
        found = []
        for index, weight in shared.items():
            score = weight / (length * self._lengths[index])
            row = self.rows[index]
            if score > NEAR or (score > FAR and not works.isdisjoint(row.works)):
                found.append((-score, row.id, row))
        found.sort(key=itemgetter(0, 1))
        return tuple(Match(-score, row) for score, _, row in found)

    def _weight(self, word: str) -> float:
        if word not in self._weights:
            rare = log(max(self._whole / (self._counts[word] + 1), 1.0)) ** 2
            self._weights[word] = rare * (FAINT if word in COMMON else 1.0)
        return self._weights[word]


@dataclass(frozen=True)
class Statement:
    """A sentence of a chapter with the rows that come near to what it says."""

    chapter: Chapter
    sentence: Sentence
    words: frozenset[str]
    """By their roots."""
    matches: tuple[Match, ...]
    """The nearest first."""

    @cached_property
    def telling(self) -> frozenset[str]:
        """Those of its words that not every sentence may have."""
        return self.words - COMMON

    @cached_property
    def works(self) -> frozenset[str]:
        """The works that it may rest on: those it cites, else those of its paragraph."""
        return self.sentence.cited or self.sentence.near

    def best(self, works: Collection[str]) -> Match | None:
        """The nearest row of any of these works."""
        return next((it for it in self.matches if not it.row.works.isdisjoint(works)), None)

    def stated(self, works: Collection[str]) -> Match | None:
        """The nearest row of any of these works that says something in a sentence."""
        said = (it for it in self.matches if it.row.statement)
        return next((it for it in said if not it.row.works.isdisjoint(works)), None)

    def rival(self, works: Collection[str]) -> Match | None:
        """The nearest statement of a work that is none of these."""
        said = (it for it in self.matches if it.row.statement)
        return next((it for it in said if it.row.works.isdisjoint(works)), None)


class Aligned(NamedTuple):
    """All rows of a report, and its sentences with their words by their roots."""

    evidence: EvidenceIndex
    sentences: tuple[tuple[Chapter, Sentence, frozenset[str]], ...]


# The rules of evidence look at the same sentences, one after another.
@lru_cache(maxsize=1)
def aligned(report: ComposedReport) -> Aligned:
    """The sentences of a report's paragraphs, each place once, and the rows to hold them to."""
    found: dict[Place, tuple[Chapter, Sentence]] = {}
    for chapter in report.chapters.values():
        for paragraph in report.written(chapter):
            if paragraph.kind != "heading":
                for sentence in sentences_of(paragraph, report.reference_kinds):
                    found.setdefault(sentence.place, (chapter, sentence))
    told = tuple((chapter, it, roots(it.text)) for chapter, it in found.values())
    return Aligned(
        EvidenceIndex(tuple(evidence_rows(report)), [words for _, _, words in told]), told
    )


@lru_cache(maxsize=1)
def statements(report: ComposedReport) -> tuple[Statement, ...]:
    """The sentences of paragraphs that cite works, aligned with the rows; none without a table of
    evidence."""
    evidence, sentences = aligned(report)
    if not any(row.statement for row in evidence.rows):
        return ()
    return tuple(
        Statement(
            chapter, sentence, words, evidence.matches(words, sentence.cited or sentence.near)
        )
        for chapter, sentence, words in sentences
        if sentence.near
    )


def evidence_rows(report: ComposedReport) -> Iterator[EvidenceRow]:
    """The rows of the table of evidence, and the statistics."""
    filled = read_tables(report).get(report.settings.tables.evidence)
    theme = report.settings.themes.column
    if filled and "statement" in filled.columns:
        for row in filled.rows:
            statement = str(row.get("statement") or "")
            yield EvidenceRow(
                str(row.get("id") or ""),
                filled.works(row),
                statement,
                roots(statement),
                str(row.get("locator") or ""),
                str(row.get(theme) or ""),
                Place(filled.table.file, row.line),
            )
    for key, work in report.library.references.items() if report.library else ():
        title = f"{work.fields.get('title', '')} {work.fields.get('type', '')}"
        yield EvidenceRow(key, frozenset({key}), "", roots(title), "", "", work.place)
    for it in (report.statistics or {}).values():
        words = roots(f"{it.measure} {it.response} {it.population} {it.as_reported}")
        place = Place("data/statistics.csv", it.line)
        yield EvidenceRow(it.id, frozenset({it.source}), "", words, it.locator, it.theme, place)
