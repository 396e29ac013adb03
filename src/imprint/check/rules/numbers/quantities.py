"""Quantities in words, *most* and *majority*, that count something without a row behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from imprint.author.claims import why_not
from imprint.check.prose.likely_rows import inline_calls, likely_rows
from imprint.check.prose.other_numbers import any_of
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.model import Statistic
from imprint.core.problems import Problem


def unbound_quantities(
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


_KINDS = (
    *("local", "national", "public", "private", "primary", "young", "older", "state", "newly"),
    *("qualified", "frontline", "head", "team"),
)
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
