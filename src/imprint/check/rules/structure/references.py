"""Cross-references: what is numbered is spoken of."""

from __future__ import annotations

from collections.abc import Iterator

from imprint.check.composed import ComposedReport
from imprint.core.document import Document
from imprint.core.problems import Problem
from imprint.read.chapters.mentions import REFERENCE_KINDS

FLOATS = frozenset({"fig", "tbl", "lst"})


def check_references(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every figure, table and box that no text refers to
    (`float-is-referred-to`)."""
    # Kinds of the project's own are floats, as boxes are.
    floats = FLOATS | (report.reference_kinds - REFERENCE_KINDS)
    documents = {it.publication: it for it in report.documents}
    for publication in report.publications:
        document = documents.get(publication.name)
        count = sum(1 for entry in publication.entries if entry.path)
        # What is missing may refer to anything.
        if document is None or len(document.chapters) < count:
            continue
        referred = set(_referred(document))
        for it in (it for chapter in document.chapters for it in chapter.mentions):
            # Labels that code puts together, for tables in a row, have headings that name them.
            is_float = it.place.column and it.name.partition("-")[0] in floats
            if it.kind == "label" and is_float and it.name not in referred:
                message = f"nothing in '{publication.name}' refers to '{it.name}'"
                fix = f"write `@{it.name}` where the text speaks of it"
                yield Problem(it.place, "float-is-referred-to", message, fix)


def _referred(document: Document) -> Iterator[str]:
    """The labels that the text refers to, but for floats that only they themselves refer to."""
    for chapter in document.chapters:
        for passage in chapter.passages:
            labels = {key[:1].lower() + key[1:] for key, _ in passage.keys("reference")}
            yield from labels - {holder.id for holder in passage.within}
