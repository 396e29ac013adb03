"""What composed books become on pages: their sites."""

from __future__ import annotations

from collections.abc import Sequence

from imprint.build.plan import Plan
from imprint.core.document import Book
from imprint.core.model import Format, Publication
from imprint.write.site.evidence import gather
from imprint.write.site.site import Site
from imprint.write.statistic_rows import Record


def sites_of(plan: Plan, books: Sequence[Book], record: Record) -> list[Site]:
    """The books' sites, nothing of them made yet."""
    root = plan.report.project.root
    labels = {publication.name: publication.label for publication in plan.together}
    evidence = gather(root, record, books, labels)
    return [
        Site(
            book,
            root,
            plan.options.extension,
            plan.together,
            pdf_name(book.publication, plan.request.formats),
            evidence,
        )
        for book in books
    ]


def pdf_name(publication: Publication, formats: Sequence[Format]) -> str | None:
    """The name of a publication's PDF; None where none is wanted."""
    return f"{publication.output_file}.pdf" if "pdf" in formats else None
