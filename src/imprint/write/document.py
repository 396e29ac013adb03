"""A publication's text with places -> `document.json`, as docs/document.schema.json describes."""

from __future__ import annotations

import json
from typing import Any

from imprint.core.document import Document, Passage

VERSION = 1


def document_json(document: Document) -> bytes:
    """The document, a passage on each line."""
    chapters = []
    for chapter in document.chapters:
        lines = ",\n".join(_line(_passage(it)) for it in chapter.passages)
        chapters.append(f'{{"path": {_line(chapter.path)}, "passages": [\n{lines}\n]}}')
    head = f'{{"version": {VERSION}, "publication": {_line(document.publication)}, "chapters": [\n'
    return (head + ",\n".join(chapters) + "\n]}\n").encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _passage(passage: Passage) -> dict[str, Any]:
    told = _told(passage)
    del told["pieces"]
    told["places"] = [
        {**_told(it.place), "start": it.start, "is_written": it.is_written} for it in passage.pieces
    ]
    if passage.runs:
        told["runs"] = [_told(run) | {"start": run.start} for run in passage.runs]
    if passage.within:
        told["within"] = [_told(holder) for holder in passage.within]
    return told


def _told(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass that say something."""
    # `asdict` would copy what it holds.
    values = ((name, getattr(thing, name)) for name in thing.__match_args__)
    return {name: value for name, value in values if value not in ("", 0, (), {}, False)}
