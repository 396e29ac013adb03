"""What a publication says of itself in Markdown -> phrases, as pandoc reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imprint.compose.stages import StageRequest, Stages
from imprint.compose.words.metadata import document_metadata
from imprint.core.document import Phrase
from imprint.core.model import Publication

ONES = ("based-on", "audience", "citation", "note", "contact", "licence")
"""Settings of a publication that are a line of Markdown each."""
LISTS = ("found", "changes")
"""And those that are several."""


FOOT = "page-footer"
"""What a book has at the foot of its pages: a text, or one at the left, centre and right."""


def foot(metadata: Mapping[str, Any]) -> list[str]:
    """The texts at the foot of pages, from left to right."""
    given = metadata.get(FOOT) or {}
    parts = given if isinstance(given, Mapping) else {"center": given}
    return [str(parts[side]) for side in ("left", "center", "right") if parts.get(side)]


def phrases_request(publication: Publication) -> StageRequest:
    """Asks for title, subtitle, series and the titles of parts; and for what is no title."""
    metadata = document_metadata(publication, {})
    own = metadata.get("imprint") or {}
    titles = {name: metadata.get(name) for name in ("title", "subtitle")}
    titles |= {"series": own.get("series")}
    titles |= {part_name(it.title): it.title for it in publication.entries if it.role == "part"}
    texts = titles | {"description": metadata.get("description")}
    texts |= {name: own.get(name) for name in ONES}
    texts |= {
        list_name(name, at): text for name in LISTS for at, text in enumerate(own.get(name) or ())
    }
    texts |= {list_name(FOOT, at): text for at, text in enumerate(foot(metadata))}
    request = {
        "texts": {name: str(text or "") for name, text in texts.items()},
        "is_title": dict.fromkeys(titles, True),
    }
    return StageRequest("phrases", publication.file, request)


def read_phrases(publication: Publication, stages: Stages) -> dict[str, Phrase]:
    """By name: what the metadata say, and the titles of parts."""
    (answer,) = stages.answers([phrases_request(publication)])
    return {name: Phrase(**phrase) for name, phrase in answer["phrases"].items()}


def part_name(title: str) -> str:
    """The name of the phrase that is a part's title."""
    return f"part {title}"


def list_name(name: str, at: int) -> str:
    """The name of the phrase at a place, from 0, of a setting that lists several."""
    return f"{name} {at}"
