"""The bibliography: BibTeX files in, a `Library` of `Reference` with the line of everything out.

Python only reads and validates the references; pandoc's citeproc prints them. Each entry is parsed
on its own, so a broken one is told beside the faults of all the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString
from pybtex.database import Person as BibtexPerson
from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text as LatexText
from pybtex.scanner import PrematureEOF

from imprint.core.problems import Place, Problem, ReportError, nearest, problem

NAME_FIELDS = ("author", "editor", "translator")
LONGEST_VALUE = 20_000
"""Characters of a field's value: more than any abstract has."""
VERBATIM_FIELDS = ("url", "doi", "isbn", "file", "crossref", "xdata")
_NOT_INHERITED = ("crossref", "xdata", "options", "keywords", "ids", "file")
_LISTS = ("publisher", "address", "location", "institution", "organization", "school")
"""Fields in which BibLaTeX, and so pandoc, takes `and` to divide two names."""
_ALIASES = {"conference": "inproceedings", "electronic": "online", "www": "online",
            "mvbook": "book", "mvcollection": "collection", "inreference": "incollection",
            "bookinbook": "inbook", "suppbook": "inbook"}  # fmt: skip

_ANYONE = ("author", "editor")
_YEAR = ("year", "date")
_JOURNAL = ("journal", "journaltitle", "url")
_ADDRESS = ("url", "note", "howpublished")

REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "article": (("author",), ("title",), _JOURNAL, _YEAR),
    "book": (_ANYONE, ("title",), ("publisher",), _YEAR),
    "booklet": (("title",),),
    "inbook": (_ANYONE, ("title",), _YEAR),
    "incollection": (("author",), ("title",), ("booktitle",), _YEAR),
    "inproceedings": (("author",), ("title",), ("booktitle",), _YEAR),
    "collection": (("title",), _YEAR),
    "dataset": (("title",), _YEAR),
    "manual": (("title",),),
    "mastersthesis": (("author",), ("title",), _YEAR),
    "misc": (("author", "title"), ("title", "note", "howpublished")),
    "online": (_ANYONE, ("title",), _ADDRESS, _YEAR),
    "patent": (("title",), _YEAR),
    "periodical": (("title",), _YEAR),
    "phdthesis": (("author",), ("title",), _YEAR),
    "proceedings": (("title",), _YEAR),
    "reference": (("title",), _YEAR),
    "report": (_ANYONE, ("title", "type"), _YEAR),
    "software": (("title",),),
    "techreport": (_ANYONE, ("title", "type"), _YEAR),
    "thesis": (("author",), ("title",), _YEAR),
    "unpublished": (("author",), ("title",), ("note",)),
    "xdata": (),
}
"""For each type of entry, the groups of fields of which it needs at least one each."""


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


@dataclass(frozen=True)
class Library:
    """Every reference of a project by its key, in the order of the files."""

    references: Mapping[str, Reference]


def read_library(root: Path, files: Sequence[str]) -> Library:
    """Read BibTeX files, named from the project's root.

    Raises ReportError with every problem of all files: a file that is missing or is not UTF-8,
    an entry that cannot be parsed, has no key, takes another's key, is of an unknown type or lacks
    a field that its type needs, a field that stands twice, a year or date that is none.
    """
    library, problems = survey_library(root, files)
    if problems:
        raise ReportError(problems)
    return library


KEEPS_ENTRY = frozenset({
    "access-date-is-a-date", "field-is-readable", "field-is-unique", "key-is-unique",
    "reference-has-fields", "reference-type-is-known", "year-is-a-year",
})  # fmt: skip
"""Rules that an entry may break and still be there, so that what cites it finds it."""


def survey_library(root: Path, files: Sequence[str]) -> tuple[Library, list[Problem]]:
    """Read BibTeX files as `read_library` does: the entries that can be read, and all problems."""
    problems: list[Problem] = []
    references: dict[str, Reference] = {}
    taken: dict[str, Reference] = {}
    for file in files:
        for found in _read_file(root, file):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            first = taken.setdefault(found.key.casefold(), found)
            if first is not found:
                problems.append(
                    Problem(
                        found.place,
                        "key-is-unique",
                        f"key '{found.key}' is taken already, in {first.place}",
                        "give one of the two another key, or delete it if they are one work",
                    )
                )
            references.setdefault(found.key, found)
    whole = {key: _inherited(found, references) for key, found in references.items()}
    for found in whole.values():
        problems += _form_problems(found, references)
    return Library(whole), problems


def _inherited(reference: Reference, others: Mapping[str, Reference], depth: int = 5) -> Reference:
    """The entry with what it takes over from those that `crossref` and `xdata` name."""
    fields, people, lines = dict(reference.fields), dict(reference.people), dict(reference.lines)
    for parent in reference.parents:
        if parent not in others or depth == 0:
            continue
        given = _inherited(others[parent], others, depth - 1)
        line = reference.lines.get("crossref", reference.lines.get("xdata", reference.place.line))
        for name, value in given.fields.items():
            if name in _NOT_INHERITED or (given.type != "xdata" and name == "title"):
                continue
            fields.setdefault(name, value)
            lines.setdefault(name, line)
        if given.type != "xdata" and "title" in given.fields:
            fields.setdefault("booktitle", given.fields["title"])
            lines.setdefault("booktitle", line)
        for role, names in given.people.items():
            people.setdefault(role, names)
            lines.setdefault(role, line)
    return replace(reference, fields=fields, people=people, lines=lines)


def display_name(reference: Reference) -> str:
    """Name a work as running text does: `Barlow and Scott (2010)`, `Weaver (n.d.)`.

    Works of one author and year are not told apart: letters belong to the printed list.
    """
    people = reference.people.get("author") or reference.people.get("editor") or ()
    names = [person.family for person in people]
    if not names:
        who = reference.fields.get("title", reference.key)
    elif len(names) < 3:
        who = " and ".join(names)
    else:
        who = f"{names[0]} et al."
    return f"{who} ({reference.year or 'n.d.'})"


# --- one file --------------------------------------------------------------------------------

_ENTRY = re.compile(r"@[ \t]*(?P<type>\w+)\s*[{(]")
_LINE_START = re.compile(r"^(?=[ \t]*@[ \t]*\w+\s*[{(])", re.MULTILINE)
_NO_KEY = re.compile(r"\s*([,})]|\w+\s*=|$)")


def _read_file(root: Path, file: str) -> Iterator[Reference | Problem]:
    try:
        text = (root / file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield problem("bibliography-parses", file, line, "is not UTF-8", "save the file as UTF-8")
        return
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        fix = "correct its name under 'bibliography' in _quarto.yml, or put the file there"
        yield problem("bibliography-exists", file, 0, f"cannot be read: {reason}", fix)
        return
    yield from _parsed(file, text)


# The checks run figure modules, some of which read the bibliography again.
@lru_cache(maxsize=4)
def _parsed(file: str, text: str) -> tuple[Reference | Problem, ...]:
    return tuple(_parse(file, text))


def _parse(file: str, text: str) -> Iterator[Reference | Problem]:
    """The entries one after another, wherever they stand: what lies between is comment to BibTeX
    and to pandoc. After one that cannot be read, the next that begins a line is looked for."""
    macros = dict(month_names)
    starts = [match.start() for match in _LINE_START.finditer(text)]
    head = _ENTRY.search(text)
    yield from _stray_text(file, text, 0, head.start() if head else len(text), "")
    while head:
        end = next((start for start in starts if start > head.start()), len(text))
        found, position = _read_entry(file, text[: max(end, head.end())], head, macros)
        head = _ENTRY.search(text, position)
        name = next((f"entry '{it.key}'" for it in found if isinstance(it, Reference)), "")
        # An entry that ended too early lacks what is left over, which would be told of it too.
        left = _stray_text(file, text, position, head.start() if head else len(text), name)
        yield from list(left) or found


def _read_entry(
    file: str, text: str, head: re.Match[str], macros: dict[str, str]
) -> tuple[list[Reference | Problem], int]:
    """What an entry holds, and where in the text it ends."""
    line = text.count("\n", 0, head.start()) + 1
    kind = head["type"].lower()
    if kind == "comment":
        return [], head.end()
    plain_entry = kind not in ("string", "preamble")
    if plain_entry and _NO_KEY.match(text, head.end()):
        fix = f"write '@{head['type']}{{author_year,' with a key of your own"
        message = f"@{kind} entry has no key"
        return [problem("reference-has-key", file, line, message, fix)], len(text)
    parser = _EntryParser(text[head.start() :], line, macros)
    parsed = next(iter(parser), None)
    what = f"entry '{parser.current_entry_key}'" if plain_entry else f"@{kind}"
    if parser.errors:
        return [_syntax_problem(file, parser, error, what) for error in parser.errors], len(text)
    end = head.start() + parser.pos
    if not plain_entry or parsed is None:
        return [], end
    key, fields = parsed[1]
    written = [(name.lower(), "".join(parts)) for name, parts in fields]
    return list(_to_reference(kind, key, written, parser.field_lines, Place(file, line))), end


class _EntryParser(LowLevelParser):  # type: ignore[misc, unused-ignore]
    """pybtex's parser, for the text of one entry; keeps the line of every field and all errors."""

    def __init__(self, text: str, line: int, macros: dict[str, str]) -> None:
        super().__init__(text, macros=macros)
        self.lineno = self.entry_line = line
        self.field_lines: list[int] = []
        self.errors: list[PybtexError] = []

    def parse_value(self) -> None:
        self.field_lines.append(self.lineno)
        super().parse_value()

    def handle_error(self, error: PybtexError) -> None:
        self.errors.append(error)


def _syntax_problem(file: str, parser: _EntryParser, error: PybtexError, what: str) -> Problem:
    field = f" field '{parser.current_field_name}'" if parser.current_field_name else " its head"
    line = parser.field_lines[-1] if parser.field_lines else parser.entry_line
    if isinstance(error, PrematureEOF) or error.args[0] == "unbalanced braces":
        message = f"{what} does not end: a brace or quotation mark is missing in or after{field}"
        fix = "close every '{' and '\"' that is opened"
    elif isinstance(error, UndefinedMacro):
        line = error.lineno
        message = f"{what}: a value without braces is neither a number nor a known abbreviation"
        fix = "put the value in braces"
    else:
        line = error.lineno
        message = f"{what} cannot be read after{field}: {error.args[0]}"
        fix = "end every field but the last with a comma, and give each as name = {value}"
    return problem("bibliography-parses", file, line, message, fix)


def _stray_text(file: str, text: str, start: int, end: int, after: str) -> Iterator[Problem]:
    """Find what is left of an entry that ended too early; other text between entries is comment."""
    line = text.count("\n", 0, start) + 1
    for offset, content in enumerate(text[start:end].split("\n")):
        if _LEFT_OVER.search(content) and not content.lstrip().startswith("%"):
            where = f"after the end of {after}" if after else "before any entry"
            message = f"text {where} belongs to no entry"
            fix = "remove the closing brace too many above it, or open the line with '%'"
            yield problem("bibliography-parses", file, line + offset, message, fix)
            return


_LEFT_OVER = re.compile(r"[{}]|^\s*,|^\s*\w+\s*=\s*[\"{\w]")


# --- one entry -------------------------------------------------------------------------------


def _to_reference(
    kind: str, key: str, written: list[tuple[str, str]], field_lines: list[int], place: Place
) -> Iterator[Reference | Problem]:
    fields: dict[str, str] = {}
    people: dict[str, tuple[Person, ...]] = {}
    lines: dict[str, int] = {}
    for (name, value), line in zip(written, field_lines, strict=True):
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
    yield Reference(key, _ALIASES.get(kind, kind), fields, people, place, lines)


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


def _form_problems(found: Reference, others: Mapping[str, Reference]) -> Iterator[Problem]:
    kind, key, place, lines, fields = found.type, found.key, found.place, found.lines, found.fields
    for parent in found.parents:
        if parent not in others:
            line = lines.get("crossref", lines.get("xdata", place.line))
            message = f"entry '{key}' takes over from '{parent}', which no file has"
            fix = nearest(parent, others) or "add that entry, or take the field out"
            yield Problem(Place(place.file, line), "reference-has-fields", message, fix)
            return
    if kind not in REQUIRED:
        known = ", ".join(REQUIRED)
        fix = nearest(kind, REQUIRED) or f"use one of {known}"
        message = f"entry '{key}' is of an unknown type, @{kind}"
        yield Problem(place, "reference-type-is-known", message, fix)
    for group in REQUIRED.get(kind, ()):
        # an empty value counts as missing; names are not among `fields`
        if not any(fields.get(name) or (name in NAME_FIELDS and name in lines) for name in group):
            names = " or ".join(f"'{name}'" for name in group)
            message = f"entry '{key}' lacks the field {names}, which @{kind} needs"
            fix = "add it, or choose the type that fits what the source gives"
            yield Problem(place, "reference-has-fields", message, fix)
    year = fields.get("year", "")
    if year and not re.fullmatch(r"\d{4}", year):
        message = f"entry '{key}' has the year '{year}'"
        fix = "give four digits, or leave the field out for an undated work"
        yield Problem(Place(place.file, lines["year"]), "year-is-a-year", message, fix)
    accessed = fields.get("urldate", "")
    if accessed and not _is_iso_date(accessed):
        message = f"entry '{key}' has the access date '{accessed}'"
        fix = "write it as urldate = {2010-09-08}"
        yield Problem(Place(place.file, lines["urldate"]), "access-date-is-a-date", message, fix)


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


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
