"""What Quarto said before it gave up -> problems at the lines of the authors' files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from imprint.core.model import Cell, Chapter, Publication
from imprint.core.problems import Problem, problem
from imprint.run.kernel_client import RaisedError
from imprint.run.kernel_problems import raised_problem
from imprint.run.screen import plain_text

_CELL = re.compile(
    r"An error occurred while executing the following cell:\n-{5,}\n(?P<code>.*?)\n-{5,}\n"
    r"(?P<told>.*?)(?=\nAn error occurred while executing|\Z)",
    re.DOTALL,
)
"""How nbclient tells of a cell: its code and what it raised."""
_HEAD = re.compile(r"^(\w+) {2,}Traceback \(most recent call last\)$", re.MULTILINE)
_ARROW = re.compile(r"^-+> +\d+ ?(?P<code>.*)$", re.MULTILINE)


def quarto_problems(
    said: str, chapters: Iterable[Chapter], publication: Publication, version: str
) -> list[Problem]:
    """The cells that failed, as our own engine tells of them; else Quarto's own last words, at
    the publication's file."""
    said = plain_text(said)
    found = list(_failed_cells(said, chapters))
    if found:
        return found
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines[-1:] or ["no message"]
    message = f"quarto {version} could not render '{publication.name}': {errors[0]}"
    fix = f"run `quarto render --profile {publication.name}` for the whole message"
    return [problem("quarto-renders", publication.file, 0, message, fix)]


def _failed_cells(said: str, chapters: Iterable[Chapter]) -> Iterator[Problem]:
    cells = {
        _bare(part.code): part
        for chapter in chapters
        for part in chapter.parts
        if isinstance(part, Cell)
    }
    for told in _CELL.finditer(said):
        cell = cells.get(_bare(told["code"]))
        if cell is None:
            continue
        name, message = _raised(told["told"])
        place = replace(cell.place, line=_failed_line(cell, told["told"]))
        yield raised_problem(cell, place, RaisedError(name, message))


def _raised(told: str) -> tuple[str, str]:
    """The class and the first line of what a traceback says was raised last."""
    heads = _HEAD.findall(told)
    name = heads[-1] if heads else r"[A-Za-z_][\w.]*"
    lines = re.findall(rf"^(?:\w+\.)*({name})(?:: ?(.*))?$", told, re.MULTILINE)
    return lines[-1] if lines else ("an error", "")


def _failed_line(cell: Cell, told: str) -> int:
    """The line of the cell to which the traceback's arrow points; its first, where none does."""
    pointed = [found["code"].strip() for found in _ARROW.finditer(told)]
    for number, line in enumerate(cell.code.splitlines()):
        if pointed and line.strip() and line.strip() == pointed[0]:
            return cell.code_line + number
    return cell.code_line


def _bare(code: str) -> str:
    """Code without the lines of options and the space around it."""
    return "\n".join(line for line in code.splitlines() if not line.startswith("#|")).strip()
