"""A chapter's code -> what it would print, worked out in this process without a kernel.

Cells are run only where they can do no more than compute: they import nothing but `imprint` and a
few modules of the standard library, and see neither files nor a shell. `stat` and `claim` are ours,
so that they speak of the statistics at hand and every use is noted; a claim that does not hold is
noted, too, and stops nothing.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import CodeType, ModuleType
from typing import Any

from imprint.author import calls
from imprint.author.wording import ClaimError, Form, WordingError, why_not, words
from imprint.core.escaping import AuthorError, Markdown, escape
from imprint.core.model import Cell, Chapter, Line, Statistic
from imprint.core.problems import Place, nearest
from imprint.read.chapters.mentions import inline_expressions

_MODULES = {
    "__future__", "calendar", "collections", "datetime", "functools", "itertools", "math",
    "operator", "re", "string", "textwrap", "typing",
}  # fmt: skip
_OUT_OF_REACH = {
    "__import__", "breakpoint", "compile", "eval", "exec", "exit", "globals", "help", "input",
    "open", "print", "quit", "vars",
}  # fmt: skip


@dataclass(frozen=True)
class FailedCall:
    """A call that would stop the build."""

    call: str
    """`claim "most"` or `stat`, for messages."""
    ids: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Value:
    """What an inline expression prints."""

    code: str
    """The expression."""
    text: str
    """Its words; of a claim that fails, the word it claims."""
    ids: tuple[str, ...]
    failures: tuple[FailedCall, ...] = ()
    is_known: bool = True
    """False where only running the chapter can tell."""


@dataclass(frozen=True)
class PrintedTable:
    """A table that a cell makes."""

    cell: Cell
    name: str
    """Table of data/; empty for rows from code."""
    markdown: str
    ids: tuple[str, ...]
    """Statistics that its cells print."""
    kept: Mapping[str, str]
    """Of the table of statistics: the row of each id that it shows, as in `rows_of`."""


@dataclass(frozen=True)
class Evaluation:
    """All that a chapter's code prints, as far as it can be worked out."""

    values: Mapping[Place, Value]
    """Of inline code, by the place of its opening backtick."""
    tables: tuple[PrintedTable, ...]
    figures: tuple[tuple[Cell, str], ...]
    """Each cell that shows a figure, and the figure's name."""
    failures: tuple[tuple[Cell, FailedCall], ...]
    unread: tuple[Cell, ...]
    """Cells that only a kernel can run."""


def evaluate(chapter: Chapter, statistics: Mapping[str, Statistic]) -> Evaluation:
    """Work out what the chapter's cells and inline code print.

    Tables of data/ are read from the project that `QUARTO_PROJECT_DIR` names.
    """
    return _Evaluator(statistics).chapter(chapter)


_SPAN = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\{\.[^{}]*\}")


def plain(markdown: str) -> str:
    """Markdown of one value or cell as a reader reads it."""
    text = []
    characters = iter(without_spans(markdown))
    for character in characters:
        text.append(next(characters, "") if character == "\\" else character)
    return "".join(text)


def without_spans(markdown: str) -> str:
    """Markdown with the words of `[words]{.stat …}` alone, as they are printed."""
    return _SPAN.sub(r"\1", markdown)


def rows_of(table: str) -> tuple[str, ...]:
    """The rows of a pipe table in Markdown as a reader reads them, headers first."""
    lines = [line for line in table.split("\n") if line.startswith("| ")]
    rows = [line for index, line in enumerate(lines) if index != 1]
    return tuple(plain(row.removeprefix("| ").removesuffix(" |")) for row in rows)


def caption_of(table: str) -> str:
    """The caption of a table in Markdown; empty where it has none."""
    lines = [line for line in table.split("\n") if line and not line.startswith((":::", "| "))]
    return lines[-1].removeprefix(": ") if lines else ""


_ID = "id of the row"


class _UnreadableError(Exception):
    """Code that only a kernel can run."""


@cache
def _compiled(cell: str) -> CodeType | None:
    """A cell's code, kept, for a report is looked at as it is and as it would be.

    None for code that may not come to an end. Raises what Python says of code that it cannot read.
    """
    tree = ast.parse(cell)
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return None
    return compile(tree, "<cell>", "exec")


@cache
def _compiled_expression(expression: str) -> CodeType:
    return compile(expression.lstrip(" \t"), "<inline code>", "eval")


class _Evaluator:
    """One chapter's code while it runs."""

    def __init__(self, statistics: Mapping[str, Statistic]) -> None:
        self.statistics = statistics
        self.ids: list[str] = []
        self.failures: list[FailedCall] = []
        self.figures: list[str] = []
        self.tables: list[tuple[str, str, tuple[str, ...], Mapping[str, str]]] = []
        offered = ModuleType("imprint")
        calls = {"stat": self.stat, "claim": self.claim, "figure": self.figure, "table": self.table}
        offered.__dict__.update(calls)
        self.offered = offered
        self.names: dict[str, Any] = dict(calls)
        reached = {name: value for name, value in vars(builtins).items()
                   if name not in _OUT_OF_REACH}  # fmt: skip
        self.names["__builtins__"] = {**reached, "__import__": self._import}

    def chapter(self, chapter: Chapter) -> Evaluation:
        values: dict[Place, Value] = {}
        tables: list[PrintedTable] = []
        figures: list[tuple[Cell, str]] = []
        failures: list[tuple[Cell, FailedCall]] = []
        unread: list[Cell] = []
        for part in chapter.parts:
            if not isinstance(part, Cell):
                values.update(self._inline(part.lines))
                continue
            if part.options.get("eval", True) is False:
                continue
            self._forget()
            if not self._cell(part):
                unread.append(part)
            elif part.options.get("include", True) and part.options.get("output", True):
                tables += [PrintedTable(part, *made) for made in self.tables]
                figures += [(part, name) for name in self.figures]
            failures += [(part, failure) for failure in self.failures]
        return Evaluation(values, tuple(tables), tuple(figures), tuple(failures), tuple(unread))

    def _forget(self) -> None:
        self.ids, self.failures, self.figures, self.tables = [], [], [], []

    def _cell(self, cell: Cell) -> bool:
        """Run a cell; whether that was possible."""
        try:
            code = _compiled(cell.code)
            if code is None:
                return False
            exec(code, self.names)
        except AuthorError as error:
            self.failures.append(FailedCall("cell", tuple(self.ids), str(error)))
        except Exception:
            self._forget()
            return False
        return True

    def _inline(self, lines: Sequence[Line]) -> Iterator[tuple[Place, Value]]:
        for line in lines:
            for inline in inline_expressions(line.text):
                if not inline.escaped:
                    place = line.place.at(inline.start + 1)
                    yield place, self._value(inline.expression)

    def _value(self, expression: str) -> Value:
        self._forget()
        try:
            value = eval(_compiled_expression(expression), self.names)
        except Exception as error:
            if not isinstance(error, AuthorError):
                return Value(expression, "…", (), is_known=False)
            self.failures.append(FailedCall("inline code", tuple(self.ids), str(error)))
            value = "…"
        text = plain(value.text) if isinstance(value, Markdown) else str(value)
        return Value(expression, text, tuple(dict.fromkeys(self.ids)), tuple(self.failures))

    # --- what chapters import ----------------------------------------------------------------

    def _import(self, name: str, *arguments: Any) -> Any:
        if name == "imprint":
            return self.offered
        if name.partition(".")[0] not in _MODULES:
            raise _UnreadableError(name)
        importlib.import_module(name)
        return builtins.__import__(name, *arguments)

    def stat(self, id: str, form: Form = "running") -> Markdown:
        self.ids.append(id)
        try:
            return Markdown(escape(words(self._statistic(id), form)))
        except (WordingError, AuthorError) as error:
            self.failures.append(FailedCall("stat", (id,), str(error)))
            return Markdown("…")

    def claim(self, word: str, *ids: str, form: Form = "running") -> Markdown:
        self.ids.extend(ids)
        try:
            complaint = why_not(word, *(self._statistic(id) for id in ids))
        except (ClaimError, AuthorError) as error:
            complaint = str(error)
        if complaint:
            self.failures.append(FailedCall(f"claim '{word}'", ids, complaint))
        return Markdown(escape(word[0].upper() + word[1:] if form == "sentence" else word))

    def _statistic(self, id: str) -> Statistic:
        if id not in self.statistics:
            hint = nearest(id, self.statistics) or "add a row for it"
            raise AuthorError(f"no statistic '{id}' in data/statistics.csv: {hint}")
        return self.statistics[id]

    def figure(self, name: str) -> Markdown:
        self.figures.append(name)
        return Markdown("")

    def table(self, rows: Any, columns: Any = None, where: Any = None, **how: Any) -> Markdown:
        before = len(self.ids) if isinstance(rows, str) else 0
        made = calls.table(rows, columns, where, **how)
        ids = tuple(dict.fromkeys(self.ids[before:]))
        name = rows if isinstance(rows, str) else ""
        kept = self._kept(columns, where, how) if name == "statistics" else {}
        self.tables.append((name, made.text, ids, kept))
        return made

    def _kept(self, columns: Any, where: Any, how: Mapping[str, Any]) -> dict[str, str]:
        """The rows that a table of statistics shows, each by its id."""
        noted = len(self.ids), len(self.failures)
        headers = (
            columns if isinstance(columns, Mapping) else {name: name for name in columns or ()}
        )
        if columns is None:
            headers = {name: name for row in calls.data_rows("statistics")[:1] for name in row}
        cells = {**(how.get("cells") or {}), _ID: lambda row: row["id"]}
        made = calls.table("statistics", {_ID: _ID, **headers}, where, cells=cells)
        del self.ids[noted[0] :], self.failures[noted[1] :]
        pairs = (row.partition(" | ") for row in rows_of(made.text)[1:])
        return {id: row for id, _, row in pairs}
