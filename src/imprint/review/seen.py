"""The text that a reviewer saw, kept by its digest: a file for each chapter, one that lists them.

Chapters that stay as they are share their files from version to version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from imprint.compose.text.printed import with_words
from imprint.core.digests import bytes_digest
from imprint.core.document import ChapterText, Document, Holder, Passage, Piece, Run, RunKind
from imprint.core.problems import Place
from imprint.difference.blocks import Block, blocks

_KEPT: tuple[RunKind, ...] = ("number", "claim", "citation")
"""Runs by which texts are compared."""
_DIGEST = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Seen:
    """A publication's text to keep."""

    digest: str
    files: Mapping[str, bytes]
    """By their digests, that of the list among them."""


def keyed(document: Document) -> Document:
    """The document with keys in the place of its citations' and references' words, which change
    with numbers and letters that nobody wrote; the same for what is printed and what is typed."""
    chapters = (replace(it, passages=tuple(map(_keyed, it.passages))) for it in document.chapters)
    return replace(document, chapters=tuple(chapters))


def _keyed(passage: Passage) -> Passage:
    runs = passage.runs_of("citation", "reference")
    words = {run: "".join(f"[@{id}]" for id in run.ids) for run in runs}
    return with_words(passage, words) if words else passage


def to_seen(document: Document) -> Seen:
    """The text of a document without places, keys in it as `keyed` has them."""
    document = keyed(document)
    chapters = {it.path: _encoded(_chapter(it)) for it in document.chapters}
    listed = [[path, _short(content)] for path, content in chapters.items()]
    whole = _encoded({"publication": document.publication, "chapters": listed})
    files = {_short(content): content for content in (*chapters.values(), whole)}
    return Seen(_short(whole), files)


def from_seen(digest: str, content: Callable[[str], bytes]) -> Document | None:
    """The text again; `content` gives a file, or raises OSError. None where something is missing
    or damaged."""
    try:
        told = json.loads(_checked(digest, content))
        chapters = (
            _read_chapter(str(path), json.loads(_checked(str(name), content)))
            for path, name in told["chapters"]
        )
        return Document(str(told["publication"]), tuple(chapters))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def chapter_text(found: Iterable[Block]) -> str:
    """The words of a chapter's blocks, each block on one line."""
    return "\n".join(block.text for block in found)


def block_starts(found: Iterable[Block]) -> list[int]:
    """Where each block begins in the chapter's text."""
    return [0, *accumulate(len(block.text) + 1 for block in found)]


def blocks_of(document: Document, path: str) -> list[Block]:
    """The blocks of a chapter; none where it is not there."""
    return [it for chapter in document.chapters if chapter.path == path for it in blocks(chapter)]


def _chapter(chapter: ChapterText) -> dict[str, Any]:
    holders: dict[int, tuple[int, Holder]] = {}
    for passage in chapter.passages:
        for holder in passage.within:
            holders.setdefault(id(holder), (len(holders), holder))
    return {
        "holders": [
            [it.id, {name: it.attributes[name] for name in _NAMED if name in it.attributes}]
            for _, it in holders.values()
        ],
        "passages": [
            {
                "kind": it.kind,
                "text": it.text,
                "runs": [[run.kind, run.start, run.end, *run.ids] for run in it.runs_of(*_KEPT)],
                "within": [holders[id(holder)][0] for holder in it.within],
                "cell": [it.row, it.column],
                "target": it.target if it.kind == "alt" else "",
            }
            for it in chapter.passages
        ],
    }


_NAMED = ("kind", "data-table")


def _read_chapter(path: str, told: Mapping[str, Any]) -> ChapterText:
    holders = [Holder(id, (), dict(attributes)) for id, attributes in told["holders"]]
    # Nobody looks at where old words stood; two pieces alike would be one place.
    piece = Piece(0, Place(path, 0, 0), is_written=True)
    return ChapterText(
        path,
        tuple(
            Passage(
                kind=it["kind"],
                text=str(it["text"]),
                runs=tuple(
                    Run(kind, int(a), int(b), tuple(ids)) for kind, a, b, *ids in it["runs"]
                ),
                pieces=(piece,),
                within=tuple(holders[number] for number in it["within"]),
                row=int(it["cell"][0]),
                column=int(it["cell"][1]),
                target=str(it["target"]),
            )
            for it in told["passages"]
        ),
    )


def _checked(digest: str, content: Callable[[str], bytes]) -> bytes:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    found = content(f"seen/{digest}.json")
    if _short(found) != digest:
        raise ValueError(digest)
    return found


def _short(content: bytes) -> str:
    return bytes_digest(content)[:16]


def _encoded(told: Mapping[str, Any]) -> bytes:
    lines = {
        name: "[\n" + ",\n".join(_line(it) for it in value) + "\n]" if isinstance(value, list)
        else _line(value)
        for name, value in told.items()
    }  # fmt: skip
    return ("{" + ",\n".join(f'"{name}": {line}' for name, line in lines.items()) + "}\n").encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
