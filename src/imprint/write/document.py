"""A publication's text with places -> `document.json`, as docs/document.schema.json describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from imprint.core.document import Document, Passage, Piece

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
    told = _filled(asdict(passage))
    told["runs"] = [_filled(asdict(run)) | {"start": run.start} for run in passage.runs]
    told["places"] = [_place(piece) for piece in passage.pieces]
    told["within"] = [_filled(asdict(holder)) for holder in passage.within]
    del told["pieces"]
    return _filled(told)


def _place(piece: Piece) -> dict[str, Any]:
    place = _filled(asdict(piece.place))
    return {**place, "start": piece.start, "is_written": piece.is_written}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {
        name: value for name, value in fields.items() if value not in ("", 0, (), [], {}, False)
    }
