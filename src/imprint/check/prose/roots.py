"""The words of a text by their roots, so that forms of one word are alike."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]{2,}(?=s?\b)|[^\W\d_]{4,}")
_ENDINGS = re.compile(r"(?:ing|ed|er|ers|ly|ment|ments|ness|ion|ions|able|ive)\Z")
_LETTERS = 7


@lru_cache(maxsize=16384)
def _root(word: str) -> str:
    """A word without its plural and common endings, so that its forms are alike; abbreviations
    as they are."""
    if word.isupper():
        return word
    word = word.lower()
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    shorter = _ENDINGS.sub("", word)
    word = shorter if len(shorter) > 3 else word
    return word[:_LETTERS].rstrip("eiy")


def roots(text: str) -> frozenset[str]:
    """The words of a text of four letters or more, and its abbreviations, by their roots."""
    return frozenset(_root(found[0]) for found in _WORD.finditer(text))


def holds(text: str, words: str) -> bool:
    """Whether a text has these words, in whatever case."""
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE))


_WORDS = (
    "about above across after again against almost along already also although among another "
    "around away back because been before being better between beyond both came come could "
    "different does doing done down during each early either else enough especially even ever "
    "every everyone far few find first for found from gave give given gives good great hard "
    "hardly have having help helped helps here however instead into just keep kept know known "
    "last late later least less like likely little long longer made make makes making many may "
    "mean might more most much must need needed needs never next none often once only other "
    "others over own part parts people perhaps place rather really same says seem seems seen "
    "several shall should since some something still such take taken takes taking than that their "
    "them themselves then there these they thing things this those though through thus time "
    "together toward towards under until upon used uses using usually very want ways well went "
    "were what when where whether which while whole whom whose will with within without work "
    "worked working works would year years your "
)

COMMON = roots(_WORDS)
"""Words that sentences of any subject share."""
