"""Problems: what is wrong with a report, where, and how its author fixes it.

Everything that can go wrong for an author is a `Problem`. Functions that find problems return
them; a stage that cannot go on raises one `ReportError` carrying all it found. Only the command
line prints.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

Severity = Literal["error", "warning"]

LONGEST = 600
"""Characters of a message; more is a damaged file's."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")

_CELL = re.compile(r"\bcell \d")


@dataclass(frozen=True, order=True)
class Place:
    """A place in the author's own source, never in generated text."""

    file: str
    """Path from the project's root, with forward slashes."""
    line: int = 0
    """Line, counted from 1; 0 where the whole file is meant."""
    column: int = 0
    """Column, counted from 1; 0 where the whole line is meant."""
    cell: int = 0
    """Cell of a notebook, counted from 1, in which the line counts; 0 in other files."""

    def at(self, column: int) -> Place:
        """The same line at another column; 0 means the whole line."""
        return Place(self.file, self.line, column, self.cell)

    @property
    def shown(self) -> str:
        """The file for people: its name may hold what would break lines and terminals."""
        return _UNPRINTABLE.sub("?", self.file)

    def __str__(self) -> str:
        if not self.line:
            return self.shown
        return f"{self.shown}:{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, ordered by place."""

    place: Place
    code: str
    """The rule that is broken, named as the good state: `citation-resolves`."""
    message: str
    """What is wrong: lower case, one line, no full stop."""
    fix: str = ""
    """How to fix it, in the imperative; empty only where the message says it all."""
    severity: Severity = "error"
    """A warning is reported but stops nothing."""

    def __post_init__(self) -> None:
        """Keep what a damaged file puts into a message from breaking lines and terminals."""
        for name in ("message", "fix"):
            text = getattr(self, name)
            if len(text) > LONGEST or _UNPRINTABLE.search(text):
                text = _UNPRINTABLE.sub(" ", text)
                text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
                object.__setattr__(self, name, text)
        if self.place.cell and not _CELL.search(self.message):
            object.__setattr__(self, "message", f"{self.message}, in cell {self.place.cell}")

    def __str__(self) -> str:
        kind = "" if self.severity == "error" else f"{self.severity}: "
        head = f"{self.place}: {kind}{self.message} [{self.code}]"
        return f"{head}\n  fix: {self.fix}" if self.fix else head


class ReportError(Exception):
    """A stage could not go on. Carries every problem it found, in the order of their places.

    Raised by all stages; turned into lines on the terminal by the command line alone.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def problem(
    code: str, file: str, line: int, message: str, fix: str = "", column: int = 0
) -> Problem:
    """Make a problem without spelling out its place."""
    return Problem(Place(file, line, column), code, message, fix)


def problem_from_json(written: Mapping[str, Any]) -> Problem:
    """The problem again that `asdict` wrote, whatever else was written with it."""
    values = {field.name: written[field.name] for field in fields(Problem)}
    return Problem(**values | {"place": Place(**written["place"])})


_OPEN = ("comment-is-closed", "fence-is-closed", "front-matter-is-closed")
"""Rules of what swallows the rest of its file where it is broken."""


_PASSED_ON = re.compile(r"(?<![^\s`'(])([^\s:]+:\d+)(?=[:;,)\s]|\Z)")
"""A place in the message of code that could not go on."""


def passes_on(found: Problem) -> bool:
    """Whether its message may tell what is wrong elsewhere, as that of a cell that reads data."""
    return found.code.endswith(("-runs", "-draws", "-prints"))


def by_cause(problems: Iterable[Problem]) -> dict[Problem, list[Problem]]:
    """The problems in the order of their places, each with those that follow from it: the same
    name that resolves to nothing elsewhere, code that cannot go on for it, what is found after
    what was never closed."""
    ordered = sorted(set(problems))
    errors = [it for it in ordered if it.severity == "error" and it.place.line]
    at = {f"{it.place.file}:{it.place.line}": it for it in errors if not passes_on(it)}
    opened = {it.place.file: it for it in reversed(errors) if it.code in _OPEN}
    named: dict[tuple[str, str, str], Problem] = {}
    folded: dict[Problem, list[Problem]] = {it: [] for it in ordered}
    for found in ordered:
        cause = found
        if found.code.endswith("-resolves"):
            cause = named.setdefault((found.code, found.severity, found.message), found)
        elif passes_on(found):
            told = _PASSED_ON.findall(found.message)
            cause = next((at[place] for place in told if place in at), found)
        elif found.place.file in opened and found.place.line > opened[found.place.file].place.line:
            cause = opened[found.place.file]
        if cause != found and cause in folded:
            folded[cause] += [found, *folded.pop(found)]
    return folded


def following(problems: Sequence[Problem]) -> str:
    """Says how many problems follow from another, and where: `and 2 more that follow from it`."""
    places = ", ".join(str(it.place) for it in problems[:_SHOWN])
    more = ", …" if len(problems) > _SHOWN else ""
    return f"and {len(problems)} more that follow from it: {places}{more}" if problems else ""


_SHOWN = 3
"""Most places of problems that follow from another."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names come nearest: `did you mean 'a' or 'b'?`, or an empty string."""
    others = [candidate for candidate in known if candidate != name]
    close = difflib.get_close_matches(name, others, cutoff=0.5)
    if not close:
        return ""
    quoted = [f"'{candidate}'" for candidate in close]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" or {quoted[-1]}"
    return f"did you mean {listed}?"
