"""Who says or does something in a text: persons and bodies by the works that they wrote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

from imprint.check.prose.other_numbers import any_of
from imprint.check.table_rows import table_rows
from imprint.read.report import Report


@dataclass(frozen=True)
class Named:
    """A name in a text; offsets count in that text."""

    name: str
    start: int
    works: frozenset[str]
    """Keys of the works by those of that name; empty for one who wrote none."""


@dataclass(frozen=True)
class Names:
    """Names that a report knows, each with the works of its bearer."""

    works: Mapping[str, frozenset[str]]
    """By name, as it is written."""
    same: Mapping[str, str]
    """For each short form, the full name, and for a full name itself."""
    kinds: Mapping[str, str]
    """Of the names that the table of names keeps: person, body, place."""
    pattern: re.Pattern[str]
    seen: dict[str, Set[str]] = field(default_factory=dict)
    """Names of texts that were asked for."""
    told: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    """The same of those who say or found something."""

    def found(self, text: str) -> Iterator[Named]:
        """The names in a text, longest first where several begin together."""
        for match in self.pattern.finditer(plain(text)):
            name = " ".join(match[0].split())
            yield Named(self.same.get(name, name), match.start(), self.works.get(name, frozenset()))

    def of(self, text: str) -> Set[str]:
        """Full forms of the names in a text; the place in the name of a body is one too."""
        if text not in self.seen:
            found = {it.name for it in self.found(text)}
            words = (word for name in found for word in name.split())
            self.seen[text] = found.union(it for it in words if self.kinds.get(it) == "place")
        return self.seen[text]


def plain(text: str) -> str:
    """With one kind of apostrophe and blanks for line breaks, of the same length."""
    return text.replace("’", "'").replace("\n", " ")


@lru_cache(maxsize=1)
def known_names(report: Report) -> Names:
    """Authors of works, and the persons, bodies and places that the table of names keeps."""
    short: dict[str, str] = {}
    tables = report.settings.tables
    for row in table_rows(report, tables.abbreviations):
        abbreviation, full = (str(row.get(it) or "") for it in ("abbreviation", "expansion"))
        if abbreviation and full:
            short[plain(abbreviation)] = plain(full)
    works: defaultdict[str, set[str]] = defaultdict(set)
    for key, work in report.library.references.items() if report.library else ():
        for person in work.people.get("author", ()):
            if person.family:
                works[plain(person.family)].add(key)
    for name, full in short.items():
        both = works.get(name, set()) | works.get(full, set())
        if both:
            works[name] = works[full] = both
    kinds: dict[str, str] = {}
    for row in table_rows(report, tables.names):
        name = plain(str(row.get("canonical") or ""))
        if name and " and " not in name:
            works.setdefault(name, set())
            kinds[name] = str(row.get("kind") or "")
    same = {name: full for name, full in short.items() if name in works}
    names = {name: frozenset(keys) for name, keys in works.items() if name[:1].isupper()}
    pattern = re.compile(rf"(?<![\w-])(?:{any_of(names)})(?![\w-])")
    return Names(names, same, kinds, pattern)


_VERBS = (
    r"(?:also\s|further\s|recently\s|therefore\s|first\s|itself\s|themselves\s|since\s|then\s"
    r"|later\s|similarly\s|nevertheless\s|in\s\d{4}\s|clearly\s|too\s)?"
    r"(?:(?:agree|analyse|argue|ask|assess|believe|call|cite|claim|conclude|consider|describe|"
    r"discuss|emphasise|evaluate|examine|explain|highlight|hold|identif|investigate|observe|"
    r"propose|quote|recommend|stress|suggest|survey|think|urge|warn|write)(?:s|d|ed|es|ied|ies)?\b"
    r"|(?:detail|find|list|look|name|note|point|publish|report|review|say|see|show|state|studi|"
    r"voice|warn)(?:s|es|ed)\b|(?:found|said|saw|wrote|thought|held)\b|studied\b)"
)
_SAYS = re.compile(
    rf"(?:,\s(?:for\s(?:instance|example)|too|however|in\sturn|by\scontrast),)?(?:\s(?:and|et)\s[\w.-]+(?:\sauthors)?|\s\([^()]*\))?\s(?:{_VERBS})"
)
_BEFORE = re.compile(
    r"(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion|conclusion|judgement) of|"
    r"(?:report|review|study|survey|research|evaluation|inquiry|audit|briefing) (?:by|from|of))"
    r"\s(?:[Tt]he\s|[Pp]rofessor\s|[Ll]ord\s|[Dd]r\s)?\Z"
)
_OWNER = re.compile(
    r"'s?\s(?:(?:\d{4}|first|second|final|earlier|later|own|annual|recent|interim|latest)\s)*"
    r"(?:view|words|account|study|survey|opinion|findings?|report|review|evaluation|analysis|"
    r"research|inquiry|briefing|article)\b"
)


def sayers(text: str, names: Names) -> tuple[Named, ...]:
    """Those whom a text names as the ones who say or found something."""
    if text not in names.told:
        said = plain(text)
        names.told[text] = tuple(
            it
            for it in names.found(said)
            if it.works and _is_sayer(said, it.start, it.start + _length(said, it))
        )
    return names.told[text]


def works_of_sayers(text: str, names: Names) -> frozenset[str]:
    """Works of those whom a text names as the ones who say or found something."""
    return frozenset[str]().union(*(it.works for it in sayers(text, names)))


def _length(text: str, named: Named) -> int:
    # What stands there may be the short form of the name.
    found = re.compile(r"[\w'-]+(?:\s[A-Z][\w'-]*)*").match(text, named.start)
    stands = text.startswith(named.name, named.start)
    return len(named.name) if stands else len(found[0]) if found else 0


def _is_sayer(text: str, start: int, end: int) -> bool:
    return bool(
        _SAYS.match(text, end)
        or _OWNER.match(text, end)
        or _BEFORE.search(text, max(0, start - 60), start)
    )
