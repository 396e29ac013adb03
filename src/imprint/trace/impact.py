"""One changed cell of `data/statistics.csv` -> everything that would print differently.

The project is looked at twice: as it is, and as it would be, which is a copy of its data and
figures in a temporary folder with that cell changed.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from imprint.check import CHECKS
from imprint.check.code.figure_modules import read_figures
from imprint.check.exceptions import apply_exceptions
from imprint.check.levels import apply_levels
from imprint.check.prose.spelling import WORDS
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem, ReportError, nearest, problem
from imprint.read.data.datapackage import Column, read_package, to_value
from imprint.read.data.tables import check_data, read_statistics
from imprint.read.report import Report
from imprint.trace.differences import (
    Breakage,
    Change,
    claims_that_fail,
    figure_changes,
    figures_that_fail,
    sentence_changes,
    table_changes,
)
from imprint.trace.figure_dependencies import named_in
from imprint.trace.prints import Location, read_prints

TABLE = "data/statistics.csv"


@dataclass(frozen=True)
class CellChange:
    """One changed cell of the row."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Impact:
    """What a change would do."""

    statistic: Statistic
    cells: tuple[CellChange, ...]
    problems: tuple[Problem, ...]
    """What the checks would say and do not say now; a claim that fails is among the breakages."""
    changes: tuple[Change, ...]
    breakages: tuple[Breakage, ...]
    maybe: tuple[tuple[Location, str], ...]
    """Code that names the statistic and that only a kernel can run."""


def predict(report: Report, id: str, settings: Sequence[str]) -> Impact:
    """What would change if the row `id` had other values, given as `column=value`.

    Raises ReportError for an unknown column or a value of the wrong type.
    """
    statistics = report.statistics or {}
    root = report.project.root
    cells = _cells(root, statistics[id], settings)
    old_figures = read_figures(report)[0]
    old = read_prints(report, statistics, root)
    with _with_change(report, statistics[id], cells) as changed:
        problems = _new_problems(report, changed, {cell.column for cell in cells})
        new_figures, broken = read_figures(changed)
        new = read_prints(report, changed.statistics or {}, changed.project.root)
    changes = [*sentence_changes(old, new), *table_changes(old, new)]
    changes += figure_changes(old, old_figures, new_figures)
    breakages = list(dict.fromkeys(claims_that_fail(old, new)))
    breakages += figures_that_fail(old, old_figures, broken)
    told = {breakage.spot.place for breakage in breakages}
    problems = [found for found in problems if not _follows_from(found, told)]
    maybe = [(use.spot, use.code) for use in old.unread if any(named_in(use.code, [id]))]
    return Impact(
        statistics[id], cells, tuple(problems), tuple(changes), tuple(breakages), tuple(maybe)
    )


# --- the project as it would be --------------------------------------------------------------


def _cells(root: Path, row: Statistic, settings: Sequence[str]) -> tuple[CellChange, ...]:
    """The cells to change. Raises ReportError where the data package would not take them."""
    columns: dict[str, Column] = {}
    described = read_package(root)[0].get("statistics")
    for column in described.columns if described else ():
        columns[column.name] = column
    problems: list[Problem] = []
    cells = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        message, fix = "", ""
        if not equals:
            message, fix = f"'{setting}' sets no column", "write it as `--if value=46`"
        elif name not in columns:
            message = f"table 'statistics' has no column '{name}'"
            fix = nearest(name, columns) or f"it has {', '.join(columns)}"
        elif text:
            try:
                to_value(text, columns[name])
            except ValueError as error:
                message = f"value '{text}' for column '{name}' {error}"
                fix = f"give a {columns[name].type}, or nothing to empty the cell"
        if message:
            problems.append(problem("setting-is-allowed", TABLE, row.line, message, fix))
        cells.append(CellChange(name, _written(row, name), text))
    if problems:
        raise ReportError(problems)
    return tuple(cells)


def _written(row: Statistic, column: str) -> str:
    value = getattr(row, column, "")
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@contextmanager
def _with_change(report: Report, row: Statistic, cells: Sequence[CellChange]) -> Iterator[Report]:
    """The sources with the cells changed, in a copy of all that figures and tables read."""
    root = report.project.root
    with TemporaryDirectory(prefix="imprint-trace-") as folder:
        copy = Path(folder).resolve()
        for path in [*root.glob("_quarto*.yml"), *root.glob("data/*.*"), *root.glob("figures/*.py"),
                     *root.glob(WORDS),
                     *(root / file for file in report.project.bibliography)]:  # fmt: skip
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        text = (root / TABLE).read_text(encoding="utf-8")
        (copy / TABLE).write_text(
            _changed_table(text, row.line, cells), encoding="utf-8", newline=""
        )
        project = replace(report.project, root=copy)
        yield replace(report, project=project, statistics=read_statistics(copy))


def _changed_table(text: str, line: int, cells: Sequence[CellChange]) -> str:
    """The table's text with the cells of the row that begins on `line` changed."""
    reader = csv.reader(io.StringIO(text, newline=""))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    header: list[str] = []
    begins = 1
    for record in reader:
        header = header or record
        if begins == line:
            for cell in cells:
                record[header.index(cell.column)] = cell.new
        writer.writerow(record)
        begins = reader.line_num + 1
    return stream.getvalue()


_WORDS = frozenset(("survey", "population", "measure", "response", "as_reported", "note"))
_WORKS = frozenset(("source", "locator", "period"))
LOOKS_AT: Mapping[str, frozenset[str]] = {
    "check_abbreviations": _WORDS,
    "check_authors": frozenset(),
    "check_bibliography": _WORKS,
    "check_citations": frozenset(),
    "check_constructs": frozenset(),
    "check_links": frozenset(),
    "check_names": _WORDS,
    "check_numbers": _WORDS,
    "check_quotations": frozenset(),
    "check_references": frozenset(),
    "check_registers": frozenset(("source", "theme")),
    "check_text": _WORDS,
}
"""Checks that look at some columns of the statistics alone, or at none; the others at all."""


def _new_problems(report: Report, changed: Report, columns: set[str]) -> list[Problem]:
    """What the checks would say and do not say now, without exceptions and rules that are off.

    Places are the same in the project and in its copy, which holds no chapters: exceptions are
    read from the project.
    """
    found = apply_exceptions(report, _problems(changed, columns), judge_unused=False)[0]
    if not found:
        return []
    before = set(_problems(report, columns))
    new = [problem for problem in found if problem not in before]
    return apply_levels(new, report.settings.rules)[0]


def _problems(report: Report, columns: set[str]) -> list[Problem]:
    keys = report.library.references if report.library else None
    found = check_data(report.project.root, keys)
    for check in CHECKS:
        if columns & LOOKS_AT.get(check.__name__, columns):
            found += check(report)
    return found


def _follows_from(problem: Problem, told: set[Place]) -> bool:
    """The problem says of a claim or figure what a fall says already."""
    line = problem.place.at(0)
    at_claim = problem.code == "claim-holds" and (problem.place in told or line in told)
    return at_claim or problem.code == "figure-is-complete"


# --- what differs ----------------------------------------------------------------------------
