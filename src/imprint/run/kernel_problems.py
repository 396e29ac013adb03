"""What went wrong while a chapter ran -> problems at the lines of its source.

Pure functions over a kernel's answers: each names the cell or expression, what it said last and
how to fix it, and never shows a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from imprint.core.model import Cell, Chapter
from imprint.core.problems import Place, Problem
from imprint.run.display import cell_name
from imprint.run.kernel_client import Answer, KernelError, RaisedError
from imprint.run.screen import plain_text

_LONGEST = 160
"""Characters of code or output that a message quotes."""
_GENERATED_FILE = re.compile(r" \((?:<string>|\d+\.py), line \d+\)\Z")

_FIXES = {
    "SystemExit": "take the exit out: a chapter runs to its end",
    "StdinNotImplementedError": "take the value from a file in data/: nobody answers input() here",
    "NameError": "fix the name, or define it in an earlier cell of this chapter: every chapter "
    "starts with an empty kernel",
    "ModuleNotFoundError": "fix the module's name, or add its package to pyproject.toml",
    "FileNotFoundError": "fix the path: it counts from the folder in which the chapter runs",
    "SyntaxError": "fix the code on this line",
}
_OURS = {
    "UnknownStatistic": "statistic-exists",
    "StatisticError": "statistic-has-form",
    "ClaimFails": "claim-holds",
    "UnknownClaim": "claim-is-known",
    "FigureError": "figure-draws",
    "DiagramError": "diagram-draws",
    "UnknownFigure": "figure-exists",
    "UnknownTable": "table-exists",
    "TableError": "table-prints",
}
"""What the errors that `imprint` raises on purpose say is broken."""
_OTHERWISE = "fix the code; JupyterLab shows the whole traceback when the chapter is run there"


def start_problem(chapter: Chapter, error: KernelError, full: str = "") -> Problem:
    """A kernel that did not start; `full` is the folder for temporary files, if it has no room."""
    if full:
        message = f"the chapter's kernel did not start: no space left on device in {full}"
        fix = "free some room there, or let TMPDIR name a folder that has some"
        return Problem(Place(chapter.path), "disk-has-room", message, fix)
    return Problem(
        Place(chapter.path),
        "kernel-starts",
        f"the chapter's kernel did not start: {error}",
        "see whether `python -m ipykernel_launcher --version` runs in the project's environment",
    )


def death_problem(cell: Cell, error: KernelError) -> Problem:
    """A cell in which the kernel died."""
    return Problem(
        replace(cell.place, line=cell.code_line),
        "kernel-lives",
        f"{_introduced(cell)} killed its kernel ({error}){_last_words(error.outputs)}",
        "see whether the cell ends its own process or wants more memory than there is",
    )


def cell_problems(
    cell: Cell, answer: Answer, played: Mapping[int, Cell], timeout: float
) -> list[Problem]:
    """Say what is wrong with a cell that has run; nothing, where it did what it should.

    `played` holds the chapter's cells by execution count, to name the line at which an error
    arose in an earlier cell.
    """
    failure = answer.failure
    place = _place(cell, answer)
    words = _last_words(answer.outputs)
    if answer.stopped == "time":
        return [_too_slow(place, _introduced(cell), timeout, words)]
    if answer.stopped == "size":
        message = f"{_introduced(cell)} printed without end{words}"
        return [Problem(place, "cell-ends", message, "end the loop that prints, or print less")]
    if answer.left or (failure and failure.name == "SystemExit"):
        message = f"{_introduced(cell)} asked its kernel to exit"
        return [Problem(place, "cell-runs", message, _FIXES["SystemExit"])]
    if failure is None:
        return []
    if failure.ours:
        return [_ours(place, failure)]
    if cell.options.get("error"):
        return []
    raised = f"{_introduced(cell)} raised {_said(failure)}{_deeper(answer, played)}{words}"
    return [Problem(place, "cell-runs", raised, _FIXES.get(failure.name, _OTHERWISE))]


def raised_problem(cell: Cell, place: Place, failure: RaisedError) -> Problem:
    """What a cell raised that another program ran; `imprint`'s own errors are known by name."""
    if failure.name in _OURS:
        return _ours(place, failure)
    message = f"{_introduced(cell)} raised {_said(failure)}"
    return Problem(place, "cell-runs", message, _FIXES.get(failure.name, _OTHERWISE))


def inline_problems(
    expressions: Sequence[tuple[Place, str]], answer: Answer, timeout: float
) -> list[Problem]:
    """Say which of the expressions have no value, and why."""
    problems: list[Problem] = []
    for (place, expression), value in zip(expressions, answer.values, strict=True):
        if not isinstance(value, RaisedError):
            continue
        name = f"the inline code `{_shortened(expression)}`"
        if answer.stopped:
            # Interrupted, it never ended; those after it had no turn.
            return [*problems, _too_slow(place, name, timeout, "")]
        if value.ours:
            problems.append(_ours(place, value))
        else:
            fix = _FIXES.get(value.name, _OTHERWISE)
            message = f"{name} raised {_said(value)}"
            problems.append(Problem(place, "inline-code-runs", message, fix))
    return problems


def inline_death_problem(expressions: Sequence[tuple[Place, str]], error: KernelError) -> Problem:
    """A line of text whose inline code killed the kernel."""
    place, expression = expressions[0]
    return Problem(
        place,
        "kernel-lives",
        f"the inline code from `{_shortened(expression)}` on killed its kernel ({error})",
        "evaluate it in a cell and print the result only",
    )


def _ours(place: Place, failure: RaisedError) -> Problem:
    """Pass on what `imprint` itself found wrong, without saying how it was come by; what is wrong
    with a figure's module stands there."""
    code, message = _OURS.get(failure.name, "chapter-runs"), _one_line(failure.message)
    if module := _IN_MODULE.match(message):
        place = Place(module["file"], int(module["line"]))
        return Problem(place, code, message[module.end() :], failure.fix or _FIX_OF_MODULE)
    return Problem(place, code, message, failure.fix)


_IN_MODULE = re.compile(r"(?P<file>figures/\w+\.py):(?P<line>\d+): ")
_FIX_OF_MODULE = "fix the module's code on this line"


def _too_slow(place: Place, name: str, timeout: float, words: str) -> Problem:
    message = f"{name} took more than {timeout:g} s and was stopped{words}"
    fix = "make it quicker, or raise `imprint: timeout:` in _quarto.yml"
    return Problem(place, "cell-ends", message, fix)


def _place(cell: Cell, answer: Answer) -> Place:
    """The line of the cell at which it failed; its first, where nothing tells."""
    frames = answer.failure.frames if answer.failure else ()
    lines = [line for where, line in frames if where == answer.count]
    return replace(cell.place, line=cell.code_line + (lines[-1] if lines else 1) - 1)


def _deeper(answer: Answer, played: Mapping[int, Cell]) -> str:
    """Say where the error arose, when that is not in the cell itself."""
    if answer.failure is None or not answer.failure.frames:
        return ""
    where, line = answer.failure.frames[-1]
    if where == answer.count:
        return ""
    if isinstance(where, str):
        return f" (at {Place(where, line)})"
    cell = played[where]
    return f" (at {Place(cell.place.file, cell.code_line + line - 1)})"


def _introduced(cell: Cell) -> str:
    first = next((line for line in cell.code.splitlines() if line.strip()), "")
    return f"{cell_name(cell)}, which begins `{_shortened(first)}`,"


def _said(failure: RaisedError) -> str:
    if failure.name == "StdinNotImplementedError":
        return "an error, for it waits for input"
    message = _one_line(_GENERATED_FILE.sub("", failure.message))
    return f"{failure.name}: {_shortened(message)}" if message else failure.name


def _last_words(outputs: Sequence[Mapping[str, Any]]) -> str:
    """Quote the last lines a cell printed; where it failed, they often say why."""
    text = "".join(o["text"] for o in outputs if o["output_type"] == "stream")
    lines = [line.strip() for line in plain_text(text).splitlines() if line.strip()]
    return f"; it last printed `{_shortened(' / '.join(lines[-3:]))}`" if lines else ""


def _shortened(text: str) -> str:
    text = _one_line(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"


def _one_line(text: str) -> str:
    return " ".join(plain_text(text).split())
