"""Works as citeproc takes them (CSL-JSON) -> RIS, for reference managers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TYPES = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "book": "BOOK", "chapter": "CHAP", "dataset": "DATA", "legislation": "STAT",
    "legal_case": "CASE", "paper-conference": "CONF", "report": "RPRT", "software": "COMP",
    "thesis": "THES", "webpage": "ELEC", "post-weblog": "BLOG", "manuscript": "UNPB",
}  # fmt: skip
_NAMES = {"author": "AU", "editor": "ED", "translator": "A4", "collection-editor": "A3"}
_FIELDS = {
    "title": "TI", "container-title": "T2", "collection-title": "T3", "volume": "VL",
    "issue": "IS", "edition": "ET", "publisher": "PB", "publisher-place": "CY", "DOI": "DO",
    "ISBN": "SN", "ISSN": "SN", "URL": "UR", "abstract": "AB", "language": "LA", "note": "N1",
    "number": "M1", "genre": "M3",
}  # fmt: skip


def ris(works: Sequence[Mapping[str, Any]]) -> str:
    """All works, one record each, lines ended as the format asks."""
    return "".join(f"{line}\r\n" for work in works for line in _record(work))


def _record(work: Mapping[str, Any]) -> Iterator[str]:
    yield f"TY  - {_TYPES.get(work.get('type', ''), 'GEN')}"
    yield f"ID  - {work['id']}"
    for role, tag in _NAMES.items():
        for person in work.get(role, ()):
            yield f"{tag}  - {_name(person)}"
    year, *rest = _date(work.get("issued"))
    if year:
        yield f"PY  - {year}"
        yield f"DA  - {'/'.join([year, *rest, '', ''][:3])}/"
    for field, tag in _FIELDS.items():
        if work.get(field):
            yield f"{tag}  - {_line(work[field])}"
    first, _, last = str(work.get("page", "")).replace("–", "-").partition("-")
    if first:
        yield f"SP  - {first}"
    if last:
        yield f"EP  - {last}"
    yield from ("ER  - ", "")


def _name(person: Mapping[str, str]) -> str:
    if "literal" in person:
        return _line(person["literal"])
    particles = (person.get("dropping-particle"), person.get("non-dropping-particle"))
    family = " ".join(filter(None, (*particles, person.get("family"))))
    return _line(", ".join(filter(None, (family, person.get("given"), person.get("suffix")))))


def _date(issued: Mapping[str, Any] | None) -> list[str]:
    """Year, month and day as far as they are known; an empty year of an undated work."""
    parts = ((issued or {}).get("date-parts") or [[]])[0]
    return [str(part).zfill(2) for part in parts] or [""]


def _line(value: object) -> str:
    return " ".join(str(value).split())
