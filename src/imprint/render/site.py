"""The site: a composed `Book` -> a folder of pages that read well without a server or JavaScript.

`templates/` holds the page around a chapter's body, `assets/` its style sheet and script; the look
of what stands within the body comes from the extension, which Quarto's pages share.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from imprint.model import Book, Heading, Page, Publication
from imprint.provenance import DRAWN
from imprint.render.card import draw_card
from imprint.render.evidence import (
    SOURCES_PAGE,
    STATISTICS_PAGE,
    Evidence,
    panels,
    sources_context,
    statistics_context,
)
from imprint.render.extension import Extension
from imprint.render.figures import Names, sized, with_data
from imprint.render.front import Front, front, label
from imprint.render.metadata import BIBTEX, CARD, bibtex, cite_page, tags
from imprint.render.works import cited_works

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = Path(__file__).with_name("assets")

STYLES = ("site.css", "reading.css")
SCRIPTS_ALONE = ("panel.js", "notes.js")
"""Scripts of a page that stands alone, besides the one in its head."""
SCRIPTS = (*SCRIPTS_ALONE, "figures.js", "evidence.js")


@dataclass(frozen=True)
class Section:
    """A section in a page's own contents, with its subsections."""

    number: str
    title: Markup
    anchor: str
    sections: list[Section] = field(default_factory=list)


def write_site(
    book: Book,
    folder: Path,
    *,
    root: Path,
    extension: Extension,
    publications: Sequence[Publication] = (),
    pdf_name: str | None = None,
    evidence: Evidence | None = None,
) -> None:
    """Write the pages of one publication, their images and assets into `folder`.

    `root` is the project's root, where `book.images` are; `publications` are all of the project's,
    for the links between them (each stands in a folder of its own name beside `folder`); `pdf_name`
    is the PDF's file name in `folder`, None where there is none. With `evidence` numbers open their
    rows, and a page of statistics and one of sources follow.

    Raises OSError when the folder cannot be written or an image is missing.
    """
    templates = environment()
    site = front(book.publication)
    annexes = _annexes(evidence, site.name) if evidence else ()
    for chapter in (*book.pages, *(annex.page for annex in annexes)):
        context = _context(book.pages, chapter, site, pdf_name, annexes)
        context["others"] = list(_others(publications, book.publication, context["up"]))
        context["body"] = Markup(sized(chapter.body, root, chapter.output))
        if evidence:
            context |= _evidence_context(context, evidence, book, chapter, root, templates)
        template = "page.html"
        for annex in annexes:
            if annex.page is chapter:
                template = annex.template
                context |= annex.context
        _write(folder / chapter.output, templates.get_template(template).render(context))
    for image in book.images:
        _copy(root / image.lstrip("/"), folder / image.lstrip("/"))
    if evidence:
        original = evidence.record["sources"].get(site.original)
        _write(folder / BIBTEX, bibtex(site, original))
        (folder / CARD).parent.mkdir(parents=True, exist_ok=True)
        (folder / CARD).write_bytes(draw_card(site))
    ours = (*STYLES, "site.js", *(SCRIPTS if evidence else SCRIPTS_ALONE))
    for asset in (*extension.assets, *(ASSETS / name for name in ours)):
        _copy(asset, folder / "assets" / asset.name)


def _evidence_context(
    context: Mapping[str, Any],
    evidence: Evidence,
    book: Book,
    page: Page,
    root: Path,
    templates: Environment,
) -> dict[str, Any]:
    """What a page gains from standing in the whole output: panels, works, data, tags, search."""
    site: Front = context["site"]
    sources = evidence.record["sources"]
    works = {key: str(source["name"]) for key, source in sources.items()}
    names = Names(works, evidence.themes, SOURCES_PAGE)
    return {
        "body": Markup(with_data(context["body"], context["up"], root / DRAWN, names, templates)),
        "panels": panels(evidence, site.name, page.output),
        "sources_page": SOURCES_PAGE,
        "cited": cited_works(page.body, evidence.entries),
        "tags": tags(
            site,
            page,
            up=context["up"],
            description=context["description"],
            pdf=context["pdf"],
            pages=book.pages,
            original=sources.get(site.original),
        ),
        "home": f"{context['up']}../index.html",
        "bibtex": BIBTEX,
        "cite": cite_page(site, page) if site.is_book and page.output != "index.html" else "",
        "scripts": SCRIPTS,
    }


# --- pages of evidence -------------------------------------------------------------------------


@dataclass(frozen=True)
class Annex:
    """A page that is made from the record of uses."""

    page: Page
    template: str
    context: Mapping[str, Any]


def _annexes(evidence: Evidence, publication: str) -> tuple[Annex, ...]:
    statistics = statistics_context(evidence, publication)
    headings = tuple(
        Heading(2, "", str(escape(theme["title"])), f"theme-{theme['name']}")
        for theme in statistics["themes"]
    )
    annexes = []
    if statistics["count"]:
        page = _annex_page(STATISTICS_PAGE, "Statistics", headings)
        annexes.append(Annex(page, "statistics.html", statistics))
    works = sources_context(evidence, publication)
    if works["works"]:
        page = _annex_page(SOURCES_PAGE, "Sources", ())
        annexes.append(Annex(page, "sources.html", works))
    return tuple(annexes)


def _annex_page(output: str, title: str, headings: tuple[Heading, ...]) -> Page:
    return Page("", output, "chapter", "", title, title, "", headings, part="Evidence")


# --- one page --------------------------------------------------------------------------------


def _context(
    pages: Sequence[Page],
    page: Page,
    site: Front,
    pdf_name: str | None,
    annexes: Sequence[Annex],
) -> dict[str, Any]:
    index = pages.index(page) if page in pages else None
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
        "cite": "",
        "title": Markup(page.title),
        "body": Markup(page.body),
        "page_title": site.title if is_home else f"{page.plain_title} – {site.title}",
        "description": _shortened(
            site.description if is_home else "", page.description, site.title
        ),
        "is_home": is_home,
        "up": "../" * page.output.count("/"),
        "pdf": pdf_name,
        "position": None if index is None else index + 1,
        "page_count": len(pages),
        "groups": list(_groups((*pages, *(annex.page for annex in annexes)), page)),
        "annexes": [(annex.page.title, annex.page.output) for annex in annexes],
        "sections": _sections(page.headings),
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
        yield {"part": part, "entries": entries}


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


def _others(
    publications: Sequence[Publication], current: Publication, up: str
) -> Iterator[dict[str, Any]]:
    if len(publications) < 2:
        return
    for publication in publications:
        is_current = publication.name == current.name
        folder = "" if is_current else f"../{publication.name}/"
        yield {
            "href": f"{up}{folder}index.html",
            "label": label(publication),
            "current": is_current,
        }


def _href(page: Page, current: Page) -> str:
    return posixpath.relpath(page.output, posixpath.dirname(current.output) or ".")


_SENTENCE_END = re.compile(r"(?<=[a-z0-9)’”])[.!?](?= [A-Z‘“])")

# --- words -----------------------------------------------------------------------------------


def _shortened(*candidates: str, most: int = 200) -> str:
    """The first text that is not empty, cut between sentences or words to what search results
    show."""
    text = next((text for text in candidates if text), "")
    if len(text) <= most:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, most)]
    if ends and ends[-1] > most / 3:
        return text[: ends[-1]]
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–") + " …"


# --- files -----------------------------------------------------------------------------------


def environment() -> Environment:
    """The templates; everything put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
