"""A Word document that a reviewer sent back -> its paragraphs as they were, and what was changed.

pandoc reads it; the archive is looked at first, for what a stranger sends may be made to do harm.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import unescape

from imprint.core.files import ArchiveError, opened_archive
from imprint.core.scratch import scratch_folder
from imprint.read.pandoc import pandoc_command, pandoc_environment

MOST_UNPACKED = 300 * 2**20
"""Bytes of all parts of the document."""
MOST_PARTS = 5_000
_XML = 64 * 2**20
"""Bytes of a part of XML."""
_SECONDS = 120
_PROPERTY = re.compile(
    r'<property\b[^>]*\bname="imprint-(\w+)"[^>]*>\s*<vt:lpwstr>([^<]*)</vt:lpwstr>'
)
_COMMENT = re.compile(rb"<(?:\w+:)?comment\s")
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00", b"\x00<\x00!")


@dataclass(frozen=True)
class Change:
    """A comment, or words that were inserted or deleted, in a paragraph as it was."""

    author: str
    date: str
    start: int
    end: int
    """Offsets of the words that a comment is on, or that were deleted; the same for an insertion.
    """
    text: str = ""
    """What a comment says."""
    inserted: str | None = None
    """Words that stand in their place; None for a comment."""


@dataclass
class WordParagraph:
    """A paragraph, or a row of a table, on one line as it was before any change."""

    text: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class WordDocument:
    """What a Word document holds."""

    paragraphs: tuple[WordParagraph, ...]
    made_from: Mapping[str, str]
    """What it says of itself: `publication`, `digest`, `revision`."""
    left_out: int
    """Comments that are on no words, as those on a picture may be."""


class NoWordError(Exception):
    """This is not a Word document that can be read; the message says why."""


def read_word(content: bytes) -> WordDocument:
    """The document. Raises NoWordError."""
    made_from, comments = _examined(content)
    with scratch_folder() as folder:
        file = folder / "reviewed.docx"
        file.write_bytes(content)
        command = [*pandoc_command(), "--sandbox", "-f", "docx+styles", "-t", "json"]
        command += ["--track-changes=all", str(file)]
        try:
            ran = subprocess.run(
                command, capture_output=True, timeout=_SECONDS, env=pandoc_environment(folder),
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoWordError("it takes more than two minutes to read") from None
    if ran.returncode:
        raise NoWordError("its parts are damaged")
    reader = _WordReader()
    try:
        reader.blocks(json.loads(ran.stdout)["blocks"])
    except RecursionError:
        raise NoWordError("its parts lie too far within each other") from None
    for id in list(reader.open):
        reader.close(id)
    found = (change for it in reader.found for change in it.changes if change.inserted is None)
    return WordDocument(tuple(reader.found), made_from, max(0, comments - len(list(found))))


def _examined(content: bytes) -> tuple[dict[str, str], int]:
    """What the document says of itself, and how many comments it holds, once its archive is found
    to be sound."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoWordError("it has a password or is an old .doc: save it as .docx without one")
    try:
        with opened_archive(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = archive.namelist()
            if "word/document.xml" not in names:
                raise NoWordError("it is not a Word document")
            if len(parts) > MOST_PARTS or sum(it.file_size for it in parts) > MOST_UNPACKED:
                raise NoWordError("it unpacks to more than a report could be")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _require_plain(archive, part)
            custom, comments = (
                archive.read(name) if name in names else b""
                for name in ("docProps/custom.xml", "word/comments.xml")
            )
            told = custom.decode()
    except ArchiveError as error:
        raise NoWordError("it is not a Word document, or it is damaged") from error
    made_from = {name: unescape(text) for name, text in _PROPERTY.findall(told)}
    return made_from, len(_COMMENT.findall(comments))


def _require_plain(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that defines entities, or is larger than it says."""
    if part.file_size > _XML:
        raise NoWordError("it unpacks to more than a report could be")
    with archive.open(part) as stream:
        head = stream.read(_XML + 1)
    if len(head) > _XML:
        raise NoWordError("it unpacks to more than a report could be")
    if any(it in head for it in _ENTITIES):
        raise NoWordError("it defines entities, as no Word document does")


@dataclass
class _WordReader:
    """Walks pandoc's document; comments may begin in one paragraph and end in another."""

    found: list[WordParagraph] = field(default_factory=list)
    here: WordParagraph = field(default_factory=WordParagraph)
    notes: list[Any] = field(default_factory=list)
    open: dict[str, tuple[WordParagraph, Change]] = field(default_factory=dict)

    def blocks(self, blocks: list[Any]) -> None:
        for block in blocks:
            kind, content = block["t"], block.get("c")
            if kind in ("Para", "Plain"):
                self.paragraph(content)
            elif kind == "Header":
                self.paragraph(content[2])
            elif kind in ("Div", "BlockQuote"):
                self.blocks(content[1] if kind == "Div" else content)
            elif kind in ("BulletList", "OrderedList"):
                for item in content if kind == "BulletList" else content[1]:
                    self.blocks(item)
            elif kind == "Table":
                self.table(content)
            elif kind == "Figure":
                self.blocks(content[2])
                self.blocks(content[1][1])
            elif kind == "LineBlock":
                for line in content:
                    self.paragraph(line)

    def table(self, content: Any) -> None:
        self.blocks(content[1][1])
        rows = [*content[3][1], *(row for body in content[4] for row in (*body[2], *body[3]))]
        for row in rows:
            self.begin()
            for number, cell in enumerate(row[1]):
                if number:
                    self.here.text = f"{self.here.text.rstrip()} | "
                for block in cell[4]:
                    self.inlines(block["c"] if block["t"] in ("Para", "Plain") else [])
            self.end()

    def paragraph(self, inlines: list[Any]) -> None:
        self.begin()
        self.inlines(inlines)
        self.end()

    def begin(self) -> None:
        self.here = WordParagraph()

    def end(self) -> None:
        if self.here.text.strip() or self.here.changes:
            self.found.append(self.here)
        notes, self.notes = self.notes, []
        self.blocks(notes)

    def inlines(self, inlines: list[Any]) -> None:
        for inline in inlines:
            kind, content = inline["t"], inline.get("c")
            if kind == "Str":
                self.here.text += content
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                self.blank()
            elif kind == "Span":
                self.span(content)
            elif kind in ("Code", "Math"):
                self.here.text += content[1]
            elif kind in ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps",
                          "Underline"):  # fmt: skip
                self.inlines(content)
            elif kind in ("Link", "Quoted", "Cite"):
                self.inlines(content[1])
            elif kind == "Note":
                self.notes += content

    def blank(self) -> None:
        if self.here.text and not self.here.text.endswith(" "):
            self.here.text += " "

    def span(self, content: Any) -> None:
        (_, classes, attributes), inner = content
        said = dict(attributes)
        kind = classes[0] if classes else ""
        who = said.get("author", ""), said.get("date", "")
        at = len(self.here.text)
        if kind == "insertion":
            self.change(Change(*who, at, at, inserted=_plain_words(inner)))
        elif kind == "deletion":
            self.inlines(inner)
            self.change(Change(*who, at, len(self.here.text), inserted=""))
        elif kind == "comment-start":
            text = _plain_words(inner)
            self.open[said.get("id", "")] = self.here, Change(*who, at, at, text)
        elif kind == "comment-end":
            self.close(said.get("id", ""))
        elif kind not in ("paragraph-insertion", "paragraph-deletion"):
            self.inlines(inner)

    def close(self, id: str) -> None:
        """End a comment, in its first paragraph where it goes over several."""
        if id in self.open:
            paragraph, change = self.open.pop(id)
            end = len(paragraph.text)
            paragraph.changes.append(
                Change(change.author, change.date, change.start, end, change.text)
            )
            if paragraph is not self.here and paragraph not in self.found:
                self.found.append(paragraph)

    def change(self, new: Change) -> None:
        """Note words that came or went; what one reviewer did at one place is one change."""
        last = self.here.changes[-1] if self.here.changes else None
        if (
            last is not None
            and last.inserted is not None
            and new.inserted is not None
            and last.author == new.author
            and last.end == new.start
        ):
            whole = Change(last.author, last.date, last.start, new.end,
                           inserted=last.inserted + new.inserted)  # fmt: skip
            self.here.changes[-1] = whole
        else:
            self.here.changes.append(new)


def _plain_words(inlines: Any) -> str:
    """The words of inlines, or of the blocks within, on one line."""
    return "".join(_words(inlines))


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for inner in node:
            yield from _words(inner)
    elif isinstance(node, dict):
        kind = node.get("t")
        if kind == "Str":
            yield node["c"]
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind in ("Code", "Math"):
            yield node["c"][1]
        elif "c" in node:
            yield from _words(node["c"])
            if kind in ("Para", "Plain"):
                yield " "
