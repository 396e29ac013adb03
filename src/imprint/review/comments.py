"""A reviewer's comment <-> a W3C Web Annotation, one JSON object on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from imprint.read.schema import load_schema, read_back

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LONGEST_LINE = 131_072
"""Bytes of an annotation."""
LONGEST_TEXT = 10_000
"""Characters of what a reviewer writes."""
BLOCKING = "blocking"
State = Literal["", "open", "resolved"]
STATES: Mapping[str, State] = {"": "", "open": "open", "resolved": "resolved"}

SCHEMAS = Path(__file__).with_name("review.schema.json")
_SCHEMA = load_schema(SCHEMAS, "annotation")
_SEEN = re.compile(r"seen/([0-9a-f]{16})\.json")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Anchor:
    """The words that a comment is about, so told that they are found again after edits."""

    publication: str
    chapter: str
    """Path from the report's root; empty for a comment on the whole publication."""
    words: str = ""
    """The quotation, on one line; empty for the whole of what `label` names, or of the chapter."""
    before: str = ""
    """What stands before the quotation."""
    after: str = ""
    start: int = 0
    """Offset of the quotation in the chapter's text (`seen.chapter_text`)."""
    end: int = 0
    paragraph: str = ""
    """The paragraph, or the row of a table, that holds the quotation."""
    at: int = 0
    """Offset of the quotation in it."""
    label: str = ""
    """Of a comment on a figure, table or box; with words, the statistic of a number."""
    seen: str = ""
    """Digest of the text that the reviewer saw (`seen.py`)."""


@dataclass(frozen=True)
class Comment:
    """What a reviewer says of some words."""

    id: str
    author: str
    created: str
    """`2026-03-01T09:30:00Z`."""
    text: str
    anchor: Anchor
    proposed: str | None = None
    """Words to stand in the place of those quoted; empty to delete them."""
    is_blocking: bool = False
    """Whether it must be settled before a release."""


@dataclass(frozen=True)
class Reply:
    """An answer to a comment, or word that it is settled."""

    id: str
    author: str
    created: str
    about: str
    """The comment's id."""
    text: str = ""
    state: State = ""
    """What becomes of the comment, if anything."""


def to_line(entry: Comment | Reply) -> str:
    """The annotation on one line, the same for the same entry."""
    told = _comment(entry) if isinstance(entry, Comment) else _reply(entry)
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def from_line(line: bytes) -> Comment | Reply:
    """The entry that a line holds. Raises ValueError, which says why it holds none."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE} bytes")
    told = read_back(line, _SCHEMA)
    author = clean(told.get("creator", {}).get("name", "")) or "unknown"
    head = told["id"], author, told["created"]
    said: dict[str, str] = {}
    for it in told.get("body", ()):
        if it.get("type") == "TextualBody":
            purpose, text = str(it.get("purpose")), clean(it.get("value", ""))
            said[purpose] = f"{said[purpose]}\n{text}" if purpose in said else text
    tag = said.get("tagging", "")
    if isinstance(told["target"], str):
        if tag not in STATES:
            raise ValueError(f"'{tag}' is not a state of a comment")
        return Reply(*head, told["target"], said.get("replying", ""), STATES[tag])
    anchor = _anchor(told["target"])
    return Comment(*head, said.get("commenting", ""), anchor, said.get("editing"), tag == BLOCKING)


def clean(text: str) -> str:
    """The text without what would break terminals or turn its direction."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _comment(comment: Comment) -> dict[str, Any]:
    said = [("commenting", comment.text or None), ("editing", comment.proposed)]
    said.append(("tagging", BLOCKING if comment.is_blocking else None))
    motivation = "commenting" if comment.proposed is None else "editing"
    told = _head(comment, motivation, said)
    anchor = comment.anchor
    place: dict[str, Any] = {"source": anchor.chapter, "scope": anchor.publication}
    selectors: list[dict[str, Any]] = []
    if anchor.words:
        quote = {"exact": anchor.words, "prefix": anchor.before, "suffix": anchor.after}
        length = len(anchor.words)
        within = {"type": "TextPositionSelector", "start": anchor.at, "end": anchor.at + length}
        selectors += [
            {"type": "TextQuoteSelector", **quote},
            {"type": "TextPositionSelector", "start": anchor.start, "end": anchor.end},
            {"type": "TextQuoteSelector", "exact": anchor.paragraph, "refinedBy": within},
        ]
    if anchor.label:
        selectors.append({"type": "FragmentSelector", "value": anchor.label})
    if selectors:
        place["selector"] = selectors
    if anchor.seen:
        place["state"] = {"type": "TimeState", "cached": f"seen/{anchor.seen}.json"}
    return {**told, "target": place}


def _reply(reply: Reply) -> dict[str, Any]:
    said = [("replying", reply.text or None), ("tagging", reply.state or None)]
    return {**_head(reply, "replying", said), "target": reply.about}


def _head(
    entry: Comment | Reply, motivation: str, said: Iterable[tuple[str, str | None]]
) -> dict[str, Any]:
    bodies = [
        {"type": "TextualBody", "purpose": purpose, "value": value}
        for purpose, value in said
        if value is not None
    ]
    return {
        "@context": CONTEXT,
        "id": entry.id,
        "type": "Annotation",
        "motivation": motivation,
        "created": entry.created,
        "creator": {"type": "Person", "name": entry.author},
        "body": bodies,
    }


def _anchor(target: Mapping[str, Any]) -> Anchor:
    seen = _SEEN.fullmatch(target.get("state", {}).get("cached", ""))
    found: dict[str, Any] = {}
    for it in target.get("selector", ()):
        exact, start = whole(it.get("exact", "")), it.get("start", 0)
        match it["type"]:
            case "TextQuoteSelector" if "refinedBy" in it:
                found |= {"paragraph": exact, "at": it["refinedBy"].get("start", 0)}
            case "TextQuoteSelector":
                before, after = (whole(it.get(name, "")) for name in ("prefix", "suffix"))
                found |= {"words": exact, "before": before, "after": after}
            case "TextPositionSelector":
                found |= {"start": start, "end": it.get("end", 0)}
            case "FragmentSelector":
                found["label"] = it.get("value", "")
    scope, chapter = clean(target.get("scope", "")), target.get("source", "")
    return Anchor(scope, chapter, **found, seen=seen[1] if seen else "")


def whole(text: str) -> str:
    """The text without half a character, as JSON may hold, which could be neither written nor
    shown."""
    return text.encode(errors="replace").decode()
