"""When somebody said something: in the year, or the month, of the work that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from imprint.check.composed import ComposedReport
from imprint.check.prose.similarity import Sentence
from imprint.check.rules.evidence.sayers import known_names, sayers
from imprint.check.rules.time.dated import Dated, agree, place_of
from imprint.check.rules.time.facts import Fact
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


NEAR = 60
"""Characters between a date and the name of who then said something."""
