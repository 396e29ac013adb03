"""An entry of the bibliography held to what else tells of it: its key, its journal's other volumes
and writers, and the pages that are cited of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import sentences_of
from imprint.check.prose.printed import field_place
from imprint.check.rules.works.citations import outside
from imprint.check.table_rows import read_tables
from imprint.core.escaping import slug
from imprint.core.problems import Place, Problem
from imprint.read.bibliography import Library
from imprint.read.references import Reference

YEARLY = 60
"""Volumes that a journal may have in a year: a weekly that numbers its issues has fewer."""
NEAR = 0.8
"""Likeness of letters from which a name in a key is taken to be that of the author."""


def check_witnesses(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every entry whose key names another author (`author-fits-key`), whose
    volume is not one of its journal's of that year (`volume-fits-year`), whose author writes for
    the same journal under another initial (`author-has-one-name`), and of which all pages cited lie
    outside (`locator-is-in-work`)."""
    if report.library is None:
        return
    works = list(report.library.references.values())
    for work in works:
        yield from _key(work)
    yield from _volumes(works)
    yield from _writers(works)
    yield from _pages(report, report.library)


# --- keys ------------------------------------------------------------------------------------

_KEY = re.compile(r"(?P<name>[^\W\d]{4,}(?:[_:-][^\W\d]+)*?)[_:-]?(?:19|20)\d\d", re.UNICODE)
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"})


def _key(work: Reference) -> Iterator[Problem]:
    """`lane_2009` of Kane and of Burton and Lane."""
    found = _KEY.match(work.key)
    people = work.people.get("author") or work.people.get("editor") or ()
    if not found or not people:
        return
    key = _folded(found["name"])
    first, *others = [_spellings(person.family) for person in people]
    if any(key in it or it in key for it in first):
        return
    is_near = any(SequenceMatcher(None, key, it).ratio() >= NEAR for it in first)
    if is_near or any(key in it for it in others):
        field = "author" if work.people.get("author") else "editor"
        message = f"the key '{work.key}' names another author than '{people[0].family}'"
        fix = "fix the name or the order of the authors, or the key here and wherever it is cited"
        yield Problem(field_place(work, field), "author-fits-key", message, fix)


def _spellings(name: str) -> frozenset[str]:
    """A name in plain letters: `mueller` and `muller`."""
    return frozenset((_folded(name.casefold().translate(_SPELT)), _folded(name)))


def _folded(name: str) -> str:
    return slug(name).replace("-", "")


# --- volumes and writers of journals ----------------------------------------------------------


def _volumes(works: Sequence[Reference]) -> Iterator[Problem]:
    """Volumes of one journal run with the years, and not faster than it can print them."""
    journals: defaultdict[str, list[Reference]] = defaultdict(list)
    for work in works:
        name = work.fields.get("journal") or work.fields.get("journaltitle") or ""
        if name and work.fields.get("volume", "").isdecimal() and work.year[:4].isdecimal():
            journals[_folded(name)].append(work)
    for group in journals.values():
        apart = [pair for pair in combinations(group, 2) if not _of_one_run(*pair)]
        counts = Counter(work.key for pair in apart for work in pair)
        told = {work.key: work for pair in apart for work in pair}
        for one, other in apart:
            # The one that fits none of the others is wrong; of two alone, either may be.
            if counts[one.key] < counts[other.key]:
                told.pop(one.key, None)
            if counts[other.key] < counts[one.key]:
                told.pop(other.key, None)
        for work in told.values():
            other = next(b if a is work else a for a, b in apart if work in (a, b))
            message = (
                f"'{work.key}' has volume {work.fields['volume']} of {work.year[:4]}, and "
                f"'{other.key}' of the same journal {other.fields['volume']} of {other.year[:4]}"
            )
            fix = "look journal, volume and year up again"
            yield Problem(_misplaced(work, journals), "volume-fits-year", message, fix)


def _misplaced(work: Reference, journals: Mapping[str, Sequence[Reference]]) -> Place:
    """The volume of an entry, or its journal where the volume is one of another journal's."""
    own = _folded(work.fields.get("journal") or work.fields.get("journaltitle") or "")
    others = (group for name, group in journals.items() if name != own)
    fits = any(all(_of_one_run(work, it) for it in group) for group in others)
    named = "journal" if "journal" in work.lines else "journaltitle"
    return field_place(work, named if fits else "volume")


def _of_one_run(one: Reference, other: Reference) -> bool:
    """Whether the volumes of two works may be those of one journal."""
    years = int(other.year[:4]) - int(one.year[:4])
    volumes = int(other.fields["volume"]) - int(one.fields["volume"])
    return years * volumes >= 0 and abs(volumes) <= YEARLY * (abs(years) + 1)


def _writers(works: Sequence[Reference]) -> Iterator[Problem]:
    """Who writes alone for a journal, under another initial than elsewhere in it."""
    alone: defaultdict[tuple[str, str], list[Reference]] = defaultdict(list)
    for work in works:
        journal = work.fields.get("journal") or work.fields.get("journaltitle") or ""
        people = work.people.get("author", ())
        if journal and len(people) == 1 and people[0].given:
            alone[_folded(journal), people[0].family].append(work)
    for group in alone.values():
        initials = Counter(work.people["author"][0].given[0] for work in group)
        usual, count = initials.most_common(1)[0]
        for work in group if count > 1 else ():
            person = work.people["author"][0]
            if person.given[0] != usual:
                message = f"'{person.family}, {person.given}' of '{work.key}' is {usual}. elsewhere"
                fix = "write both alike, or list both people in the table of names"
                yield Problem(field_place(work, "author"), "author-has-one-name", message, fix)


# --- pages -----------------------------------------------------------------------------------


def _pages(report: ComposedReport, library: Library) -> Iterator[Problem]:
    """Entries of which no page that is cited, in two places or more, is one of theirs."""
    for key, locators in sorted(_locators(report).items()):
        work = library.references.get(key)
        beyond = [it for it in locators if outside(it, work)]
        if work and len(beyond) > 1 and len(beyond) == len(locators):
            message = f"no page cited of '{key}' is within {work.fields['pages']}"
            fix = "look the pages of the entry up again"
            yield Problem(field_place(work, "pages"), "locator-is-in-work", message, fix)


def _locators(report: ComposedReport) -> Mapping[str, Sequence[str]]:
    """The locators of each work, in text and tables."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for paragraph in report.all_written():
        for sentence in sentences_of(paragraph, report.reference_kinds):
            for key, locator, _ in sentence.citations:
                found[key] += [locator] if locator else []
    for filled in read_tables(report).values():
        for row in filled.rows:
            key = str(row.get("cited_in") or row.get("source") or "")
            if row.get("locator"):
                found[key].append(str(row["locator"]))
    return found
