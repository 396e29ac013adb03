"""The bibliography: every work stands once, is complete, distinct from its neighbours, and used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from imprint.check.composed import ComposedReport
from imprint.check.prose.printed import field_place
from imprint.check.rules.works.citations import wrong_pages
from imprint.check.rules.works.duplicates import IDENTIFIERS, bare_title, duplicates
from imprint.check.rules.works.identifiers import (
    date_fault,
    doi_fault,
    isbn_fault,
    issn_fault,
    url_fault,
)
from imprint.check.table_rows import TableRows, read_tables
from imprint.core.problems import Place, Problem, problem
from imprint.read.bibliography import Library
from imprint.read.references import Reference
from imprint.read.report import Report

FAULTS: dict[str, Callable[[str], str]] = {
    "isbn": isbn_fault,
    "issn": issn_fault,
    "doi": doi_fault,
    "url": url_fault,
    "urldate": date_fault,
    "date": date_fault,
}
"""Fields of entries and columns of tables whose form is checked, wherever they stand."""
_DATES = ("period", "start", "end")
"""Columns of tables that hold dates."""
PUBLISHED = ("book", "incollection", "inproceedings", "proceedings", "report", "techreport")
_PUBLISHER = ("publisher", "institution", "organization", "organisation", "school")


def check_bibliography(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every entry that readers could not tell, find or follow.

    One work under two keys (`work-is-listed-once`), works of one author and year without an order
    (`works-are-told-apart`), no publisher (`work-has-publisher`), malformed identifiers in entries,
    tables and text (`isbn-is-valid`, `issn-is-valid`, `doi-is-valid`, `url-is-valid`,
    `date-is-valid`), addresses that tell of another title (`url-fits-title`) or do not say when
    they were read (`url-has-access-date`), page ranges that run backwards (`pages-are-in-order`,
    `locator-is-in-order`), articles without a volume (`article-has-volume`), works read before they
    came out (`access-follows-year`) or after the report (`date-has-passed`), years that the key
    contradicts (`year-fits-key`), and entries that nothing cites (`reference-is-used`).
    """
    tables = read_tables(report).values()
    yield from _identifiers_in_tables(report, tables)
    yield from _isbns_in_text(report)
    library = report.library
    if library is None:
        return
    yield from duplicates(library)
    yield from _twins(library)
    ends = _dated(report)
    for reference in library.references.values():
        yield from _form_problems(reference)
        yield from _time_problems(reference, ends)
        yield from _access_problems(reference)
        yield from _publisher_problems(reference)
        yield from _title_problems(reference)
    if report.is_known:
        yield from _unused(report, library, tables)


# --- one work under two keys -----------------------------------------------------------------


def _twins(library: Library) -> Iterator[Problem]:
    """Works of one author and year whose letters (2010a, 2010b) nothing fixes."""
    groups: defaultdict[tuple[str, str], list[Reference]] = defaultdict(list)
    for reference in library.references.values():
        people = reference.people.get("author") or reference.people.get("editor") or ()
        names = "; ".join(f"{person.family}, {person.given[:1]}" for person in people)
        if names:
            groups[names, reference.year].append(reference)
    for (_, year), group in groups.items():
        places: dict[str, Reference] = {}
        for reference in group if len(group) > 1 else ():
            order = reference.fields.get("keywords", "")
            first = places.setdefault(order, reference)
            if not year or not order or first is not reference:
                others = ", ".join(other.key for other in group if other is not reference)
                message = f"'{reference.key}' has the author and year of {others}, and no place"
                fix = "give each `keywords = {1}`, `{2}`, … in the order of their letters"
                if not year:
                    message = f"'{reference.key}' and {others} have one author and no year"
                    fix = "give the years, or tell the authors apart"
                yield Problem(reference.place, "works-are-told-apart", message, fix)


# --- one entry -------------------------------------------------------------------------------


def _form_problems(reference: Reference) -> Iterator[Problem]:
    def wrong(code: str, field: str, message: str, fix: str) -> Problem:
        message = f"entry '{reference.key}': {message}"
        return Problem(field_place(reference, field), code, message, fix)

    fields = reference.fields
    for field, fault in FAULTS.items():
        value = fields.get(field, "")
        # The reader of the bibliography tells a wrong `urldate`.
        said = fault(value) if value and field != "urldate" else ""
        if said:
            code = f"{'date' if 'date' in field else field}-is-valid"
            fix = "look it up again; an address that is shortened in print goes into `note`"
            yield wrong(code, field, f"the {field} '{value}' is wrong: {said}", fix)
    span = [int(number) for number in re.findall(r"\d+", fields.get("pages", ""))]
    if span != sorted(span):
        message = f"the pages {fields['pages']} run backwards"
        yield wrong("pages-are-in-order", "pages", message, "write the first page first")
    read, year = fields.get("urldate", "")[:4], reference.year
    if read.isdecimal() and year.isdecimal() and int(read) < int(year):
        message = f"it was read in {read} and came out in {year}"
        yield wrong("access-follows-year", "urldate", message, "fix one of the two years")


def _dated(report: Report) -> str:
    """The latest date, in ISO 8601, that the publications bear; empty where none has one."""
    dates = []
    for publication in report.project.publications:
        book = publication.metadata.get("book")
        own = [publication.metadata, *([book] if isinstance(book, Mapping) else [])]
        dates += [str(found.get("date", "")) for found in own]
    return max((said for said in dates if re.fullmatch(r"\d{4}-\d\d-\d\d", said)), default="")


def _time_problems(reference: Reference, ends: str) -> Iterator[Problem]:
    """Years and dates that lie after the report's own, and years that the key contradicts."""
    for field in ("year", "date", "urldate"):
        said = reference.fields.get(field, "")
        if ends and re.match(r"\d{4}", said) and said > ends[: len(said)]:
            message = (
                f"entry '{reference.key}' has the {field} '{said}', and the report is of {ends}"
            )
            place = field_place(reference, field)
            yield Problem(place, "date-has-passed", message, f"look the {field} up again")
    named = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", reference.key)
    if named and reference.year and named[1] != reference.year:
        message = f"the key '{reference.key}' names another year than the entry, {reference.year}"
        place = field_place(reference, "year" if "year" in reference.lines else "date")
        fix = "fix the year, or the key here and wherever it is cited"
        yield Problem(place, "year-fits-key", message, fix)


def _access_problems(reference: Reference) -> Iterator[Problem]:
    """An address and the day on which it was read go together; an article has its volume."""
    fields = reference.fields
    if fields.get("url") and not fields.get("urldate"):
        message = f"entry '{reference.key}' has an address and no day on which it was read"
        fix = "add `urldate = {2010-09-08}`"
        yield Problem(field_place(reference, "url"), "url-has-access-date", message, fix)
    if fields.get("urldate") and not any(fields.get(name) for name in ("url", "doi", "note")):
        message = f"entry '{reference.key}' was read on {fields['urldate']}, and nothing says where"
        fix = "add `url`, or its shortened form in `note`"
        yield Problem(field_place(reference, "urldate"), "url-has-access-date", message, fix)
    journal = fields.get("journal") or fields.get("journaltitle")
    elsewhere = any(fields.get(name) for name in ("volume", "url", "doi"))
    if reference.type == "article" and journal and not elsewhere:
        message = f"the article '{reference.key}' has neither a volume nor an address"
        fix = "add them, or say above the entry why not: `% allow article-has-volume: …`"
        yield Problem(reference.place, "article-has-volume", message, fix)


def _publisher_problems(reference: Reference) -> Iterator[Problem]:
    if reference.type in PUBLISHED and not any(reference.fields.get(name) for name in _PUBLISHER):
        if reference.fields.get("note", "").startswith("Cited in"):
            return
        message = f"entry '{reference.key}' names no publisher"
        fix = "add it, or say above the entry why not: `% allow work-has-publisher: …`"
        yield Problem(reference.place, "work-has-publisher", message, fix)


_SLUG = re.compile(r"/([a-z]+(?:-[a-z0-9]+){3,})(?:\.\w+)?/?\Z", re.IGNORECASE)
_SMALL = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to"))


_SERIES = re.compile(r"(?<![A-Z])([A-Z]{2,5})[\s_-]?(\d{2,5})(?!\d)")


def _series_problems(reference: Reference) -> Iterator[Problem]:
    """`HC 303` in the title or number, and `HC-330` in the address."""
    told = dict(_SERIES.findall(reference.fields.get("url", "")))
    for field in ("title", "number"):
        for series, number in _SERIES.findall(reference.fields.get(field, "")):
            if told.get(series, number) != number:
                message = (
                    f"the {field} of '{reference.key}' has {series} {number}, its address "
                    f"{series} {told[series]}"
                )
                fix = "look both up again, or say above the entry why they differ"
                yield Problem(field_place(reference, field), "url-fits-title", message, fix)


def _title_problems(reference: Reference) -> Iterator[Problem]:
    yield from _series_problems(reference)
    slug = _SLUG.search(reference.fields.get("url", ""))
    if not slug:
        return
    told = set(slug[1].casefold().split("-")) - _SMALL
    title = set(bare_title(reference.fields.get("title", "")).split())
    numbers = [{word for word in words if word.isdecimal()} for words in (told, title)]
    # An address seldom has all words of a title, but never another year or volume.
    is_other_volume = all(numbers) and not numbers[0] & numbers[1]
    if len(told) >= 3 and (len(told & title) * 2 < len(told) or is_other_volume):
        message = f"the address of '{reference.key}' tells of another title: {slug[1]}"
        fix = "look both up again, or say above the entry why they differ"
        yield Problem(field_place(reference, "url"), "url-fits-title", message, fix)


# --- identifiers elsewhere -------------------------------------------------------------------


def _identifiers_in_tables(report: Report, tables: Iterable[TableRows]) -> Iterator[Problem]:
    works = report.library.references if report.library else {}
    for filled in tables:
        file = filled.table.file
        checked = [name for name in filled.columns if name in FAULTS or name in _DATES]
        for row in filled.rows:
            for name in checked:
                value = row.get(name)
                fault = FAULTS.get(name, date_fault)(str(value)) if value is not None else ""
                if fault:
                    code = f"{name if name in IDENTIFIERS else 'date'}-is-valid"
                    message = f"the {name} '{value}' is wrong: {fault}"
                    yield problem(code, file, row.line, message, "look it up again")
            key = str(row.get("cited_in") or row.get("source") or "").split("; ")[0]
            place = Place(file, row.line)
            yield from wrong_pages(place, key, str(row.get("locator") or ""), works)


_ISBN = re.compile(r"\bISBN(?:-1[03])?:?\s+((?:97[89][\s-]?)?(?:\d[\s-]?){1,12}[\dXx])(?!\d)")


def _isbns_in_text(report: ComposedReport) -> Iterator[Problem]:
    for paragraph in report.all_written():
        for found in _ISBN.finditer(paragraph.text) if "ISBN" in paragraph.text else ():
            fault = isbn_fault(found[1])
            if fault:
                message = f"the ISBN '{' '.join(found[1].split())}' is wrong: {fault}"
                place = paragraph.place(found.start(1))
                yield Problem(place, "isbn-is-valid", message, "look it up again")


# --- entries that nothing cites --------------------------------------------------------------


def _unused(
    report: ComposedReport, library: Library, tables: Iterable[TableRows]
) -> Iterator[Problem]:
    """Entries that no chapter, caption or row cites; `nocite` prints them, but says nothing."""
    chapters = report.chapters.values()
    used = {key for chapter in chapters for key, _ in report.keys(chapter, "citation")}
    for filled in tables:
        # A register of works has a row for each; that is not yet a use of it.
        for row in filled.rows:
            used |= filled.works(row, but=filled.table.primary_key)
    for key, reference in library.references.items():
        if key in used:
            used.update(reference.parents)
    for key, reference in library.references.items():
        if key not in used and reference.type != "xdata":
            fix = "cite it or delete the entry; `nocite` only prints it"
            yield Problem(reference.place, "reference-is-used", f"nothing cites '{key}'", fix)
