"""One chapter, played cell by cell: code goes to whoever answers, what comes back is printed.

Who answers may be a running kernel, or one that tells again what was answered before.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from imprint.core.escaping import escape, escape_opening, one_line
from imprint.core.events import Event, Tell, ignore_events
from imprint.core.model import BY_CELL, Cell, Chapter, Executed, Line, Reads, Stretch, Text
from imprint.core.problems import Place, Problem
from imprint.read.chapters.mentions import inline_expressions, running
from imprint.read.chapters.sentences import OPAQUE
from imprint.run.display import cell_name, form_of, show_cell
from imprint.run.in_kernel import WORDS
from imprint.run.kernel_client import Answer, KernelError, RaisedError
from imprint.run.kernel_problems import (
    cell_problems,
    death_problem,
    inline_death_problem,
    inline_problems,
)
from imprint.run.screen import plain_text
from imprint.run.transcripts import INSIDE, Answers

_FIGURE_SIZE = INSIDE + ".figure_size({}, {})"
_FIGURE = 2000
"""Characters of other code that take as long as a figure."""
_USUAL_SIZE = (7, 5)
"""Quarto's, in inches."""


class _StoppedError(Exception):
    """The rest of the chapter cannot run; why is among its problems."""


@dataclass
class Script:
    """A chapter on its way to being executed."""

    root: Path
    chapter: Chapter
    timeout: float
    tell: Tell = ignore_events
    """Hears which cell the chapter has come to."""
    lines: list[Line] = field(default_factory=list, init=False)
    media: dict[str, bytes] = field(default_factory=dict, init=False)
    problems: list[Problem] = field(default_factory=list, init=False)
    reads: Reads | None = field(default=(), init=False)
    played: dict[int, Cell] = field(default_factory=dict, init=False)
    """Cells by the execution count under which the kernel knows them."""

    def executed(self) -> Executed:
        """The chapter as it came out."""
        media = {**self.chapter.media, **self.media}
        lines = tuple(self.lines)
        cells = tuple(part for part in self.chapter.parts if isinstance(part, Cell))
        return Executed(self.chapter.path, self.chapter.metadata, lines, media, self.reads, cells)

    async def play(self, kernel: Answers | None) -> None:
        """Run and print the chapter; None runs nothing.

        After a cell that fails nothing more is run, unless it fails in printing at its end what
        `imprint` cannot print: then all that later cells need is there. What no code has printed is
        left out, and a value that is not known is OPAQUE, so that the rest can still be read.
        """
        for part in self.chapter.parts:
            try:
                if isinstance(part, Cell):
                    await self.cell(part, kernel)
                else:
                    await self.text(part, kernel)
            except _StoppedError:
                kernel = None
                if isinstance(part, Text):
                    await self.text(part, None)

    async def cell(self, cell: Cell, kernel: Answers | None) -> None:
        """Run a cell and print it. Raises _StoppedError when it fails before its end."""
        outputs: Sequence[Mapping[str, Any]] | None = None
        if kernel is not None and _is_run(cell):
            self.at(cell_name(cell))
            try:
                if size := _figure_size(cell):
                    await kernel.run("", self.timeout, [size])
                answer = await kernel.run(cell.code, self.timeout)
            except KernelError as error:
                self.stop([death_problem(cell, error)])
            self.played[answer.count] = cell
            problems = cell_problems(cell, answer, self.played, self.timeout)
            if problems and not _defines_all(cell, answer):
                self.stop(problems)
            self.problems.extend(problems)
            outputs = None if problems else answer.outputs
        shown = show_cell(self.chapter.path, cell, outputs)
        self.lines.extend(Line(text, cell.place, BY_CELL) for text in shown.lines)
        self.media.update(shown.media)
        self.problems.extend(shown.problems)

    async def text(self, text: Text, kernel: Answers | None) -> None:
        """Put the values of inline code in its place.

        Where some have none the chapter goes on, to find what else is wrong.
        """
        inlines = [(line, inline) for line in text.lines for inline in running(line)]
        found = [(line.place.at(inline.start + 1), inline.expression) for line, inline in inlines]
        values: list[str] = []
        if kernel is not None and found:
            self.at("inline code")
            try:
                answer = await kernel.run("", self.timeout, [code for _, code in found])
            except KernelError as error:
                self.stop([inline_death_problem(found, error)])
            problems = inline_problems(found, answer, self.timeout)
            if answer.stopped:
                self.stop(problems)
            self.problems.extend(problems)
            values = [
                OPAQUE
                if isinstance(value, RaisedError)
                else show_inline(value, line.text[: inline.start])
                for (line, inline), value in zip(inlines, answer.values, strict=True)
            ]
        self.lines.extend(_filled(text.lines, iter(values)))

    def at(self, what: str) -> None:
        """Tell what the chapter has come to."""
        self.tell(Event("run", "at", self.chapter.path, what))

    def stop(self, problems: Sequence[Problem]) -> None:
        """Note the problems and, where there are any, run no more of the chapter."""
        self.problems.extend(problems)
        if problems:
            raise _StoppedError


_OPENING = re.compile(r"(?:[\s>]|[-+*:]\s|\(?\w{1,4}[.)]\s)*")
"""What may stand before the words of a paragraph, a quotation or an item of a list."""


def show_inline(bundle: Mapping[str, Any], before: str = "") -> str:
    """Print the value of an inline expression as Markdown, after what stands before it in its line.

    A value that comes as Markdown is Markdown; any other is printed as it reads, none of its
    signs taken for markup, in the words of `WORDS` where it has them.
    """
    form = form_of(bundle)
    value = bundle.get(form, "")
    if form == "text/html":
        return _code_span(one_line(value)) + "{=html-output}"
    if form != "text/plain":
        return str(value)
    text = one_line(plain_text(str(bundle.get(WORDS, value))))
    if text[:1].isalnum() and _OPENING.fullmatch(before):
        # `1984` before a full stop would begin a list.
        return f"&#{ord(text[0])};{escape(text[1:])}"
    return escape_opening(text)


def _code_span(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _filled(lines: Sequence[Line], values: Iterator[str]) -> Iterator[Line]:
    """Replace inline code by its values; a value of several lines leaves all at its own line."""
    for line in lines:
        inlines = inline_expressions(line.text) if line.runs else ()
        if not inlines:
            yield line
            continue
        done, text = 0, ""
        stretches = []
        for inline in inlines:
            stretches.append(Stretch(len(text), done + 1, True))
            text += line.text[done : inline.start]
            stretches.append(Stretch(len(text), inline.start + 1, False))
            # `{{python}} …` shows readers how inline code is written.
            shown = f"`{{{inline.language}}} {inline.expression}`"
            text += shown if inline.escaped else next(values, OPAQUE)
            done = inline.end
        stretches.append(Stretch(len(text), done + 1, True))
        yield from _split(text + line.text[done:], line.place, stretches)


def _split(text: str, place: Place, stretches: Sequence[Stretch]) -> Iterator[Line]:
    """A text as lines that all stand at one line of the source."""
    begun = 0
    for piece in text.split("\n"):
        before = [it for it in stretches if it.start <= begun]
        after = [it for it in stretches if begun < it.start <= begun + len(piece)]
        first = before[-1]
        moved = begun - first.start if first.is_written else 0
        own = [replace(first, start=0, column=first.column + moved)]
        own += [replace(it, start=it.start - begun) for it in after]
        yield Line(piece, place, tuple(own))
        begun += len(piece) + 1


def _defines_all(cell: Cell, answer: Answer) -> bool:
    """Whether all that the cell defines is there, though `imprint` had to say that something cannot
    be printed: its last line, which only prints, has failed."""
    failure = answer.failure
    if failure is None or not failure.ours:
        return False
    reached = [line for where, line in failure.frames if where == answer.count]
    with suppress(SyntaxError):
        last = ast.parse(cell.code).body[-1]
        return isinstance(last, ast.Expr) and bool(reached) and reached[-1] >= last.lineno
    return False


def _figure_size(cell: Cell) -> str:
    """What sets the size of a cell's figures, if its options do."""
    width, height = (cell.options.get(f"fig-{side}") for side in ("width", "height"))
    if width is None and height is None:
        return ""
    return _FIGURE_SIZE.format(float(width or _USUAL_SIZE[0]), float(height or _USUAL_SIZE[1]))


def _is_run(cell: Cell) -> bool:
    return bool(cell.options.get("eval", True) and cell.code.strip())


def needs_kernel(chapter: Chapter) -> bool:
    """Whether a chapter has any code to run."""
    return any(
        _is_run(part) if isinstance(part, Cell) else any(running(line) for line in part.lines)
        for part in chapter.parts
    )


def amount_of_code(chapter: Chapter) -> int:
    """How much a chapter has to run, roughly: drawing a figure takes as long as much other code."""
    code = [part.code for part in chapter.parts if isinstance(part, Cell)]
    return sum(len(text) + _FIGURE * text.count("figure(") for text in code)
