"""figures/NAME.py -> figures/drawn/NAME.{svg,csv,json} and, for pages, NAME.{wide,narrow}.svg; its
title, caption and alt text.

The same rows give the same bytes: one style, a fixed salt for the SVG's ids, no dates.
"""

from __future__ import annotations

import csv
import io
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from imprint.author import dependencies
from imprint.author.figure_record import FigureRecord, amounts_of, plain_rows, record_text
from imprint.author.rendering import Drawing, UnfinishedError, key_of, rendered
from imprint.core import digests
from imprint.core.escaping import AuthorError, one_line
from imprint.core.files import DRAWN, PAGE_DRAWINGS, write_atomically
from imprint.core.problems import nearest

FUNCTIONS = ("rows", "draw", "caption", "alt")


class FigureError(AuthorError, ValueError):
    """A figure is unfinished or cannot be drawn; its message begins with file and line."""


class UnknownFigure(FigureError, LookupError):  # noqa: N818 - reads as a sentence
    """No module of figures/ has the name."""


@dataclass(frozen=True)
class DrawnFigure:
    """What a chapter shows of a figure."""

    image: str
    """Its SVG from the project's root, beginning with a slash."""
    title: str
    """What it shows, in a sentence; Markdown on one line, empty where the module has none."""
    caption: str
    """Markdown on one line."""
    alt: str


def draw(root: Path, name: str) -> DrawnFigure:
    """Draw the figure `name` of the project at `root` and write its files.

    Raises FigureError, naming file and line, when the figure is unknown, lacks a function, a
    caption or an alt text, fails while it draws, or cannot be written.
    """
    with dependencies.overheard() as heard:
        module = _load(root, name)
        rows = _call(module, "rows")
        if not isinstance(rows, Sequence) or not rows or not isinstance(rows[0], Mapping):
            raise _wrong(module, "rows", "returns no list of rows", "return one or more mappings")
        caption, alt = (_said(module, part, rows) for part in ("caption", "alt"))
        title = _said(module, TITLE, rows) if callable(module.names.get(TITLE)) else ""
        drawing = _drawn(root, module, name, rows)
    told = f"{title} {caption}".strip()
    record = FigureRecord(
        name, module.digest, plain_rows(rows), told, alt, drawing.texts, drawing.boxes,
        {id: amounts_of(found) for id, found in sorted(heard.statistics.items())},
        tuple(sorted(heard.tables)), {part: module.line(part) for part in FUNCTIONS},
    )  # fmt: skip
    files = {"svg": drawing.image, "csv": _csv(rows), "json": record_text(record).encode()}
    files |= {ending: drawing.for_pages.get(ending, b"") for ending in PAGE_DRAWINGS}
    try:
        # Chapters in other kernels may draw the same figure.
        write_atomically(
            *((root / DRAWN / f"{name}.{ending}", data) for ending, data in files.items())
        )
    except OSError as error:
        raise FigureError(f"{module.file}: cannot write {DRAWN}: {error.strerror}") from error
    return DrawnFigure(f"/{DRAWN}/{name}.svg", title, caption, alt)


TITLE = "title"
"""A function that a module may have: a sentence that says what the figure shows."""
_WANTED = {
    TITLE: "say in a sentence what the figure shows",
    "caption": "name what is shown, its base and its source",
    "alt": "say what the chart shows, with its numbers",
}


@dataclass(frozen=True)
class _Module:
    """A figure's module, run."""

    file: str
    """From the project's root."""
    path: str
    digest: str
    """Of its code."""
    names: Mapping[str, Any]
    """What it defines."""

    def line(self, function: str) -> int:
        """The line on which one of its functions begins; 1 where that is not in this file."""
        code = getattr(self.names.get(function), "__code__", None)
        return code.co_firstlineno if code and code.co_filename == self.path else 1


def _load(root: Path, name: str) -> _Module:
    """Run a figure module from its file, so that an edit counts at once and no bytecode stays."""
    path = root / "figures" / f"{name}.py"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not path.is_file():
        known = [path.stem for path in (root / "figures").glob("*.py")]
        fix = nearest(name, known) or "write it as figures/NAME.py"
        raise UnknownFigure(f"there is no figure '{name}' in figures/", fix)
    file, content = f"figures/{name}.py", path.read_bytes()
    module = ModuleType(f"figures.{name}")
    module.__file__ = str(path)
    try:
        exec(compile(content, str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        raise FigureError(f"{file}:{error.lineno or 1}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise _failure(file, str(path), error, 1) from error
    loaded = _Module(file, str(path), digests.bytes_digest(content), module.__dict__)
    missing = [part for part in FUNCTIONS if not callable(loaded.names.get(part))]
    if missing:
        lacking = ", ".join(f"{part}()" for part in missing)
        raise FigureError(f"{file}:1: this figure lacks {lacking}", "write what is missing")
    return loaded


def _said(module: _Module, part: str, rows: object) -> str:
    """The title, caption or alt text on one line."""
    text = _call(module, part, rows)
    if not isinstance(text, str) or not text.strip():
        raise _wrong(module, part, "returns no text", _WANTED[part])
    if part != "alt" and not _balanced(text):
        raise _wrong(module, part, "has a square bracket without its partner", "write both")
    return one_line(text)


def _call(module: _Module, function: str, *arguments: object) -> Any:
    try:
        return module.names[function](*arguments)
    except (Exception, SystemExit) as error:
        raise _failure(module.file, module.path, error, module.line(function)) from error


def _wrong(module: _Module, function: str, what: str, fix: str) -> FigureError:
    return FigureError(f"{module.file}:{module.line(function)}: {function}() {what}", fix)


def _failure(file: str, path: str, error: BaseException, line: int) -> FigureError:
    """What went wrong in a figure module, with the last line of it that was reached."""
    reached = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path and frame.lineno
    ]
    place = f"{file}:{[line, *reached][-1]}"
    if isinstance(error, AuthorError):
        return FigureError(f"{place}: {error.message}", error.fix)
    return FigureError(f"{place}: {type(error).__name__}: {error}")


def _drawn(root: Path, module: _Module, name: str, rows: object) -> Drawing:
    """Draw at both widths. Raises FigureError."""
    try:
        return rendered(lambda: _call(module, "draw", rows), name, module.path, key_of(root))
    except UnfinishedError as error:
        line = error.line or module.line("draw")
        raise FigureError(f"{module.file}:{line}: {error.message}", error.fix) from None


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def _balanced(text: str) -> bool:
    depth = 0
    for bracket in re.findall(r"(?<!\\)[\[\]]", text):
        depth += 1 if bracket == "[" else -1
        if depth < 0:
            return False
    return depth == 0
