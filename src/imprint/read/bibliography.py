"""The bibliography: files in, a `Library` of `Reference` with the line of everything out.

What authors typed in BibTeX is validated here, with its lines; what is printed of a work, and all
of other bibliographies, is what pandoc has read (csl.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from imprint.core.files import EncodingError, decoded, plain_lines, read_file
from imprint.core.problems import Place, Problem, nearest, problem
from imprint.read.bibtex import parse
from imprint.read.csl import PLAIN_STYLE, Csl, CslWork, NameStyle, is_bibtex, read_csl
from imprint.read.names import NAME_FIELDS
from imprint.read.references import ENTRY_TYPES, Reference, to_reference

_NOT_INHERITED = ("crossref", "xdata", "options", "keywords", "ids", "file")

NOTHING_WRITTEN: Mapping[str, Any] = {}

REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    kind: tuple(tuple(group.split()) for group in groups)
    for kind, groups in ENTRY_TYPES["needs"].items()
}
"""For each type of entry, the groups of fields of which it needs at least one each."""


@dataclass(frozen=True)
class Library:
    """Every reference of a project by its key, in the order of the files."""

    references: Mapping[str, Reference]
    csl: str = ""
    """The works as citeproc takes them: a document in pandoc's JSON."""


KEEPS_ENTRY = frozenset({
    "access-date-is-a-date", "field-is-readable", "field-is-unique", "name-is-readable",
    "reference-has-fields", "reference-key-is-unique", "reference-type-is-known", "year-is-a-year",
})  # fmt: skip
"""Rules that an entry may break and still be there, so that what cites it finds it."""


def read_library(
    root: Path,
    files: Sequence[str],
    style: NameStyle = PLAIN_STYLE,
    written: Mapping[str, Any] = NOTHING_WRITTEN,
) -> tuple[Library, list[Problem]]:
    """Read bibliographies, named from the project's root, and the works that files have under
    `references:`: the entries that can be read, of those with one key the last, and all problems.

    Those are a file that is missing or is not UTF-8 or that pandoc cannot read, and of BibTeX an
    entry that cannot be parsed, has no key, takes another's key, is of an unknown type or lacks a
    field that its type needs, a field that stands twice, a year or date that is none.
    """
    problems: list[Problem] = []
    references: dict[str, Reference] = {}
    taken: dict[str, Reference] = {}
    texts: dict[str, str] = {}
    for file in files:
        text = _text(root, file)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        texts[file] = text
        for found in _parsed(file, text) if is_bibtex(file) else ():
            if isinstance(found, Problem):
                problems.append(found)
                continue
            first = taken.setdefault(found.key.casefold(), found)
            if first is not found:
                problems.append(
                    Problem(
                        found.place,
                        "reference-key-is-unique",
                        f"key '{found.key}' is taken already, in {first.place}",
                        "give one of the two another key, or delete it if they are one work",
                    )
                )
            references[found.key] = found
    whole = {key: _inherited(found, references) for key, found in references.items()}
    for found in whole.values():
        problems += _form_problems(found, references)
    # pandoc stops at what it cannot read, and never ends with entries that take over in a circle.
    endless = any(takes_from_itself(found, references) for found in whole.values())
    if endless or any(found.code not in KEEPS_ENTRY for found in problems):
        return Library(whole), problems
    csl, refused = read_csl(root, {**texts, **_as_metadata(texts, written)}, style)
    works = {key: _as_printed(found, csl) for key, found in whole.items()}
    for key, work in csl.works.items():
        if not is_bibtex(work.file):
            works[key] = _from_csl(key, work, texts.get(work.file, ""))
    return Library(works, csl.references), problems + refused


def _as_metadata(texts: Mapping[str, str], written: Mapping[str, Any]) -> dict[str, str]:
    """Works in YAML, and those under `references:`, as metadata of a text in Markdown."""
    found = {
        file: f"---\n{_YAML_END.sub('', text)}\n---\n"
        for file, text in texts.items()
        if file.lower().endswith((".yaml", ".yml"))
    }
    for file, works in written.items():
        in_json = json.dumps({"references": works}, ensure_ascii=False, default=str)
        found[file] = f"---\n{in_json}\n---\n"
    return found


_YAML_END = re.compile(r"\A\s*---[ \t]*\n|\n(?:---|\.\.\.)\s*\Z")


def _from_csl(key: str, work: CslWork, text: str) -> Reference:
    """A work of which pandoc alone has read what was typed, with the line that names its key."""
    named = re.compile(rf"(?:\bid\b[\"']?\s*:|\bID\s+-)\s*[\"']?{re.escape(key)}(?![\w:.-])")
    line = next((i for i, it in enumerate(text.split("\n"), 1) if named.search(it)), 0)
    fields = {name.lower(): value for name, value in work.printed.items() if name != "id"}
    place = Place(work.file, line)
    lines = dict.fromkeys((*fields, *work.people), line)
    return Reference(key, fields.pop("type", ""), fields, {}, place, lines, work)


def _as_printed(found: Reference, csl: Csl) -> Reference:
    work = csl.works.get(found.key, found.csl)
    lines = {**dict.fromkeys(work.people, found.place.line), **found.lines}
    return replace(found, csl=work, lines=lines)


def _inherited(reference: Reference, others: Mapping[str, Reference], depth: int = 5) -> Reference:
    """The entry with what it takes over from those that `crossref` and `xdata` name."""
    fields, lines = dict(reference.fields), dict(reference.lines)
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
        for role in given.typed_names:
            lines.setdefault(role, line)
    return replace(reference, fields=fields, lines=lines)


def takes_from_itself(reference: Reference, others: Mapping[str, Reference]) -> bool:
    """Whether the entries that it takes over from lead back to it, which pandoc never ends."""
    seen: set[str] = set()
    waiting = list(reference.parents)
    while waiting:
        key = waiting.pop()
        if key == reference.key:
            return True
        if key not in seen and key in others:
            seen.add(key)
            waiting += others[key].parents
    return False


# --- one file --------------------------------------------------------------------------------


def _text(root: Path, file: str) -> str | Problem:
    """Its text, in the one form in which Unicode has equal words equal."""
    try:
        return normalize("NFC", plain_lines(decoded(read_file(root / file))))
    except EncodingError as error:
        return problem("bibliography-parses", file, error.line, str(error), error.fix)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        fix = "correct its name under 'bibliography' in _quarto.yml, or put the file there"
        return problem("bibliography-exists", file, 0, f"cannot be read: {reason}", fix)


# The checks run figure modules, some of which read the bibliography again.
@lru_cache(maxsize=4)
def _parsed(file: str, text: str) -> tuple[Reference | Problem, ...]:
    """The references of a file's text, and what is wrong with it."""
    found: list[Reference | Problem] = []
    for entry in parse(file, text):
        found += [entry] if isinstance(entry, Problem) else to_reference(entry)
    return tuple(found)


# --- one entry -------------------------------------------------------------------------------


def _form_problems(found: Reference, others: Mapping[str, Reference]) -> Iterator[Problem]:
    kind, key, place, lines, fields = found.type, found.key, found.place, found.lines, found.fields
    if fault := _parent_fault(found, others):
        line = lines.get("crossref", lines.get("xdata", place.line))
        message = f"entry '{key}' takes over from {fault[0]}"
        yield Problem(Place(place.file, line), "reference-has-fields", message, fault[1])
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


def _parent_fault(found: Reference, others: Mapping[str, Reference]) -> tuple[str, str] | None:
    """From what an entry cannot take over, and how to put it right."""
    for parent in found.parents:
        if parent not in others:
            fix = nearest(parent, others) or "add that entry, or take the field out"
            return f"'{parent}', which no file has", fix
        if (elsewhere := others[parent].place).file != found.place.file:
            fix = "move one of the two: pandoc looks for it in the entry's own file"
            return f"'{parent}', which stands in {elsewhere}", fix
    if takes_from_itself(found, others):
        fix = "take `crossref` or `xdata` out of one of them"
        return f"itself, by way of '{found.parents[0]}'", fix
    return None


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
