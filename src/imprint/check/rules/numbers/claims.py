"""Claims: words such as most, rose or almost hold for the rows they speak of.

Said with `claim`, they are judged when the chapter runs. Said in plain words, they are judged where
they stand right beside a number of a row; a `most` that counts people or cases without a row is
named too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from imprint.author.claims import why_not, words_that_hold
from imprint.author.comparisons import FELL, ROSE
from imprint.author.wording import StatisticError, is_vague, words
from imprint.check.composed import ComposedReport
from imprint.check.prose.likely_rows import inline_calls, likely_rows
from imprint.check.prose.other_numbers import any_of
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.model import Statistic
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import OPAQUE


def check_claims(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every word beside a number that its row does not bear out
    (`claim-holds`), for hedges said twice (`hedge-is-single`), and for every `most` and `majority`
    that no row stands behind (`claim-is-bound`)."""
    rows = report.statistics or {}
    for paragraph in report.all_written():
        yield from _check_paragraph(paragraph, rows, report.settings.words.kinds)


def _check_paragraph(
    paragraph: Paragraph, rows: Mapping[str, Statistic], kinds: tuple[str, ...]
) -> Iterator[Problem]:
    printed = dict(paragraph.numbers(rows))
    for offset, row in printed.items():
        yield from _hedges(paragraph, offset, row)
        yield from _neighbours(paragraph, offset, row)
    yield from _changes(paragraph, printed)
    yield from _unbound(paragraph, rows, kinds)


# --- plain words beside a statistic ----------------------------------------------------------

_SAME = {
    "nearly": "almost", "just under": "almost", "approximately": "about", "around": "about",
    "roughly": "about", "over": "more than", "under": "fewer than", "less than": "fewer than",
}  # fmt: skip
_HEDGE = (
    r"(almost|nearly|just under|just over|approximately|about|around|roughly|more than|over|"
    r"under|fewer than|less than|at least|at most|up to)"
)
_HEDGE_BEFORE = re.compile(rf"(?<![\w-]){_HEDGE}\s\Z", re.IGNORECASE)
_HEDGE_FIRST = re.compile(rf"{_HEDGE}\b", re.IGNORECASE)
_PREPOSITIONS = ("about", "around", "over", "under")
_NEARNESS = ("almost", "nearly", "just under", "just over", "approximately", "roughly")


def _hedges(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    found = _HEDGE_BEFORE.search(paragraph.text, max(0, offset - 20), offset)
    if not found:
        return
    hedge = found[1].lower()
    try:
        said = words(row)
    except StatisticError:
        return
    place = paragraph.place(found.start(1))
    own = _HEDGE_FIRST.match(said)
    if own:
        again = own[1].lower()
        if hedge not in _PREPOSITIONS or _SAME.get(hedge, hedge) == _SAME.get(again, again):
            yield Problem(
                place,
                "hedge-is-single",
                f"'{hedge}' stands before '{row.id}', which already prints '{said}'",
                f"delete '{found[1]}'",
            )
        return
    # A bare amount may be a limit: `took more than four months`. A share is none.
    strict = row.unit == "percent" and hedge not in _PREPOSITIONS[:2]
    if not is_vague(row) and (hedge in _NEARNESS or strict):
        said = row.as_reported or said
        yield Problem(
            place,
            "claim-holds",
            f"'{hedge}' is not what '{row.id}' says: it is reported as '{said}'",
            f"delete '{found[1]}', or look the row up in its source",
        )


_QUANTIFIERS = r"(most|the majority|a majority|a minority|almost all|nearly all)"
_QUANTIFIER_BEFORE = re.compile(
    rf"\b{_QUANTIFIERS}(?: of (?:them|these|those|the \w+))?(?:,| \(|:| –) ?\Z", re.IGNORECASE
)
_QUANTIFIER_AFTER = re.compile(
    rf"(?:, | \(| – )(?:or |that is, )?{_QUANTIFIERS}(?! of| \w+s\b)(?=[,.;)]| –)", re.IGNORECASE
)


def _neighbours(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    """`The majority, 64 per cent, ...` and `64 per cent, a majority, ...`."""
    text = paragraph.text
    for found in (
        _QUANTIFIER_BEFORE.search(text, max(0, offset - 50), offset),
        _QUANTIFIER_AFTER.match(text, offset + 1),
    ):
        if found:
            word = found[1].lower().replace("nearly all", "almost all")
            complaint = why_not(word, row)
            if complaint:
                place = paragraph.place(found.start(1))
                yield Problem(place, "claim-holds", complaint, words_that_hold(row))


_CHANGE = re.compile(
    rf"\b(?:(?P<rose>{'|'.join(ROSE)})|(?P<fell>{'|'.join(FELL)}))(?: \w+ly)? from (?P<a>{OPAQUE})"
    rf"(?: [\w']+){{0,5}} to (?P<b>{OPAQUE})"
    rf"|(?P<later>{OPAQUE}),? (?:(?P<up>up)|(?P<down>down)) from (?P<earlier>{OPAQUE})"
)


def _changes(paragraph: Paragraph, printed: Mapping[int, Statistic]) -> Iterator[Problem]:
    """`rose from ... to ...` and `..., up from ...`, where both ends are statistics."""
    for found in _CHANGE.finditer(paragraph.text):
        first, last = ("a", "b") if found["a"] else ("earlier", "later")
        ends = [printed.get(found.start(end)) for end in (first, last)]
        if ends[0] and ends[1]:
            word = "rose" if found["rose"] or found["up"] else "fell"
            complaint = why_not(word, ends[0], ends[1])
            if complaint:
                fix = "turn the sentence round, or look the rows up in their source"
                yield Problem(paragraph.place(found.start()), "claim-holds", complaint, fix)


# --- quantities in words ---------------------------------------------------------------------


def _unbound(
    paragraph: Paragraph, rows: Mapping[str, Statistic], kinds: tuple[str, ...]
) -> Iterator[Problem]:
    """Yield a problem for every quantity in words that no row stands behind (`claim-is-bound`);
    `kinds` are the report's own words for _KINDS."""
    if not _MAY_BE_UNBOUND.search(paragraph.text):
        return
    true_of: dict[str, list[Statistic]] = {}
    for found in _unbound_quantity(kinds).finditer(paragraph.text):
        word = " ".join(found[0].lower().split())
        plain = {"majority": "the majority", "minority": "a minority", "all": "almost all"}
        known = plain.get(str(found.lastgroup), "most")
        if known not in true_of:
            true_of[known] = [row for row in rows.values() if not why_not(known, row)]
        ranked = likely_rows(paragraph, found.start(), found.end(), true_of[known])[:3]
        fix = "add a row to data/statistics.csv and say it with claim()"
        if ranked:
            fix = "use " + inline_calls(f'claim("{known}", "{row.id}")' for _, row in ranked)
        yield Problem(
            paragraph.place(found.start()),
            "claim-is-bound",
            f"'{word}' counts something, and no row of the data stands behind it",
            fix,
        )


_KINDS = ("local", "national", "public", "private", "primary", "young", "older", "state", "team")
_COUNTED = (
    r"(?:people|children|staff|parents|"
    r"(?!always|perhaps|times|days|respects|ways|places|circumstances|things|needs|likes)"
    r"[A-Za-z]{3,}s(?<!ss)(?<!us)(?<!is)(?<!['’]s))\b"
)


@lru_cache(maxsize=8)
def _unbound_quantity(kinds: tuple[str, ...]) -> re.Pattern[str]:
    """A quantity in words that counts something; `kinds` are the report's own words for _KINDS."""
    kind = rf"(?:{any_of((*_KINDS, *kinds))})"
    return re.compile(
        rf"""
      (?P<majority> \b (?:the|an?) \s
        (?:(?:great|vast|large|small|clear|overwhelming)\s)? majority \b
        (?! \s (?:view|opinion|vote|decision|party|rule|group|culture|verdict) ) )
    | (?P<minority> \b an? \s (?:(?:small|tiny|large|sizeable)\s)? minority \s of \b )
    | (?P<all> \b (?:almost|nearly|virtually) \s (?:all|every|none) \b
        (?= \s (?:of\s)? (?:(?:the|these|those|their|its)\s)? (?:{kind}\s)* {_COUNTED} ) )
    | (?<!\bthe\s) (?<!\bat\s) (?<!\bits\s) (?<!\bhis\s) (?<!\bher\s) (?<!\btheir\s)
      (?<!\bthose\s) (?<!\bwhose\s) (?<!\bare\s) (?<!\bis\s) (?<!\bwas\s) (?<!\bwere\s)
      (?<!\bbe\s) (?<!['’]s\s)
      (?P<most> \b most \b )
      (?= \s (?:of\s (?:the|these|those|their|its|our)\s)? (?:{kind}\s)* {_COUNTED}
        | \s of\s (?:them|whom|those) \b )
    | (?: \A | (?<=[.,;(]\s) | (?<=\bthat\s) | (?<=\band\s) )
      (?P<some> most \b )
      (?= \s (?:are|were|have|had|say|said|agreed?|felt|feel|reported|think|thought) \b )
        """,
        re.IGNORECASE | re.VERBOSE,
    )


_MAY_BE_UNBOUND = re.compile(r"m(?:ost|(?:aj|in)ority)|nearly|virtually", re.IGNORECASE)
"""What a quantity in words cannot do without, found much sooner."""
