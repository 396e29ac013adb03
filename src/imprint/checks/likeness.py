"""Sentences that speak of the same thing: by the rare words they share.

A finding retells its chapter in other words, so no rule of form can pair the two; the words that
few sentences of the chapter have can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

from imprint.checks.citing import Citation, citations_in, sentences
from imprint.checks.paragraphs import Paragraph
from imprint.problems import Place

ALIKE = 0.3
"""How near two sentences must be to be taken for one statement, from 0 to 1."""
RIVAL = 0.25
"""The same for a clause, which is shorter."""
AHEAD = 1.5
"""How many times nearer a sentence that cites other works must be than any that cites the same."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_HEDGE = re.compile(
    r"\b(?:could|may|might|suggest\w*|appears?|appeared|seems?|seemed|perhaps|possibly|probably"
    r"|likely|apparently|indicat(?:e|es|ed|ion|ions))\b",
    re.IGNORECASE,
)
_STEM = 6
"""Letters by which words are taken for forms of one word."""


@dataclass(frozen=True)
class Clause:
    """What a group of citations in brackets stands for: the words before it."""

    words: frozenset[str]
    keys: frozenset[str]
    place: Place


@dataclass(frozen=True)
class Sentence:
    """A sentence with what it prints and cites."""

    place: Place
    words: frozenset[str]
    citations: tuple[tuple[str, Place], ...]
    attributed: frozenset[str]
    """Works it may be credited to: its own citations, else the ones next to it in its paragraph."""
    code: tuple[tuple[str, Place], ...]
    """Its inline code."""
    hedges: tuple[str, ...]
    """Words of caution in it."""
    clauses: tuple[Clause, ...]

    @property
    def cited(self) -> frozenset[str]:
        """The works cited in the sentence itself."""
        return frozenset(key for key, _ in self.citations)


def sentences_of(paragraph: Paragraph, kinds: Collection[str]) -> Iterator[Sentence]:
    """The sentences of a paragraph; `kinds` are the prefixes of cross-references."""
    cited = citations_in(paragraph, kinds)
    for start, end in sentences(paragraph.text):
        text = paragraph.text[start:end]
        own = [citation for citation in cited if start <= citation.start < end]
        before = [citation for citation in cited if citation.start < start]
        after = [citation for citation in cited if citation.start >= end]
        yield Sentence(
            paragraph.place(start + len(text) - len(text.lstrip())),
            _stems(text),
            tuple((citation.key, paragraph.place(citation.start)) for citation in own),
            frozenset(c.key for c in own or (*before[-1:], *_first_group(after))),
            tuple(
                (mark.text.partition("}")[2].strip(), paragraph.place(mark.offset))
                for mark in paragraph.marks
                if mark.kind == "code" and start <= mark.offset < end
            ),
            tuple(found[0] for found in _HEDGE.finditer(text)),
            tuple(_clauses(paragraph, start, own)),
        )


def _first_group(citations: Sequence[Citation]) -> Sequence[Citation]:
    """The first citation, with those that share its brackets."""
    group = citations[0].group if citations else None
    together = [citation for citation in citations if group and citation.group == group]
    return together or citations[:1]


def _clauses(paragraph: Paragraph, start: int, cited: Sequence[Citation]) -> Iterator[Clause]:
    running = {citation.key for citation in cited if citation.group is None}
    groups = dict.fromkeys(citation.group for citation in cited if citation.group)
    at = start
    for group in groups:
        assert group is not None
        keys = {citation.key for citation in cited if citation.group == group}
        words = _stems(paragraph.text[at : group[0]])
        yield Clause(words, frozenset(keys | running), paragraph.place(group[0]))
        at = group[1]


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[0].lower()[:_STEM] for word in _WORD.finditer(text))


class Likeness:
    """A chapter's sentences, by the words in them."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.counts = Counter(word for sentence in sentences for word in sentence.words)

    def rival(self, words: frozenset[str], keys: frozenset[str]) -> Sentence | None:
        """The sentence that says what `words` do and cites works other than `keys` alone.

        None where a sentence credited to one of `keys` says it nearly as well.
        """
        agreeing = [self._likeness(words, s.words) for s in self.sentences if keys & s.attributed]
        others = [s for s in self.sentences if s.cited and not keys & s.attributed]
        found = max(others, key=lambda s: self._likeness(words, s.words), default=None)
        if found is None:
            return None
        likeness = self._likeness(words, found.words)
        clear = likeness >= RIVAL and likeness > AHEAD * max(agreeing, default=0.0)
        return found if clear else None

    def nearest_to(self, sentence: Sentence) -> Sentence | None:
        """The sentence of the same work that says most nearly the same, if any is near enough."""
        same = [s for s in self.sentences if s.attributed & sentence.attributed]
        words = sentence.words
        found = max(same, key=lambda s: self._likeness(words, s.words), default=None)
        return found if found and self._likeness(words, found.words) >= ALIKE else None

    def _likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """From 0 to 1: the weight of the words that two sentences share."""
        lengths = [sum(map(self._weight, words)) for words in (one, other)]
        shared = sum(map(self._weight, one & other))
        return shared / sqrt(lengths[0] * lengths[1]) if all(lengths) else 0.0

    def _weight(self, word: str) -> float:
        """Rare words weigh more; a word of every sentence weighs nothing."""
        return log((len(self.sentences) + 1) / (self.counts[word] + 1)) ** 2
