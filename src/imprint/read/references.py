"""An entry of a BibTeX file -> `Reference`: its fields as plain text, its people by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString
from pybtex.database import Person as BibtexPerson
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text as LatexText

from imprint.core.problems import Place, Problem
from imprint.read.bibtex import BibtexEntry

NAME_FIELDS = ("author", "editor", "translator")


LONGEST_VALUE = 20_000
"""Characters of a field's value: more than any abstract has."""


VERBATIM_FIELDS = ("url", "doi", "isbn", "file", "crossref", "xdata")


_LISTS = ("publisher", "address", "location", "institution", "organization", "school")
"""Fields in which BibLaTeX, and so pandoc, takes `and` to divide two names."""


_ALIASES = {"conference": "inproceedings", "electronic": "online", "www": "online",
            "mvbook": "book", "mvcollection": "collection", "inreference": "incollection",
            "bookinbook": "inbook", "suppbook": "inbook"}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An author or editor; an organisation is a family name alone."""

    family: str
    """With its particle, as running text names the person: `van der Berg`."""
    given: str = ""
    suffix: str = ""
    """`Jr.`, which running text leaves out."""


@dataclass(frozen=True)
class Reference:
    """One work cited: one entry of a BibTeX file."""

    key: str
    type: str
    """Type of the entry in lower case: `report`, `article`, …"""
    fields: Mapping[str, str]
    """Values by field name in lower case, as plain text; addresses as written, names left out."""
    people: Mapping[str, tuple[Person, ...]]
    """Persons by role: `author`, `editor`, `translator`."""
    place: Place
    lines: Mapping[str, int]
    """Line of each field, names among them."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Keys of the entries from which it takes over what it does not give itself."""
        named = f"{self.fields.get('crossref', '')},{self.fields.get('xdata', '')}"
        return tuple(key.strip() for key in named.split(",") if key.strip())

    @property
    def year(self) -> str:
        """Year of publication, or an empty string for an undated work."""
        return self.fields.get("year") or self.fields.get("date", "")[:4]


def to_reference(entry: BibtexEntry) -> Iterator[Reference | Problem]:
    key, place = entry.key, entry.place
    fields: dict[str, str] = {}
    people: dict[str, tuple[Person, ...]] = {}
    lines: dict[str, int] = {}
    for (name, value), line in zip(entry.fields, entry.field_lines, strict=True):
        where = Place(place.file, line)
        if name in lines:
            message = f"entry '{key}' gives '{name}' twice, first on line {lines[name]}"
            yield Problem(where, "field-is-unique", message, "keep one of the two")
            continue
        lines[name] = line
        value = " ".join(value.split())
        if len(value) > LONGEST_VALUE:
            message = f"entry '{key}' has {len(value):,} characters in '{name}'"
            fix = f"cut it to {LONGEST_VALUE:,} at most; the file may be damaged"
            yield Problem(where, "bibliography-parses", message, fix)
            continue
        if divided := _divided(key, name, value):
            code = "name-is-readable" if name in NAME_FIELDS else "field-is-readable"
            yield Problem(where, code, *divided)
        try:
            if name in NAME_FIELDS:
                people[name] = tuple(_person(person) for person in split_name_list(value))
            else:
                fields[name] = value if name in VERBATIM_FIELDS else _plain(value)
        except InvalidNameString:
            message = f"entry '{key}' has a name with too many commas in '{name}'"
            fix = "write 'Surname, I. and Surname, I.': people are parted by 'and'"
            yield Problem(where, "name-is-readable", message, fix)
        except (PybtexError, RecursionError, ValueError):
            message = f"entry '{key}' has a value in '{name}' that cannot be read"
            fix = "give every brace its partner, and keep LaTeX to accents and emphasis"
            yield Problem(where, "bibliography-parses", message, fix)
    yield Reference(key, _ALIASES.get(entry.type, entry.type), fields, people, place, lines)


def _divided(key: str, name: str, value: str) -> tuple[str, str] | None:
    """What is wrong with the word `and` in a field, and how to put it right."""
    outside = _BRACED.sub("", value)
    if name in NAME_FIELDS and (found := _LOUD_AND.search(outside)):
        message = f"entry '{key}' joins names in '{name}' by '{found[1]}', which is read as a name"
        return message, "write 'and' in small letters"
    if name in _LISTS and re.search(r"\sand\s", outside):
        message = f"entry '{key}' has 'and' in '{name}', which divides it in two: `A; B` is printed"
        return message, "write `{and}`, or put the whole value in a second pair of braces"
    return None


_BRACED = re.compile(r"\{[^{}]*\}")


_LOUD_AND = re.compile(r"\s(AND|And)\s")


def _person(name: str) -> Person:
    parsed = BibtexPerson(name)
    given = [*parsed.first_names, *parsed.middle_names]
    family = [*parsed.prelast_names, *parsed.last_names]
    parts = (family, given, parsed.lineage_names)
    return Person(*(_plain(" ".join(names)) for names in parts))


@lru_cache(maxsize=4096)
def _plain(value: str) -> str:
    """The value as a reader sees it: no braces that protect capitals, no LaTeX commands."""
    text = value[1:-1] if value[:1] == "{" and value[-1:] == "}" else value
    if _MEANS_ITSELF.fullmatch(text):
        return text
    return str(LatexText.from_latex(_STYLED.sub("", value)))


_MEANS_ITSELF = re.compile(r"(?! )(?:[^\W_]|[.:;()/?!+–’]|,(?!,)|-(?!-)|(?<! ) )*")
"""Text in which nothing is LaTeX's."""


_STYLED = re.compile(r"\\(emph|text\w+)\s*(?=\{)")
