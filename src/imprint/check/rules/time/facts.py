"""What is known to have happened when: the events, the surveys of statistics, the works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import roots
from imprint.check.rules.time.dated import Dated, read_date
from imprint.check.table_rows import read_tables
from imprint.core.problems import Place

_KINDS = {
    "begin": r"beg[aiu]n\w*|start\w*|set\s(?:\w+\s)?up|establish\w*|found(?:ed|ing)|launch\w*"
             r"|introduc\w+|opened|c[ao]me in|br(?:ought|ings) in|takes? office|took office",
    "end": r"end(?:s|ed)|clos(?:es|ed)|disband\w*|abolish\w*|dissolv\w*|wound up",
    "grow": r"expan\w+|extend\w*|widen\w*|enlarg\w*",
    "commission": r"commission(?:s|ed)|appoint(?:s|ed)|ask(?:s|ed)(?: [\w'’]+){0,4} for",
    "report": r"report(?:s|ed)?|publish\w*|appear(?:s|ed)|came out|set out|issued|releas\w+",
    "answer": r"answer(?:s|ed)?|respon(?:ds|ded|se)|repl(?:y|ies|ied)",
    "ask": r"interview\w*|survey\w*",
    "judge": r"evaluat\w+|analys\w+|inspect\w*|reviewed",
}  # fmt: skip
_KIND = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in _KINDS.items()}


@dataclass(frozen=True)
class Fact:
    """Something with its date."""

    name: str
    words: frozenset[str]
    """Of its title, with what kind of event it is, as `=begin`."""
    when: Dated
    works: frozenset[str]
    place: Place
    is_period: bool = False

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Of its words, those that say what kind of event it is."""
        return frozenset(word for word in self.words if word.startswith("="))

    @cached_property
    def names(self) -> frozenset[str]:
        """Roots of the proper names of its title."""
        return event_words(" ".join(proper_names(self.name)))


def proper_names(title: str) -> frozenset[str]:
    """Words with a capital that do not begin a title, and abbreviations."""
    return frozenset(re.findall(r"(?<=\s)[A-Z][\w'’-]+|\b[A-Z]{2,}\b", title))


@lru_cache(maxsize=512)
def event_words(text: str) -> frozenset[str]:
    """Words of a text, with the kinds of event that it speaks of in the place of their words."""
    found = {kind: words.search(text) for kind, words in _KIND.items()}
    said = " ".join(it[0] for it in found.values() if it)
    return (roots(text) - roots(said)).union(f"={kind}" for kind, it in found.items() if it)


def facts(report: ComposedReport) -> Iterator[Fact]:
    """The rows of tables with a title, a start and an end, and the surveys with their periods."""
    for filled in read_tables(report).values():
        if not {"title", "start"} <= set(filled.columns):
            continue
        for row in filled.rows:
            when = read_date(str(row.get("start") or ""), str(row.get("end") or ""))
            title = str(row.get("title") or "")
            if when and title:
                words, works = event_words(title), filled.works(row)
                place = Place(filled.table.file, row.line)
                yield Fact(title, words, when, works, place, bool(row.get("end")))
    seen = set()
    for it in (report.statistics or {}).values():
        when = read_date(it.period) if it.period else None
        if when and it.survey and (it.survey, it.period) not in seen:
            seen.add((it.survey, it.period))
            place = Place("data/statistics.csv", it.line)
            yield Fact(it.survey, event_words(it.survey), when, frozenset({it.source}), place)
