"""What a page's template needs besides the evidence: contents, neighbours, titles and links."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from imprint.core.document import Heading, Page
from imprint.core.model import Publication
from imprint.read.chapters.sentences import sentences
from imprint.write.site.front import Front

STYLES = ("site.css", "reading.css")
SCRIPTS_ALONE = ("panel.js", "notes.js", "links.js")
"""Scripts of a page that stands alone, besides the one in its head."""


@dataclass(frozen=True)
class Section:
    """A section in a page's own contents, with its subsections."""

    number: str
    title: Markup
    anchor: str
    sections: list[Section] = field(default_factory=list)


def page_context(
    pages: Sequence[Page],
    page: Page,
    site: Front,
    pdf_name: str | None,
    annexes: Sequence[Page],
    others: Sequence[Publication],
) -> dict[str, Any]:
    """What templates/page.html needs; `annexes` are pages that follow the chapters in the contents,
    `others` all publications of the project, for the links between them."""
    index = pages.index(page) if page in pages else None
    up = "../" * page.output.count("/")
    is_home = page.output == "index.html"
    before = pages[index - 1] if index else None
    after = pages[index + 1] if index is not None and index + 1 < len(pages) else None
    return {
        "site": site,
        "page": page,
        "name": page.output,
        "styles": STYLES,
        "scripts": SCRIPTS_ALONE,
        "home": "",
        "tags": None,
        "panels": "",
        "cited": {},
        "bibtex": "",
        "whole": {},
        "cite": "",
        "title": Markup(page.title),
        "part": Markup(page.part),
        "body": Markup(page.body),
        "page_title": site.plain_title if is_home else f"{page.plain_title} – {site.plain_title}",
        "description": _shortened(
            site.description if is_home else "", page.description, site.plain_title
        ),
        "is_home": is_home,
        "up": up,
        "pdf": pdf_name,
        "position": None if index is None else index + 1,
        "page_count": len(pages),
        "groups": list(_groups((*pages, *annexes), page)),
        "annexes": [(annex.title, annex.output) for annex in annexes],
        "sections": _sections(page.headings),
        "others": list(_others(others, site.name, up)),
        "previous": _turn(before, page),
        "next": _turn(after, page),
    }


def _groups(pages: Iterable[Page], current: Page) -> Iterator[dict[str, Any]]:
    """The contents: pages of one part together; a part's own page stands first in its group."""
    for part, members in groupby(pages, key=lambda page: page.part):
        entries = [
            {
                "href": _href(page, current),
                "number": page.number,
                "title": Markup(page.title),
                "current": page is current,
            }
            for page in members
        ]
        yield {"part": Markup(part), "entries": entries}


def _sections(headings: Sequence[Heading]) -> list[Section]:
    """The two upper levels of a page's headings, nested."""
    sections: list[Section] = []
    top = min((heading.level for heading in headings), default=0)
    for heading in headings:
        section = Section(heading.number, Markup(heading.title), heading.anchor)
        if heading.level == top:
            sections.append(section)
        elif heading.level == top + 1 and sections:
            sections[-1].sections.append(section)
    return sections


def _turn(page: Page | None, current: Page) -> dict[str, Any] | None:
    if page is None:
        return None
    number = f"{page.number} " if page.number else ""
    return {"href": _href(page, current), "label": Markup(number) + Markup(page.title)}


def _others(publications: Sequence[Publication], current: str, up: str) -> Iterator[dict[str, Any]]:
    if len(publications) < 2:
        return
    for publication in publications:
        is_current = publication.name == current
        folder = "" if is_current else f"../{publication.name}/"
        yield {
            "href": f"{up}{folder}index.html",
            "label": publication.label,
            "current": is_current,
        }


def _href(page: Page, current: Page) -> str:
    return quote(posixpath.relpath(page.output, posixpath.dirname(current.output) or "."))


# --- words -----------------------------------------------------------------------------------


def _shortened(*candidates: str, most: int = 200) -> str:
    """The first text that is not empty, cut between sentences or words to what search results
    show."""
    text = next((text for text in candidates if text), "")
    if len(text) <= most:
        return text
    whole = text[: sentences(text[:most])[-1][0]].rstrip()
    if len(whole) > most / 3:
        return whole
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–") + " …"
