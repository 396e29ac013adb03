"""A page of either engine -> what a reader finds in it: passages with their runs, in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

Passage = dict[str, Any]
"""`kind` and `text`; where they say something, `id` of a heading or float, `runs` (kind, words'
begin and end, ids), and `row` of a cell."""

_SKIPPED = frozenset(
    {"script", "style", "nav", "button", "template", "dialog", "head", "annotation"}
)
_SKIPPED_CLASSES = frozenset({
    "permalink", "anchorjs-link", "code-copy-button", "footnote-back", "visually-hidden",
    "for-readers", "figure-data", "hint", "dates", "draft-notice", "problems-found",
    "callout-icon-container",
})  # fmt: skip
"""What an engine adds for use, and no words of the text."""
_VOID = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("td", "th"), "cell"), **dict.fromkeys(("figcaption", "caption"), "caption"),
    **dict.fromkeys(("li", "dd"), "item"), "dt": "term", "p": "text", "pre": "code",
}  # fmt: skip
_BLOCKS = frozenset({
    *_KINDS, "div", "section", "article", "header", "footer", "aside", "figure", "table", "ul",
    "ol", "dl", "blockquote", "main", "tr", "details", "summary",
})  # fmt: skip
_OUTWEIGHS = ("note", "cell", "caption", "heading", "item")
"""Kinds that a paragraph within them has."""


@dataclass
class _Open:
    tag: str
    kind: str
    run: tuple[str, tuple[str, ...], int] | None = None
    """Kind and ids of the run that it is, and where that begins."""


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self.open: list[_Open] = []
        self.skipped = 0
        self.in_main = False
        self.text = ""
        self.runs: list[list[Any]] = []
        self.id = ""
        self.row = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = frozenset(given.get("class", "").split())
        if tag == "main":
            self.in_main = True
        if not self.in_main:
            return
        label = given.get("alt") if tag == "img" else given.get("aria-label")
        if label and not self.skipped and (tag == "img" or given.get("role") == "img"):
            self._flush()
            self.passages.append({"kind": "alt", "text": _words(label)})
        is_skipped = (
            given.get("role") == "img" or
            tag in _SKIPPED or not classes.isdisjoint(_SKIPPED_CLASSES)
            or "hidden" in given or (given.get("aria-hidden") == "true" and tag != "img")
        )  # fmt: skip
        if self.skipped or is_skipped:
            self.skipped += tag not in _VOID
            return
        if tag in _VOID:
            self.text += " "
            return
        if tag in _BLOCKS:
            self._flush()
        if tag == "tr":
            self.row += 1
        if tag in _KINDS or "quarto-float" in classes:
            self.id = given.get("id") or self.id
        elif tag == "section":
            self.id = given.get("id", "")
        is_note = given.get("role") in ("doc-endnotes", "doc-footnote")
        kind = "note" if is_note else _KINDS.get(tag, "")
        self.open.append(_Open(tag, kind, self._run(classes, given)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.skipped:
            self.skipped -= 1
            return
        if not any(it.tag == tag for it in self.open):
            self.in_main = self.in_main and tag != "main"
            return
        if tag in _BLOCKS:
            self._flush()
        while self.open:
            ended = self.open.pop()
            if ended.run and len(self.text) > ended.run[2]:
                kind, ids, start = ended.run
                self.runs.append([kind, start, len(self.text), list(ids)])
            if ended.tag == tag:
                break
        if tag == "main":
            self.in_main = False

    def handle_data(self, data: str) -> None:
        if self.in_main and not self.skipped:
            self.text += data

    def _run(
        self, classes: frozenset[str], given: dict[str, str]
    ) -> tuple[str, tuple[str, ...], int] | None:
        start = len(self.text)
        if "data-stat" in given and classes & {"stat", "claim"}:
            kind = "number" if "stat" in classes else "claim"
            return kind, tuple(given["data-stat"].split()), start
        if "data-cites" in given:
            return "citation", tuple(given["data-cites"].split()), start
        return None

    def _flush(self) -> None:
        text, runs = _squeezed(self.text, self.runs)
        self.text, self.runs = "", []
        if not text:
            return
        kinds = [it.kind for it in self.open if it.kind]
        kind = next((it for it in _OUTWEIGHS if it in kinds), kinds[-1] if kinds else "text")
        passage: Passage = {"kind": kind, "text": text}
        if runs:
            passage["runs"] = runs
        if kind in ("heading", "caption") and self.id:
            passage["id"] = unquote(self.id)
        if kind == "cell":
            passage["row"] = self.row
        self.passages.append(passage)


def read_page(html: str) -> list[Passage]:
    """The passages of a page's `main`, in the order of its text."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return reader.passages


def _words(text: str) -> str:
    """One line, without signs that only guide line breaks."""
    return " ".join(re.sub("[\u00ad\u200b\u2060\ufeff\ufffc]", "", text).split())


def _squeezed(text: str, runs: list[list[Any]]) -> tuple[str, list[list[Any]]]:
    """The text on one line, and its runs where their words stand there."""
    line = _words(text)
    moved = []
    for kind, start, end, ids in sorted(runs, key=lambda it: (it[1], -it[2])):
        words = _words(text[start:end])
        at = line.find(words, max(len(_words(text[:start])) - 1, 0))
        if words and at >= 0:
            moved.append([kind, at, at + len(words), ids])
    return line, moved
