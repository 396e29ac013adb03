"""A field of names in BibTeX -> what pandoc would read otherwise than was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pybtex.bibtex.utils import split_name_list

NAME_FIELDS = ("author", "editor", "translator")


@dataclass(frozen=True)
class Person:
    """An author or editor; an organisation is a family name alone."""

    family: str
    """With its particle, as running text names the person: `van der Berg`."""
    given: str = ""
    suffix: str = ""
    """`Jr.`, which running text leaves out."""


def name_faults(value: str) -> Iterator[tuple[str, str, str]]:
    """What a field of names has, what comes of it, and how to put it right: the first fault of the
    list, else those of its names."""
    outside = outside_braces(value, "{}")
    if loud := _LOUD_AND.search(outside):
        yield f"has '{loud[1]}'", "which is read as a name", "write 'and' in small letters"
    elif mark := _OTHER_MARK.search(outside):
        yield f"joins people by '{mark[0]}'", f"which is read as part of a name, '{value}'", _PARTED
    elif _OPEN_END.search(outside):
        fix = "take the 'and' out"
        yield "has an 'and' too many", f"which is read as a name, '{value}'", fix
    elif _OTHERS.search(value):
        yield "has 'et al.'", f"which is read as a name, '{value}'", "write 'and others'"
    elif _PEOPLE_IN_BRACES.fullmatch(value):
        fix = "take out the inner pair of braces"
        yield "has people in one pair of braces", f"read as one organisation, '{value}'", fix
    else:
        names = split_name_list(value)
        for name in names:
            if fault := _name_fault(name, value if len(names) < 3 else name):
                yield fault


def outside_braces(value: str, instead: str = "") -> str:
    """What stands in no pair of braces, with something else in place of each pair."""
    if "{" not in value:
        return value
    outside, depth = [], 0
    for mark in value:
        if mark == "{" and depth == 0:
            outside.append(instead)
        elif mark not in "{}" and depth == 0:
            outside.append(mark)
        depth = max(0, depth + (mark == "{") - (mark == "}"))
    return "".join(outside)


def _name_fault(name: str, body: str) -> tuple[str, str, str] | None:
    """The fault of one name, which may be that of an organisation, `body`."""
    outside = outside_braces(name)
    if "=" in outside:
        return None
    parts = [part.strip() for part in outside.split(",")]
    if len(parts) > 3:
        return "has a name with too many commas", "which no name has", _PARTED
    if len(parts) == 3 and not _SUFFIX.fullmatch(parts[1]):
        return "has commas between people", f"who are read as one, '{name}'", _PARTED
    words = outside.split()
    is_body = _ENGLISH.search(outside) or (words and words[-1].lower() in _BODIES)
    if len(parts) == 1 and len(words) > 1 and is_body:
        fix = f"put the organisation in braces of its own: {{{{{body}}}}}"
        return f"has '{name}'", f"which is read as a person of the family '{words[-1]}'", fix
    return None


_LOUD_AND = re.compile(r"\s(AND|And)\s")
_OTHER_MARK = re.compile(r"\\?&|;")
_OPEN_END = re.compile(r"\A\s*and\s|\sand\s*\Z")
_OTHERS = re.compile(r"\bet\.? al\b")
_PEOPLE_IN_BRACES = re.compile(r"\{[^{},]+, [^{},]+ and [^{},]+, [^{}]+\}")
_SUFFIX = re.compile(
    r"(?i)(?:jr|sr|jnr|snr|jun|sen|junior|senior|[ivx]+|\d(?:st|nd|rd|th)|ph\.?d|esq)?\.?"
)
_ENGLISH = re.compile(r"\s(?:of|for|the|on|in)\s")
"""No name of a person has these in the middle."""
_BODIES = frozenset({
    "agency", "association", "centre", "collaboration", "commission", "committee", "consortium",
    "council", "department", "foundation", "government", "institute", "institution", "ministry",
    "nations", "organisation", "organization", "society", "university",
})  # fmt: skip
_PARTED = "write 'Surname, I. and Surname, I.': people are parted by 'and'"
