"""What composed books become on pages: the record of what they use, and their sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from imprint.build.plan import Plan
from imprint.compose.stages import Stages
from imprint.compose.words.phrases import read_phrases
from imprint.core.document import Book
from imprint.core.model import Format, Publication
from imprint.write.provenance import provenance
from imprint.write.site.evidence import gather
from imprint.write.site.front import Front, front
from imprint.write.site.site import Site
from imprint.write.statistic_rows import Record


def fronts(plan: Plan, stages: Stages) -> list[Front]:
    """What all publications that stand together say about themselves."""
    return [front(it, read_phrases(it, stages)) for it in plan.together]


def record_of(
    plan: Plan, books: Sequence[Book], earlier: Mapping[str, Any] | None = None
) -> Record:
    """What the books use; `earlier` is what an earlier record says of other publications."""
    return provenance(plan.report, books, earlier)


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
