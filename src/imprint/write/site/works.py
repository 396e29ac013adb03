"""Works as reference lists print them: for citations that show their work in place, and for names
with the letters that tell the works of one year apart."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from imprint.core.document import Book

_LETTERED = re.compile(r"\((\d{4})[a-z]\)")


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


def with_letters(names: Mapping[str, str], listed: Mapping[str, Markup]) -> dict[str, str]:
    """Names of works by key, `Office (2010)`, with the letter after the year that the list has."""
    found = {key: _LETTERED.search(entry) for key, entry in listed.items()}
    years = {key: year for key, year in found.items() if year}
    return {
        key: name.replace(f"({years[key][1]})", years[key][0]) if key in years else name
        for key, name in names.items()
    }
