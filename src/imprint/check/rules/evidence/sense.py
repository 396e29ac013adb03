"""Which way a statement goes: before or after, more or less, as its row and its chapter have it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import COMMON, roots
from imprint.check.rules.evidence.alignment import statements
from imprint.core.problems import Problem

ALIKE = 0.42
"""Nearness from which the direction of a row is asked of a statement."""
REACH = 4
"""Words of a row that must stand around its word, as they do around the statement's."""

_OPPOSITES = (
    (r"before|prior to|ahead of", r"after|since|following|in the wake of"),
    (r"increas\w+|ris(?:e|es|ing|en)|rose|grow(?:s|n|ing|th)?|grew|climb\w+|more",
     r"decreas\w+|declin\w+|fall(?:s|en|ing)?|fell|drop\w*|reduc\w+|fewer|less|lower"),
    (r"better|improv\w+|strengthen\w*|stronger|strong", r"worse\w*|deteriorat\w+|weak\w*"),
    (r"faster|quick\w*|early|earlier|prompt\w*", r"slow\w*|late|later|delay\w*"),
    (r"eas(?:y|ily|ier)", r"hard|harder|difficult\w*"),
    (r"adequate\w*|sufficient\w*|enough", r"inadequate\w*|insufficient\w*|lack\w*"),
    (r"support(?:s|ed|ive)?|back(?:s|ed)?|welcom\w+", r"oppos\w+|reject\w*|criticis\w+"),
    (r"high|higher|heavy|heavier|large|larger", r"low|light|lighter|small|smaller"),
    (r"clear|clearly", r"unclear|vague"), (r"positive\w*", r"negative\w*"),
    (r"formal", r"informal"), (r"national\w*", r"local\w*"), (r"included?|includes", r"exclud\w+"),
    (r"first", r"last"), (r"internal\w*", r"external\w*"), (r"short-term", r"long-term"),
    (r"willing", r"reluctant|unwilling"), (r"certain", r"uncertain|less certain"),
    (r"experienced", r"inexperienced|newly trained|newly qualified"), (r"adults?", r"children"),
)  # fmt: skip
"""Words of which one side is not what the other says."""
_PAIRS = tuple(
    tuple(re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for words in pair)
    for pair in _OPPOSITES
)
_DENIED = re.compile(
    r"\b(?:not|no|never|nor|neither|without|hardly|cannot|less|rather than|instead of|unlike)\b",
    re.IGNORECASE,
)


def check_sense(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every statement that goes the other way than its row: before for after,
    more for less, better for worse (`statement-keeps-sense`)."""
    for statement in statements(report):
        score, row = statement.meant[0] if statement.meant else (0.0, None)
        if row is None or score < ALIKE:
            continue
        if pair := _opposed(" ".join(statement.sentence.text.split()), row.statement):
            message = f"'{pair[0]}' is not what {row.shown} says: '{pair[1]}'"
            fix = "turn one of them round, or look it up in the source"
            yield Problem(statement.sentence.place, "statement-keeps-sense", message, fix)


def _opposed(told: str, row: str) -> tuple[str, str] | None:
    """A word of the statement and the opposite one that stands in its place in the row."""
    if _DENIED.search(told) or _DENIED.search(row):
        return None
    for first, second in _PAIRS:
        for mine, theirs in ((first, second), (second, first)):
            here, there = mine.search(told), theirs.search(row)
            if not here or not there or theirs.search(told) or mine.search(row):
                continue
            if _around(told, here.span()) & _around(row, there.span()):
                return here[0], there[0]
    return None


def _around(text: str, span: tuple[int, int]) -> frozenset[str]:
    """The words next to one of a text, by their roots."""
    before = text[: span[0]].split()[-REACH:]
    after = text[span[1] :].split()[:REACH]
    return roots(" ".join([*before, *after])) - COMMON


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


def denied(told: str, other: str, shared: Collection[str]) -> str:
    """What a text denies of a word that both share, where the other one has no denial at all; empty
    for nothing."""
    if _NEGATION.search(other):
        return ""
    found = (it for it in _NOT.finditer(told) if not roots(it["after"]).isdisjoint(shared))
    return next((" ".join(it[0].split()) for it in found), "")
