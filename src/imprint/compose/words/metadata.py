"""What a publication and its chapters say of themselves: titles, authors, dates, as texts for
templates and shortcodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from imprint.compose.settings import number_sections
from imprint.compose.words.dates import format_date
from imprint.compose.words.language import added_words
from imprint.core.model import Executed, Publication
from imprint.read.project.brand import BRAND
from imprint.read.project.extensions import OWN
from imprint.read.project.publications import VARIABLES
from imprint.read.project.put_in import PUT_IN

STRUCTURE = {
    *(
        BRAND,
        VARIABLES,
        PUT_IN,
        "project",
        "profile",
        "book",
        "format",
        "execute",
        "bibliography",
        "csl",
    ),
    "crossref",
}
"""Metadata that describes the project, not the document."""


def document_metadata(publication: Publication, front: Mapping[str, Any]) -> dict[str, Any]:
    """Title, authors and the like in one map: the book's own, then a single document's."""
    merged = {key: value for key, value in publication.metadata.items() if key not in STRUCTURE}
    merged.update(publication.metadata.get("book") or {} if publication.is_book else front)
    return {name: expanded(value, merged, publication) for name, value in merged.items()}


_VALUE = re.compile(r"(?<!\{)\{\{<\s+(meta|var)\s+([^\s>]+)\s+>\}\}")


def expanded(value: Any, metadata: Mapping[str, Any], publication: Publication) -> Any:
    """A value of metadata with what its shortcodes `meta` and `var` stand for put in."""
    if isinstance(value, Mapping):
        return {name: expanded(item, metadata, publication) for name, item in value.items()}
    if isinstance(value, list):
        return [expanded(item, metadata, publication) for item in value]
    if not isinstance(value, str) or "{{<" not in value:
        return value
    variables = publication.metadata.get(VARIABLES) or {}

    def of(shortcode: re.Match[str]) -> str:
        found: Any = {**publication.metadata, **metadata} if shortcode[1] == "meta" else variables
        for key in shortcode[2].split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        simple = isinstance(found, str | int | float) and not isinstance(found, bool)
        return str(found) if simple else f"?{shortcode[1]}:{shortcode[2]}"

    return _VALUE.sub(of, value)


def author_names(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the authors, be they one or several, texts or maps."""
    authors = listed(metadata.get("author") or metadata.get("authors"))
    return tuple(filter(None, map(author_name, authors)))


def author_name(author: Any) -> str:
    """The name of an author who is a text, a map with `name`, or one with the parts of a name."""
    name = (author.get("name") or author) if isinstance(author, Mapping) else author
    if isinstance(name, Mapping):
        parts = (name.get("given"), name.get("non-dropping-particle"), name.get("family"))
        name = name.get("literal") or " ".join(str(part) for part in parts if part)
    return str(name).strip()


def listed(value: Any) -> tuple[Any, ...]:
    """One or several values as several; none where it is empty."""
    if value in (None, ""):
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_CONTENTS = {"chapters", "appendices"}


def chapter_metadata(publication: Publication, front: Mapping[str, Any]) -> dict[str, Any]:
    """What `{{< meta … >}}` may name in a chapter: the publication's metadata under the chapter's
    own, but for the contents, which say nothing of the chapter."""
    metadata = {**publication.metadata, **front}
    book = metadata.get("book")
    if isinstance(book, Mapping):
        metadata["book"] = {name: book[name] for name in book if name not in _CONTENTS}
    return {
        name: plain(expanded(value, metadata, publication))
        for name, value in metadata.items()
        if name not in ("project", BRAND, VARIABLES)
    }


def typst_metadata(publication: Publication, chapters: Sequence[Executed]) -> dict[str, Any]:
    """The template's variables, named as Quarto names them."""
    front = chapters[0].metadata if chapters else {}
    merged = document_metadata(publication, front)
    formats = publication.metadata.get("format")
    for name in ("typst", f"{OWN}-typst"):
        own = formats.get(name) if isinstance(formats, Mapping) else None
        if isinstance(own, Mapping):
            merged.update(own)
    merged["by-author"] = [{"name": {"literal": name}} for name in author_names(merged)]
    language = str(merged.get("lang", "en")).split("-")
    merged["lang"] = language[0].lower()
    if len(language) > 1:
        merged["region"] = language[-1].upper()
    if number_sections(publication):
        merged.setdefault("section-numbering", "1.1")
    merged.setdefault("toc-depth", 3)
    merged.setdefault("toc-title", added_words(publication.metadata)["toc-title-document"])
    merged["imprint-kind"] = "book" if publication.is_book else "leaflet"
    if merged.get("date"):
        merged["date"] = format_date(
            str(merged["date"]),
            str(merged.get("date-format") or ""),
            str(merged.get("lang") or "en"),
        )
    return {key: plain(value) for key, value in merged.items() if value not in (None, "", [])}


def plain(value: Any) -> Any:
    """A value that JSON can hold; dates become their ISO form."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return "" if value is None else value
    return str(value)
