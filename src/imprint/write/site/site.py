"""The site: a composed `Book` -> a folder of pages that read well without a server or JavaScript.

`templates/` holds the page around a chapter's body, `assets/` its style sheet and script; the look
of what stands within the body comes from the extension, which Quarto's pages share. Files are
planned before they are made, so that who has them already need not make them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from imprint.compose.extension import Extension
from imprint.compose.settings import STATISTICS_PAGE
from imprint.core import digests
from imprint.core.document import Book, Page
from imprint.core.model import Publication
from imprint.read.data.csv_rows import csv_for_readers
from imprint.write.site.card import draw_card, icon, icon_for_phones
from imprint.write.site.evidence import SOURCES_PAGE, Evidence, panels, works_as_listed
from imprint.write.site.evidence_pages import (
    publication_rows,
    publication_works,
    sources_context,
    statistics_context,
)
from imprint.write.site.front import Front, front
from imprint.write.site.metadata import (
    BIBTEX,
    CARD,
    ICON,
    ICON_FOR_PHONES,
    bibtex,
    cite_page,
    page_tags,
)
from imprint.write.site.page_context import SCRIPTS_ALONE, STYLES, page_context
from imprint.write.site.page_figures import (
    DisplayNames,
    body_alone,
    body_with_data,
    drawings,
    figure_rows,
    with_title_notes,
)
from imprint.write.site.planned import PlannedFile, copied, environment, look, write
from imprint.write.site.search import INDEX, search_index
from imprint.write.site.whole import WHOLE_PAGE, epub, whole_page

SCRIPTS = (*SCRIPTS_ALONE, "figures.js", "evidence.js")
LISTING = "listing.js"
"""Of the pages of evidence alone."""
STATISTICS_ROWS = "statistics.csv"
"""The rows behind the page of statistics, to be taken away."""


@dataclass(frozen=True)
class Site:
    """A publication's site, before any of it is made."""

    book: Book
    root: Path
    """The project's root, where `book.images` are."""
    extension: Extension
    publications: Sequence[Publication] = ()
    """All of the project's, for the links between them: each stands in a folder of its own name
    beside this one's."""
    pdf_name: str | None = None
    """Name of the PDF in the site's folder; None where there is none."""
    evidence: Evidence | None = None
    """With it numbers open their rows, and a page of statistics and one of sources follow."""
    has_whole: bool = False
    """Whether the publication is made in one piece, too, where it wants that."""

    @cached_property
    def front(self) -> Front:
        """What the publication says about itself."""
        return front(self.book.publication, self.book.phrases)

    @property
    def whole(self) -> dict[str, str]:
        """The publication in one piece: files by what they are called."""
        if not self.has_whole or not any(page.whole for page in self.book.pages):
            return {}
        one_page = {"One page to print or save": WHOLE_PAGE} if self.front.is_book else {}
        return one_page | {"EPUB": f"{self.book.publication.output_file}.epub"}

    @cached_property
    def works(self) -> Mapping[str, Markup]:
        """Works as printed, by key: those that the publication does not list, as another does."""
        lists = self.evidence.lists if self.evidence else {}
        return works_as_listed(lists, self.book.publication.name)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Works as the publication calls them beside figures, by key."""
        return self.evidence.work_names(self.book.publication.name) if self.evidence else {}


def write_site(site: Site, folder: Path) -> None:
    """Make all of a site in `folder`. Raises OSError where it cannot be written or an image is
    missing."""
    write(chapter_pages(site), folder)
    write(annex_pages(site), folder)
    write(other_files(site), folder)


# --- chapters ----------------------------------------------------------------------------------


def chapter_pages(site: Site) -> Iterator[PlannedFile]:
    """The pages of the chapters."""
    evidence, book = site.evidence, site.book
    templates = environment()
    said = site.front
    annexes = _annexes(evidence, said.name) if evidence else ()
    contents = [(page.output, page.number, page.title, page.part) for page in book.pages]
    shared: list[Any] = [said, contents, annexes, site.publications, site.pdf_name]
    used: dict[str, Any] = defaultdict(list)
    if evidence:
        shared += [evidence.lists, evidence.names, evidence.themes, evidence.record["sources"]]
        for use in evidence.record["publications"][said.name]["statistics"]:
            used[use["page"]] += [named["row"] for named in use["statistics"]]
    around = digests.value_digest(shared)
    for page in book.pages:
        shown = [
            digests.file_digest(file)
            for figure in page.figures
            for file in (figure_rows(site.root, figure), *drawings(site.root, figure))
        ]
        yield PlannedFile(
            page.output,
            (page, around, used[page.output], shown),
            partial(_chapter_page, site, page, said, annexes, templates),
        )


def _chapter_page(
    site: Site, page: Page, said: Front, annexes: Sequence[Page], templates: Environment
) -> bytes:
    book = site.book
    context = page_context(book.pages, page, said, site.pdf_name, annexes, site.publications)
    context["body"] = body_alone(page, site.root)
    if site.evidence:
        context |= _evidence_context(context, site, site.evidence, page, templates)
    return templates.get_template("page.html").render(context).encode()


def _evidence_context(
    context: Mapping[str, Any],
    site: Site,
    evidence: Evidence,
    page: Page,
    templates: Environment,
) -> dict[str, Any]:
    """What a page gains from standing in the whole output: panels, works, data, tags, search."""
    said: Front = context["site"]
    sources = evidence.record["sources"]
    names = DisplayNames(site.names, evidence.themes, SOURCES_PAGE)
    original = sources.get(said.original)
    rows = panels(evidence, said.name, page.output)
    notes = templates.get_template("title_notes.html").render(context, panels=rows)
    with_notes = replace(page, body=with_title_notes(page.body, Markup(notes)))
    return {
        "body": body_with_data(with_notes, context["up"], site.root, names, templates),
        "panels": rows,
        "sources_page": SOURCES_PAGE,
        "cited": {key: site.works[key] for key in page.cited if key in site.works},
        "tags": page_tags(context, site.book.pages, original),
        "home": f"{context['up']}../index.html",
        "bibtex": BIBTEX,
        "whole": site.whole,
        "cite": cite_page(said, page) if said.is_book and page.output != "index.html" else "",
        "scripts": SCRIPTS,
    }


# --- pages of evidence -------------------------------------------------------------------------


def annex_pages(site: Site) -> Iterator[PlannedFile]:
    """The pages that are made from the record of uses, in the order of the contents, and what is
    searched of all pages."""
    evidence = site.evidence
    if evidence is None:
        return
    templates = environment()
    made_from = (site.front, site.book, evidence)
    yield PlannedFile(INDEX, made_from, lambda: search_index(site.book, site.front, evidence))
    annexes = _annexes(evidence, site.front.name)
    for page in annexes:
        yield PlannedFile(
            page.output,
            (site.front, evidence, site.publications, site.pdf_name, site.book.pages),
            partial(_annex_page, site, evidence, page, annexes, templates),
        )


def _annex_page(
    site: Site, evidence: Evidence, page: Page, annexes: Sequence[Page], templates: Environment
) -> bytes:
    said, pages = site.front, site.book.pages
    context = page_context(pages, page, said, site.pdf_name, annexes, site.publications)
    context |= _evidence_context(context, site, evidence, page, templates)
    context["scripts"] = (*SCRIPTS, LISTING)
    if page.output == STATISTICS_PAGE:
        context |= statistics_context(evidence, said.name)
        template = "statistics.html"
    else:
        context |= sources_context(evidence, said.name)
        template = "sources.html"
    return templates.get_template(template).render(context).encode()


def _annexes(evidence: Evidence, publication: str) -> tuple[Page, ...]:
    annexes = []
    if publication_rows(evidence, publication):
        annexes.append(_annex(STATISTICS_PAGE, "Statistics"))
    if publication_works(evidence, publication):
        annexes.append(_annex(SOURCES_PAGE, "Sources"))
    return tuple(annexes)


def _annex(output: str, title: str) -> Page:
    return Page("", output, "chapter", "", title, title, "", (), part="Evidence")


# --- in one piece ------------------------------------------------------------------------------


def whole_files(site: Site) -> Iterator[PlannedFile]:
    """The publication on one page and as EPUB, where it wants that."""
    pages, said = site.book.pages, site.front
    for path in site.whole.values():
        if path == WHOLE_PAGE:
            figures = (figure for page in pages for figure in page.figures)
            files = (file for figure in figures for file in drawings(site.root, figure))
            drawn = [digests.file_digest(file) for file in files]
            yield PlannedFile(path, (said, pages, drawn), partial(whole_page_of, site))
        else:
            yield PlannedFile(path, (said, pages), partial(epub, pages, said, site.root))


def whole_page_of(site: Site) -> bytes:
    assert site.evidence, "every site of a render has it"
    page = Page("", WHOLE_PAGE, "chapter", "", "All on one page", "All on one page", "", ())
    figures = tuple(figure for page in site.book.pages if page.whole for figure in page.figures)
    text = replace(page, body=whole_page(site.book.pages), figures=figures)
    said, templates = site.front, environment()
    annexes = _annexes(site.evidence, said.name)
    context = page_context(site.book.pages, page, said, site.pdf_name, annexes, site.publications)
    context |= _evidence_context(context, site, site.evidence, page, templates)
    context |= {"body": body_alone(text, site.root), "cite": ""}
    return templates.get_template("whole.html").render(context).encode()


# --- other files -------------------------------------------------------------------------------


def other_files(site: Site) -> Iterator[PlannedFile]:
    """Images, style sheets, scripts, the rows of statistics, the reference for managers and the
    picture for previews."""
    for image in site.book.images:
        yield copied(site.root / image.lstrip("/"), image.lstrip("/"))
    if evidence := site.evidence:
        said = site.front
        original = evidence.record["sources"].get(said.original)
        yield PlannedFile(BIBTEX, (said, original), lambda: bibtex(said, original).encode())
        yield PlannedFile(CARD, said, lambda: draw_card(said))
        yield PlannedFile(ICON, said, lambda: icon(said))
        yield PlannedFile(ICON_FOR_PHONES, said, lambda: icon_for_phones(said))
        if shown := publication_rows(evidence, said.name):
            rows, ids = site.root / "data" / "statistics.csv", list(shown)
            yield PlannedFile(
                STATISTICS_ROWS,
                (digests.file_digest(rows), ids),
                partial(csv_for_readers, rows, ids),
            )
    ours = (*STYLES, "site.js", *((*SCRIPTS, LISTING) if site.evidence else SCRIPTS_ALONE))
    yield from look(site.extension, ours)
