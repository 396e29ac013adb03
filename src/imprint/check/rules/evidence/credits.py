"""Who is credited with what: the works cited and the names in words, held to the rows of works."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from imprint.check.composed import ComposedReport
from imprint.check.prose.sayers import Names, known_names, plain, sayers
from imprint.check.rules.evidence.alignment import Match, Statement, aligned, statements
from imprint.check.rules.numbers.attribution import originals
from imprint.core.problems import Problem

RIVAL = 0.42
"""Nearness from which a row of a work that is not cited is taken to be what is meant."""
ALONE = 0.33
"""The same where no row of the works that are cited comes near."""
AWAY = 0.06
"""Nearness up to which a row is not near at all."""
AHEAD = 2.0
"""How many times nearer it must be than any row of the works that are cited."""
NEAR = 0.3
"""Nearness from which a row says who acts in a sentence."""


def check_credits(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every statement that is nearer to a row of another work than to any of
    those it cites (`statement-credits-its-work`), every name in words whose bearer wrote none of
    the works cited (`name-fits-citation`), and every name in the place of the one that the row
    has (`name-fits-evidence`)."""
    names = known_names(report)
    own = frozenset(originals(report))
    told = statements(report)
    for place, statement in enumerate(told):
        found = list(_rival(statement, own))
        yield from found or _rival(_with_following(report, told, place), own)
        yield from _sayer(statement, names)
        yield from _actor(statement, names)


def _with_following(report: ComposedReport, told: Sequence[Statement], place: int) -> Statement:
    """A statement with the sentences behind it that cite nothing, and go on with what it says."""
    first = told[place].sentence
    text = [first.text]
    for it in told[place + 1 : place + 1 + FOLLOWING] if first.cited else ():
        goes_on = it.sentence.near == first.near and it.sentence.place.file == first.place.file
        if it.sentence.cited or not goes_on:
            break
        text.append(it.sentence.text)
    sentence = replace(first, text=" ".join(text))
    is_longer = len(text) > 1
    matches = aligned(report).evidence.matches(sentence.words, first.cited) if is_longer else ()
    return Statement(sentence, matches, ())


def _rival(statement: Statement, originals: frozenset[str]) -> Iterator[Problem]:
    cited = statement.sentence.cited
    rival = statement.rival(cited | originals) if cited else None
    if rival is None or len(statement.telling) < FEWEST:
        return
    own = statement.best(cited)
    nearness = own.score if own else 0.0
    least = max(RIVAL, AHEAD * nearness) if nearness > AWAY else ALONE
    if len(rival.row.words & statement.telling) < SHARED or rival.score < least:
        return
    shown = "' and '".join(sorted(cited))
    message = f"this is credited to '{shown}', and {_said(rival)} nearly says it"
    fix = "cite the work that says it, or add a row of what this work says"
    yield Problem(statement.sentence.place, "statement-credits-its-work", message, fix)


MISSPELT = 0.75
"""Likeness of letters from which a word is taken for a misspelt name."""
FOLLOWING = 2
"""Sentences behind a citation that may still rest on it."""
SHARED = 3
"""Words of its own that it must share with the row."""
FEWEST = 5
"""Words of its own from which a sentence can be told by them."""


def _said(match: Match) -> str:
    works = "' and '".join(sorted(match.row.works))
    return f"row '{match.row.id}' of '{works}' ({match.row.place})"


def _sayer(statement: Statement, names: Names) -> Iterator[Problem]:
    sentence = statement.sentence
    works = sentence.cited or sentence.attributed
    if not works:
        return
    for named in sayers(sentence.text, names):
        if named.works & works or _speaks_of(statement, named.name, names, works):
            continue
        shown = "' and '".join(sorted(works))
        message = f"'{named.name}' wrote nothing of what is cited for this, '{shown}'"
        fix = f"cite a work by {named.name}, or name who says it"
        place = sentence.place
        yield Problem(place, "name-fits-citation", message, fix)
        return


def _speaks_of(statement: Statement, name: str, names: Names, works: Collection[str]) -> bool:
    """Whether a row of the works names the one who says something: they are quoted there."""
    return any(
        name in names.of(it.row.statement)
        for it in statement.matches
        if not it.row.works.isdisjoint(works)
    )


def _actor(statement: Statement, names: Names) -> Iterator[Problem]:
    """One name in the sentence, another in its nearest row, in a statement about the same."""
    works = statement.sentence.works
    match = statement.best(works)
    if match is None or match.score < NEAR or not match.row.statement:
        return
    writers = {it for it, keys in names.works.items() if keys & works}
    rows = [it.row for it in statement.matches if not it.row.works.isdisjoint(works)]
    here = names.of(statement.sentence.text) - writers
    known = frozenset[str]().union(*(names.of(row.statement) for row in rows))
    there = names.of(match.row.statement) - writers
    missing = sorted(it for it in there if not _overlaps(it, here))
    other = sorted(it for it in here if not _overlaps(it, known))
    if len(other) > 1:  # the place in the name of a body is that body
        other = [it for it in other if not any(it != longer and it in longer for longer in other)]
    if len(missing) == 1 and not other:
        other = _misspelt(missing[0], plain(statement.sentence.text))
    kinds = {_kind(it, names) for it in (*missing, *other) if it in names.works}
    if len(missing) != 1 or len(kinds) > 1:
        return
    if len(other) == 1:
        message = f"'{other[0]}' stands for '{missing[0]}', which {_said(match)} has"
        fix = f"write '{missing[0]}', or fix the row"
        yield Problem(statement.sentence.place, "name-fits-evidence", message, fix)


def _overlaps(name: str, others: Collection[str]) -> bool:
    """Whether one of the names is a part of the other: a place in that of its council."""
    return any(name in other or other in name for other in others)


def _misspelt(name: str, text: str) -> list[str]:
    """A word with a capital that is much like a name of one word."""
    words = re.findall(r"(?<=[a-z,;] )[A-Z][a-z]{4,}", text)
    return [it for it in words if SequenceMatcher(None, it, name).ratio() >= MISSPELT][:1]


def _kind(name: str, names: Names) -> str:
    """A body that is named by its place counts as that place."""
    is_place = any(names.kinds.get(word) == "place" for word in (name, *name.split()))
    return "place" if is_place else names.kinds.get(name, "")
