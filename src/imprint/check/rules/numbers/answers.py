"""Of what a number is the share: of those who agree or those who do not, and of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, pairwise

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.roots import COMMON, roots
from imprint.core.model import Statistic
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import sentences

_ENDS = re.compile(r";|,? (?:whereas|while|but|although|though|and yet)\s")
_NO = re.compile(
    r"\b(?:no|not|never|none|nobody|neither|nor|without|cannot|yet to|still to|lack\w*|fail\w*"
    r"|miss\w*|absen\w*)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:no|never|none|without|lack\w*|(?:do|does|did|is|are|was|were|have|has) not)\b",
    re.IGNORECASE,
)
"""What makes an answer one of those who do not, or have none."""
_DENIED = re.compile(
    r"\W*(?:of [\w\s'’-]{1,60}? )?(?:do|does|did|have|has|had|are|is|was|were|could|can) "
    r"(?:no|not)\b"
)
_REST = frozenset({"other", "others", "rest", "remainder"})
"""Answers that say nothing of what was answered."""
_PREFIXES = ("dis", "un", "in", "im", "non")


def check_answers(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every number before words that say the opposite of the answer of which
    its row is the share: *64 per cent agree* of those who disagree (`number-fits-answer`), and for
    every number that is said of those whom another row is about (`number-fits-base`)."""
    rows = report.statistics or {}
    heads = _heads(rows)
    for paragraph in chain(report.all_written(), report.captions):
        printed = [
            (offset, rows[it.ids[0]])
            for offset, it in paragraph.printed
            if len(it.ids) == 1 and it.ids[0] in rows
        ]
        if printed:
            yield from _paragraph(paragraph, dict(printed), heads)


def _paragraph(
    paragraph: Paragraph, printed: Mapping[int, Statistic], heads: Mapping[frozenset[str], str]
) -> Iterator[Problem]:
    ends = [end for _, end in sentences(paragraph.text)]
    for offset, following in pairwise([*sorted(printed), len(paragraph.text)]):
        row = printed[offset]
        end = min(following, next((end for end in ends if end > offset), following))
        told = " ".join(paragraph.text[offset + 1 : end].split())
        clause = _ENDS.split(told, maxsplit=1)[0]
        if row.response and (said := _opposite(clause, row)):
            message = f"'{said}' is not the answer of '{row.id}', which is '{row.response}'"
            fix = (
                f"look the row up (data/statistics.csv:{row.line}), or say what it is the share of"
            )
            yield Problem(paragraph.place(offset), "number-fits-answer", message, fix)
        if row.population and (said := _other_base(clause, row, heads)):
            message = f"'{row.id}' is said of '{said}', and its row is of '{row.population}'"
            fix = f"name those of the row (data/statistics.csv:{row.line})"
            yield Problem(paragraph.place(offset), "number-fits-base", message, fix)


def _opposite(clause: str, row: Statistic) -> str:
    """The words of a clause that say the opposite of a row's answer."""
    words = re.findall(r"[a-z]+", clause.casefold())
    answer = set(re.findall(r"[a-z]{4,}", row.response.casefold()))
    if not answer & set(words):
        turned = {turn for word in answer for turn in opposites(word)}
        if found := next((it for it in words if it in turned), ""):
            return found
    told = roots(f"{row.measure} {row.response}") - COMMON
    if not told & roots(clause) or answer <= _REST:
        return ""
    if _NONE.search(row.response):
        return "" if _NO.search(clause) else clause[:40].strip()
    denied = _DENIED.match(clause)
    return denied[0].strip() if denied and not _NO.search(row.measure) else ""


def opposites(word: str) -> frozenset[str]:
    """What denies a word by its beginning: *disagree* for *agree*, and *agree* for *disagree*."""
    shorter = {word.removeprefix(it) for it in _PREFIXES if len(word) > len(it) + 3}
    return frozenset({f"{it}{word}" for it in _PREFIXES} | (shorter - {word}))


# --- of whom ---------------------------------------------------------------------------------

_OF = re.compile(r"\W*(?:of|among|is (?:that|the [\w\s]{1,30}) of) (?:the |these |those )?")
_NARROWED = re.compile(
    r"\s(?:in|who|that|which|to|of|with|from|for|at|evaluated|involved)\b|[,(;:]"
)


def _heads(rows: Mapping[str, Statistic]) -> Mapping[frozenset[str], str]:
    """The first words of each population, up to what narrows it, by their roots."""
    found = {_NARROWED.split(row.population, maxsplit=1)[0] for row in rows.values()}
    return {roots(head) - COMMON: head for head in sorted(found) if roots(head) - COMMON}


def _other_base(clause: str, row: Statistic, heads: Mapping[frozenset[str], str]) -> str:
    """The words after *of* that are those of another population, with a noun that is not the
    row's."""
    found = _OF.match(clause)
    if not found:
        return ""
    own = roots(f"{row.population} {row.as_reported} {row.survey}")
    words = clause[found.end() :].split()
    for length in range(min(len(words), 5), 0, -1):
        said = " ".join(words[:length])
        # Named doctors and named nurses are told apart by the noun.
        noun = roots(words[length - 1]) - COMMON
        if noun and not noun & own and roots(said) - COMMON in heads:
            return said
    return ""
