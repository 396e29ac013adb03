"""A file that a reviewer sent -> comments, answers, and the text that they were made on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from imprint.core.document import Document
from imprint.core.problems import Problem, ReportError, problem
from imprint.review.comments import Comment, Reply, RubbishError, from_line
from imprint.review.seen import from_seen

LARGEST = 50 * 2**20
"""Bytes of a file that is taken in."""
MOST = 20_000
"""Comments and answers in one file."""
_COLLECTION = "AnnotationCollection"


@dataclass(frozen=True)
class Incoming:
    """What a file holds."""

    entries: Sequence[Comment | Reply]
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """What the reviewer saw, by paths in `reviews/`."""
    notes: Sequence[str] = ()
    """What whoever takes it in should know."""


def read_incoming(file: Path, documents: Sequence[Document]) -> Incoming:
    """What a reviewer sent. Raises ReportError for what is no such file, or of another report."""
    del documents
    try:
        if file.stat().st_size > LARGEST:
            raise refused(file, f"it is larger than {LARGEST // 2**20} MB", _OTHER)
        content = file.read_bytes()
    except OSError as error:
        message = f"it cannot be read: {(error.strerror or str(error)).lower()}"
        raise refused(file, message, "name the file that the reviewer sent") from error
    return _saved(file, content)


_OTHER = "ask the reviewer for the file that the review page saved"


def refused(file: Path, message: str, fix: str, line: int = 0) -> ReportError:
    """The one problem of a file that is not taken in."""
    return ReportError([problem("review-file-is-read", str(file), line, message, fix)])


def _saved(file: Path, content: bytes) -> Incoming:
    """A collection of annotations, as a review page saves it, or a file of lines."""
    try:
        told = json.loads(content)
    except RecursionError:
        told = None
    except ValueError:
        return Incoming(_entries(file, content.split(b"\n")))
    if not isinstance(told, dict) or not isinstance(told.get("items", []), list):
        raise refused(file, "it is no file of a reviewer's comments", _OTHER)
    if told.get("type") != _COLLECTION:
        return Incoming(_entries(file, [content]))
    lines = [json.dumps(it).encode() for it in told.get("items", [])]
    seen = told.get("seen", {})
    if not isinstance(seen, dict) or not all(isinstance(it, str) for it in seen.values()):
        raise refused(file, "the text that it was made on is damaged", _OTHER)
    return Incoming(_entries(file, lines), _texts({key: it.encode() for key, it in seen.items()}))


def _entries(file: Path, lines: Sequence[bytes]) -> list[Comment | Reply]:
    found: list[Comment | Reply] = []
    problems: list[Problem] = []
    fix = "ask the reviewer to save and send it again"
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(from_line(line))
        except RubbishError as error:
            message = f"comment {number} cannot be read: {error}"
            problems.append(problem("review-file-is-read", str(file), number, message, fix))
    if len(found) > MOST:
        raise refused(file, f"it holds more than {MOST} comments", _OTHER)
    if problems:
        raise ReportError(problems)
    return found


def _texts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the texts that are whole; others are as good as none."""

    def content(name: str) -> bytes:
        return files[name]

    names = [name.removeprefix("seen/").removesuffix(".json") for name in files]
    whole = [name for name in names if from_seen(name, content)]
    kept: dict[str, bytes] = {}
    for name in whole:
        listed = json.loads(files[f"seen/{name}.json"])["chapters"].values()
        for digest in (name, *listed):
            kept[f"seen/{digest}.json"] = files[f"seen/{digest}.json"]
    return kept
