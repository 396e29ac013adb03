"""Quotations against the table that keeps them word for word, with work and page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Citation, citations_in, quotations
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.rules.works.quotations import owners
from imprint.check.table_rows import read_tables
from imprint.core.problems import Place, Problem
from imprint.read.chapters.sentences import OPAQUE

LIKE = 0.5
"""Likeness of letters from which words are taken for a recorded quotation, changed."""


@dataclass(frozen=True)
class _Recorded:
    """A row of the table of quotations."""

    id: str
    works: frozenset[str]
    words: str
    text: str
    locator: str
    place: Place


def check_recorded_quotations(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every quotation that the report's table of quotations has in other words,
    or has not (`quotation-is-recorded`), and for those cited with another page than there
    (`locator-fits-evidence`), or without any work of its row (`quotation-has-one-source`)."""
    filled = read_tables(report).get(report.settings.tables.quotations)
    if filled is None or "quotation" not in filled.columns:
        return
    recorded = [
        _Recorded(
            str(row.get("id") or ""),
            filled.works(row),
            _plain(str(row.get("quotation") or "")),
            str(row.get("quotation") or ""),
            str(row.get("locator") or ""),
            Place(filled.table.file, row.line),
        )
        for row in filled.rows
    ]
    for paragraph in report.all_written():
        if paragraph.kind != "heading":
            yield from _in_paragraph(paragraph, recorded, report.reference_kinds)


def _in_paragraph(
    paragraph: Paragraph, recorded: Sequence[_Recorded], kinds: frozenset[str]
) -> Iterator[Problem]:
    cited = citations_in(paragraph, kinds)
    keys = {it.key for it in cited}
    for quotation in quotations(paragraph):
        words = _plain(quotation.text)
        if not words or OPAQUE in quotation.text:
            continue
        place = paragraph.place(quotation.start)
        same = [it for it in recorded if it.words == words]
        whose = owners(paragraph, quotation, cited) if cited else []
        if same:
            yield from _cited(quotation.text, place, same, whose)
        else:
            yield from _unknown(quotation.text, place, recorded, keys)


def _unknown(
    text: str, place: Place, recorded: Sequence[_Recorded], keys: Collection[str]
) -> Iterator[Problem]:
    """Words that no row has; a single word may be one that is only spoken of."""
    likeness = {it: _likeness(it, _plain(text), keys) for it in recorded}
    near = max(likeness, key=lambda it: likeness[it], default=None)
    if near and likeness[near] >= LIKE:
        message = f"'{text}' is quoted as '{near.text}' in row '{near.id}' ({near.place})"
        fix = "quote the words as the source has them, in both"
        yield Problem(place, "quotation-is-recorded", message, fix)
    elif len(text.split()) > 1 and keys and not text.istitle():
        message = f"the quotation '{text}' stands in no row of the report's quotations"
        fix = "look it up in its source, and add a row with its work and page"
        yield Problem(place, "quotation-is-recorded", message, fix)


def _likeness(row: _Recorded, words: str, keys: Collection[str]) -> float:
    """Of letters; of another work, only where several words are much the same. A single word of the
    same work may have been put for any other."""
    likeness = SequenceMatcher(None, row.words, words).ratio()
    if row.works.isdisjoint(keys):
        is_close = likeness > 0.8 and " " in row.words and " " in words
        return likeness if is_close else 0.0
    return likeness if " " in row.words else max(likeness, LIKE)


def _cited(
    text: str, place: Place, rows: Sequence[_Recorded], whose: Sequence[Citation]
) -> Iterator[Problem]:
    works = frozenset(it.key for it in whose)
    own = [it for it in rows if not it.works.isdisjoint(works)]
    if works and not own:
        shown = "' and '".join(sorted(rows[0].works))
        message = f"'{text}' is from '{shown}' in row '{rows[0].id}' ({rows[0].place})"
        fix = "cite the work that the words are taken from"
        yield Problem(place, "quotation-has-one-source", message, fix)
        return
    given = [it.locator for it in whose if it.locator]
    wanted = [it.locator for it in own if it.locator]
    if given and wanted and not any(it in given for it in wanted):
        message = (
            f"'{text}' is on {wanted[0]} in row '{own[0].id}' ({own[0].place}), not {given[0]}"
        )
        fix = "look the page up, and give the same in both"
        yield Problem(place, "locator-fits-evidence", message, fix)


def _plain(text: str) -> str:
    """Words alone, in small letters."""
    return " ".join(re.findall(r"[\w'-]+", text.replace("’", "'").casefold()))
