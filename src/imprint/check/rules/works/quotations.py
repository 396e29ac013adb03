"""Quotations: each says on which page it stands, and reads the same wherever it is used."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imprint.check.composed import ComposedReport
from imprint.check.prose.citing import Citation, Quotation, citations_in, quotations
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.problems import Place, Problem
from imprint.read.chapters.sentences import OPAQUE, sentence_span
from imprint.read.references import Reference

LONG = 3
"""Words from which on a quotation needs a page; fewer may be a turn of phrase."""
LONGEST = 300
"""Characters up to which two quotations are compared letter by letter."""
_SOURCE_LINE = re.compile(rf"\W{{0,3}}(?:Source: )?\W{{0,2}}{OPAQUE}")
"""A paragraph that begins with a citation says whose words stand above it."""
_UNPAGED = frozenset(("article", "misc", "online", "unpublished"))
"""Types that may have no pages; of these, only entries with `pages` are known to have some."""


@dataclass(frozen=True)
class _Quoted:
    """A quotation and the work that it is taken from."""

    text: str
    key: str
    place: Place
    pages: Mapping[str, frozenset[int]]
    """Pages by work, for each that is cited beside it; none where none is given."""

    @property
    def words(self) -> list[str]:
        """Its words without marks and capitals."""
        return re.findall(r"[\w'’-]+", self.text.casefold())


def check_quotations(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every quotation of three words or more from a work with pages that no
    locator goes with (`quotation-has-locator`) or that no citation stands near
    (`quotation-has-citation`), for every quotation that differs a little from another of the same
    work (`quotation-is-one`), and for every one of three words or more that stands elsewhere with
    another work or page (`quotation-has-one-source`)."""
    library = report.library
    if library is None:
        return
    found: dict[Place, _Quoted] = {}
    for chapter in report.chapters.values():
        met = list(report.written(chapter))
        for position, paragraph in enumerate(met):
            cited = citations_in(paragraph, report.reference_kinds)
            if not cited:
                yield from _uncited(met, position, report.reference_kinds)
                continue
            for quotation in quotations(paragraph):
                whose = owners(paragraph, quotation, cited)
                place = paragraph.place(quotation.start)
                nearest = next((o for o in whose if o.start > quotation.start), whose[-1])
                pages = {owner.key: frozenset(owner.pages) for owner in whose}
                found.setdefault(place, _Quoted(quotation.text, nearest.key, place, pages))
                works = [library.references.get(owner.key) for owner in whose]
                yield from _unpaged(paragraph, quotation, whose, works)
    yield from _variants(list(found.values()))
    yield from _elsewhere(list(found.values()))


def _uncited(met: Sequence[Paragraph], position: int, kinds: frozenset[str]) -> Iterator[Problem]:
    """Quotations of a paragraph without a citation, unless its lead-in or its source line cites."""
    paragraph = met[position]
    if paragraph.kind == "heading":
        return
    for quotation in quotations(paragraph):
        if len(quotation.text.split()) < LONG:
            continue
        before, after = met[max(position - 1, 0)], met[min(position + 1, len(met) - 1)]
        leads = before.text.rstrip().endswith(":") and citations_in(before, kinds)
        follows = _SOURCE_LINE.match(after.text) and citations_in(after, kinds)
        if not leads and not follows:
            message = f"nothing says where the quotation '{quotation.text}' comes from"
            place = paragraph.place(quotation.start)
            fix = "cite its work and page beside it: `[@lane_2009, p. 32]`"
            yield Problem(place, "quotation-has-citation", message, fix)


def owners(paragraph: Paragraph, quotation: Quotation, cited: Sequence[Citation]) -> list[Citation]:
    """The citations of the quotation's sentence, else the next in its paragraph, else the last."""
    start, end = sentence_span(paragraph.text, quotation.start)
    own = [citation for citation in cited if start <= citation.start < end]
    after = [citation for citation in cited if citation.start >= end]
    return own or after[:1] or list(cited[-1:])


def _unpaged(
    paragraph: Paragraph,
    quotation: Quotation,
    owners: Sequence[Citation],
    works: Sequence[Reference | None],
) -> Iterator[Problem]:
    if len(quotation.text.split()) < LONG or any(owner.locator for owner in owners):
        return
    if any(work and (work.type not in _UNPAGED or "pages" in work.fields) for work in works):
        message = f"the quotation '{quotation.text}' of '{owners[-1].key}' has no page"
        fix = f"give it: `[@{owners[-1].key}, p. 33]`"
        place = paragraph.place(quotation.start)
        yield Problem(place, "quotation-has-locator", message, fix)


def _variants(found: Sequence[_Quoted]) -> Iterator[Problem]:
    for index, one in enumerate(found):
        for other in found[:index]:
            if one.key == other.key and _nearly_equal(one.text, other.text):
                message = f"'{one.text}' stands as '{other.text}' at {other.place}"
                fix = "quote the words as the source has them, in both places"
                yield Problem(one.place, "quotation-is-one", message, fix)


def _elsewhere(found: Sequence[_Quoted]) -> Iterator[Problem]:
    """The same words, taken from one work or page here and from another there."""
    by_words: dict[str, list[_Quoted]] = defaultdict(list)
    for quoted in found:
        if len(quoted.words) >= LONG:
            by_words[" ".join(quoted.words)].append(quoted)
    for first, *others in by_words.values():
        for other in others:
            shared = first.pages.keys() & other.pages.keys()
            paged = [key for key in shared if first.pages[key] and other.pages[key]]
            if not shared:
                said = [f"'{one.key}'" for one in (other, first)]
            elif paged and all(first.pages[key].isdisjoint(other.pages[key]) for key in paged):
                said = [f"p. {min(one.pages[paged[0]])} of '{paged[0]}'" for one in (other, first)]
            else:
                continue
            message = f"'{other.text}' is from {said[0]} here, from {said[1]} at {first.place}"
            fix = "cite the one work and page that the words are taken from, in both places"
            yield Problem(other.place, "quotation-has-one-source", message, fix)


def _nearly_equal(one: str, other: str) -> bool:
    """The same words but for a letter, a word or their order."""
    one, other = one.casefold(), other.casefold()
    words = [re.findall(r"[\w'’-]+", text) for text in (one, other)]
    few = min(map(len, words)) < 2
    if words[0] == words[1] or few or max(len(one), len(other)) > LONGEST:
        return False
    if difflib.SequenceMatcher(None, one, other).ratio() >= 0.85:
        return True
    longest = max(map(len, words))
    common = sum((Counter(words[0]) & Counter(words[1])).values())
    told = [word for word in set(words[0]) & set(words[1]) if len(word) > 3]
    # Of three words two may be shared, of more than three all but one or two.
    return min(map(len, words)) >= LONG and bool(told) and common >= longest - max(1, longest // 5)
