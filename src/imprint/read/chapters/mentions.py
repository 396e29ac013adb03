"""A chapter's text -> the labels, cross-references, citations and inline code found in it.

Read before any kernel starts: what cells print is not among them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imprint.core.model import Cell, Chapter, Text
from imprint.core.problems import Place
from imprint.read.chapters.markdown_source import lay_out, prose_of

NUMBERED_KINDS = frozenset({"fig", "tbl", "sec", "eq"})
"""Prefixes of labels that both engines number, besides those of `crossref: custom:`."""
REFERENCE_KINDS = NUMBERED_KINDS | {
    *("lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"),
    *("nte", "tip", "wrn", "imp", "cau"),
}
"""Prefixes that make `@prefix-name` a cross-reference in Quarto; others are citations."""

DESTINATION = (
    r"(?<=\])\((?:<[^<>\n]*>|[^\s()]*(?:(?:\([^\s()]*\)|[ \t]+(?![\"'\s)]))[^\s()]*)*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
)
"""Where a link or an image leads, in brackets; as pandoc reads it, with blanks in it too."""

_INLINE = re.compile(
    r"(?:^|[^`])(?P<code>`\{(?P<language>\{?[A-Za-z]\w*\}?)\}[ \t](?P<expr>[^`]+)`)"
)
_ATTRIBUTES = re.compile(r'(?<![@\\{])\{(?!\{)((?:(?!\n[ \t]*\n)[^{}"]|"[^"]*")*)\}')
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_IDENTIFIER = re.compile(r"(?<!\S)#([^\s{}#]+)")
_NOT_TEXT = (
    re.compile(DESTINATION),
    re.compile(r"<[A-Za-z/][^<>]*>"),
    re.compile(r"\b(?:https?|ftp|mailto)://?[^\s<>]+"),
    re.compile(r"^[ ]{0,3}\[[^\]^@\n]+\]:[ \t]+\S.*$", re.MULTILINE),
    re.compile(r"\{\{<.*?>\}\}"),
    _ATTRIBUTES,
)  # fmt: skip
_AT = re.compile(r"(?<![^\W_])(?<!\\)@(?:\{([^{}\s]+)\}|(\w(?:[:.#$%&\-+?<>~/]?\w)*))")


_EXAMPLE = re.compile(r"^[ \t]*\(@([\w-]+)\)[ \t]", re.MULTILINE)
"""An item of a list of examples, whose number `(@name)` prints wherever it stands."""


@dataclass(frozen=True)
class Inline:
    """Inline code in one line of Markdown: `{language} expression` between single backticks."""

    start: int
    """Offset of its opening backtick in the line."""
    end: int
    """Offset after its closing backtick."""
    language: str
    expression: str
    escaped: bool
    """True for `{{language}} …`, which is shown as `{language} …` and never run."""


def inline_expressions(line: str) -> tuple[Inline, ...]:
    """Inline code of one line by the rule of Quarto's Jupyter engine, escapes included."""
    return tuple(
        Inline(
            found.start("code"),
            found.end("code"),
            found["language"].strip("{}"),
            found["expr"].strip(),
            found["language"].startswith("{"),
        )
        for found in _INLINE.finditer(line)
        if found["language"].startswith("{") == found["language"].endswith("}")
    )


def reference_kinds(metadata: Mapping[str, Any]) -> frozenset[str]:
    """Quarto's cross-reference prefixes and those of `crossref: custom:` in this metadata."""
    crossref = metadata.get("crossref")
    custom = crossref.get("custom") if isinstance(crossref, Mapping) else None
    listed = custom if isinstance(custom, list) else [custom]
    own = {str(item["key"]) for item in listed if isinstance(item, Mapping) and "key" in item}
    return REFERENCE_KINDS | own


def labels(chapter: Chapter) -> Iterator[tuple[str, Place]]:
    """Every identifier that the chapter sets: `{#fig-x}` in text, `label` in cells."""
    for part in chapter.parts:
        if isinstance(part, Cell):
            label = part.options.get("label")
            if label is not None:
                yield str(label), part.option_places.get("label", part.place)
            continue
        prose = Prose(part)
        for group in _ATTRIBUTES.finditer(prose.text):
            bare = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), group[1])
            for found in _IDENTIFIER.finditer(bare):
                yield found[1], prose.place(group.start(1) + found.start())


def references(
    chapter: Chapter, kinds: Collection[str] = REFERENCE_KINDS
) -> Iterator[tuple[str, Place]]:
    """Every `@kind-name` of the chapter's text and captions, as the label that it refers to."""
    for key, place in _mentions(chapter):
        label = key[0].lower() + key[1:]
        if _is_reference(label, kinds):
            yield label, place


def citations(
    chapter: Chapter, kinds: Collection[str] = REFERENCE_KINDS
) -> Iterator[tuple[str, Place]]:
    """Every citation key of the chapter's text and captions, cross-references left out."""
    for key, place in _mentions(chapter):
        if not _is_reference(key[0].lower() + key[1:], kinds):
            yield key, place


def _is_reference(label: str, kinds: Collection[str]) -> bool:
    kind, hyphen, _ = label.partition("-")
    return bool(hyphen) and kind in kinds


def _mentions(chapter: Chapter) -> Iterator[tuple[str, Place]]:
    for part in chapter.parts:
        if isinstance(part, Cell):
            for name in ("fig-cap", "tbl-cap"):
                place = part.option_places.get(name)
                if place is not None:
                    text = _without_code(str(part.options.get(name)))
                    yield from ((found[1] or found[2], place) for found in _AT.finditer(text))
            continue
        prose = Prose(part)
        text = prose.text
        for pattern in _NOT_TEXT:
            text = pattern.sub(_blank, text)
        for example in set(_EXAMPLE.findall(text)):
            text = text.replace(f"(@{example})", " " * (len(example) + 3))
        for found in _AT.finditer(text):
            yield found[1] or found[2], prose.place(found.start())


def _without_code(caption: str) -> str:
    return "\n".join(lay_out(caption.split("\n")).prose)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


class Prose:
    """The prose of a text as one string, and the way back to places."""

    def __init__(self, part: Text) -> None:
        self.lines = part.lines
        prose = prose_of(part)
        self.text = "\n".join(prose)
        self.starts = [0]
        for line in prose:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def place(self, offset: int) -> Place:
        """Where in the author's file a character of the text stands."""
        index = bisect_right(self.starts, offset) - 1
        place = self.lines[index].place
        return place.at(offset - self.starts[index] + 1)
