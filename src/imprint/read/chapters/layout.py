"""A text of Markdown taken apart: its prose, fences, code spans, comments and faults of form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imprint.core.problems import Problem


@dataclass(frozen=True)
class Fence:
    """A fenced block by the indexes of its lines, both fences included."""

    start: int
    end: int
    run: str
    """The backticks or tildes that open it."""
    language: str
    """Language of an executable cell; empty for code that is only shown."""
    rest: str
    """What follows the language within the braces of a cell's fence."""

    def shown(self, texts: Sequence[str]) -> list[str]:
        """Its lines as code to show; Markdown knows no braces around a language alone."""
        first, *others = texts[self.start : self.end + 1]
        return [first.partition("{")[0] + self.language if self.language else first, *others]


@dataclass(frozen=True)
class CodeSpan:
    """Code between backticks within one line: index of the line, columns from 0."""

    line: int
    start: int
    end: int
    single: bool
    """Between single backticks, as inline code is; two or more show what they hold."""


@dataclass(frozen=True)
class MarkdownParts:
    """A text taken apart."""

    prose: tuple[str, ...]
    """The lines with code, comments and maths blanked: every column still means the same."""
    fences: tuple[Fence, ...]
    comments: tuple[tuple[int, int], ...]
    """First and last line of each comment that crosses lines."""
    slips: tuple[Problem, ...]
    """Faults of form, by line and column of the text, both from 1; nothing names its file."""
    spans: tuple[CodeSpan, ...]
    """In the order of the text."""
