"""What is wrong with a composed text, placed in the author's source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal
from urllib.parse import unquote

from imprint.compose.numbering import Draft, Numbers
from imprint.core.document import ChapterText
from imprint.core.model import Executed, Project
from imprint.core.problems import Place, Problem, Severity, nearest
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.file_names import meant_file


@dataclass(frozen=True)
class ComposedText:
    """A publication's text as read, and what there is to refer to."""

    project: Project
    publication: str
    executed: Mapping[str, Executed]
    drafts: Sequence[Draft]
    numbers: Numbers
    keys: Collection[str]
    """Of the bibliography."""
    elsewhere: Collection[str]
    """Labels of chapters that are no part of what is composed."""
    chapters_elsewhere: Collection[str]
    """Paths of those chapters."""
    text: Callable[[str], ChapterText]
    """The text of a chapter by its path, which takes long to place."""

    def shown(self, draft: Draft) -> Iterator[Mapping[str, Any]]:
        """The files that a chapter shows or links to; links to chapters are none."""
        chapters = {*self.executed, *self.chapters_elsewhere, ""}
        for file in draft.files:
            is_page = file["path"] in chapters or file["page"]
            if file["kind"] == "image" or not is_page:
                yield file

    def mentions(self, path: str, name: str, *kinds: str) -> list[Place]:
        """Where a chapter mentions a label or address."""
        mentions = self.text(path).mentions
        return [it.place for it in mentions if it.name == name and it.kind in kinds]

    def keyed(self, path: str, key: str, kind: Literal["citation", "reference"]) -> list[Place]:
        """Where a chapter cites a work, or refers to a label."""
        keys = chain.from_iterable(it.keys(kind) for it in self.text(path).passages)
        return [place for found, place in keys if found == key]


def problems_of_text(text: ComposedText, told: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """Every problem of the text; `told` are those that pandoc found while it read."""
    found = [
        Problem(_told_place(one, text), one["code"], one["message"], one["fix"], one["severity"])
        for one in told
    ]
    found += _labelled_twice(text)
    anchors = {draft.path: set(draft.anchors) for draft in text.drafts}
    everywhere = set().union(*anchors.values())
    for draft in text.drafts:
        found += _unresolved(text, draft)
        found += _dead_links(text, draft, anchors, everywhere)
        found += _missing_files(text, draft)
    return found


def _told_place(told: Mapping[str, Any], text: ComposedText) -> Place:
    path, needle = told["chapter"], told["needle"]
    if "mention" in told:
        return text.text(path).mentions[int(told["mention"])].place
    if isinstance(needle, Mapping):
        numbers = (int(needle[name]) for name in ("line", "column", "cell"))
        return Place(needle["file"], *numbers)
    return place_of(needle, text.executed[path], int(told["count"]))


def place_of(needle: str, chapter: Executed, count: int = 1) -> Place:
    """Where the word stands for the `count`th time, in prose if it is there, else in code; a longer
    word that begins with it is another one."""
    word = re.compile(re.escape(needle) + r"(?![\w-])")
    texts = [line.text for line in chapter.lines]
    for searched in (lay_out(texts).prose, texts):
        found = [
            line.at(it.start())
            for line, text in zip(chapter.lines, searched, strict=True)
            for it in word.finditer(text)
        ]
        if found:
            return found[min(count, len(found)) - 1]
    return Place(chapter.path)


def _labelled_twice(text: ComposedText) -> Iterator[Problem]:
    twice = [(label, path, first) for label, path, first in text.numbers.twice if path != first]
    for draft in text.drafts:
        labels = Counter(it["name"] for it in draft.mentions if it["kind"] in _LABELS)
        twice += [(label, draft.path, draft.path) for label, count in labels.items() if count > 1]
    for label, path, first in twice:
        known = text.mentions(first, label, *_LABELS)[0]
        message = f"the label '{label}' is used twice, first at {known}"
        for place in text.mentions(path, label, *_LABELS):
            if place != known:
                yield Problem(place, "label-is-unique", message, "give one of them another name")


_LABELS = ("label", "heading")


def _unresolved(text: ComposedText, draft: Draft) -> Iterator[Problem]:
    """References and citations of nothing."""
    labels = {*text.numbers.index, *text.elsewhere}
    for name in dict.fromkeys(it["name"] for it in draft.references if it["label"] not in labels):
        label = name[:1].lower() + name[1:]
        where = "the report" if text.chapters_elsewhere else f"'{text.publication}'"
        message = f"nothing in {where} is labelled '{label}'"
        fix = nearest(label, labels) or f"label what it means, as in {{#{label}}}"
        for place in text.keyed(draft.path, name, "reference"):
            yield Problem(place, "reference-resolves", message, fix)
    files = ", ".join(text.project.bibliography) or "the project's bibliography"
    for key in draft.cited:
        if key not in text.keys:
            fix = nearest(key, text.keys) or f"add an entry '{key}' to {files}"
            for place in text.keyed(draft.path, key, "citation"):
                yield Problem(place, "citation-resolves", f"no entry '{key}' in {files}", fix)


def _dead_links(
    text: ComposedText,
    draft: Draft,
    anchors: Mapping[str, Collection[str]],
    everywhere: Collection[str],
) -> Iterator[Problem]:
    for target, link in {it["needle"]: it for it in draft.files if it["kind"] == "link"}.items():
        anchor, path = link["anchor"], link["path"]
        if not anchor or (path and path not in anchors):
            continue
        there = anchors[path] if path else everywhere
        if anchor not in there and anchor not in text.elsewhere:
            where = f"'{path}'" if path else "the report"
            message = f"nothing in {where} is labelled '{anchor}'"
            fix = nearest(anchor, there) or f"label what it means, as in {{#{anchor}}}"
            for place in text.mentions(draft.path, target, "link"):
                yield Problem(place, "link-resolves", message, fix)


def _missing_files(text: ComposedText, draft: Draft) -> Iterator[Problem]:
    """A problem for every image or link to a file that is not in the project."""
    root = text.project.root
    missing = {(it["kind"], it["needle"]): it for it in text.shown(draft) if not it["is_there"]}
    for (kind, target), file in missing.items():
        path = unquote(file["path"])
        meant = meant_file(root, path)
        fix = f"did you mean '/{meant}'?" if meant else nearest(path, text.executed)
        fix = fix or "put the file there, or fix its path (a leading / means the project's root)"
        code, what = ("image-exists", "image") if kind == "image" else ("link-resolves", "file")
        message = f"there is no {what} '{path}'"
        if file["holds"]:
            message = f"'{path}' {file['holds']}"
            fix = "run `git lfs pull`" if "Git LFS" in message else "put the image there"
        for place in text.mentions(draft.path, target, kind):
            severity: Severity = "warning" if text.project.is_plain else "error"
            yield Problem(place, code, message, fix, severity)
