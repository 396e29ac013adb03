"""A paragraph -> its sentences, the citations in it with their locators, what it quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from imprint.check.prose.pairs import mark_kind
from imprint.check.prose.paragraphs import Paragraph, Printed
from imprint.check.prose.roots import roots
from imprint.core.problems import Place
from imprint.read.chapters.sentences import OPAQUE, sentences


@dataclass(frozen=True)
class Citation:
    """One work cited at one place; offsets count in the paragraph's text."""

    key: str
    start: int
    suffix: str
    """What follows the key, up to a semicolon or the closing bracket."""
    group: tuple[int, int] | None
    """The brackets that it stands in; None for `@key` in running text."""

    @property
    def locator(self) -> str:
        """What is cited of the work: `p. 33`, without the comma before it."""
        return self.suffix.strip().removeprefix(",").strip()

    @property
    def is_readable(self) -> bool:
        """The suffix holds no locator, or one in the house's form."""
        comma = r"\s*,\s" if self.group else r"\s*,?\s*"
        return not _LOCATOR_LIKE.search(self.suffix) or bool(
            re.match(comma + _LOCATOR.pattern, self.suffix)
        )

    @property
    def pages(self) -> tuple[int, ...]:
        """Pages in arabic figures that the locator names."""
        return pages(self.locator)


@dataclass(frozen=True)
class Quotation:
    """Words in single quotation marks; offsets count in the paragraph's text."""

    text: str
    start: int


_NUMBER = r"(?:\d+|[ivxlc]+)"
_LOCATOR = re.compile(
    rf"(?:p\.\s{_NUMBER}|pp\.\s{_NUMBER}[–-]{_NUMBER}|pp\.\s{_NUMBER}(?:,\s{_NUMBER})+"
    rf"|para\.\s\d+|paras\s\d+[–-]\d+|(?:sec|chap|vol|no|fig|app)\.\s[A-Z]?\d[\d.]*)"
    r"(?=\s*\Z|,?\s[^\W\d])"
)
_LOCATOR_LIKE = re.compile(
    r"(?i)\b(?:pp?|pages?|paras?|paragraphs?|secs?|sections?|chaps?|chapters?)\b\.?\s*"
    r"(?:\d|[ivxlc]+\b)|\d"
)
_IN_BRACKETS = re.compile(rf"\s?\[([^\[\]{OPAQUE}]*)\]")
_PAGES = re.compile(r"\bpp?\.?\s*(\d+(?:(?:\s*[–-]+\s*|,\s*)\d+)*)")


def pages(locator: str) -> tuple[int, ...]:
    """Pages in arabic figures that a locator such as `pp. 10–12` names."""
    return tuple(
        int(number) for found in _PAGES.finditer(locator) for number in re.findall(r"\d+", found[1])
    )


def citations_in(paragraph: Paragraph, kinds: Collection[str]) -> tuple[Citation, ...]:
    """The citations of a paragraph in its order; `kinds` are the prefixes of cross-references.

    A second key in one part of a pair of brackets stands in the suffix of the first as well.
    """
    text = paragraph.text
    groups = _brackets(text)
    found = []
    for mark in paragraph.marks:
        kind, hyphen, _ = mark.text.partition("-")
        if mark.kind != "citation" or (hyphen and kind.lower() in kinds):
            continue
        at = mark.offset
        group = max((pair for pair in groups if pair[0] < at < pair[1]), default=None)
        if group:
            last = text.find(";", at, group[1])
            suffix = text[at + 1 : group[1] if last < 0 else last]
        else:
            follows = _IN_BRACKETS.match(text, at + 1)
            suffix = follows[1] if follows else ""
        found.append(Citation(mark.text, at, suffix, group))
    return tuple(found)


def _brackets(text: str) -> list[tuple[int, int]]:
    """Offsets of each pair of square brackets."""
    pairs, opened = [], []
    for found in re.finditer(r"[\[\]]", text):
        if found[0] == "[":
            opened.append(found.start())
        elif opened:
            pairs.append((opened.pop(), found.start()))
    return pairs


_QUOTED = re.compile(
    rf"(?<![\w'’])['‘](?=\S)((?:[^'‘’]|(?<=[\w\]{OPAQUE}*])['’](?=\w))+?)(?<=\S)['’](?!\w)"
)


def quotations(paragraph: Paragraph) -> Iterator[Quotation]:
    """Everything in single quotation marks."""
    at = 0
    while found := _QUOTED.search(paragraph.text, at):
        if mark_kind(paragraph.text, found.start()) == "opening":
            yield Quotation(" ".join(found[1].split()), found.start())
            at = found.end()
        else:
            at = found.start() + 1


# --- sentences -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sentence:
    """A sentence with what it prints and cites."""

    text: str
    place: Place
    citations: tuple[tuple[str, str, Place], ...]
    """Works cited in it: key, locator (empty for none), place."""
    attributed: frozenset[str]
    """Works it may be credited to: its own citations, else the ones next to it in its paragraph."""
    near: frozenset[str]
    """Every work cited in its paragraph."""
    printed: tuple[tuple[Printed, Place], ...]
    """What rows print in it."""
    clauses: tuple[Sentence, ...] = ()
    """Where it has several groups of citations in brackets: the words before each."""

    @cached_property
    def cited(self) -> frozenset[str]:
        """The works cited in the sentence itself."""
        return frozenset(key for key, _, _ in self.citations)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words by their roots."""
        return roots(self.text)

    @property
    def works(self) -> frozenset[str]:
        """The works that it may rest on: those it cites, else those of its paragraph."""
        return self.cited or self.near


# A chapter's sentences are held beside its findings, and with all others' beside the summary.
@lru_cache(maxsize=8192)
def sentences_of(paragraph: Paragraph, kinds: frozenset[str]) -> tuple[Sentence, ...]:
    """The sentences of a paragraph; `kinds` are the prefixes of cross-references."""
    cited = citations_in(paragraph, kinds)
    near = frozenset(citation.key for citation in cited)
    found = []
    for start, end in sentences(paragraph.text):
        text = paragraph.text[start:end]
        own = [it for it in cited if start <= it.start < end]
        before = [it for it in cited if it.start < start]
        beside = own or (*before[-1:], *_first_group([it for it in cited if it.start >= end]))
        printed = (it for it in paragraph.printed if start <= it[0] < end)
        found.append(
            Sentence(
                text,
                paragraph.place(start + len(text) - len(text.lstrip())),
                tuple((it.key, it.locator, paragraph.place(it.start)) for it in own),
                frozenset(it.key for it in beside),
                near,
                tuple((it, paragraph.place(offset)) for offset, it in printed),
                tuple(_clauses(paragraph, start, own)),
            )
        )
    return tuple(found)


def _clauses(paragraph: Paragraph, start: int, cited: Sequence[Citation]) -> Iterator[Sentence]:
    groups = list(dict.fromkeys(it.group for it in cited if it.group))
    for group in groups if len(groups) > 1 else ():
        own = [it for it in cited if it.group in (None, group)]
        keys = frozenset(it.key for it in own)
        citations = tuple((it.key, it.locator, paragraph.place(it.start)) for it in own)
        text, place = paragraph.text[start : group[0]], paragraph.place(group[0])
        yield Sentence(text, place, citations, keys, keys, ())
        start = group[1]


def _first_group(citations: Sequence[Citation]) -> Sequence[Citation]:
    """The first citation, with those that share its brackets."""
    group = citations[0].group if citations else None
    together = [citation for citation in citations if group and citation.group == group]
    return together or citations[:1]
