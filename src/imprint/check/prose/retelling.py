"""A sentence of the findings or the summary, held beside the chapter's sentences that it retells.

A retelling has other words, so its counterparts are found by the rare words they share
(`likeness`). Then what must not change in the retelling is compared: caution, amounts, no and not,
who says it, on which page, and which row a number comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from imprint.check.prose.sayers import Names, works_of_sayers
from imprint.check.prose.similarity import AHEAD, ALIKE, CERTAIN, HEDGE, Sentence, Similarity, stems
from imprint.core.problems import Problem

COVERED = 0.33
"""How far a chapter must say what a finding does, from 0 to 1; see `Likeness.covered`."""
SAME = 0.4
"""Likeness from which two sentences make one statement, so that their small words count."""
CAREFUL = 0.36
"""Likeness from which the caution of one sentence is asked of the other."""
FEWEST = 5
"""Words of four letters or more from which a sentence can be looked up by them."""
CLOSE = 0.75
"""Sentences this near to the likest one, as a share of its likeness, are counterparts too."""


@dataclass(frozen=True)
class Body:
    """What a finding retells."""

    name: str
    """`chapters/cycling.qmd`, or `any chapter`."""
    likeness: Similarity
    names: Names
    """Of those who may be said to have said it."""


def compare_retelling(sentence: Sentence, body: Body) -> Iterator[Problem]:
    """What a retelling says that its counterparts do not."""
    yield from _locators(sentence, body)
    if len(sentence.words) < FEWEST:
        return
    ranked = body.likeness.ranked(sentence.words)
    covered = body.likeness.covered(sentence.words, ranked)
    if covered < COVERED:
        nearest = f"; {ranked[0][1].place} comes nearest" if ranked else ""
        message = f"nothing in {body.name} says this{nearest}"
        fix = "say it in the chapter too, or nearer to the chapter's words, or leave it out"
        yield Problem(sentence.place, "finding-is-in-chapter", message, fix)
        return
    likest, first = ranked[0]
    counterparts = [other for score, other in ranked[:4] if score >= CLOSE * likest]
    if likest >= ALIKE:
        yield from _caution(sentence, first, likest, body.likeness)
        yield from _caution_lost(sentence, first, likest, body.likeness)
    if likest >= SAME:
        yield from _quantities(sentence, counterparts)
        yield from _negations(sentence, first, body.likeness)
    yield from _credits(sentence, ranked, body)


# --- caution ---------------------------------------------------------------------------------

_BOLD = re.compile(
    rf"\b(?:{CERTAIN}|establishe[sd]|confirm(?:s|ed)?|certain(?:ly)?|clearly)\b", re.IGNORECASE
)


_CLAUSE = re.compile(r"[,;:]\s|\b(?:but|although|though|while|whereas|so that)\b")


def _caution(
    sentence: Sentence, other: Sentence, likest: float, likeness: Similarity
) -> Iterator[Problem]:
    bold = _BOLD.search(sentence.text)
    if bold and not _BOLD.search(other.text):
        message = f"'{bold[0]}' is stronger than what {other.place} says"
        fix = "say it as the chapter does"
        yield Problem(sentence.place, "finding-keeps-hedge", message, fix)
        return
    bold, careful = _BOLD.search(other.text), HEDGE.search(sentence.text)
    if bold and careful:
        message = f"'{bold[0]}' is stronger than what {sentence.place} says: '{careful[0]}'"
        fix = "say both as the source does"
        yield Problem(other.place, "finding-keeps-hedge", message, fix)
        return
    hedge = HEDGE.search(_clause(other.text, sentence.words, likeness))
    own = _clause(sentence.text, other.words, likeness)
    before = sentence.text.partition(own)[0]
    if (
        likest >= CAREFUL
        and hedge
        and not HEDGE.search(before + own)
        and not _GUARDED.search(before + own)
    ):
        message = f"{other.place} says this with caution: '{hedge[0]}'"
        fix = "keep the caution, or drop it in the chapter too"
        yield Problem(sentence.place, "finding-keeps-hedge", message, fix)


_UNSURE = re.compile(
    r"\b(?:could|may|might|(?:appear|seem)s?(?: not)? to|perhaps|possibly|probably|likely"
    r"|indications?|(?:not|un)\s?necessarily|debated|arguabl[ye])\b",
    re.IGNORECASE,
)
"""Words of caution that hold for what a sentence says and not for who says it."""


def _caution_lost(
    sentence: Sentence, other: Sentence, likest: float, likeness: Similarity
) -> Iterator[Problem]:
    """What a retelling says with caution and the chapter as a fact."""
    careful = _UNSURE.search(_clause(sentence.text, other.words, likeness))
    if likest < CAREFUL or not careful or HEDGE.search(other.text) or _GUARDED.search(other.text):
        return
    message = f"{sentence.place} says this with caution: '{careful[0]}'"
    fix = "keep the caution in both, or drop it in both"
    yield Problem(other.place, "finding-keeps-hedge", message, fix)


_GUARDED = re.compile(r"\b(?:not always|differ|some|in places|concern|said|whether)\b")


def _clause(text: str, words: frozenset[str], likeness: Similarity) -> str:
    """The clause of a text that shares most with the words."""
    ends = [0, *(found.end() for found in _CLAUSE.finditer(text)), len(text)]
    clauses = [text[a:b] for a, b in pairwise(ends)]
    return max(clauses, key=lambda clause: likeness.shared(stems(clause), words))


# --- amounts in words, no and not ------------------------------------------------------------

_SIZES = (
    ("all", r"all(?! (?:in all|but|too)\b)|every|each|always|entirely|the whole of|universally"),
    ("none", r"none|never|nobody|no one|nowhere"),
    ("most", r"most(?! of all)|majority|mostly|largely|mainly|chiefly|generally|usually"
             r"|in general"),
    ("many", r"many|numerous|a (?:great|large) (?:number|deal)|often|widespread|several|a range of"
             r"|a number of|various"),
    ("some", r"some|a few|certain|in places|sometimes|occasional(?:ly)?|not always|in some"),
    ("few", r"few(?:er)?|hardly|rarely|seldom|little|a minority"),
)  # fmt: skip
_SIZE = {name: re.compile(rf"(?<![\w-])(?:{words})\b", re.IGNORECASE) for name, words in _SIZES}
_STRONG = ("all", "none", "most", "few")
"""Sizes that a retelling must not put in the place of another."""


def _sizes(text: str) -> frozenset[str]:
    plain = re.sub(r"\b(?:above|at|first of) (?:all|most|least)\b|\ball the same\b|\bnot always\b",
                   "some", text, flags=re.IGNORECASE)  # fmt: skip
    return frozenset(name for name, pattern in _SIZE.items() if pattern.search(plain))


def _quantities(sentence: Sentence, others: Sequence[Sentence]) -> Iterator[Problem]:
    own = _sizes(sentence.text)
    said = frozenset[str]().union(*(_sizes(other.text) for other in others))
    new = [name for name in _STRONG if name in own and name not in said]
    first = others[0]
    prints = [printed for other in others for printed in other.printed]
    if new and not (sentence.printed and not prints):
        word = _SIZE[new[0]].search(sentence.text)
        shown = word[0] if word else new[0]
        message = f"'{shown}' is not what {first.place} says of it"
        fix = "take the chapter's word, or print the row that the chapter prints"
        yield Problem(sentence.place, "finding-keeps-quantity", message, fix)
    elif first.printed and not sentence.printed and own:
        word = next(found for name in _SIZE if (found := _SIZE[name].search(sentence.text)))
        row = " ".join(first.printed[0][0].text.split())
        message = f"'{word[0]}' stands for what {first.place} prints as '{row}'"
        fix = "print the same row here"
        yield Problem(sentence.place, "finding-keeps-quantity", message, fix)


_NOT = re.compile(
    r"\b(?:no|not|never|without|lacks?|lacked|lacking|cannot|neither|nor|none of)\b"
    r"(?P<after>(?:\W+[\w'’-]+){0,3})",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|without|neither|nor|none|nobody|cannot|n't|lack\w*|un\w{4,}|fail\w*"
    r"|below|beyond|less|few|fewer|little|hardly|rarely|differ\w*|destroyed|weak\w*|same)\b",
    re.IGNORECASE,
)
RARE = 3.0
"""Weight from which a word tells that two sentences deny the same thing."""


def _negations(sentence: Sentence, other: Sentence, likeness: Similarity) -> Iterator[Problem]:
    """What one of two sentences denies and the other, without any denial, states."""
    for denying, stating in ((other, sentence), (sentence, other)):
        for found in _NOT.finditer(denying.text):
            denied = stems(found["after"])
            shared = any(
                stem in stating.words and likeness.shared(stating.words, frozenset({stem})) > RARE
                for stem in denied
            )
            if shared and not _NEGATION.search(stating.text):
                if stating is sentence:
                    message = f"{other.place} denies this: '{' '.join(found[0].split())}'"
                else:
                    message = f"'{' '.join(found[0].split())}' is not what {other.place} says"
                fix = "say the same in both"
                yield Problem(sentence.place, "finding-keeps-quantity", message, fix)
                return


# --- who says it, and where ------------------------------------------------------------------


def _locators(sentence: Sentence, body: Body) -> Iterator[Problem]:
    """A page that the chapter does not give for the work."""
    for key, locator, place in sentence.locators:
        given = {
            said for other in body.likeness.sentences for k, said, _ in other.locators if k == key
        }
        if locator not in given and any(key in other.cited for other in body.likeness.sentences):
            shown = " and ".join(sorted(given)) or "no page"
            message = f"{body.name} gives {shown} of '{key}', not {locator}"
            yield Problem(place, "finding-keeps-locator", message, "give the same in both")


def _credits(
    sentence: Sentence, ranked: Sequence[tuple[float, Sentence]], body: Body
) -> Iterator[Problem]:
    """Works or authors that no sentence on the same thing goes back to, or none at all."""
    likest, first = ranked[0]
    theirs = first.near | first.attributed | works_of_sayers(first.text, body.names)
    if not theirs or likest < ALIKE:
        return
    own = sentence.cited | works_of_sayers(sentence.text, body.names)
    shown = " and ".join(f"'{key}'" for key in sorted(theirs))
    message = f"{first.place} credits this to {shown}"
    if own:
        agreeing = (score for score, other in ranked if not _is_silent_on(own, other, body))
        if likest > AHEAD * next(agreeing, 0.0):
            fix = "cite or name the same work in both"
            yield Problem(sentence.place, "finding-credits-same-work", message, fix)
    elif first.cited and not sentence.near & theirs:
        fix = "cite it here too"
        yield Problem(sentence.place, "finding-credits-same-work", message, fix)


def _is_silent_on(works: frozenset[str], other: Sentence, body: Body) -> bool:
    """A sentence goes back to none of the works."""
    return (
        works.isdisjoint(other.near)
        and works.isdisjoint(other.attributed)
        and works.isdisjoint(works_of_sayers(other.text, body.names))
    )
