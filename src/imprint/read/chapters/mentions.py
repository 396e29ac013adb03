"""What of a chapter's text is known before pandoc reads it: inline code, kinds of references, and
labels that it may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imprint.core.model import Cell, Chapter, Line
from imprint.core.problems import Place

NUMBERED_KINDS = frozenset({"fig", "tbl", "sec", "eq"})
"""Prefixes of labels that both engines number, besides those of `crossref: custom:`."""
REFERENCE_KINDS = NUMBERED_KINDS | {
    *("lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"),
    *("nte", "tip", "wrn", "imp", "cau"),
}
"""Prefixes that make `@prefix-name` a cross-reference in Quarto; others are citations."""

_INLINE = re.compile(
    r"(?:^|[^`])(?P<code>`\{(?P<language>\{?[A-Za-z]\w*\}?)\}[ \t](?P<expr>[^`]+)`)"
)
_LABEL = re.compile(r"#([\w:.-]*\w)")
_LABEL_IN_CODE = re.compile(r"[A-Za-z]+-[\w-]+")
_FIGURE = re.compile(r"[\"'](\w+)[\"']")


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
    if "`{" not in line:
        return ()
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


def running(line: Line) -> tuple[Inline, ...]:
    """The inline code of a line that is run."""
    if not line.runs:
        return ()
    return tuple(it for it in inline_expressions(line.text) if not it.escaped)


def reference_kinds(metadata: Mapping[str, Any]) -> frozenset[str]:
    """Quarto's cross-reference prefixes and those of `crossref: custom:` in this metadata."""
    crossref = metadata.get("crossref")
    custom = crossref.get("custom") if isinstance(crossref, Mapping) else None
    listed = custom if isinstance(custom, list) else [custom]
    own = {str(item["key"]) for item in listed if isinstance(item, Mapping) and "key" in item}
    return REFERENCE_KINDS | own


def possible_labels(chapter: Chapter) -> Iterator[str]:
    """Whatever a chapter may label, in its text, by its cells' options and by what their code
    prints, where it is not known what it does."""
    return (label for label, _ in label_places(chapter))


def label_places(chapter: Chapter) -> Iterator[tuple[str, Place]]:
    """The same labels, each with its place; of what code prints, that of its cell."""
    for part in chapter.parts:
        if isinstance(part, Cell):
            place = part.option_places.get("label", part.place)
            yield str(part.options.get("label")), place
            in_code = _LABEL_IN_CODE.findall(part.code)
            in_code += (f"fig-{it.replace('_', '-')}" for it in _FIGURE.findall(part.code))
            yield from ((label, place) for label in in_code)
        else:
            for line in part.lines:
                for found in _LABEL.finditer(line.text):
                    yield found[1], line.at(found.start(1))
