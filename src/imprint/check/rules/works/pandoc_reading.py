"""The bibliography as pandoc reads it: what it would leave out, before anything prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from imprint.check.prose.printed import field_place
from imprint.core.problems import Problem
from imprint.read.references import Reference
from imprint.read.report import Report

_PRINTED = ("title", "subtitle", "journal", "journaltitle", "publisher")
"""Fields that pandoc hands to every style, whatever a work's type."""
_PART = ("incollection", "inproceedings")
_SYNTAX = re.compile(r"\band\b|\bothers\b|\b\w+\s*=")
"""Words between names and before their parts."""


def check_pandoc_reading(report: Report) -> Iterator[Problem]:
    """Fields of which pandoc, which prints all works, would leave out words
    (`field-is-readable`)."""
    for reference in report.library.references.values() if report.library else ():
        if reference.csl.printed:
            yield from _left_out(reference)


def _left_out(reference: Reference) -> Iterator[Problem]:
    """Words of a field that stand nowhere in the work as pandoc has read it."""
    read = reference.csl
    people = (person for named in read.people.values() for person in named)
    parts = (part for it in people for part in (it.given, it.family, it.suffix))
    printed = _words(" ".join((*read.printed.values(), *parts)))
    fields = (*_PRINTED, "booktitle") if reference.type in _PART else _PRINTED
    written = {field: reference.fields.get(field, "") for field in fields}
    for role, typed in reference.typed_names.items():
        written[role] = _SYNTAX.sub(" ", typed)
    for field, value in written.items():
        lost = [word for word in _words(value) if word not in printed]
        if not lost or (reference.parents and field in ("booktitle", "publisher")):
            continue
        words = f"the list of works would lack '{' '.join(lost[:6])}'"
        message = f"entry '{reference.key}', field '{field}': {words}"
        fix = r"write letters as they are, `\&`, `\$` and `\#`, and no commands of packages"
        yield Problem(field_place(reference, field), "field-is-readable", message, fix)


def _words(text: str) -> dict[str, None]:
    """The words of a text in their order, without accents; LaTeX's commands and maths left out."""
    plain = normalize("NFKD", re.sub(r"\\[A-Za-z]+", " ", text)).casefold().replace("\u0131", "i")
    plain = re.sub(r" ?[\u0300-\u036f]", "", plain)
    return dict.fromkeys(re.findall(r"[^\W_\u0370-\u03ff]{2,}", plain))
