"""Chapters as read -> the publication's numbers: which number each chapter has, and the index of
everything that can be referred to.

Chapters are read one by one, and count what they hold from 1; here their own numbers are put where
`lua/number.lua` left a mark for them.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imprint.core.model import Role

_OWN_NUMBER = re.compile("\ue002(\\d+)\ue003")
"""Stands for the number of the nth chapter that a file begins; most begin one."""


@dataclass(frozen=True)
class Draft:
    """A chapter as read, before it is known what stands in the others."""

    path: str
    output: str
    role: Role
    part: str
    read_from: str
    """Names all that it was read from."""
    blocks: str
    """Its blocks as a document in JSON, with marks for its number."""
    begun: int
    """Numbered headings of level 1."""
    labels: tuple[Mapping[str, Any], ...]
    """`label`, `number`, `word`, `title`, `implicit`, in the order of the text."""
    anchors: tuple[str, ...]
    """Identifiers that a link may name."""
    labelled: tuple[str, ...]
    """Those that are labels in the PDF."""
    first_heading: str
    references: tuple[Mapping[str, str], ...]
    """Labels that it refers to: `label`, and its `name` as it is written."""
    citations: tuple[str, ...]
    """Forms of its citations, each once."""
    cited: tuple[str, ...]
    """Keys of works that it cites, each once."""
    files: tuple[Mapping[str, str], ...]
    """Images and links: `kind`, `needle`, `path` from the root, `anchor`."""
    mentions: tuple[Mapping[str, Any], ...]
    """Labels, links and images in the order of the text: `kind`, `name`."""


@dataclass(frozen=True)
class Target:
    """What a label stands for."""

    number: str
    """Empty for what has none."""
    word: str
    """Printed before the number: `Figure`."""
    title: str
    chapter: str
    """Path of the chapter that holds it."""
    page: str
    implicit: bool
    """Not given by the author: any other may have the same."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of a whole publication."""

    own: Mapping[str, tuple[str, ...]]
    """By path: numbers of the chapters that a file begins; none for one without a number."""
    index: Mapping[str, Target]
    """By label."""
    twice: tuple[tuple[str, str, str], ...]
    """Labels used again: label, path of that chapter, path of the first."""

    def filled(self, path: str, text: str) -> str:
        """Text of a chapter with its numbers in the place of their marks."""
        own = self.own[path]
        return _OWN_NUMBER.sub(lambda mark: own[int(mark[1]) - 1], text)


def number(drafts: Sequence[Draft]) -> Numbers:
    """Number the chapters of one publication, in their order."""
    own: dict[str, tuple[str, ...]] = {}
    counts = {"chapter": 0, "appendix": 0}
    for draft in drafts:
        kind = "appendix" if draft.role == "appendix" else "chapter"
        first = counts[kind] + 1
        counts[kind] += draft.begun
        count = range(first, counts[kind] + 1)
        own[draft.path] = tuple(_letters(n) if kind == "appendix" else str(n) for n in count)
    numbers = Numbers(own, {}, ())
    index: dict[str, Target] = {}
    twice = []
    for draft in drafts:
        for made in draft.labels:
            label, implicit = made["label"], made["implicit"]
            known = index.get(label)
            if known and implicit:
                continue
            if known and not known.implicit:
                twice.append((label, draft.path, known.chapter))
                continue
            printed = numbers.filled(draft.path, made["number"])
            index[label] = Target(
                printed, made["word"], made["title"], draft.path, draft.output, implicit
            )
    return Numbers(own, index, tuple(twice))


def _letters(n: int) -> str:
    """`A` to `Z`, then `AA`."""
    letters = ""
    while n:
        n, place = divmod(n - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[place] + letters
    return letters


def document_labels(drafts: Iterable[Draft]) -> dict[str, dict[str, str]]:
    """By path and identifier: the label in the one document of the PDF. Where several chapters have
    the same identifier, the later ones' labels begin with the name of their file."""
    labels: dict[str, dict[str, str]] = {}
    taken: set[str] = set()
    for draft in drafts:
        stem = re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"\.\w+$", "", draft.path))
        own = {id: f"{stem}-{id}" if id in taken else id for id in draft.labelled}
        taken.update(own.values())
        labels[draft.path] = own
    return labels


def first_holders(drafts: Iterable[Draft]) -> dict[str, Draft]:
    """By identifier: the first chapter that has it."""
    found: dict[str, Draft] = {}
    for draft in drafts:
        for anchor in draft.anchors:
            found.setdefault(anchor, draft)
    return found
