"""Tables, text and bibliography agree on the title, the ISBN and the order of authors of a work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imprint.check.composed import ComposedReport
from imprint.check.prose.printed import field_place
from imprint.check.rules.works.duplicates import bare_title
from imprint.check.rules.works.identifiers import comparable
from imprint.check.table_rows import read_tables, table_rows
from imprint.core.problems import Place, Problem
from imprint.read.references import Reference

CHANGED = 2
"""Digits by which two ISBN may differ and be meant for one: a slip of one, or two turned round."""
_ISBN = re.compile(r"\b97[89](?:[\s–-]?\d){10}\b")


def check_agreement(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every table that gives a work another title or ISBN than its entry
    (`register-fits-entry`), every ISBN of the text that is almost that of an entry
    (`isbn-is-known`), and every entry whose authors stand in another order than the table of names
    has them (`author-has-one-name`)."""
    works = list(report.library.references.values()) if report.library else []
    with_isbn = {comparable("isbn", it.fields["isbn"]): it for it in works if it.fields.get("isbn")}
    yield from _tables(report, works, with_isbn)
    yield from _text(report, with_isbn)
    yield from _orders(report, works)


def _tables(
    report: ComposedReport, works: list[Reference], with_isbn: dict[str, Reference]
) -> Iterator[Problem]:
    titled = {bare_title(it.fields["title"]): it for it in works if it.fields.get("title")}
    for filled in read_tables(report).values():
        if not {"title", "isbn"} <= set(filled.columns):
            continue
        for row in filled.rows:
            isbn = comparable("isbn", str(row.get("isbn") or ""))
            title = bare_title(str(row.get("title") or ""))
            place = Place(filled.table.file, row.line)
            one, other = with_isbn.get(isbn), titled.get(title)
            if one and title and bare_title(one.fields.get("title", "")) != title:
                yield from _both(place, one, "title")
            elif other and isbn and other.fields.get("isbn") and one is None:
                yield from _both(place, other, "ISBN")


def _both(place: Place, work: Reference, what: str) -> Iterator[Problem]:
    """A contradiction, told at both ends: neither is known to be right."""
    entry = field_place(work, what.lower())
    fix = f"look the {what} up, and give the same in both"
    message = f"the work of this row has another {what} than its entry '{work.key}' ({entry})"
    yield Problem(place, "register-fits-entry", message, fix)
    message = f"'{work.key}' has another {what} than its row at {place}"
    yield Problem(entry, "register-fits-entry", message, fix)


def _text(report: ComposedReport, with_isbn: dict[str, Reference]) -> Iterator[Problem]:
    for paragraph in report.printed():
        for found in _ISBN.finditer(paragraph.text):
            isbn = comparable("isbn", found[0])
            near = [
                work
                for known, work in with_isbn.items()
                if len(known) == len(isbn)
                and 0 < sum(a != b for a, b in zip(known, isbn, strict=True)) <= CHANGED
            ]
            place = paragraph.place(found.start())
            if isbn in with_isbn or len(near) != 1 or "data/" in place.file:
                continue
            yield from _isbn(place, near[0], found[0])


def _isbn(place: Place, work: Reference, said: str) -> Iterator[Problem]:
    entry = field_place(work, "isbn")
    fix = "look the ISBN up, and give the same in both"
    message = f"ISBN {said} is almost {work.fields['isbn']} of '{work.key}' ({entry})"
    yield Problem(place, "isbn-is-known", message, fix)
    message = f"ISBN {work.fields['isbn']} is almost {said} at {place}"
    yield Problem(entry, "isbn-is-known", message, fix)


def _orders(report: ComposedReport, works: list[Reference]) -> Iterator[Problem]:
    kept = report.settings.tables.names
    pairs = {
        tuple(str(row.get("canonical")).split(" and "))
        for row in table_rows(report, kept)
        if " and " in str(row.get("canonical") or "") and row.get("kind") == "person"
    }
    for work in works:
        for field in ("author", "editor"):
            names = tuple(person.family for person in work.people.get(field, ()))
            if len(names) > 1 and names not in pairs and names[::-1] in pairs:
                meant = " and ".join(names[::-1])
                file = read_tables(report)[kept].table.file
                message = f"'{' and '.join(names)}' are '{meant}' in {file}"
                yield Problem(
                    field_place(work, field),
                    "author-has-one-name",
                    message,
                    "name them in one order",
                )
