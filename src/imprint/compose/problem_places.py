"""What is wrong with a composed text, placed in the author's source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from imprint.compose.numbering import Draft, Numbers
from imprint.core.model import Executed
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.markdown_source import lay_out


@dataclass(frozen=True)
class ComposedText:
    """A publication's text as read, and what there is to refer to."""

    root: Path
    executed: Mapping[str, Executed]
    drafts: Sequence[Draft]
    numbers: Numbers
    keys: Collection[str]
    """Of the bibliography."""
    elsewhere: Collection[str]
    """Labels of chapters that are no part of what is composed."""
    chapters_elsewhere: Collection[str]
    """Paths of those chapters."""

    def shown(self, draft: Draft) -> Iterator[Mapping[str, Any]]:
        """The files that a chapter shows or links to; links to chapters are none."""
        chapters = {*self.executed, *self.chapters_elsewhere, ""}
        for file in draft.files:
            if file["kind"] == "image" or file["path"] not in chapters:
                yield file


def problems_of_text(text: ComposedText, told: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """Every problem of the text; `told` are those that pandoc found while it read."""
    found = [
        Problem(
            _told_place(one, text.executed[one["chapter"]]),
            one["code"],
            one["message"],
            one["fix"],
            one["severity"],
        )
        for one in told
    ]
    for label, path, first in text.numbers.twice:
        message = f"the label '{label}' is used twice, first in {first}"
        place = place_of(label, text.executed[path])
        found.append(Problem(place, "label-is-unique", message, "give one of them another name"))
    anchors = {draft.path: set(draft.anchors) for draft in text.drafts}
    everywhere = set().union(*anchors.values())
    for draft in text.drafts:
        chapter = text.executed[draft.path]
        found += _unresolved(text, draft, chapter)
        found += _dead_links(text, draft, chapter, anchors, everywhere)
        found += _missing_files(text, draft, chapter)
    return found


def _told_place(told: Mapping[str, Any], chapter: Executed) -> Place:
    """Where a problem stands that pandoc found; a heading's words are looked for in headings."""
    count = int(told["count"])
    if not told["code"].startswith("heading"):
        return place_of(told["needle"], chapter, count)
    prose = lay_out([line.text for line in chapter.lines]).prose
    named = re.compile(re.escape(told["needle"]) + r"(?!\w)") if told["needle"] else _NO_WORDS
    found = [
        line.place
        for line, text in zip(chapter.lines, prose, strict=True)
        if _HEADING.match(text) and named.search(text)
    ]
    return found[min(count, len(found)) - 1] if found else place_of(told["needle"], chapter)


_HEADING = re.compile(r"[ >]{0,3}#{1,6}(?:\s|\Z)")
_NO_WORDS = re.compile(r"\A[ >]*#+[ \t#]*(?:!\[.*|\{[^{}]*\}|<.*>)?[ \t]*\Z")


def place_of(needle: str, chapter: Executed, count: int = 1) -> Place:
    """The line that holds the word for the `count`th time, in prose if it is there, else in code; a
    longer word that begins with it is another one."""
    word = re.compile(re.escape(needle) + r"(?![\w-])")
    texts = [line.text for line in chapter.lines]
    for searched in (lay_out(texts).prose, texts):
        found = [
            line.place
            for line, text in zip(chapter.lines, searched, strict=True)
            for _ in word.finditer(text)
        ]
        if found:
            return found[min(count, len(found)) - 1]
    return Place(chapter.path)


def _unresolved(text: ComposedText, draft: Draft, chapter: Executed) -> Iterator[Problem]:
    """References and citations of nothing."""
    for reference in draft.references:
        label, needle = reference["label"], reference["needle"]
        if label not in text.numbers.index and label not in text.elsewhere:
            name = needle.lstrip("@")
            fix = nearest(name, {*text.elsewhere, *_labels(text.executed.values())})
            fix = fix or "label what it means, as in {#" + name + "}"
            message = f"nothing is labelled '{label}'"
            yield Problem(place_of(needle, chapter), "reference-resolves", message, fix)
    for key in draft.cited:
        if key not in text.keys:
            fix = nearest(key, text.keys) or "add it to the bibliography"
            message = f"no entry '{key}' in the bibliography"
            yield Problem(place_of(f"@{key}", chapter), "citation-resolves", message, fix)


def _labels(chapters: Iterable[Executed]) -> set[str]:
    text = "\n".join(line.text for chapter in chapters for line in chapter.lines)
    return set(re.findall(r"\{#([\w-]+)", text))


def _dead_links(
    text: ComposedText,
    draft: Draft,
    chapter: Executed,
    anchors: Mapping[str, Collection[str]],
    everywhere: Collection[str],
) -> Iterator[Problem]:
    for link in draft.files:
        anchor, path = link["anchor"], link["path"]
        if link["kind"] != "link" or not anchor or (path and path not in anchors):
            continue
        if anchor not in (anchors[path] if path else everywhere) and anchor not in text.elsewhere:
            message = f"no heading or label '{anchor}' to link to"
            fix = "fix the link, or take it out"
            yield Problem(place_of(link["needle"], chapter), "link-resolves", message, fix)


def _missing_files(text: ComposedText, draft: Draft, chapter: Executed) -> Iterator[Problem]:
    """A problem for every image or link to a file that is not in the project."""
    for file in text.shown(draft):
        path, is_image = unquote(file["path"]), file["kind"] == "image"
        if file["is_there"]:
            continue
        yield Problem(
            place_of(file["needle"], chapter),
            "image-exists" if is_image else "link-resolves",
            f"there is no {'image' if is_image else 'file'} '{path}'",
            "put the file there, or fix its path (a leading / means the project's root)",
        )
