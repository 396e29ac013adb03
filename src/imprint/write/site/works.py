"""Works as reference lists print them, for citations that show their work in place."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from imprint.core.document import Book


def listed_works(book: Book) -> dict[str, Markup]:
    """The publication's reference list: works as printed, by key."""
    return {key: Markup(entry) for page in book.pages for key, entry in page.works.items()}


def works_as_listed(
    lists: Mapping[str, Mapping[str, Markup]], publication: str
) -> dict[str, Markup]:
    """All works in the lists by key; where several list one, as the publication itself does."""
    return {
        key: entry
        for listed in (*lists.values(), lists.get(publication, {}))
        for key, entry in listed.items()
    }
