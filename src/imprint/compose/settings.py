"""What a publication's metadata ask of those who read, cite and write it: their settings.

All of them are plain values that JSON can hold; `lua/` reads them by these names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imprint.compose.extension import Extension
from imprint.compose.words.labels import floats_of, numbered_words
from imprint.compose.words.language import added_words
from imprint.core import digests
from imprint.core.files import read_file
from imprint.core.model import Entry, Format, Project, Publication
from imprint.core.root import from_root
from imprint.read.project.put_in import FORMATS, PUT_IN

TEMPLATE = Path(__file__).with_name("template.typ")
DEFINITIONS = Path(__file__).with_name("typst_definitions.typ")

STATISTICS_PAGE = "statistics.html"
"""The page of a publication that lists the statistics, to which numbers lead."""

Settings = dict[str, Any]


def read_settings(publication: Publication) -> Settings:
    """How chapters are read."""
    metadata = publication.metadata
    crossref = metadata.get("crossref") or {}
    words = added_words(metadata)
    return {
        **_settings_of_text(publication),
        "profile": publication.name,
        "style": publication.settings.style,
        "number_sections": number_sections(publication),
        "number_depth": metadata.get("number-depth", 6),
        "section_prefix": crossref.get("sec-prefix", ""),
        "section_words": {
            "section": words["crossref-sec-prefix"],
            "chapter": words["crossref-ch-prefix"],
            "appendix": words["crossref-apx-prefix"],
        },
        "equation_prefix": crossref.get("eq-prefix", words["crossref-eq-prefix"]),
    }


def _settings_of_text(publication: Publication) -> Settings:
    """What those who read it and those who write it want to know."""
    return {
        "book": publication.is_book,
        "text_width": _text_width(publication),
        "floats": floats_of(publication),
        **numbered_words(publication),
    }


def put_in_settings(publication: Publication, entry: Entry, front: Mapping[str, Any]) -> Settings:
    """What has a hand in one chapter's text: filters by format, texts before and after it, and by
    how many levels its headings are moved."""
    around, own = (it.get(PUT_IN) or {} for it in (publication.metadata, front))
    filters = {
        name: [
            {"path": path, **named}
            for path, named in {
                **(_of(around, "filters", name) or {}),
                **(_of(own, "filters", name) or {}),
            }.items()
        ]
        for name in FORMATS
    }
    texts: dict[str, dict[str, str]] = {}
    paged = [it.path for it in publication.entries if it.path]
    for where, end in (("before", 0), ("after", -1)):
        texts[where] = {}
        for name in FORMATS:
            # The PDF has one beginning and one end, each page its own.
            everywhere = name == "html" or entry.path == paged[end]
            parts = (_of(around, where, name) if everywhere else "", _of(own, where, name))
            texts[where][name] = "\n".join(dict.fromkeys(filter(None, parts)))
    shift = {**publication.metadata, **front}.get("shift-heading-level-by") or 0
    return {"filters": filters, "shift": shift, **texts}


def _of(found: Mapping[str, Any], what: str, format: str) -> Any:
    return (found.get(what) or {}).get(format) or ""


def is_whole_wanted(publication: Publication) -> bool:
    """Whether a publication comes out on one page and as EPUB, too: `imprint: whole:`."""
    return publication.own.get("whole") is True


@dataclass(frozen=True)
class Annexes:
    """What stands beside the text, for those who ask what something in it means."""

    statistics_page: str = ""
    """Address of the page that lists the statistics, where there is one."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What abbreviations stand for, and terms mean."""


def write_settings(
    publication: Publication,
    extension: Extension,
    formats: Collection[Format],
    annexes: Annexes,
    root: Path,
) -> Settings:
    """How chapters are written; paths are from `root`, where pandoc runs."""
    filters = {"html": extension.html_filters, "typst": extension.typst_filters}
    return {
        **_settings_of_text(publication),
        "formats": {"html": "html" in formats, "typst": "pdf" in formats},
        "toc_depth": publication.metadata.get("toc-depth", 3),
        "filters": {
            name: [from_root(path, root) for path in paths] for name, paths in filters.items()
        },
        "statistics_page": annexes.statistics_page,
        "whole": is_whole_wanted(publication),
        # a table without keys would come to Lua as a list
        "meanings": {"": "", **annexes.meanings},
    }


def _text_width(publication: Publication) -> float:
    """How wide the extension's template sets text, in points: 138 mm, or 77 in two columns."""
    in_one = publication.is_book or publication.own.get("columns", 1) in (1, None)
    return 391.2 if in_one else 218.3


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
        return read_file(project.root / project.csl).decode() if project.csl else ""
    except (OSError, ValueError):
        return ""


def number_sections(publication: Publication) -> bool:
    """Whether sections have numbers."""
    return bool(publication.metadata.get("number-sections", publication.is_book))


def typst_template(extension: Extension) -> str:
    """The Typst template with its partials put in: Quarto's order, the extension's texts."""
    texts = {DEFINITIONS.name: DEFINITIONS.read_text(encoding="utf-8")}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in extension.typst_partials}

    def partial(match: re.Match[str]) -> str:
        return texts.get(match.group(1), "")

    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"\$([\w-]+\.typ)\(\)\$", partial, template)
