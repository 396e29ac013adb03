"""What a sentence rests on or retells, and how near it is to each: rows, or a chapter's sentences.

A sentence is in other words than what stands behind it, so the two are paired by the words they
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
from imprint.check.prose.citing import Sentence, sentences_of
from imprint.check.prose.roots import COMMON, roots
from imprint.check.table_rows import read_tables
from imprint.core.problems import Place


@dataclass(frozen=True)
class Counterpart:
    """A row of a table or a sentence of a chapter, to which other sentences are held."""

    id: str
    """Of a row; empty for a sentence."""
    works: frozenset[str]
    """The works that state it, and the one they are cited in."""
    statement: str
    """Empty for a statistic, whose measure is no sentence."""
    words: frozenset[str]
    locator: str
    place: Place

    @property
    def shown(self) -> str:
        """As a message names it."""
        return f"row '{self.id}' ({self.place})" if self.id else str(self.place)


class Match(NamedTuple):
    """A counterpart with its nearness to some words, from 0 to 1."""

    score: float
    row: Counterpart


NEAR = 0.25
"""Nearness from which any row is looked at."""
FAR = 0.05
"""Nearness from which a row of the works that stand beside a sentence is."""
FAINT = 0.1
"""What a word that sentences of any subject share weighs beside others."""
CLOSE = 0.6
"""Counterparts this near to the nearest one, as a share of its nearness, may be meant as well."""


_LEAST = 1.0001
"""What a word is taken to be rare by that all have: it counts where there are no others."""


class WordIndex:
    """Counterparts by the words in them."""

    def __init__(
        self,
        rows: Sequence[Counterpart],
        texts: Sequence[frozenset[str]] = (),
        common: frozenset[str] = frozenset(),
    ) -> None:
        """`texts` are others that tell how rare a word is; `common` words pair nothing, for they
        may be rare by chance where the rows are few and short."""
        self.rows = rows
        self._places: dict[str, list[int]] = {}
        for index, row in enumerate(rows):
            for word in row.words:
                self._places.setdefault(word, []).append(index)
        told = [*(row.words for row in rows), *texts]
        self._counts, self._whole = Counter(chain.from_iterable(told)), len(told) + 1
        self._common = common
        self._weights: dict[str, float] = {}
        self._lengths = [sqrt(self.weight(row.words)) for row in rows]

    def weight(self, words: Collection[str]) -> float:
        """Rare words weigh more."""
        return sum(map(self._weight, words))

    def matches(self, words: frozenset[str], works: frozenset[str] | None) -> tuple[Match, ...]:
        """The rows that share much with the words, the nearest first; of the works, those that
        share a little too, and all of those where no works are given."""
        shared: dict[int, float] = {}
        for word in words - self._common:
            weight = self._weight(word)
            for index in self._places.get(word, ()):
                shared[index] = shared.get(index, 0.0) + weight
        length = sqrt(self.weight(words))
        found = []
        for index, weight in shared.items():
            score = weight / (length * self._lengths[index])
            row = self.rows[index]
            is_looked_at = works is None or not works.isdisjoint(row.works)
            if score > NEAR or (score > FAR and is_looked_at):
                found.append((-score, row.id, index, row))
        found.sort(key=itemgetter(0, 1, 2))
        return tuple(Match(-score, row) for score, _, _, row in found)

    def _weight(self, word: str) -> float:
        if word not in self._weights:
            rare = log(max(self._whole / (max(self._counts[word], 1) + 1), _LEAST)) ** 2
            self._weights[word] = rare * (FAINT if word in self._common else 1.0)
        return self._weights[word]


@dataclass(frozen=True)
class Statement:
    """A sentence with the counterparts that come near to what it says."""

    sentence: Sentence
    matches: tuple[Match, ...]
    """The nearest first."""
    meant: tuple[Match, ...]
    """Those of them that say in a sentence what it may rest on."""

    @cached_property
    def telling(self) -> frozenset[str]:
        """Those of its words that not every sentence may have."""
        return self.sentence.words - COMMON

    @property
    def close(self) -> tuple[str, ...]:
        """What the nearest counterpart says, and those that say it nearly as well."""
        least = CLOSE * self.meant[0].score
        return tuple(it.row.statement for it in self.meant if it.score >= least)

    def best(self, works: Collection[str]) -> Match | None:
        """The nearest counterpart of any of these works."""
        return next((it for it in self.matches if not it.row.works.isdisjoint(works)), None)

    def rival(self, works: Collection[str]) -> Match | None:
        """The nearest statement of a work that is none of these."""
        said = (it for it in self.matches if it.row.statement and it.row.works)
        return next((it for it in said if it.row.works.isdisjoint(works)), None)


class Aligned(NamedTuple):
    """All rows of a report, and its sentences."""

    evidence: WordIndex
    sentences: tuple[Sentence, ...]


# The rules of evidence look at the same sentences, one after another.
@lru_cache(maxsize=1)
def aligned(report: ComposedReport) -> Aligned:
    """The sentences of a report's paragraphs, each place once, and the rows to hold them to."""
    found: dict[Place, Sentence] = {}
    for paragraph in report.all_written():
        if paragraph.kind != "heading":
            for sentence in sentences_of(paragraph, report.reference_kinds):
                found.setdefault(sentence.place, sentence)
    told = tuple(found.values())
    rows = tuple(evidence_rows(report))
    return Aligned(WordIndex(rows, [it.words for it in told], COMMON), told)


@lru_cache(maxsize=1)
def statements(report: ComposedReport) -> tuple[Statement, ...]:
    """The sentences of paragraphs that cite works, aligned with the rows; none without a table of
    evidence."""
    evidence, sentences = aligned(report)
    if not any(row.statement for row in evidence.rows):
        return ()
    found = []
    for it in sentences:
        matches = evidence.matches(it.words, it.works) if it.near else ()
        own = (one for one in matches if not one.row.works.isdisjoint(it.works))
        if it.near:
            found.append(Statement(it, matches, tuple(one for one in own if one.row.statement)))
    return tuple(found)


def evidence_rows(report: ComposedReport) -> Iterator[Counterpart]:
    """The rows of the table of evidence, and the statistics."""
    filled = read_tables(report).get(report.settings.tables.evidence)
    if filled and "statement" in filled.columns:
        for row in filled.rows:
            id, statement, locator = (
                str(row.get(name) or "") for name in ("id", "statement", "locator")
            )
            place = Place(filled.table.file, row.line)
            words = roots(statement)
            yield Counterpart(id, filled.works(row), statement, words, locator, place)
    for key, work in report.library.references.items() if report.library else ():
        title = f"{work.fields.get('title', '')} {work.fields.get('type', '')}"
        yield Counterpart(key, frozenset({key}), "", roots(title), "", work.place)
    for it in (report.statistics or {}).values():
        words = roots(f"{it.measure} {it.response} {it.population} {it.as_reported}")
        place = Place("data/statistics.csv", it.line)
        yield Counterpart(it.id, frozenset({it.source}), "", words, it.locator, place)
