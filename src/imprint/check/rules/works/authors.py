"""People in the bibliography: one person, one organisation and one book, each under one name."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product

from imprint.check.prose.printed import field_place
from imprint.check.rules.works.duplicates import is_one_off, near_pairs
from imprint.check.table_rows import table_rows
from imprint.core.problems import Problem
from imprint.read.bibliography import Library
from imprint.read.data.csv_rows import Row
from imprint.read.names import Person
from imprint.read.references import Reference
from imprint.read.report import Report


def check_authors(report: Report) -> Iterator[Problem]:
    """Yield a problem for every two names that may be one (`author-has-one-name`), and for editors
    of one book who differ from entry to entry (`book-has-one-set-of-editors`)."""
    if report.library is None:
        return
    roles = report.settings.tables
    names, file = table_rows(report, roles.names), f"data/{roles.names}.csv"
    yield from _near_names(report.library, names, file)
    yield from _both_forms(report.library, table_rows(report, roles.abbreviations))
    yield from _editors(report.library)


def _near_names(library: Library, names: Sequence[Row], file: str) -> Iterator[Problem]:
    """Surnames that differ by a letter or two, and initials that may be of one given name."""
    known = {str(row.get("canonical")) for row in names}
    # These are told of wherever they stand.
    variants = {it for row in names for it in str(row.get("variants") or "").split("|")}
    first: dict[Person, tuple[Reference, str]] = {}
    for reference, role, people in _lists(library):
        for person in people:
            first.setdefault(person, (reference, role))
    # Those whose given names begin otherwise are two people: far fewer pairs are worth a look.
    alike: defaultdict[str, list[Person]] = defaultdict(list)
    for person in first:
        alike[_initials(person)[:1]].append(person)
    for one, other in dict.fromkeys(chain.from_iterable(map(_may_be_one, alike.values()))):
        forms = _forms(one), _forms(other)
        if all(it & known for it in forms) or any(it & variants for it in forms):
            continue
        (reference, role), (elsewhere, _) = first[other], first[one]
        message = (
            f"'{_shown(other)}' in entry '{reference.key}' may be "
            f"'{_shown(one)}' of '{elsewhere.key}'"
        )
        fix = f"write both alike, or list both people in {file}"
        yield _problem(reference, role, message, fix)


def _may_be_one(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Pairs who may be one, of those whose given names begin with one letter or who have none; each
    in the order of the people."""
    bearers: defaultdict[str, list[int]] = defaultdict(list)
    folded: defaultdict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        bearers[person.family].append(number)
        folded[person.family.casefold()].append(number)
    for group in folded.values():
        for one, other in combinations(group, 2):
            if _share_initials(people[one], people[other]):
                yield people[one], people[other]
    named: defaultdict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        # Two initials or a given name in full tell more of a person than one letter.
        if len(_initials(person)) > 1 or len(person.given.strip(".")) > 2:
            named[person.given].append(number)
    for group in named.values():
        for one, other in combinations(group, 2):
            family, near = people[one].family, people[other].family
            if min(len(family), len(near)) > 3 and is_one_off(family, near):
                yield people[one], people[other]
    names = list(bearers)
    for first, second in near_pairs(names, _NEAR):
        if names[first].casefold() != names[second].casefold() and _are_near(
            names[first], names[second]
        ):
            for pair in product(bearers[names[first]], bearers[names[second]]):
                yield people[min(pair)], people[max(pair)]


def _share_initials(one: Person, other: Person) -> bool:
    """Say whether two of one family name, but for capitals, may be one person."""
    if one.family != other.family:
        return True
    shorter, longer = sorted((_initials(one), _initials(other)), key=len)
    if not longer.startswith(shorter):
        return False
    # Both given in full and different: two people.
    full = [person for person in (one, other) if len(person.given.split()[0].strip(".")) > 1]
    return len(full) < 2


_NEAR = 0.85
"""How near two spellings of one surname are, from 0 to 1."""


def _are_near(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 5:
        return False
    letters = difflib.SequenceMatcher(None, one, other)
    # The quick ones are never less: most pairs need no more.
    measures = (letters.real_quick_ratio, letters.quick_ratio, letters.ratio)
    return all(measure() >= _NEAR for measure in measures)


def _both_forms(library: Library, abbreviations: Sequence[Row]) -> Iterator[Problem]:
    """One organisation under its abbreviation here and its full name there."""
    full = {str(row.get("abbreviation")): str(row.get("expansion")) for row in abbreviations}
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for reference, _, people in _lists(library):
        for person in people:
            keys[person.family].append(reference.key)
    for reference, role, people in _lists(library):
        for person in people:
            expansion = full.get(person.family, "")
            if keys.get(expansion):
                message = (
                    f"'{person.family}' in entry '{reference.key}' is "
                    f"'{expansion}' in '{keys[expansion][0]}'"
                )
                yield _problem(reference, role, message, "write both alike")


def _editors(library: Library) -> Iterator[Problem]:
    books: dict[tuple[str, str], Reference] = {}
    for reference in library.references.values():
        title = reference.fields.get("booktitle", "").casefold()
        if not title or "editor" not in reference.people:
            continue
        first = books.setdefault((title, reference.year), reference)
        mine, theirs = (
            " and ".join(_shown(person) for person in entry.people["editor"])
            for entry in (reference, first)
        )
        if mine != theirs:
            message = f"'{reference.key}' has the book of '{first.key}' edited by {mine}"
            fix = f"'{first.key}' has {theirs}: look up which is right"
            code = "book-has-one-set-of-editors"
            yield Problem(field_place(reference, "editor"), code, message, fix)


def _lists(library: Library) -> Iterator[tuple[Reference, str, Sequence[Person]]]:
    for reference in library.references.values():
        for role, people in reference.people.items():
            yield reference, role, people


def _forms(person: Person) -> set[str]:
    family, given = person.family.replace("’", "'"), person.given
    return {family, f"{family}, {given}", f"{given} {family}"} if given else {family}


def _initials(person: Person) -> str:
    return "".join(name[0] for name in person.given.replace(".", ". ").split())


def _shown(person: Person) -> str:
    return f"{person.family}, {person.given}" if person.given else person.family


def _problem(reference: Reference, role: str, message: str, fix: str) -> Problem:
    return Problem(field_place(reference, role), "author-has-one-name", message, fix)
