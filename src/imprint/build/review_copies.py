"""A report -> files to send to reviewers: a Word document, or one page that stands alone.

They lie beside what the last render made, and say which text they were made from, which is kept in
`reviews/`, so that comments on them find their places again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imprint.build.output import render_lock
from imprint.build.plan import Request, kernels_ahead, plan_build
from imprint.build.single import in_one_file
from imprint.build.sites import sites_of
from imprint.compose.stages import Stages
from imprint.core.commit import revision
from imprint.core.document import Document
from imprint.core.events import Tell
from imprint.core.files import OUTPUT, write_atomically, writing
from imprint.core.scratch import scratch_folder
from imprint.read.report import Report, saying
from imprint.review.files import append, seen_files
from imprint.review.seen import to_seen
from imprint.review.standalone import ASSETS, SCRIPT, review_head
from imprint.write.docx import docx
from imprint.write.downloads import figures_among, in_pixels
from imprint.write.provenance import provenance
from imprint.write.site.site import Site, whole_page_of, write_site
from imprint.write.site.whole import WHOLE_PAGE

_ICONS = re.compile(r'<link rel="(?:apple-touch-)?icon"[^>]*>')
_PAGES = re.compile(r'href="([^":#?]+)\.html(?:#([^"]*))?"')
KINDS = ("docx", "review")
"""What `--to` may name beside the formats of a publication."""


def write_review_copies(
    report: Report, kinds: Sequence[str], request: Request, tell: Tell
) -> list[str]:
    """Make the files and say where they are, from the root. Raises ReportError."""
    root = report.project.root
    whole = saying(report, "whole", True)
    with kernels_ahead(whole, replace(request, formats=("html",))) as asked:
        plan = plan_build(whole, asked)
        with Stages(root, asked.jobs, asked.keeps) as stages:
            books = plan.compose(plan.execute(tell), stages, tell)
    sites = sites_of(plan, books, provenance(whole, books))
    made = {path: file for site in sites for path, file in _copies(root, site, kinds)}
    with writing(root), render_lock(root, lambda: None):
        write_atomically(*((root / path, content) for path, content in made.items()))
    for book in books:
        assert book.document
        append(root, [], seen_files(to_seen(book.document)))
    return list(made)


def _copies(root: Path, site: Site, kinds: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    book = site.book
    assert book.document
    name, digest = book.publication.name, to_seen(book.document).digest
    base = f"{OUTPUT}/{name}/{book.publication.output_file}"
    made_from = {"publication": name, "digest": digest, "revision": revision(root)}
    if "docx" in kinds:
        files = {it: root / "figures" / "drawn" / f"{it}.svg" for it in figures_among(book.images)}
        figures = in_pixels(root, {it: path for it, path in files.items() if path.is_file()})
        yield f"{base}.docx", docx(book.pages, site.front, figures, made_from)
    if "review" in kinds:
        yield f"{base}-review.html", _review_page(root, site, book.document, made_from)


def _review_page(root: Path, site: Site, document: Document, made_from: Mapping[str, str]) -> bytes:
    """The publication on one page that stands alone, and takes comments."""
    with scratch_folder() as folder:
        write_site(site, folder)
        page = folder / "index.html"
        if site.front.is_book:
            page = folder / WHOLE_PAGE
            page.write_bytes(whole_page_of(site))
        head = f"{review_head(root, document, made_from)}</head>"
        text = _ICONS.sub('<link rel="icon" href="data:,">', page.read_text("utf-8"))
        text = _leading_within(text.replace("</head>", head, 1))
        page.write_text(text, "utf-8")
        (folder / "assets" / SCRIPT).write_bytes((ASSETS / SCRIPT).read_bytes())
        return in_one_file(page).encode()


def _leading_within(page: str) -> str:
    """The page, whose links to other pages of the publication lead to their part of it."""

    def within(found: re.Match[str]) -> str:
        part = f"page-{found[1].replace('/', '-')}"
        targets = [it for it in (found[2], part) if it and f'id="{it}"' in page]
        return f'href="#{targets[0]}"' if targets else found[0]

    return _PAGES.sub(within, page)
