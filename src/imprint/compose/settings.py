"""What a publication's metadata ask of those who read, cite and write it: their settings.

All of them are plain values that JSON can hold; `lua/` reads them by these names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from imprint.compose.extension import Extension
from imprint.core import digests
from imprint.core.model import Executed, Format, Project, Publication
from imprint.core.root import from_root
from imprint.read.chapters.mentions import NUMBERED_KINDS, REFERENCE_KINDS
from imprint.read.project.quarto_subset import UNSUPPORTED_ATTRIBUTES, UNSUPPORTED_CLASSES

TEMPLATE = Path(__file__).with_name("template.typ")
DEFINITIONS = Path(__file__).with_name("typst_definitions.typ")

FLOATS = {
    "fig": {"name": "Figure", "caption_location": "bottom"},
    "tbl": {"name": "Table", "caption_location": "top"},
}
"""The floats every report has; `crossref: custom:` adds to them."""

STATISTICS_PAGE = "statistics.html"
"""The page of a publication that lists the statistics, to which numbers lead."""

STRUCTURE = {"project", "profile", "book", "format", "execute", "bibliography", "csl", "crossref"}
"""Metadata that describes the project, not the document."""

Settings = dict[str, Any]


def read_settings(publication: Publication) -> Settings:
    """How chapters are read."""
    metadata = publication.metadata
    crossref = metadata.get("crossref") or {}
    return {
        "book": publication.is_book,
        "text_width": _text_width(publication),
        "profile": publication.name,
        "number_sections": number_sections(publication),
        "number_depth": metadata.get("number-depth", 6),
        "floats": _floats(publication),
        "section_prefix": crossref.get("sec-prefix", ""),
        "equation_prefix": crossref.get("eq-prefix", "Equation"),
        "unsupported": {
            "classes": UNSUPPORTED_CLASSES,
            "attributes": UNSUPPORTED_ATTRIBUTES,
            "kinds": dict.fromkeys(sorted(REFERENCE_KINDS - NUMBERED_KINDS), True),
        },
    }


def write_settings(
    publication: Publication,
    extension: Extension,
    formats: Collection[Format],
    statistics_page: str,
    root: Path,
) -> Settings:
    """How chapters are written; paths are from `root`, where pandoc runs."""
    filters = {"html": extension.html_filters, "typst": extension.typst_filters}
    return {
        "book": publication.is_book,
        "text_width": _text_width(publication),
        "formats": {"html": "html" in formats, "typst": "pdf" in formats},
        "toc_depth": publication.metadata.get("toc-depth", 3),
        "floats": _floats(publication),
        "filters": {
            name: [from_root(path, root) for path in paths] for name, paths in filters.items()
        },
        "statistics_page": statistics_page,
    }


def _text_width(publication: Publication) -> float:
    """How wide the extension's template sets text, in points: 138 mm, or 77 in two columns."""
    own = publication.metadata.get("imprint")
    columns = own.get("columns", 1) if isinstance(own, Mapping) else 1
    return 391.2 if publication.is_book or columns in (1, None) else 218.3


def citation_style(project: Project, publication: Publication, works: str) -> Settings:
    """How works, a document in pandoc's JSON, are cited; `made_from` is the digest of the style,
    whose path is from the root, where pandoc runs."""
    metadata = publication.metadata
    return {
        "works": works,
        "csl": project.csl,
        "lang": metadata.get("lang") or "en",
        "link_citations": metadata.get("link-citations") is not False,
        "link_bibliography": metadata.get("link-bibliography") is not False,
        "suppress_bibliography": metadata.get("suppress-bibliography") is True,
        "works_title": metadata.get("reference-section-title") or "",
        "nocite": metadata.get("nocite") or "",
        "made_from": digests.file_digest(project.root / project.csl) if project.csl else "",
    }


_BY_PLACE = re.compile(r'class="note"|position=|et-al-subsequent')


def cites_by_place(project: Project) -> bool:
    """Whether the style prints a citation by where it stands: in notes, or with an `ibid`."""
    return _BY_PLACE.search(_style(project)) is not None


def numbers_works(project: Project) -> bool:
    """Whether the style numbers works in the order in which they are cited."""
    return "citation-number" in _style(project)


def _style(project: Project) -> str:
    try:
        return (project.root / project.csl).read_text(encoding="utf-8") if project.csl else ""
    except (OSError, ValueError):
        return ""


def number_sections(publication: Publication) -> bool:
    """Whether sections have numbers."""
    return bool(publication.metadata.get("number-sections", publication.is_book))


def _floats(publication: Publication) -> dict[str, dict[str, str]]:
    """Kinds of float: the word in captions (`name`) and in references (`prefix`), the caption's
    place."""
    metadata = publication.metadata
    crossref = metadata.get("crossref") or {}
    floats = {kind: dict(info) for kind, info in FLOATS.items()}
    for custom in crossref.get("custom") or ():
        if not custom.get("key"):
            continue  # told where the project is read
        prefix = custom.get("reference-prefix", custom["key"].capitalize())
        floats[custom["key"]] = {
            "name": custom.get("caption-prefix", prefix),
            "prefix": prefix,
            "caption_location": custom.get("caption-location", "bottom"),
        }
    for kind in FLOATS:
        floats[kind]["name"] = crossref.get(f"{kind}-title", floats[kind]["name"])
        floats[kind]["prefix"] = crossref.get(f"{kind}-prefix", floats[kind]["name"])
        place = metadata.get(f"{kind}-cap-location", floats[kind]["caption_location"])
        floats[kind]["caption_location"] = place
    return floats


def document_metadata(publication: Publication, front: Mapping[str, Any]) -> dict[str, Any]:
    """Title, authors and the like in one map: the book's own, then a single document's."""
    merged = {key: value for key, value in publication.metadata.items() if key not in STRUCTURE}
    merged.update(publication.metadata.get("book") or {} if publication.is_book else front)
    return merged


_CONTENTS = {"chapters", "appendices"}


def chapter_metadata(publication: Publication, front: Mapping[str, Any]) -> Settings:
    """What `{{< meta … >}}` may name in a chapter: the publication's metadata under the chapter's
    own, but for the contents, which say nothing of the chapter."""
    metadata = {**publication.metadata, **front}
    book = metadata.get("book")
    if isinstance(book, Mapping):
        metadata["book"] = {name: book[name] for name in book if name not in _CONTENTS}
    return {name: plain(value) for name, value in metadata.items() if name != "project"}


def typst_metadata(
    publication: Publication, chapters: Sequence[Executed], extension: Extension
) -> dict[str, Any]:
    """The template's variables, named as Quarto names them."""
    front = chapters[0].metadata if chapters else {}
    merged = document_metadata(publication, front)
    formats = publication.metadata.get("format")
    for name in ("typst", extension.typst_format):
        own = formats.get(name) if isinstance(formats, Mapping) else None
        if isinstance(own, Mapping):
            merged.update(own)
    authors = merged.get("author") or merged.get("authors") or []
    if isinstance(authors, str | Mapping):
        authors = [authors]
    names = [author if isinstance(author, str) else author.get("name", "") for author in authors]
    merged["by-author"] = [{"name": {"literal": name}} for name in names]
    language = str(merged.get("lang", "en")).split("-")
    merged["lang"] = language[0].lower()
    if len(language) > 1:
        merged["region"] = language[-1].upper()
    if number_sections(publication):
        merged.setdefault("section-numbering", "1.1")
    merged.setdefault("toc-depth", 3)
    merged["imprint-kind"] = "book" if publication.is_book else "leaflet"
    if merged.get("date"):
        merged["date"] = format_date(str(merged["date"]), str(merged.get("date-format", "")))
    return {key: plain(value) for key, value in merged.items() if value not in (None, "", [])}


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_date(date: str, wanted: str = "") -> str:
    """An ISO date in the wanted form, by default the house's: `12 November 2010`.

    `wanted` is `iso` or a pattern of D, DD, M, MM, MMM, MMMM, YY and YYYY; a month of a year is
    `November 2010` in any form; what is no ISO date is returned as it stands.
    """
    if (month_alone := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", date)) and wanted != "iso":
        return f"{MONTHS[int(month_alone[2]) - 1]} {month_alone[1]}"
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    if not found or wanted == "iso":
        return date
    year, month, day = found.groups()
    name = MONTHS[int(month) - 1]
    parts = {
        "D": str(int(day)),
        "DD": day,
        "M": str(int(month)),
        "MM": month,
        "MMM": name[:3],
        "MMMM": name,
        "YY": year[2:],
        "YYYY": year,
    }
    return re.sub(
        r"D{1,2}|M{1,4}|Y{4}|Y{2}", lambda found: parts[found[0]], wanted or "D MMMM YYYY"
    )


def typst_template(extension: Extension) -> str:
    """The Typst template with its partials put in: Quarto's order, the extension's texts."""
    texts = {DEFINITIONS.name: DEFINITIONS.read_text(encoding="utf-8")}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in extension.typst_partials}

    def partial(match: re.Match[str]) -> str:
        return texts.get(match.group(1), "")

    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"\$([\w-]+\.typ)\(\)\$", partial, template)


def plain(value: Any) -> Any:
    """A value that JSON can hold; dates become their ISO form."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return "" if value is None else value
    return str(value)
