"""What `lua/passages.lua` read of a chapter -> its text, with the place of every run of words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from imprint.compose.stages import Answer, lua_list
from imprint.compose.text.alignment import NOWHERE, align
from imprint.compose.text.mentions import written_at
from imprint.compose.text.origins import figure_drawn, place_in_cell, tables_named, with_origins
from imprint.core import digests
from imprint.core.document import ChapterText, Holder, Mention, Passage, Piece, Run
from imprint.core.model import Executed, Stretch
from imprint.core.problems import Place
from imprint.read.chapters.markdown_source import lay_out

_MOVED = ("note", "alt", "caption")
"""Passages that may stand elsewhere in the source than in the text."""
_NUMBERS = ("level", "row", "column")
_NAMED = ("kind", "id", "is_head", "target", *_NUMBERS)
_UNPRINTED = re.compile(
    r"(?<!\{)\{(?![{<])(?:[^{}\"]|\"[^\"]*\")*\}"
    r"|(?<=\])\((?:<[^<>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
    r"|^\[\^[^\]\s]+\]:.*(?:\n.*\S.*)*"
    r"|\[\^[^\]\s]+\]",
    re.MULTILINE,
)
"""Attributes, addresses of links and notes, which may say the words of a text again."""
_DIGIT = re.compile(r"&#(4[89]|5[0-7]);")
"""A digit as code prints it where it would begin a list."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def chapter_text(root: Path, chapter: Executed, answer: Answer) -> ChapterText:
    """The text of a chapter of the report at `root`, run and read."""
    raw = lua_list(answer["passages"])
    holders = [
        Holder(
            it["id"],
            tuple(lua_list(it["classes"])),
            dict(it["attributes"] if isinstance(it["attributes"], Mapping) else {}),
        )
        for it in lua_list(answer["divs"])
    ]
    texts, runs = zip(*(_text_and_runs(it["text"]) for it in raw), strict=True) if raw else ((), ())
    source = _Source(chapter)
    cuts = [_ends(own) for own in runs]
    moved = [it["kind"] in _MOVED for it in raw]
    offsets = align(texts, moved, source.text, source.printed, cuts=cuts)
    passages = []
    near = Place(chapter.path)
    for read, text, own_runs, own in zip(raw, texts, runs, offsets, strict=True):
        pieces = tuple(source.pieces(own)) or (Piece(0, near, False),)
        near = pieces[-1].place.at(0)
        named = {name: read[name] for name in _NAMED if name in read}
        named |= {name: int(named[name]) for name in _NUMBERS if name in named}
        within = tuple(holders[int(number)] for number in lua_list(read["within"]))
        classes = tuple(lua_list(read.get("classes", [])))
        passages.append(
            Passage(
                text=text, runs=own_runs, pieces=pieces, within=within, classes=classes, **named
            )
        )
    told = lua_list(answer["mentions"])
    at = written_at(told, [it["text"] for it in raw], moved, offsets, source.text)
    by_place = {cell.place.at(0): cell for cell in chapter.cells}
    mentions = []
    numbered = {
        str(begun["use"]): (at, which)
        for at, it in enumerate(raw)
        for which, begun in enumerate(part for part in it["text"] if isinstance(part, Mapping))
        if "use" in begun
    }
    uses = {
        use: passages[at].place(passages[at].runs[which].start).at(0)
        for use, (at, which) in numbered.items()
    }
    for it, offset in zip(told, at, strict=True):
        place = source.place(offset)
        if it["kind"] == "label":
            uses.setdefault(it["name"], place.at(0))
        cell = by_place.get(place)
        place = place_in_cell(it["name"], cell) if cell else place
        mentions.append(Mention(it["kind"], it["name"], place))
    text = tuple(with_origins(root, chapter.cells, passages))
    return ChapterText(chapter.path, text, tuple(mentions), uses, numbered)


def _ends(runs: Sequence[Run]) -> set[int]:
    """Where what a row prints begins and ends, in a word or not."""
    numbers = (run for run in runs if run.kind in ("number", "claim"))
    return {offset for run in numbers for offset in (run.start, run.end)}


def origin_files(root: Path, chapter: Executed, answer: Answer) -> dict[str, str]:
    """Digests of the modules of figures and tables of data that tell where words stand."""
    figures = (figure_drawn(it.get("target") or "") for it in lua_list(answer["passages"]))
    files = {f"figures/{name}.py" for name in figures if name}
    for div in lua_list(answer["divs"]):
        if isinstance(div["attributes"], Mapping) and "data-table" in div["attributes"]:
            files.add(f"data/{div['attributes']['data-table']}.csv")
    files |= {f"data/{name}.csv" for name in tables_named(root, chapter.cells)}
    return digests.file_digests((root / file for file in files), root)


def _text_and_runs(told: Sequence[Any]) -> tuple[str, tuple[Run, ...]]:
    """The text of a passage, and its runs, of which Lua tells beginnings and ends among strings."""
    text = ""
    opened: list[tuple[int, int, Mapping[str, Any]]] = []
    closed: list[tuple[int, Run]] = []
    for count, it in enumerate(told):
        if isinstance(it, str):
            text += it
        elif isinstance(it, Mapping):
            opened.append((count, len(text), it))
        else:
            order, start, run = opened.pop()
            named = {name: run[name] for name in ("form", "target") if run.get(name)}
            ids, locators = lua_list(run.get("ids", [])), lua_list(run.get("locators", []))
            found = Run(run["kind"], start, len(text), ids=tuple(ids), **named)
            closed.append((order, replace(found, locators=tuple(locators))))
    return text, tuple(run for _, run in sorted(closed, key=lambda it: it[0]))


class _Source:
    """The executed Markdown of a chapter, without comments, and where each character came from."""

    def __init__(self, chapter: Executed) -> None:
        self.lines = chapter.lines
        texts = [line.text for line in chapter.lines]
        self.starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        self.text = _DIGIT.sub(_digit, _without_comments(texts, self.starts))
        self.printed = _UNPRINTED.sub(lambda it: " " * len(it[0]), self.text)

    def pieces(self, offsets: Sequence[int]) -> Iterator[Piece]:
        """The characters, given by their offsets, cut where they part in the source."""
        stretch, before = Stretch(0, 0, False), NOWHERE
        ends = 0
        for count, offset in enumerate(offsets):
            if offset == NOWHERE or (
                before != NOWHERE
                and offset < ends
                and (offset == before + 1 or not stretch.is_written)
            ):
                before = offset if offset != NOWHERE else before
                continue
            if before == NOWHERE and count:
                yield Piece(0, self._at(offset)[0].at(0), False)
            place, stretch, ends = self._at(offset)
            yield Piece(count, place, stretch.is_written)
            before = offset

    def place(self, offset: int) -> Place:
        """Where a character stands."""
        return self._at(offset)[0] if self.lines else Place("")

    def _at(self, offset: int) -> tuple[Place, Stretch, int]:
        """The place of a character, the stretch of its line that holds it, and where that ends."""
        number = bisect_right(self.starts, offset) - 1
        line, begun = self.lines[number], self.starts[number]
        here = offset - begun
        index = line.stretch(here)
        last = index == len(line.stretches) - 1
        ends = begun + (len(line.text) + 1 if last else line.stretches[index + 1].start)
        return line.at(here), line.stretches[index], ends


def _digit(found: re.Match[str]) -> str:
    """The digit, where it ends, so that it stands beside those that follow."""
    return chr(int(found[1])).rjust(len(found[0]))


def _without_comments(texts: Sequence[str], starts: Sequence[int]) -> str:
    """The lines as one text, comments blanked but for those that code shows."""
    source = "\n".join(texts)
    if "<!--" not in source:
        return source
    shown = [(starts[it.start], starts[it.end + 1]) for it in lay_out(texts).fences]

    def blank(comment: re.Match[str]) -> str:
        if any(start <= comment.start() < end for start, end in shown):
            return comment[0]
        return re.sub(r"[^\n]", " ", comment[0])

    return _COMMENT.sub(blank, source)
