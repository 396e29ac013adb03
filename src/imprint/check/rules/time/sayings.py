"""When somebody said something: in the year, or the month, of the work that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Sentence
from imprint.check.prose.sayers import known_names, sayers
from imprint.check.rules.time.dated import Dated, agree, place_of
from imprint.check.rules.time.facts import Fact, proper_names
from imprint.core.problems import Problem

_BEFORE = re.compile(r"\b[Ii]n (?:the (?:spring|summer|autumn|winter) of )?\Z")
_REPORT = re.compile(r"\b(?:report|review|survey|study)\b", re.IGNORECASE)


def check_sayings(
    sentence: Sentence, dates: Sequence[Dated], known: Sequence[Fact], report: ComposedReport
) -> Iterator[Problem]:
    """`In May 2010 Lane stressed …`, of a work that came out at another time."""
    library = report.library
    said = sentence.text
    inside = [it for it in dates if _BEFORE.search(said[: it.start])]
    works = sentence.cited or sentence.attributed
    if library is None or len(dates) != 1 or not inside or not works:
        return
    date = inside[0]
    named = [it for it in sayers(said, known_names(report)) if it.works & works]
    # What stands between is what was said, and may be of another time.
    beside = [it for it in named if _is_beside(said, it.start, date)]
    if not beside:
        return
    keys = frozenset[str]().union(*(it.works & works for it in beside))
    years = {library.references[key].year[:4] for key in keys if key in library.references}
    if not years or not all(year.isdigit() for year in years):
        return
    printed = [it for it in known if it.works & keys and _REPORT.search(it.name)]
    of_years = any(str(date.first.year) <= year <= str(date.last.year) for year in years)
    if of_years and (date.is_year or not printed or any(agree(date, it.when) for it in printed)):
        return
    when = printed[0].when.text if of_years else " or ".join(sorted(years))
    message = f"'{date.text}' is not {when}, when '{sorted(keys)[0]}' came out"
    fix = "fix the date here, or in the table or the bibliography"
    yield Problem(place_of(sentence, date), "date-fits-events", message, fix)


def _is_beside(text: str, name: int, date: Dated) -> bool:
    start, end = sorted((name, date.start))
    return end - start < NEAR and not re.search(r"\bthat\b|[:;'‘]", text[start:end])


_SINCE = re.compile(r"\b(?:since|after|following) (?P<what>(?:[\w'’-]+\s?){1,7})")
_BEFORE_THAN = re.compile(r"\b(?:before|until|than|than (?:it|they) (?:was|were))\s\Z")


def may_be_since(text: str) -> bool:
    """What a paragraph cannot do without for `check_since`."""
    return bool(_SINCE.search(text))


def check_since(sentence: Sentence, known: Sequence[Fact]) -> Iterator[Problem]:
    """Change *since the Lane review* by a work whose data end before, or in the month of, that."""
    if not sentence.cited:
        return
    periods = [it for it in known if it.is_period and it.works & sentence.cited]
    for found in _SINCE.finditer(sentence.text) if len(periods) == 1 else ():
        if _BEFORE_THAN.search(sentence.text[: found.start()]):
            continue
        named = re.search(r"[A-Z][\w-]+", found["what"])
        events = [
            it for it in known if not it.is_period and named and named[0] in _bare_names(it.name)
        ]
        # What is since a review is since its report.
        events = [it for it in events if _REPORT.search(it.name)]
        last = max(events, key=lambda it: it.when.last, default=None)
        if last is None or periods[0].when.last > last.when.last:
            continue
        message = (
            f"this rests on '{periods[0].name}', {periods[0].when.text}, which does not come after "
            f"'{last.name}' ({last.when.text})"
        )
        fix = "leave out that it is a change since then, or give its period"
        yield Problem(sentence.place, "date-fits-events", message, fix)


@lru_cache(maxsize=512)
def _bare_names(title: str) -> frozenset[str]:
    return frozenset(re.sub(r"['’]s\Z", "", name) for name in proper_names(title))


NEAR = 60
"""Characters between a date and the name of who then said something."""
