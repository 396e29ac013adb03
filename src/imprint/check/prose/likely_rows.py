"""A sentence -> the rows of data/statistics.csv that it may be about, likeliest first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.roots import COMMON, roots
from imprint.core.model import Statistic
from imprint.read.chapters.sentences import sentence_at


def likely_rows(
    paragraph: Paragraph, start: int, end: int, rows: Iterable[Statistic]
) -> list[tuple[int, Statistic]]:
    """Rows that share words with the sentence at `start`, each with its score.

    A word shared with the sentence counts one; one that is counted, right after `end`, two more;
    and so does a source that the paragraph cites.
    """
    about = roots(sentence_at(paragraph.text, start)) - COMMON
    counted = roots(" ".join(paragraph.text[end : end + 60].split()[:3])) - COMMON
    cited = {mark.text for mark in paragraph.marks if mark.kind == "citation"}
    scored = []
    for row in rows:
        told = _row_roots(row)
        score = len(about & told) + 2 * bool(counted & told) + 2 * (row.source in cited)
        if score > 1:
            scored.append((score, row))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].id))


def inline_calls(calls: Iterable[str]) -> str:
    """Several pieces of inline code as an author may choose between them."""
    listed = [f"`{{python}} {call}`" for call in calls]
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + f" or {listed[-1]}"


@lru_cache(maxsize=2048)
def _row_roots(row: Statistic) -> frozenset[str]:
    return roots(" ".join((row.id, row.survey, row.population, row.measure, row.response)))
