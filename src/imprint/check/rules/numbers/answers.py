"""Which answer a number is the share of: those who agree, or those who do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.roots import COMMON, roots
from imprint.core.model import Statistic
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import sentences

_ENDS = re.compile(r";|,? (?:whereas|while|but|although|though|and yet)\s")
_NO = re.compile(r"\b(?:no|not|never|none|nobody|neither|nor|without|lack\w*|cannot)\b", re.I)
_DENIED = re.compile(
    r"\W*(?:of [\w\s'’-]{1,60}? )?(?:do|does|did|have|has|had|are|is|was|were|could|can) "
    r"(?:no|not)\b"
)
_PREFIXES = ("dis", "un", "in", "im", "non")


def check_answers(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every number before words that say the opposite of the answer of which
    its row is the share: *64 per cent agree* of those who disagree (`number-fits-answer`)."""
    rows = report.statistics or {}
    for paragraph in report.all_written():
        printed = [
            (offset, rows[it.ids[0]])
            for offset, it in paragraph.printed
            if len(it.ids) == 1 and it.ids[0] in rows
        ]
        if any(row.response for _, row in printed):
            yield from _paragraph(paragraph, dict(printed))


def _paragraph(paragraph: Paragraph, printed: Mapping[int, Statistic]) -> Iterator[Problem]:
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


def _opposite(clause: str, row: Statistic) -> str:
    """The words of a clause that say the opposite of a row's answer."""
    words = re.findall(r"[a-z]+", clause.casefold())
    answer = set(re.findall(r"[a-z]{4,}", row.response.casefold()))
    if not answer & set(words):
        for word in answer:
            turned = {f"{prefix}{word}" for prefix in _PREFIXES}
            turned |= {word.removeprefix(it) for it in _PREFIXES if len(word) > len(it) + 3} - {
                word
            }
            if found := next((it for it in words if it in turned), ""):
                return found
    told = roots(f"{row.measure} {row.response}") - COMMON
    if not told & roots(clause):
        return ""
    if _NO.search(row.response):
        return "" if _NO.search(clause) else clause[:40].strip()
    denied = _DENIED.match(clause)
    return denied[0].strip() if denied and not _NO.search(row.measure) else ""
