"""An entry of a BibTeX file -> `Reference`: its fields as typed, in plain text, with lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pybtex.exceptions import PybtexError
from pybtex.richtext import Text as LatexText

from imprint.core.problems import Place, Problem
from imprint.read.bibtex import BibtexEntry
from imprint.read.csl import CslWork
from imprint.read.names import NAME_FIELDS, Person, name_faults, outside_braces

LONGEST_VALUE = 20_000
"""Characters of a field's value: more than any abstract has."""


VERBATIM_FIELDS = ("url", "doi", "isbn", "file", "crossref", "xdata")


_LISTS = ("publisher", "address", "location", "institution", "organization", "school")
"""Fields in which BibLaTeX, and so pandoc, takes `and` to divide two names."""


ENTRY_TYPES: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("entry_types.toml").read_text(encoding="utf-8")
)
_ALIASES: Mapping[str, str] = ENTRY_TYPES["same-as"]


@dataclass(frozen=True)
class Reference:
    """One work cited: one entry of a BibTeX file."""

    key: str
    type: str
    """Type of the entry in lower case: `report`, `article`, …"""
    fields: Mapping[str, str]
    """Values by field name in lower case, as typed, in plain text; names left out."""
    typed_names: Mapping[str, str]
    """The same of the fields that hold names."""
    place: Place
    lines: Mapping[str, int]
    """Line of each field, names among them."""
    csl: CslWork
    """The work as pandoc has read it, which is what is printed of it."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Keys of the entries from which it takes over what it does not give itself."""
        named = f"{self.fields.get('crossref', '')},{self.fields.get('xdata', '')}"
        return tuple(key.strip() for key in named.split(",") if key.strip())

    @property
    def name(self) -> str:
        """As citations in running text name it: `van der Berg and Scott (2010a)`."""
        return self.csl.name

    @property
    def people(self) -> Mapping[str, tuple[Person, ...]]:
        """Persons by role: `author`, `editor`, `translator`."""
        return self.csl.people

    @property
    def year(self) -> str:
        """Year of publication, or an empty string for an undated work."""
        return self.csl.year


def to_reference(entry: BibtexEntry) -> Iterator[Reference | Problem]:
    key, place = entry.key, entry.place
    fields: dict[str, str] = {}
    names: dict[str, str] = {}
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
        faults = name_faults(value) if name in NAME_FIELDS else _field_faults(name, value)
        for said, effect, fix in faults:
            code = "name-is-readable" if name in NAME_FIELDS else "field-is-readable"
            yield Problem(where, code, f"entry '{key}' {said} in '{name}', {effect}", fix)
        try:
            kept = names if name in NAME_FIELDS else fields
            kept[name] = _bare(value) if name in VERBATIM_FIELDS else _plain(value)
        except RecursionError:
            message = f"entry '{key}' has too many braces within each other in '{name}'"
            fix = "take out those that do nothing; the file may be damaged"
            yield Problem(where, "bibliography-parses", message, fix)
    kind = _ALIASES.get(entry.type, entry.type)
    yield Reference(key, kind, fields, names, place, lines, CslWork(key))


def _field_faults(name: str, value: str) -> Iterator[tuple[str, str, str]]:
    """What a field has that is printed otherwise than was meant, what comes of it, and the fix."""
    if name in ("url", "doi") and _bare(value) != value:
        yield "has LaTeX", "which is printed as it stands", f"write {name} = {{{_bare(value)}}}"
    elif name in _LISTS and re.search(r"\sand\s", outside_braces(value)):
        fix = "write `{and}`, or put the whole value in a second pair of braces"
        yield "has 'and'", "which divides it in two: `A; B` is printed", fix
    elif name in (*_TITLES, *_LISTS, "note", "howpublished") and _PERCENT.search(value):
        yield "has '%'", "which begins a comment: what follows is not printed", r"write `\%`"
    elif name in _TITLES and (tag := _HTML.search(value)):
        fix = r"write LaTeX: `\emph{…}`, `\textsubscript{…}`, `\&`"
        yield f"has '{tag[0]}'", "which is printed as it stands", fix


_TITLES = ("title", "subtitle", "booktitle", "journal", "journaltitle", "publisher", "series")
_PERCENT = re.compile(r"(?<!\\)(?:\\\\)*%")
_HTML = re.compile(r"</?(?:i|b|em|sub|sup|strong|span|scp|p|br)\b[^<>]*>|&(?:amp|lt|gt|quot|#\d+);")


def _bare(value: str) -> str:
    """An address without LaTeX's dress: `{…}` and `\\url{…}` around it, backslashes in it."""
    inner = value
    while found := re.fullmatch(r"(?:\\url\s*)?\{([^{}]*)\}", inner):
        inner = found[1].strip()
    return re.sub(r"\\([_%&#~$^{}])", r"\1", inner)


@lru_cache(maxsize=4096)
def _plain(value: str) -> str:
    """The value as a reader sees it: no braces that protect capitals, no LaTeX commands. One that
    pybtex cannot read, as pandoc may, stays as it is typed."""
    text = value[1:-1] if value[:1] == "{" and value[-1:] == "}" else value
    if _MEANS_ITSELF.fullmatch(text):
        return text
    text = _DOTLESS.sub(r"\1\2\3", value.replace(r"\{", _OPENING).replace(r"\}", _CLOSING))
    try:
        text = str(LatexText.from_latex(_STYLED.sub("", text)))
    except (PybtexError, ValueError):
        return value
    return text.replace(_OPENING, "{").replace(_CLOSING, "}")


_OPENING, _CLOSING = "\ue020", "\ue021"
"""Stand for braces that are printed, which pybtex takes for its own."""


_MEANS_ITSELF = re.compile(r"(?! )(?:[^\W_]|[.:;()/?!+–’]|,(?!,)|-(?!-)|(?<! ) )*")
"""Text in which nothing is LaTeX's."""


_STYLED = re.compile(r"\\(?:href\s*\{[^{}]*\}|(?:emph|url|underline|text\w+)\s*(?=\{))")


_DOTLESS = re.compile(r"(\\[`'^\"~=])\s*(?:\{\\([ij])\s*\}|\\([ij])(?![A-Za-z]))")
"""An accent on a letter without a dot, of which pybtex makes two signs."""
