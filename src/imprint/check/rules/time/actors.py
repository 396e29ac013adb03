"""Who did what when: an event told with its own date, and of somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imprint.check.prose.citing import Sentence
from imprint.check.prose.roots import roots
from imprint.check.prose.sayers import Names
from imprint.check.rules.time.dated import Dated, agree
from imprint.check.rules.time.facts import Fact, event_words
from imprint.core.problems import Problem

COVERED = 0.6
"""How much of an event's title, but for its names, a sentence must hold to be about it."""


def check_actors(
    sentence: Sentence, dates: Sequence[Dated], known: Sequence[Fact], names: Names
) -> Iterator[Problem]:
    """`In June 2010 they asked Burton for a review`, where the event of that month has Lane."""
    here = {it for it in names.of(sentence.text) if _is_somebody(it, names)}
    own = event_words(sentence.text) if here else frozenset()
    for fact in known if here else ():
        there = {it for it in names.of(fact.name) if _is_somebody(it, names)}
        words = fact.words - roots(" ".join(there))
        if not there or fact.when.is_year or not fact.kinds & own:
            continue
        if len(words & own) < COVERED * len(words) or _overlap(there, here):
            continue
        if any(agree(it, fact.when) and not it.is_year for it in dates):
            shown = "' and '".join(sorted(there))
            said = "' and '".join(sorted(here))
            message = f"'{said}' stands for '{shown}', of whom '{fact.name}' tells ({fact.place})"
            fix = "name the same here and in the table"
            yield Problem(sentence.place, "name-fits-event", message, fix)
            return


def _is_somebody(name: str, names: Names) -> bool:
    return names.kinds.get(name) == "person" or bool(names.works.get(name))


def _overlap(some: set[str], others: set[str]) -> bool:
    """Whether anybody is in both, in full or by the family name."""
    return any(set(one.split()) & set(other.split()) for one in some for other in others)
