"""Words that a reviewer proposes -> the author's file, where they touch plain prose alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from imprint.core.document import Passage, RunKind
from imprint.core.escaping import escape, escape_opening, one_line
from imprint.core.files import EncodingError, decoded, write_atomically, writing
from imprint.core.problems import Place, Problem, ReportError
from imprint.difference.blocks import Block
from imprint.review.placed import Placed
from imprint.review.words import passage_at

_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_TYPED = str.maketrans("‘’“”–—\u00a0\u2011", "''\"\"-- -")
_WHAT: dict[RunKind, str] = {
    "number": "a number that a row of the data gives",
    "claim": "a claim that rows of the data bear out",
    "citation": "a citation",
    "reference": "a cross-reference",
    "code": "code",
    "math": "mathematics",
    "equation": "an equation",
    "raw": "raw text",
    "link": "a link",
    "image": "an image",
    "note": "the call of a note",
    "anchor": "an anchor",
}
"""What is not plain prose, as it is told."""


@dataclass(frozen=True)
class Hunk:
    """Characters of a block's text, and what is to stand in their place."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class _FileEdit:
    """The same in a file: on lines counted from 1, columns counted from 1."""

    start: Place
    end: Place
    old: str
    new: str


class RefusedError(ValueError):
    """A proposal cannot be written; the message says why."""


def apply(root: Path, placed: Placed) -> Place:
    """Write the words that a comment proposes in the place of those that it is on, and say where.

    Raises ReportError where there are none, where they touch more than plain prose, or where the
    words or their file have changed since.
    """
    comment, position = placed.thread.comment, placed.position
    where = position.place if position else Place(comment.anchor.chapter)
    try:
        if comment.proposed is None:
            raise RefusedError("this comment proposes no words")
        if position is None:
            raise RefusedError(f"its words are gone: ‘{comment.anchor.words}’")
        if position.is_edited:
            raise RefusedError(f"its words have been edited since: ‘{position.words}’")
        if position.block is None:
            raise RefusedError("a whole figure, table or box is not plain prose")
        found = hunks(position.words, one_line(comment.proposed), position.start)
        changes = [_in_file(position.block, hunk) for hunk in found]
        if not changes:
            raise RefusedError("the words read so already")
        _write(root, changes)
    except RefusedError as error:
        fix = "change the file by hand, then resolve the comment"
        raise ReportError([Problem(where, "change-is-prose", str(error), fix)]) from None
    return changes[0].start


def hunks(old: str, new: str, start: int = 0) -> list[Hunk]:
    """What differs between two texts, words whole; offsets count from `start`."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Hunk] = []
    at = start
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        length = len("".join(before[a:b]))
        if kind != "equal":
            found.append(Hunk(at, at + length, "".join(after[c:d])))
        at += length
    return found


def _in_file(block: Block, hunk: Hunk) -> _FileEdit:
    """Where a change goes in the author's file. Raises RefusedError."""
    if hunk.start == hunk.end:
        return _insertion(block, hunk)
    passage, a = passage_at(block, hunk.start)
    other, b = passage_at(block, hunk.end - 1)
    if passage is not other:
        raise RefusedError("it goes over several cells of a table")
    _require_prose(passage, a, b + 1)
    start, end = passage.place(a), passage.place(b)
    new = _escaped(hunk.words, opens=start.column == 1)
    return _FileEdit(start, end.at(end.column + 1), passage.text[a : b + 1], new)


def _insertion(block: Block, hunk: Hunk) -> _FileEdit:
    """Behind the letter before, or before the letter behind: one of plain prose, best outside of
    emphasis that ends or begins there."""
    places = [(hunk.start - 1, True, hunk.words), (hunk.start, False, hunk.words)]
    if hunk.words[:1] == block.text[hunk.start : hunk.start + 1] == " ":
        # The same words: a blank before them is one behind them.
        places.append((hunk.start + 1, False, f"{hunk.words[1:]} "))
    refused = RefusedError("it stands beside no words of the author's own")
    found: list[tuple[bool, _FileEdit]] = []
    for offset, is_behind, words in places:
        if not 0 <= offset < len(block.text) or not block.text[offset].isprintable():
            continue
        passage, at = passage_at(block, offset)
        letter = passage.text[at]
        if not letter.isalnum() and letter not in ".,;:!?)(":
            continue
        try:
            _require_prose(passage, at, at + 1)
        except RefusedError as error:
            refused = error
            continue
        edges = [run.end - 1 if is_behind else run.start for run in passage.runs]
        place = passage.place(at)
        new = _escaped(words, opens=place.column == 1 and not is_behind)
        whole = f"{letter}{new}" if is_behind else f"{new}{letter}"
        change = _FileEdit(place, place.at(place.column + 1), letter, whole)
        found.append((at in edges, change))
    if not found:
        raise refused
    return min(found, key=lambda it: it[0])[1]


def _escaped(words: str, *, opens: bool) -> str:
    """Words as Markdown that says them; `opens` where they begin a line."""
    if not words.strip():
        return words
    lead = words[: len(words) - len(words.lstrip())]
    tail = words[len(words.rstrip()) :]
    return f"{lead}{escape_opening(words) if opens else escape(words)}{tail}"


def _require_prose(passage: Passage, start: int, end: int) -> None:
    if passage.kind in ("code", "raw", "alt"):
        what = "an alternative text" if passage.kind == "alt" else "code"
        raise RefusedError(f"it touches {what}")
    for run in passage.runs:
        if run.start < end and start < run.end and run.kind in _WHAT:
            raise RefusedError(f"it touches {_WHAT[run.kind]}")
    touched = [passage.piece(offset) for offset in range(start, end)]
    if not all(piece.is_written for piece in touched):
        raise RefusedError("it touches what code, data or the engine printed")
    files = {piece.place.file for piece in touched}
    if len(files) > 1 or not all(it.endswith((".qmd", ".md")) for it in files):
        raise RefusedError(f"it is written in {' and '.join(sorted(files))}")


def _write(root: Path, changes: Sequence[_FileEdit]) -> None:
    files = {change.start.file for change in changes}
    if len(files) > 1:
        raise RefusedError(f"it goes over several files: {', '.join(sorted(files))}")
    name = files.pop()
    path = root / name
    try:
        content = path.read_bytes()
        text = decoded(content)
    except (OSError, EncodingError) as error:
        raise RefusedError(f"{name} cannot be read: {error}") from None
    if not path.resolve().is_relative_to(root.resolve()):
        raise RefusedError(f"{name} lies outside the report")
    mark = content[:3] if content.startswith(b"\xef\xbb\xbf") else b""
    lines = list(_line_starts(text))
    for change in reversed(changes):
        start, end = (_offset(lines, place) for place in (change.start, change.end))
        if change.old.endswith(("–", "—")):
            end += len(text[end:]) - len(text[end:].lstrip("-"))
        if not _reads(text[start:end], change.old):
            raise RefusedError("the file holds markup there, or has changed since it was read")
        text = text[:start] + change.new + text[end:]
    with writing(root):
        write_atomically((path, mark + text.encode()))


def _line_starts(text: str) -> Iterator[int]:
    yield 0
    yield from (it.end() for it in re.finditer(r"\r\n|\r|\n", text))


def _offset(lines: Sequence[int], place: Place) -> int:
    if not 1 <= place.line <= len(lines):
        raise RefusedError("the file has changed since it was read")
    return lines[place.line - 1] + place.column - 1


def _reads(source: str, words: str) -> bool:
    """Whether a piece of source is words and nothing else, quotation marks and dashes as typed."""
    plain = (re.sub(r"-+", "-", one_line(it).translate(_TYPED)) for it in (source, words))
    return len(set(plain)) == 1
