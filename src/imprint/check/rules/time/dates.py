"""Dates in the text, held to the calendar, to the events and to the periods of rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import log
from typing import NamedTuple

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Sentence, sentences_of
from imprint.check.prose.printed import field_place
from imprint.check.prose.roots import COMMON
from imprint.check.prose.sayers import known_names
from imprint.check.rules.time.actors import check_actors
from imprint.check.rules.time.dated import Dated, agree, dates_in, place_of, read_date
from imprint.check.rules.time.facts import Fact, event_words, facts, proper_names
from imprint.check.rules.time.sayings import check_sayings, check_since, may_be_since
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem

COVERED = 0.55
"""How much of an event's title a sentence must hold to be about it, from 0 to 1."""
CITED = 0.3
"""What it adds that the sentence cites the work that tells of the event."""
NEAR = 0.15
"""What it adds that its paragraph does."""
CONTEXT = 0.5
"""What a word of the paragraph counts beside one of the sentence."""
OTHER = 0.2
"""What it takes away that the sentence speaks of no event of the kind."""
CLOSE = 0.7
"""Events this near to the likest one, as a share, may be meant as well."""


def check_dates(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every date or period in the text that no calendar has
    (`date-is-valid`), that is not the one of the event or the survey it speaks of
    (`date-fits-events`), or not that of the row it prints (`period-fits-row`), for every event
    that is told of somebody else (`name-fits-event`), and for every event that comes before what
    must come first (`events-are-in-order`)."""
    known = list(facts(report))
    yield from _order(known)
    yield from _published(report, known)
    weights = _weights(known)
    for chapter in report.chapters.values():
        boxes = _boxes(report, chapter.path)
        captions = (it for it in report.printed_by(chapter) if it.file.startswith("figures/"))
        for paragraph in (*report.written(chapter), *captions):
            # Most paragraphs have no year.
            if not _YEAR.search(paragraph.text) and not may_be_since(paragraph.text):
                continue
            box = boxes.get(paragraph.place(0), _NOTHING)
            around = event_words(paragraph.text) | box.words
            for sentence in sentences_of(paragraph, report.reference_kinds):
                yield from check_since(sentence, known)
                if not _YEAR.search(sentence.text):
                    continue
                found = list(dates_in(sentence.text))
                for it in found:
                    yield from _calendar(sentence, it)
                dates = [it for it in found if not _aside(sentence.text, it)]
                if dates:
                    told = list(_rows(sentence, dates, report.statistics or {}))
                    beside = replace(sentence, near=sentence.near | box.works)
                    told = told or list(_events(beside, dates, around, known, weights))
                    yield from told or check_sayings(sentence, dates, known, report)
                    yield from check_actors(sentence, dates, known, known_names(report))


class _Surroundings(NamedTuple):
    """What stands around a paragraph in a box: its title, and the works that it cites."""

    words: frozenset[str]
    works: frozenset[str]


_NOTHING = _Surroundings(frozenset(), frozenset())


def _boxes(report: ComposedReport, path: str) -> Mapping[Place, _Surroundings]:
    """The box of each paragraph that stands in one, by the place of the paragraph."""
    passages = [
        (next((it.id for it in passage.within if it.id and "float" in it.classes), ""), passage)
        for passage in report.passages.get(path, ())
    ]
    titles: defaultdict[str, str] = defaultdict(str)
    works: defaultdict[str, set[str]] = defaultdict(set)
    for box, passage in passages:
        if box:
            titles[box] += f"{passage.text} " if passage.kind == "caption" else ""
            works[box].update(key for key, _ in passage.keys("citation"))
    return {
        passage.place(0): _Surroundings(event_words(titles[box]), frozenset(works[box]))
        for box, passage in passages
        if box
    }


_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_LAW = re.compile(
    r"(?:Act|Order|Regulations|Directive|ISBN[\d\s-]*|\(0\)|\+\d+|fax|of SR|Bill)\s*\Z"
)


def _aside(text: str, it: Dated) -> bool:
    """A year in a name, in brackets or in a number of another kind."""
    before = text[max(0, it.start - 24) : it.start]
    in_brackets = it.is_year and before.endswith("(")
    return bool(in_brackets or _LAW.search(before))


def _calendar(sentence: Sentence, it: Dated) -> Iterator[Problem]:
    place = place_of(sentence, it)
    if it.weekday and it.weekday != it.right_weekday():
        message = f"'{it.text}' was a {it.right_weekday()}"
        yield Problem(place, "date-is-valid", message, "fix the day of the week or the date")
    if it.last < it.first:
        message = f"the period '{it.text}' runs backwards"
        yield Problem(place, "date-is-valid", message, "write the earlier day first")


# --- the periods of rows ---------------------------------------------------------------------


def _rows(
    sentence: Sentence, dates: Sequence[Dated], rows: Mapping[str, Statistic]
) -> Iterator[Problem]:
    """A date beside a number whose row is of another time."""
    dates = [it for it in dates if not _COMPARED.search(sentence.text[: it.start])]
    for printed, _ in sentence.printed:
        for row in (rows[id] for id in printed.ids if id in rows):
            when = read_date(row.period) if row.period else None
            if when and dates and not any(agree(it, when) for it in dates):
                message = f"'{row.id}' is of {row.period}, and this says '{dates[0].text}'"
                fix = "fix the date here, or the period of the row"
                yield Problem(place_of(sentence, dates[0]), "period-fits-row", message, fix)
                return


# --- events ----------------------------------------------------------------------------------


_COMPARED = re.compile(
    r"\b(?:since|from|than(?: in)?|against|compared with|before|after|until|by|as in)\s\Z",
    re.IGNORECASE,
)
"""What stands before the date to which a number is compared."""
_AFTER = re.compile(
    r"\b(?:since|after|before|until|following|by the time)\b[^,;:]{0,90}\Z", re.IGNORECASE
)


def _weights(known: Sequence[Fact]) -> Mapping[str, float]:
    counts = Counter(word for fact in known for word in fact.words)
    return {
        word: (0.2 if word in COMMON else 1.0) * (0.3 + log((len(known) + 1) / count))
        for word, count in counts.items()
    }


def _events(
    sentence: Sentence,
    dates: Sequence[Dated],
    around: frozenset[str],
    known: Sequence[Fact],
    weights: Mapping[str, float],
) -> Iterator[Problem]:
    """One date in a sentence about an event that has another."""
    date = dates[-1]
    phrase = _AFTER.search(sentence.text[: date.start])
    # What a date is said to be since or after is an event of its own.
    own = event_words(phrase[0] if phrase else sentence.text)
    around = frozenset() if phrase else around

    def likeness(fact: Fact) -> float:
        cites, near = fact.works & sentence.cited, fact.works & sentence.near
        if fact.names and not fact.names & (own | around) and not cites:
            return 0.0
        whole = sum(weights[word] for word in fact.words)
        held = sum(
            weights[word] * (1.0 if word in own else CONTEXT if word in around else 0.0)
            for word in fact.words
        )
        cited = 0.0 if phrase else CITED if cites else NEAR if near else 0.0
        # Of two events of one body, the kind tells which is meant.
        return held / whole + cited - (OTHER if fact.kinds and not fact.kinds & own else 0.0)

    ranked = sorted(((likeness(fact), fact) for fact in known), key=lambda it: -it[0])
    if not ranked or ranked[0][0] < COVERED:
        return
    best, fact = ranked[0]
    meant = [it for score, it in ranked if score >= CLOSE * best]
    if fact.kinds & own:
        # What begins is not what grows.
        meant = [it for it in meant if it.kinds & own or not it.kinds]
    if any(agree(date, it.when) for date in dates for it in meant):
        return
    message = f"'{date.text}' is not {fact.when.text}, the date of '{fact.name}' ({fact.place})"
    fix = "fix the date here, or in the table"
    yield Problem(place_of(sentence, date), "date-fits-events", message, fix)


_FIRST = (
    ("=commission", "=report"),
    ("=begin", "=end"),
    ("=begin", "=grow"),
    ("=report", "=answer"),
)
"""Kinds of event of which the first comes before the second."""


def _order(known: Sequence[Fact]) -> Iterator[Problem]:
    """Of two events of one name: a report before its commission, an end before the beginning."""
    for later in known:
        for earlier in known:
            kinds = any(one in earlier.words and two in later.words for one, two in _FIRST)
            if not kinds or later.when.last >= earlier.when.first or later.place == earlier.place:
                continue
            names = proper_names(earlier.name) | proper_names(later.name)
            same = names.intersection(earlier.name.split(), later.name.split())
            if same and not _ORDINAL.search(later.name):
                message = f"'{later.name}' comes before '{earlier.name}' ({earlier.place})"
                yield Problem(later.place, "events-are-in-order", message, "fix one of the dates")


_ORDINAL = re.compile(r"\b(?:second|third|new|next|later)\b", re.IGNORECASE)


_APPEARING = frozenset({"=report", "=answer"})
"""Kinds of event by which a work comes out."""


def _published(report: ComposedReport, known: Sequence[Fact]) -> Iterator[Problem]:
    """The month of an entry that is not that in which a table has its work come out."""
    for key, work in report.library.references.items() if report.library else ():
        month = work.fields.get("month", "")
        if not month.isdecimal() or not work.year.isdecimal():
            continue
        when = read_date(f"{work.year}-{int(month):02}")
        told = [
            it
            for it in known
            if it.works == {key} and it.kinds & _APPEARING and not it.when.is_year
            and str(it.when.first.year) == work.year
        ]  # fmt: skip
        if when and told and not any(agree(when, it.when) for it in told):
            message = (
                f"'{key}' is of month {month}, and '{told[0].name}' ({told[0].place}) of "
                f"{told[0].when.text}"
            )
            fix = "fix the month here, or in the table"
            yield Problem(field_place(work, "month"), "date-fits-events", message, fix)
