"""The place of the bibliography: Quarto takes the one where the list of works is meant to stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from imprint.check.composed import ComposedReport
from imprint.core.document import Document
from imprint.core.model import Chapter, Publication, Text
from imprint.core.problems import Place, Problem

_QUARTO_TAKES = re.compile(r":::\s*\{#refs.*\}\s*\Z")
"""What Quarto looks for in a book's files, line by line: it reads no div and no condition."""


def check_list_place(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for each book whose list of works Quarto puts elsewhere than where it
    stands (`bibliography-has-one-place`).

    Quarto takes the first file with a line that begins `::: {#refs`, shown or not. Every citation
    leads there.
    """
    documents = {it.publication: it for it in report.documents}
    for publication in report.publications if report.project.bibliography else ():
        document = documents.get(publication.name)
        count = sum(1 for entry in publication.entries if entry.path)
        if publication.is_book and document and len(document.chapters) == count:
            yield from _book(publication, list(report.chapters_of(publication)), document)


def _book(
    publication: Publication, chapters: Sequence[Chapter], document: Document
) -> Iterator[Problem]:
    shown = ((text.path, it) for text in document.chapters for it in text.mentions)
    places = (
        (path, it.place.at(1)) for path, it in shown if (it.kind, it.name) == ("label", "refs")
    )
    holder, meant = next(places, ("", None))
    for chapter in chapters:
        taken = _taken(chapter)
        if meant and chapter.path == holder:
            if not taken:
                yield Problem(
                    meant,
                    "bibliography-has-one-place",
                    f"Quarto does not see that the bibliography of '{publication.name}' "
                    "stands here",
                    "begin the line with `::: {#refs`, with three colons, in the chapter itself",
                )
            return
        if taken:
            where = f", which stands at {meant}" if meant else ""
            yield Problem(
                taken,
                "bibliography-has-one-place",
                f"'{publication.name}' does not show this, and Quarto takes it for the place of "
                f"its bibliography{where}",
                "write `::: {.references #refs}`, which Quarto passes over",
            )


def _taken(chapter: Chapter) -> Place | None:
    """The first line that Quarto takes, which does not look into included files."""
    for part in chapter.parts:
        for line in part.lines if isinstance(part, Text) else ():
            if line.place.file == chapter.path and _QUARTO_TAKES.match(line.text):
                return line.place.at(1)
    return None
