"""A file that a reviewer sent -> comments, answers, and the text that they were made on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from imprint.core.document import Document
from imprint.core.problems import Problem, ReportError, problem
from imprint.read.schema import load_schema, read_back
from imprint.review.comments import SCHEMAS, Comment, Reply, from_line, to_line
from imprint.review.from_word import OtherReportError, comments_from
from imprint.review.pages import comment_of, with_seen
from imprint.review.seen import from_seen, to_seen
from imprint.review.word import NoWordError, read_word

LARGEST = 50 * 2**20
"""Bytes of a file that is taken in."""
MOST = 20_000
"""Comments and answers in one file."""
_NOT_KEPT = "the text that it was made on is not kept: comments are placed by their words alone"
_WORD_FILES = (".docx", ".docm", ".doc", ".dotx")
_COLLECTION = "AnnotationCollection"


@dataclass(frozen=True)
class Incoming:
    """What a file holds."""

    entries: Sequence[Comment | Reply]
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """What the reviewer saw, by paths in `reviews/`."""
    notes: Sequence[str] = ()
    """What whoever takes it in should know."""


def read_incoming(
    file: Path, documents: Sequence[Document], seen: Callable[[str], Document | None]
) -> Incoming:
    """What a reviewer sent; `seen` gives a text that is kept here by its digest.

    Raises ReportError for what is no such file, or of another report.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise _refused(file, f"it is larger than {LARGEST // 2**20} MB", _OTHER)
        content = file.read_bytes()
    except OSError as error:
        message = f"it cannot be read: {(error.strerror or str(error)).lower()}"
        raise _refused(file, message, "name the file that the reviewer sent") from error
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or file.suffix.lower() in _WORD_FILES:
        return _from_word(file, content, documents, seen)
    return _saved(file, content, documents)


def _from_word(
    file: Path,
    content: bytes,
    documents: Sequence[Document],
    seen: Callable[[str], Document | None],
) -> Incoming:
    """The comments and tracked changes of a Word document, by the text that it was made from."""
    fix = "ask the reviewer for the .docx that came from this report"
    try:
        word = read_word(content)
        name, digest = (word.made_from.get(it, "") for it in ("publication", "digest"))
        here = [it for it in documents if it.publication == name] or list(documents)
        if name and here[0].publication != name:
            raise OtherReportError(f"there is no publication '{name}' here")
        kept = seen(digest)
        entries = comments_from(word, kept or here[0], digest if kept else "")
    except NoWordError as error:
        raise _refused(file, str(error), fix) from None
    except OtherReportError as error:
        raise _refused(file, f"it is of another report: {error}", fix) from None
    notes = [] if kept else [_NOT_KEPT]
    if kept and digest != to_seen(here[0]).digest:
        notes.append("it was made from an older version: comments were carried over to this one")
    if word.left_out:
        notes.append(f"comments on no words, which only Word shows, are left out: {word.left_out}")
    return Incoming(entries, notes=notes)


_OTHER = "ask the reviewer for the file that the review page saved"


def _refused(file: Path, message: str, fix: str) -> ReportError:
    """The one problem of a file that is not taken in."""
    return ReportError([problem("review-file-is-read", str(file), 0, message, fix)])


_SAVED = load_schema(SCHEMAS, "saved")


def _saved(file: Path, content: bytes, documents: Sequence[Document]) -> Incoming:
    """A collection of annotations, as a review page saves it, or a file of lines."""
    try:
        told = json.loads(content)
    except RecursionError:
        told = None
    except ValueError:
        return Incoming(_entries(file, content.split(b"\n")))
    if not isinstance(told, dict) or told.get("type") != _COLLECTION:
        return Incoming(_entries(file, [content]))
    try:
        told = read_back(content, _SAVED)
    except ValueError as error:
        raise _refused(file, f"its comments are damaged: {error}", _OTHER) from None
    lines = [json.dumps(it).encode() for it in told.get("items", ())]
    texts = _texts({key: it.encode(errors="replace") for key, it in told.get("seen", {}).items()})
    own, notes = _said(file, told, texts, documents)
    return Incoming([*_entries(file, lines), *own], texts, notes)


def _said(
    file: Path,
    told: Mapping[str, Any],
    texts: Mapping[str, bytes],
    documents: Sequence[Document],
) -> tuple[list[Comment | Reply], list[str]]:
    """What a page that stands alone saved: comments on words of it, and answers."""
    said, replies = told.get("said", ()), told.get("replies", ())
    if len(said) + len(replies) > MOST:
        raise _refused(file, f"it holds more than {MOST} comments", _OTHER)
    digest, name = told.get("digest", ""), told.get("publication")
    here = next((it for it in documents if it.publication == name), None)
    if here is None and said:
        raise _refused(file, f"it is of another report: there is no publication '{name}'", _OTHER)
    document = from_seen(digest, texts.__getitem__) or here
    notes = [] if digest and document is not here else [_NOT_KEPT]
    found: list[Comment | Reply] = []
    try:
        for it in said:
            assert document
            comment = comment_of(it, document, "")
            comment = replace(comment, id=it.get("id", ""), created=it.get("created", ""))
            found.append(with_seen(comment, digest if document is not here else ""))
        for it in replies:
            names = ("id", "author", "created", "about", "text", "state")
            found.append(Reply(*(it.get(name, "") for name in names)))
        return [from_line(to_line(it).encode()) for it in found], notes if said else []
    except ValueError as error:
        raise _refused(file, f"its comments are damaged: {error}", _OTHER) from None


def _entries(file: Path, lines: Sequence[bytes]) -> list[Comment | Reply]:
    found: list[Comment | Reply] = []
    problems: list[Problem] = []
    fix = "ask the reviewer to save and send it again"
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(from_line(line))
        except ValueError as error:
            message = f"comment {number} cannot be read: {error}"
            problems.append(problem("review-file-is-read", str(file), number, message, fix))
    if len(found) > MOST:
        raise _refused(file, f"it holds more than {MOST} comments", _OTHER)
    if problems:
        # A file of something else has as many as it has lines.
        raise ReportError(problems if found else problems[:1])
    return found


def _texts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the texts that are whole; others are as good as none."""

    def content(name: str) -> bytes:
        return files[name]

    names = [name.removeprefix("seen/").removesuffix(".json") for name in files]
    whole = [name for name in names if from_seen(name, content)]
    kept: dict[str, bytes] = {}
    for name in whole:
        listed = json.loads(files[f"seen/{name}.json"])["chapters"]
        for digest in (name, *(it for _, it in listed)):
            kept[f"seen/{digest}.json"] = files[f"seen/{digest}.json"]
    return kept
