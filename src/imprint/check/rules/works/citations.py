"""Citations: each leads to its work, names pages that the work has, and can be printed as meant."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Citation, citations_in, pages
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.problems import Place, Problem
from imprint.read.bibliography import Library
from imprint.read.chapters.sentences import OPAQUE
from imprint.read.references import Reference


def check_citations(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every citation that cannot be printed or followed as it stands.

    Entries that are no works (`citation-resolves`), citations typed by hand
    (`citation-is-linked`), locators that cannot be read (`locator-is-readable`), run backwards
    (`locator-is-in-order`) or lie outside the work (`locator-is-in-work`), works in the locator of
    another (`citation-is-apart`), works known at second hand without the work that cites them
    (`secondary-names-both`), and entries that only point at another (`citation-names-main-entry`).
    """
    library = report.library
    if library is None:
        return
    yield from _no_works(report, library)
    typed = _TypedByHand(library)
    pointing = main_entries(library)
    secondary = secondary_works(library)
    for paragraph in report.all_written():
        cited = citations_in(paragraph, report.reference_kinds)
        yield from typed.problems(paragraph)
        yield from _alone(paragraph)
        for citation in cited:
            yield from _locator_problems(paragraph, citation, library)
            yield from _pointing_problems(paragraph, citation, pointing)
        yield from _second_hand_problems(paragraph, cited, secondary)


def outside(locator: str, reference: Reference | None) -> str:
    """Say which pages of a locator the work does not have; empty where all are in it or unknown."""
    span = [int(number) for number in re.findall(r"\d+", reference.fields.get("pages", ""))] \
        if reference else []  # fmt: skip
    if not span:
        return ""
    beyond = [page for page in pages(locator) if not span[0] <= page <= span[-1]]
    return ", ".join(map(str, beyond))


def backwards(locator: str) -> str:
    """The range of pages or paragraphs of a locator whose end does not follow its beginning."""
    for found in re.finditer(r"(\d+)\s*[–-]+\s*(\d+)", locator):
        if int(found[1]) >= int(found[2]):
            return found[0]
    return ""


def wrong_pages(
    place: Place, key: str, locator: str, works: Mapping[str, Reference]
) -> Iterator[Problem]:
    """What is wrong with the pages of a locator, in the text or in a table."""
    if turned := backwards(locator):
        message = f"the pages {turned} of '{key}' run backwards"
        yield Problem(place, "locator-is-in-order", message, "write the first page first, in full")
    work = works.get(key)
    if work and (beyond := outside(locator, work)):
        message = f"'{key}' has pages {work.fields['pages']}, not {beyond}"
        fix = "look the page up again, or fix `pages` of the entry"
        yield Problem(place, "locator-is-in-work", message, fix)


def main_entries(library: Library) -> dict[str, str]:
    """Entries whose note says that they are the same work as another, with the other's key."""
    return _noted(library, re.compile(r"(?i)\bsame (?:document|work|report|book|article) as (.+)"))


def secondary_works(library: Library) -> dict[str, str]:
    """Works that nobody here has read (@misc, `note = {Cited in …}`), with the work citing them."""
    found = _noted(library, re.compile(r"Cited in (.+)"))
    return {key: by for key, by in found.items() if library.references[key].type == "misc"}


def _noted(library: Library, pattern: re.Pattern[str]) -> dict[str, str]:
    shown = {reference.name: key for key, reference in library.references.items()}
    found = {}
    for key, reference in library.references.items():
        if said := pattern.search(reference.fields.get("note", "")):
            other = next((k for name, k in shown.items() if name in said[1]), None)
            if other and other != key:
                found[key] = other
    return found


def _no_works(report: ComposedReport, library: Library) -> Iterator[Problem]:
    """Citations of what only holds fields for others to take over."""
    works = library.references
    for chapter in report.chapters.values():
        for key, place in report.keys(chapter, "citation"):
            if key in works and works[key].type == "xdata":
                message = f"'{key}' is an entry of @xdata, which is no work, and prints as ({key}?)"
                takers = [it.key for it in works.values() if key in it.parents]
                fix = f"cite the work that takes over from it: {', '.join(takers) or 'none does'}"
                yield Problem(place, "citation-resolves", message, fix)


def _locator_problems(
    paragraph: Paragraph, citation: Citation, library: Library
) -> Iterator[Problem]:
    place = paragraph.place(citation.start)
    if OPAQUE in citation.suffix:
        message = f"a second work stands in the locator of '{citation.key}', where pandoc breaks it"
        fix = "part the two with a semicolon, or write `@one, cited in @other` without brackets"
        yield Problem(place, "citation-is-apart", message, fix)
    elif not citation.is_readable:
        message = f"the locator '{citation.locator}' of '{citation.key}' is not in the house's form"
        fix = "write `, p. 33`, `, pp. 33–35`, `, para. 24` or `, paras 10–12` and nothing after it"
        yield Problem(place, "locator-is-readable", message, fix)
    yield from wrong_pages(place, citation.key, citation.locator, library.references)


def _pointing_problems(
    paragraph: Paragraph, citation: Citation, pointing: Mapping[str, str]
) -> Iterator[Problem]:
    main = pointing.get(citation.key)
    if main:
        message = f"the entry '{citation.key}' only says that it is the work of '{main}'"
        place = paragraph.place(citation.start)
        yield Problem(place, "citation-names-main-entry", message, f"cite '{main}'")


# --- second hand -----------------------------------------------------------------------------

_CITED_IN = re.compile(
    r"\b(?:as\s+)?(?:(?:cited|quoted)\s+(?:in|by)"
    r"|as\s+(?:reported|related|recounted|mentioned)\s+(?:in|by))\b"
)
_BEFORE = re.compile(rf"{OPAQUE}(?:\s?\[[^\[\]]*\]|[^\[\];]*\])?[,;]?\s*(?:[(]|as\s)?\s*\Z")
_AFTER = re.compile(rf"\s+[\[(]?{OPAQUE}")


def _alone(paragraph: Paragraph) -> Iterator[Problem]:
    """`cited in`, `quoted by` or `as reported by` with a citation on one side only."""
    for found in _CITED_IN.finditer(paragraph.text):
        before = _BEFORE.search(paragraph.text[: found.start()])
        after = _AFTER.match(paragraph.text, found.end())
        if bool(before) != bool(after):
            lacking = "after" if before else "before"
            message = f"there is no citation {lacking} '{found[0]}'"
            fix = "cite both works: `@hunter_2009, cited in @burton_2009 [p. 5]`"
            place = paragraph.place(found.start())
            yield Problem(place, "secondary-names-both", message, fix)


def _second_hand_problems(
    paragraph: Paragraph, cited: Collection[Citation], secondary: Mapping[str, str]
) -> Iterator[Problem]:
    keys = {citation.key for citation in cited}
    for citation in cited:
        by = secondary.get(citation.key)
        if by and by not in keys:
            message = (
                f"'{citation.key}' is known through '{by}', which this paragraph does not cite"
            )
            fix = f"write `@{citation.key}, cited in @{by}`"
            place = paragraph.place(citation.start)
            yield Problem(place, "secondary-names-both", message, fix)


# --- typed by hand ---------------------------------------------------------------------------

_NAME = r"(?P<name>[A-Z][\w’'-]+(?:(?:,|,?\s(?:and|&))?\s[A-Z][\w’'-]+|\set\sal\.?){0,8})"
_YEAR = r"(?P<year>(?:19|20)\d\d)[a-e]?"
_TYPED = (
    re.compile(rf"{_NAME},?\s\({_YEAR}(?=[),;\s])"),
    re.compile(rf"\((?:see\s)?{_NAME},?\s{_YEAR}(?=[),;\s])"),
)


class _TypedByHand:
    """Finds `Lane (2009, p. 44)` where `@lane_2009 [p. 44]` is meant."""

    def __init__(self, library: Library) -> None:
        self.keys: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        for key, reference in library.references.items():
            for person in reference.people.get("author", ())[:1]:
                words = person.family.split() if not person.given else [person.family]
                for word in words:
                    if len(words) == 1 or len(word) > 4:
                        self.keys[word, reference.year].append(key)
                        self.names[reference.year].add(word)

    def problems(self, paragraph: Paragraph) -> Iterator[Problem]:
        if not re.search(r"\d{4}", paragraph.text):
            return
        for found in (found for pattern in _TYPED for found in pattern.finditer(paragraph.text)):
            known = self.names[found["year"]]
            for word in re.findall(r"[A-Z][\w’'-]+", found["name"]):
                close = difflib.get_close_matches(word, known, n=1, cutoff=0.85)
                if close:
                    keys = sorted(self.keys[close[0], found["year"]])
                    said = " ".join(found[0].lstrip("(").split())
                    said += ")" * (said.count("(") - said.count(")"))
                    place = paragraph.place(found.start("name"))
                    message = f"the citation '{said}' is typed by hand"
                    fix = f"write {' or '.join(f'`@{key}`' for key in keys)}"
                    yield Problem(place, "citation-is-linked", message, fix)
                    break
