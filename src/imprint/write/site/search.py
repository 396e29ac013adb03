"""What is searched of a publication: its text by sections, its numbers and its works, as a script
that `search.js` reads. Pages may be opened as files, which may load scripts and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from imprint.compose.settings import STATISTICS_PAGE
from imprint.core.document import Book, ChapterText, Document, Page, Passage
from imprint.write.site.evidence import SOURCES_PAGE, Evidence
from imprint.write.site.evidence_pages import is_method, publication_rows, publication_works
from imprint.write.site.front import Front
from imprint.write.site.row_facts import measure_of, value_of

INDEX = "search-index.js"
"""The script, from a publication's folder."""

CHAPTER, APPENDIX, STATISTIC, WORK = range(4)
"""Kinds of what is found, in the order in which readers are given it."""

_SPOKEN = {"text", "item", "term", "cell", "caption", "title", "note"}


@dataclass(frozen=True)
class SearchEntry:
    """One place that a search may find."""

    kind: int
    address: str
    """From the publication's folder."""
    page: str
    """Title of the page."""
    title: str
    """Of the section, the row or the work; empty before a page's first section."""
    text: str


def search_index(book: Book, front: Front, evidence: Evidence | None) -> bytes:
    """The script: it adds the publication, with all its entries, to `imprintIndex`."""
    entries = list(_sections(book, front))
    if evidence:
        entries += _rows(evidence, front.name)
        entries += _works(evidence, front.name)
    index = {"label": front.label, "folder": front.name, "entries": list(map(astuple, entries))}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"(globalThis.imprintIndex ??= []).push({text});\n".encode()


def _sections(book: Book, front: Front) -> Iterator[SearchEntry]:
    chapters = {it.path: it for it in (book.document or Document("", ())).chapters}
    for page in book.pages:
        if page.source in chapters:
            title = " ".join(f"{page.number} {page.plain_title}".split()) or front.plain_title
            yield from _of_chapter(chapters[page.source], page, title)


def _of_chapter(chapter: ChapterText, page: Page, page_title: str) -> Iterator[SearchEntry]:
    kind = APPENDIX if page.role == "appendix" else CHAPTER
    numbers = {heading.anchor: heading.number for heading in page.headings}
    address, title, words = page.output, "", list[str]()
    for passage in chapter.passages:
        if passage.kind == "heading":
            if words:
                yield SearchEntry(kind, address, page_title, title, " ".join(words))
            words = []
            is_page = passage.level == 1 and bool(page.plain_title)
            address = page.output if is_page else f"{page.output}#{passage.id}"
            said = f"{numbers.get(passage.id, '')} {_plain(passage)}"
            title = "" if is_page else " ".join(said.split())
        elif passage.kind in _SPOKEN and not _is_register(passage):
            words.append(_plain(passage))
    if words or not title:
        yield SearchEntry(kind, address, page_title, title, " ".join(words))


def _is_register(passage: Passage) -> bool:
    """Whether it stands in a list of rows or works, which are found by themselves."""
    return any("register" in holder.classes for holder in passage.within)


def _plain(passage: Passage) -> str:
    return " ".join(passage.text.replace("\ufffc", " ").split())


def _rows(evidence: Evidence, publication: str) -> Iterator[SearchEntry]:
    for id, row in publication_rows(evidence, publication).items():
        if is_method(evidence, row):
            continue
        said = (row.get(it) for it in ("as_reported", "population", "survey", "period"))
        text = ". ".join([measure_of(row), *(str(it) for it in said if it)])
        address = f"{STATISTICS_PAGE}#stat-{id}"
        yield SearchEntry(STATISTIC, address, "Statistics", value_of(row), text)


def _works(evidence: Evidence, publication: str) -> Iterator[SearchEntry]:
    names = evidence.work_names(publication)
    for key, work in publication_works(evidence, publication).items():
        text = ". ".join(_said(work))
        yield SearchEntry(WORK, f"{SOURCES_PAGE}#source-{key}", "Sources", names[key], text)


def _said(work: Mapping[str, Any]) -> Iterator[str]:
    """Who wrote the work, what it is called and where it came out."""
    for person in work["people"].get("author", ()):
        yield " ".join(filter(None, map(person.get, ("given", "family"))))
    for name in ("title", "booktitle", "journal", "institution", "publisher", "number"):
        if work["fields"].get(name):
            yield str(work["fields"][name])
