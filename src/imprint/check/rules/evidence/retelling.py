"""Findings and the summary retell chapters: each sentence is held to those that say the same.

What must not change in the retelling is compared: caution, amounts, no and not, who says it, and on
which page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from imprint.check.prose.citing import Sentence
from imprint.check.prose.roots import roots
from imprint.check.prose.sayers import Names, works_of_sayers
from imprint.check.rules.evidence.alignment import Counterpart, Statement, WordIndex
from imprint.check.rules.evidence.sense import denied
from imprint.check.rules.evidence.wording import POSSIBLE, clause_of, clauses, new_extent, stronger
from imprint.core.problems import Place, Problem

COVERED = 0.32
"""How far a chapter must say what a finding does, from 0 to 1; see `Body.covers`."""
ALIKE = 0.3
"""Nearness from which two sentences are taken for one statement."""
CAREFUL = 0.33
"""Nearness from which the caution of one sentence is asked of the other."""
RARE = 3.0
"""Weight from which a word tells that two sentences deny the same thing."""
FEWEST = 5
"""Words of four letters or more from which a sentence can be looked up by them."""
TELLING = 4
"""Those of them that not every sentence may have, from which it is missed where nothing says it."""
SHARED = 2
"""Rare words that two sentences must share for one to deny what the other states."""
AHEAD = 1.8
"""How many times nearer a sentence of other works must be than any of the same works."""
FEW = 3
"""Sentences of a chapter that one sentence of its findings may draw together."""


@dataclass(frozen=True)
class Body:
    """What a finding retells."""

    name: str
    """`chapters/cycling.qmd`, or `any chapter`."""
    sentences: Sequence[Sentence]
    names: Names
    """Of those who may be said to have said it."""

    @cached_property
    def index(self) -> WordIndex:
        """The sentences, each with the works that it goes back to."""
        return WordIndex(
            [
                Counterpart("", self.works(it), it.text, it.words, "", it.place)
                for it in self.sentences
            ]
        )

    @cached_property
    def by_place(self) -> Mapping[Place, Sentence]:
        """The sentences by where they begin."""
        return {it.place: it for it in self.sentences}

    @cached_property
    def cited(self) -> frozenset[str]:
        """Every work that it cites."""
        return frozenset[str]().union(*(it.cited for it in self.sentences))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of it by its root."""
        return frozenset[str]().union(*(it.words for it in self.sentences))

    def works(self, sentence: Sentence) -> frozenset[str]:
        """The works that a sentence goes back to."""
        said = works_of_sayers(sentence.text, self.names)
        return sentence.attributed | said

    def covers(self, words: frozenset[str]) -> float:
        """How far its nearest sentences say what `words` do, from 0 to 1: the mean of the nearness
        of the nearest one and of the share of the words' weight that the nearest few hold. One
        word that stands nowhere in it is left out: a word more makes no other statement."""
        new = sorted(words - self.words)
        words -= frozenset(new[:1])
        matches = self.index.matches(words, None)
        known = frozenset[str]().union(*(it.row.words for it in matches[:FEW]))
        held = self.index.weight(words & known) / (self.index.weight(words) or 1.0)
        return (matches[0].score + held) / 2 if matches else 0.0


def compare_retelling(sentence: Sentence, body: Body) -> Iterator[Problem]:
    """What a retelling says that its counterparts do not."""
    yield from _locators(sentence, body)
    matches = body.index.matches(sentence.words, None)
    statement = Statement(sentence, matches, matches)
    for clause in sentence.clauses:
        near = body.index.matches(clause.words, None)
        yield from _credits(Statement(clause, near, near), body)
    if len(sentence.words) < FEWEST:
        return
    is_missed = len(statement.telling) >= TELLING or not matches
    if is_missed and body.covers(sentence.words) < COVERED:
        nearest = f"; {matches[0].row.place} comes nearest" if matches else ""
        message = f"nothing in {body.name} says this{nearest}"
        fix = "say it in the chapter too, or nearer to the chapter's words, or leave it out"
        yield Problem(sentence.place, "finding-is-in-chapter", message, fix)
        return
    yield from _credits(statement, body)
    if matches[0].score >= ALIKE:
        yield from _caution(statement)
        yield from _rows(statement, body)
        yield from _amounts(statement, body.index)


def compare_forms(sentence: Sentence, forms: Body) -> Iterator[Problem]:
    """Clauses that are surer than the same clause in another form of the findings."""
    near = forms.index.matches(sentence.words, None)
    match = next((it for it in near if it.row.place != sentence.place), None)
    if match is None or match.score < CAREFUL:
        return
    row = match.row
    told = " ".join(sentence.text.split())
    for _, words in clauses(told):
        other = clause_of(row.statement, words)
        shared = words & roots(other)
        is_same = len(shared) >= SHARED and 2 * len(shared) >= len(words)
        if is_same and (said := stronger(told, [other], is_alike=True)):
            message = f"this is stronger than what {row.place} says: '{said[1] or other.strip()}'"
            fix = "say both as the source does"
            yield Problem(sentence.place, "finding-keeps-hedge", message, fix)


def _caution(statement: Statement) -> Iterator[Problem]:
    """One of the two sentences is surer than the other."""
    score, row = statement.meant[0]
    own, words = statement.sentence, statement.sentence.words
    for place, told, elsewhere, other in (
        (own.place, own.text, row.place, clause_of(row.statement, words)),
        (row.place, row.statement, own.place, clause_of(own.text, row.words)),
    ):
        said = stronger(told, [other], is_alike=score >= CAREFUL)
        # What somebody suggests or found to seem so may be told as what they say.
        if said and (place == own.place or said[0] or POSSIBLE.search(said[1])):
            what = f"'{said[0]}' is" if said[0] else "this is"
            there = f": '{said[1]}'" if said[1] else ""
            message = f"{what} stronger than what {elsewhere} says{there}"
            yield Problem(place, "finding-keeps-hedge", message, "say both as the source does")
            return


def _rows(statement: Statement, body: Body) -> Iterator[Problem]:
    """The row of another number than the counterpart prints, or a word in the place of its row."""
    sentence, place = statement.sentence, statement.meant[0].row.place
    here, there = (
        {id: (it, at) for it, at in one.printed for id in it.ids}
        for one in (sentence, body.by_place[place])
    )
    if here and there and here.keys().isdisjoint(there):
        (id, (_, at)), *_ = here.items()
        message = f"'{id}' stands in what {place} says of '{next(iter(there))}'"
        fix = f"print '{next(iter(there))}', or say what '{id}' measures"
        yield Problem(at, "finding-statistic-in-chapter", message, fix)
    elif there and not here and (word := new_extent(sentence.text, ())):
        said = " ".join(next(iter(there.values()))[0].text.split())
        message = f"'{word}' stands for what {place} prints as '{said}'"
        yield Problem(sentence.place, "finding-keeps-quantity", message, "print the same row here")


def _amounts(statement: Statement, index: WordIndex) -> Iterator[Problem]:
    sentence, row = statement.sentence, statement.meant[0].row
    if word := new_extent(sentence.text, statement.close):
        message = f"'{word}' is not what {row.place} says of it"
        fix = "take the chapter's word, or print the row that the chapter prints"
        yield Problem(sentence.place, "finding-keeps-quantity", message, fix)
    shared = {it for it in sentence.words & row.words if index.weight([it]) > RARE}
    for told, other in ((row.statement, sentence.text), (sentence.text, row.statement)):
        if len(shared) >= SHARED and (said := denied(told, other, shared)):
            message = f"{row.place} denies this: '{said}'"
            if told is sentence.text:
                message = f"'{said}' is not what {row.place} says"
            yield Problem(sentence.place, "finding-keeps-quantity", message, "say the same in both")
            return


def _locators(sentence: Sentence, body: Body) -> Iterator[Problem]:
    """A page that the chapter does not give for the work."""
    for key, locator, place in sentence.citations:
        told = [it for other in body.sentences for it in other.citations if it[0] == key]
        given = sorted({said for _, said, _ in told if said})
        if locator and told and locator not in given:
            message = (
                f"{body.name} gives {' and '.join(given) or 'no page'} of '{key}', not {locator}"
            )
            yield Problem(place, "finding-keeps-locator", message, "give the same in both")


def _credits(statement: Statement, body: Body) -> Iterator[Problem]:
    """Works or authors that no sentence on the same thing goes back to, or none at all."""
    sentence = statement.sentence
    if not statement.meant or statement.meant[0].score < ALIKE:
        return
    own = sentence.cited | works_of_sayers(sentence.text, body.names)
    first, agreeing = statement.meant[0], statement.best(own or sentence.near)
    cites = body.by_place[first.row.place].cited
    is_ahead = first.score > AHEAD * (agreeing.score if agreeing else 0.0)
    if first.row.works and is_ahead and (own or cites):
        shown = " and ".join(f"'{key}'" for key in sorted(first.row.works))
        message = f"{first.row.place} credits this to {shown}"
        fix = "cite or name the same work in both" if own else "cite it here too"
        place = sentence.citations[0][2] if sentence.citations else sentence.place
        yield Problem(place, "finding-credits-same-work", message, fix)
