"""A reviewer's comment <-> a W3C Web Annotation, one JSON object on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LONGEST_LINE = 131_072
"""Bytes of an annotation."""
LONGEST_TEXT = 10_000
"""Characters of what a reviewer writes."""
BLOCKING = "blocking"
State = Literal["", "open", "resolved"]
STATES: Mapping[str, State] = {"": "", "open": "open", "resolved": "resolved"}

_ID = re.compile(r"[\w.:/-]{1,200}")
_PATH = re.compile(r"(?!/|.*(?:^|/)\.\.(?:/|$))[^\x00-\x1f\\:\ud800-\udfff]{1,500}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
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


class RubbishError(ValueError):
    """A line is not an annotation; the message says why."""


def to_line(entry: Comment | Reply) -> str:
    """The annotation on one line, the same for the same entry."""
    told = _comment(entry) if isinstance(entry, Comment) else _reply(entry)
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def from_line(line: bytes) -> Comment | Reply:
    """The entry that a line holds. Raises RubbishError."""
    if len(line) > LONGEST_LINE:
        raise RubbishError(f"it is longer than {LONGEST_LINE} bytes")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise RubbishError("it is not JSON") from None
    if not isinstance(told, dict) or told.get("type") != "Annotation":
        raise RubbishError("it is not a Web Annotation")
    head = (
        _matching(told, "id", _ID),
        clean(text_of(_object(told, "creator"), "name", 200)) or "unknown",
        _matching(told, "created", _TIME),
    )
    bodies = told.get("body", [])
    if not isinstance(bodies, list) or not all(isinstance(it, dict) for it in bodies):
        raise RubbishError("its 'body' is not a list of texts")
    if isinstance(told.get("target"), str):
        state = _said(bodies, "tagging") or ""
        if state not in STATES:
            raise RubbishError(f"'{state}' is not a state of a comment")
        about = _matching(told, "target", _ID)
        return Reply(*head, about, _said(bodies, "replying") or "", STATES[state])
    anchor = _anchor(_object(told, "target"))
    proposed = _said(bodies, "editing")
    is_blocking = _said(bodies, "tagging") == BLOCKING
    return Comment(*head, _said(bodies, "commenting") or "", anchor, proposed, is_blocking)


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
    selectors = target.get("selector", [])
    if not isinstance(selectors, list) or not all(isinstance(it, dict) for it in selectors):
        raise RubbishError("its 'selector' is not a list")
    seen = _SEEN.fullmatch(str(_object(target, "state").get("cached", "")))
    chapter = _matching(target, "source", _PATH) if target.get("source") else ""
    found: dict[str, Any] = {}
    for selector in selectors:
        match selector.get("type"):
            case "TextQuoteSelector" if "refinedBy" in selector:
                found["paragraph"] = text_of(selector, "exact", LONGEST_LINE)
                found["at"] = number_of(_object(selector, "refinedBy"), "start")
            case "TextQuoteSelector":
                names = {"words": "exact", "before": "prefix", "after": "suffix"}
                found |= {name: text_of(selector, it, LONGEST_LINE) for name, it in names.items()}
            case "TextPositionSelector":
                found |= {name: number_of(selector, name) for name in ("start", "end")}
            case "FragmentSelector":
                found["label"] = _matching(selector, "value", _ID)
    scope = clean(text_of(target, "scope", 200))
    return Anchor(scope, chapter, **found, seen=seen[1] if seen else "")


def _said(bodies: Sequence[Mapping[str, Any]], purpose: str) -> str | None:
    """What the bodies of a purpose say; None without one."""
    texts = [clean(text_of(it, "value", LONGEST_TEXT)) for it in bodies if _is(it, purpose)]
    return "\n".join(texts) if texts else None


def _is(body: Mapping[str, Any], purpose: str) -> bool:
    return body.get("type") == "TextualBody" and body.get("purpose") == purpose


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise RubbishError(f"its '{name}' is not an object")
    return found


def text_of(told: Mapping[str, Any], name: str, most: int) -> str:
    """A text of an object; empty where it has none. Raises RubbishError."""
    found = told.get(name, "")
    if not isinstance(found, str) or len(found) > most:
        raise RubbishError(f"its '{name}' is not a text of at most {most} characters")
    # Half a character, as JSON may hold, could be neither written nor shown.
    return found.encode(errors="replace").decode()


def number_of(told: Mapping[str, Any], name: str) -> int:
    """An offset in an object; nought where it has none. Raises RubbishError."""
    found = told.get(name, 0)
    if type(found) is not int or not 0 <= found <= 2**31:
        raise RubbishError(f"its '{name}' is not an offset")
    return found


def _matching(told: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise RubbishError(f"its '{name}' is missing or has another form")
    return found
