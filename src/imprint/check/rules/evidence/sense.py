"""Which way a statement goes: before or after, more or less, as its row and its chapter have it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import COMMON, roots
from imprint.check.rules.evidence.alignment import Match, Statement, statements
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
        match = statement.stated(statement.works)
        if match is None or match.score < ALIKE:
            continue
        if pair := _opposed(statement, match):
            row = match.row
            message = f"'{pair[0]}' is not what row '{row.id}' ({row.place}) says: '{pair[1]}'"
            fix = "turn one of them round, or look it up in the source"
            yield Problem(statement.sentence.place, "statement-keeps-sense", message, fix)


def _opposed(statement: Statement, match: Match) -> tuple[str, str] | None:
    """A word of the statement and the opposite one that stands in its place in the row."""
    told, row = " ".join(statement.sentence.text.split()), match.row.statement
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
