"""Sentences that speak of the same thing: by the rare words they share.

A finding retells its chapter in other words, so no rule of form can pair the two; the words that
few sentences of the chapter have can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from imprint.check.prose.citing import Citation, citations_in
from imprint.check.prose.paragraphs import Paragraph, Printed
from imprint.core.problems import Place
from imprint.read.chapters.sentences import sentences

ALIKE = 0.3
"""How near two sentences must be to be taken for one statement, from 0 to 1."""
RIVAL = 0.25
"""The same for a clause, which is shorter."""
AHEAD = 1.5
"""How many times nearer a sentence that cites other works must be than any that cites the same."""

FEW = 3
"""Sentences of a chapter that one sentence of its findings may draw together."""

_WORD = re.compile(r"[^\W\d_]{4,}")
HEDGE = re.compile(
    r"\b(?:could|may|might|suggest\w*|appears?|appeared|seems?|seemed|perhaps|possibly|probably"
    r"|likely|apparently|indicat(?:e|es|ed|ion|ions)|(?:not|un)\s?necessarily|debated|arguabl[ye])\b",
    re.IGNORECASE,
)
CERTAIN = (
    r"prov(?:e|es|ed|en)|demonstrat\w+|undoubtedly|conclusive(?:ly)?|definite(?:ly)?"
    r"|without (?:a )?doubt|beyond doubt"
)
"""Words by which something is more than likely, as a pattern to be completed."""
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
    printed: tuple[tuple[Printed, Place], ...]
    """What rows print in it."""
    clauses: tuple[Clause, ...]
    text: str = ""
    near: frozenset[str] = frozenset()
    """Every work cited in its paragraph."""
    locators: tuple[tuple[str, str, Place], ...] = ()
    """Works cited with a locator: key, locator, place."""

    @property
    def cited(self) -> frozenset[str]:
        """The works cited in the sentence itself."""
        return frozenset(key for key, _ in self.citations)


# A chapter's sentences are held beside its findings, and with all others' beside the summary.
@lru_cache(maxsize=8192)
def sentences_of(paragraph: Paragraph, kinds: frozenset[str]) -> tuple[Sentence, ...]:
    """The sentences of a paragraph; `kinds` are the prefixes of cross-references."""
    return tuple(_sentences_of(paragraph, kinds))


def _sentences_of(paragraph: Paragraph, kinds: frozenset[str]) -> Iterator[Sentence]:
    cited = citations_in(paragraph, kinds)
    for start, end in sentences(paragraph.text):
        text = paragraph.text[start:end]
        own = [citation for citation in cited if start <= citation.start < end]
        before = [citation for citation in cited if citation.start < start]
        after = [citation for citation in cited if citation.start >= end]
        yield Sentence(
            paragraph.place(start + len(text) - len(text.lstrip())),
            stems(text),
            tuple((citation.key, paragraph.place(citation.start)) for citation in own),
            frozenset(c.key for c in own or (*before[-1:], *_first_group(after))),
            tuple(
                (printed, paragraph.place(offset))
                for offset, printed in paragraph.printed
                if start <= offset < end
            ),
            tuple(_clauses(paragraph, start, own)),
            text,
            frozenset(citation.key for citation in cited),
            tuple(
                (citation.key, citation.locator, paragraph.place(citation.start))
                for citation in own
                if citation.locator
            ),
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
        words = stems(paragraph.text[at : group[0]])
        yield Clause(words, frozenset(keys | running), paragraph.place(group[0]))
        at = group[1]


def stems(text: str) -> frozenset[str]:
    """Words of four letters and more, shortened so that forms of one word are alike."""
    return frozenset(word[0].lower()[:_STEM] for word in _WORD.finditer(text))


class Similarity:
    """A chapter's sentences, by the words in them."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self._places: dict[str, list[int]] = {}
        for index, sentence in enumerate(sentences):
            for word in sentence.words:
                self._places.setdefault(word, []).append(index)
        self._weights: dict[str, float] = {}
        self._lengths: dict[frozenset[str], float] = {}

    def rival(self, words: frozenset[str], keys: frozenset[str]) -> Sentence | None:
        """The sentence that says what `words` do and cites works other than `keys` alone.

        None where a sentence credited to one of `keys` says it nearly as well.
        """
        agreeing = [self._similarity(words, s.words) for s in self.sentences if keys & s.attributed]
        others = [s for s in self.sentences if s.cited and not keys & s.attributed]
        found = max(others, key=lambda s: self._similarity(words, s.words), default=None)
        if found is None:
            return None
        likeness = self._similarity(words, found.words)
        clear = likeness >= RIVAL and likeness > AHEAD * max(agreeing, default=0.0)
        return found if clear else None

    def nearest_to(self, sentence: Sentence) -> Sentence | None:
        """The sentence of the same work that says most nearly the same, if any is near enough."""
        same = [s for s in self.sentences if s.attributed & sentence.attributed]
        words = sentence.words
        found = max(same, key=lambda s: self._similarity(words, s.words), default=None)
        return found if found and self._similarity(words, found.words) >= ALIKE else None

    def ranked(self, words: frozenset[str]) -> list[tuple[float, Sentence]]:
        """Every sentence with its likeness to the words, the likest first."""
        shared = [0.0] * len(self.sentences)
        for word in words:
            for index in self._places.get(word, ()):
                shared[index] += self._weight(word)
        found = [
            (self._of_whole(weight, words, other.words), other)
            for weight, other in zip(shared, self.sentences, strict=True)
        ]
        return sorted(found, key=lambda pair: -pair[0])

    def covered(self, words: frozenset[str], ranked: Sequence[tuple[float, Sentence]]) -> float:
        """How far the likest sentences say what `words` do, from 0 to 1: the mean of the likeness
        of the likest one and of the share of the words' weight that the likest few hold."""
        whole = sum(map(self._weight, words))
        if not whole or not ranked:
            return 1.0 if not whole else 0.0
        known = frozenset[str]().union(*(other.words for _, other in ranked[:FEW]))
        return (ranked[0][0] + sum(map(self._weight, words & known)) / whole) / 2

    def shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The weight of the words that two texts share."""
        return sum(map(self._weight, one & other))

    def _similarity(self, one: frozenset[str], other: frozenset[str]) -> float:
        """From 0 to 1: the weight of the words that two sentences share."""
        return self._of_whole(self.shared(one, other), one, other)

    def _of_whole(self, shared: float, one: frozenset[str], other: frozenset[str]) -> float:
        return shared / sqrt(self._length(one) * self._length(other)) if shared else 0.0

    def _length(self, words: frozenset[str]) -> float:
        if words not in self._lengths:
            self._lengths[words] = sum(map(self._weight, words))
        return self._lengths[words]

    def _weight(self, word: str) -> float:
        """Rare words weigh more, unknown ones as the rarest; words of every sentence nothing."""
        if word not in self._weights:
            holding = max(len(self._places.get(word, ())), 1)
            self._weights[word] = log((len(self.sentences) + 1) / (holding + 1)) ** 2
        return self._weights[word]


def unlike_row(
    row: str, sentence: Sentence, others: Mapping[str, frozenset[str]], likeness: Similarity
) -> str:
    """Another row of the chapter whose sentences and measure the sentence is much nearer to;
    empty where its own row is the nearest, or none is clearly nearer.

    `others` has the words of the sentences that print each row, with those of its measure.
    """
    own = likeness.shared(sentence.words, others.get(row, frozenset()))
    printed = {id for it, _ in sentence.printed for id in it.ids}
    scores = {id: likeness.shared(sentence.words, words) for id, words in others.items()
              if id not in printed}  # fmt: skip
    rival = max(scores, key=lambda id: scores[id], default="")
    if not rival or scores[rival] <= NEARER * own or len(sentence.words) < FEWEST_WORDS:
        return ""
    whole = likeness.shared(sentence.words, sentence.words)
    return rival if scores[rival] > whole / 6 else ""


NEARER = 1.6
"""How many times more of a sentence another row's words must hold than its own row's do."""
FEWEST_WORDS = 4
"""Words of four letters or more from which a sentence can tell a row."""
