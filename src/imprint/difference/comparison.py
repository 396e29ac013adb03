"""Two versions of a report -> all that is unlike for its readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imprint.core.document import Book, Document
from imprint.core.escaping import one_line
from imprint.core.files import DRAWN
from imprint.core.problems import Place
from imprint.difference.documents import Difference, difference
from imprint.difference.drawings import FigureChange, figure_changes
from imprint.difference.tables import EntryChange, row_changes, work_changes
from imprint.read.report import Report


@dataclass(frozen=True)
class Version:
    """A report as it was run and composed."""

    name: str
    """Of the revision, as readers of the comparison know it."""
    report: Report
    books: tuple[Book, ...]


@dataclass(frozen=True)
class Renumbered:
    """A heading or float that has another number and stands for the same."""

    what: str
    """`section` or `figure`, `table`."""
    title: str
    old: str
    new: str


@dataclass(frozen=True)
class PrintedClaim:
    """Words that rest on rows of the statistics."""

    words: str
    ids: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class PublicationChange:
    """What a reader of one publication finds otherwise."""

    name: str
    title: str
    is_in: tuple[bool, bool]
    """Whether the old and the new version have it."""
    difference: Difference
    renumbered: tuple[Renumbered, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All that is unlike in two versions of a report."""

    old: str
    new: str
    publications: tuple[PublicationChange, ...]
    rows: tuple[EntryChange, ...]
    works: tuple[EntryChange, ...]
    figures: tuple[FigureChange, ...]
    claims: tuple[PrintedClaim, ...]
    """Of the new version, each once."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is unlike."""
        return not (
            self.rows or self.works or self.figures or any(map(_is_unlike, self.publications))
        )


def compare(old: Version, new: Version) -> Comparison:
    """What a reader of the new version finds otherwise than a reader of the old one."""
    roots = old.report.project.root, new.report.project.root
    claims = (claim for book in new.books for claim in _claims(book))
    return Comparison(
        old.name,
        new.name,
        tuple(_publications(old, new)),
        tuple(row_changes(*roots)),
        tuple(work_changes(old.report.library, new.report.library)),
        tuple(figure_changes(roots[0] / DRAWN, roots[1] / DRAWN)),
        tuple(dict.fromkeys(claims)),
    )


def _is_unlike(publication: PublicationChange) -> bool:
    told = publication.difference
    return bool(
        publication.renumbered or told.words or told.floats or told.numbers or told.citations
        or told.places or publication.is_in != (True, True)
    )  # fmt: skip


def _publications(old: Version, new: Version) -> Iterator[PublicationChange]:
    before = {book.publication.name: book for book in old.books}
    after = {book.publication.name: book for book in new.books}
    for name in dict.fromkeys([*after, *before]):
        was, becomes = before.get(name), after.get(name)
        found = becomes or was
        assert found
        nothing = Document(name, ())
        documents = [book.document or nothing if book else nothing for book in (was, becomes)]
        renumbered = tuple(_renumbered(was, becomes)) if was and becomes else ()
        title = found.phrases["title"].plain if "title" in found.phrases else name
        yield PublicationChange(
            name, title, (was is not None, becomes is not None),
            difference(*documents), renumbered,
        )  # fmt: skip


def _renumbered(old: Book, new: Book) -> Iterator[Renumbered]:
    for what, before, after in (
        ("section", _sections(old), _sections(new)),
        ("", _floats(old), _floats(new)),
    ):
        for key, (number, title) in after.items():
            was = before.get(key)
            if was and was[0] != number:
                yield Renumbered(what or key[0], title, was[0], number)


def _sections(book: Book) -> dict[tuple[str, str], tuple[str, str]]:
    """Number and title of every section by the chapter's path and the heading's identifier."""
    titles = {
        (chapter.path, passage.id): one_line(passage.text)
        for chapter in (book.document.chapters if book.document else ())
        for passage in chapter.passages
        if passage.kind == "heading"
    }
    found = {}
    for page in book.pages:
        found[page.source, ""] = page.number, page.plain_title
        for heading in page.headings:
            key = page.source, heading.anchor
            found[key] = heading.number, titles.get(key, heading.anchor)
    return found


def _floats(book: Book) -> dict[tuple[str, str], tuple[str, str]]:
    """Number and caption of every figure and table by its kind and what it shows."""
    return {
        (use.kind, ", ".join(use.ids)): (use.label, one_line(use.text))
        for use in book.uses
        if use.kind in ("figure", "table") and use.label
    }


def _claims(book: Book) -> Iterator[PrintedClaim]:
    for use in book.uses:
        if use.kind == "claim":
            yield PrintedClaim(one_line(use.text), use.ids, use.place)
