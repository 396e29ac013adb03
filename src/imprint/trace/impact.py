"""One changed cell of `data/statistics.csv` -> everything that would print otherwise.

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
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from imprint.check import CHECKS
from imprint.check.code.figure_modules import FigureModule, read_figures
from imprint.check.exceptions import apply_exceptions
from imprint.check.prose.spelling import WORDS
from imprint.core.model import Statistic
from imprint.core.problems import Place, Problem, ReportError, nearest, problem
from imprint.read.data.datapackage import Column, read_package, to_value
from imprint.read.data.tables import check_data, read_statistics
from imprint.read.report import Report
from imprint.trace.evaluation import without_spans
from imprint.trace.figure_reads import named_in
from imprint.trace.prints import Prints, Spot, read_prints

TABLE = "data/statistics.csv"


@dataclass(frozen=True)
class Cell:
    """One changed cell of the row."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """Something that a reader would read otherwise."""

    kind: str
    """`sentence`, `table row`, `table caption`, `caption`, `alt text` or `drawing`."""
    spot: Spot
    old: str
    new: str
    name: str = ""
    """The figure or table."""
    words: tuple[tuple[Place, str, str], ...] = ()
    """Of a sentence: each use that changes, with the words that it prints."""
    paragraphs: tuple[str, str] = ("", "")
    """Of a sentence: its paragraph."""


@dataclass(frozen=True)
class Fall:
    """A claim that would no longer hold, or a statistic that could no longer be printed."""

    spot: Spot
    call: str
    message: str
    sentence: str


@dataclass(frozen=True)
class Impact:
    """What would come of a change."""

    statistic: Statistic
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    """What the checks would say and do not say now; a claim that falls is among the falls."""
    changes: tuple[Change, ...]
    falls: tuple[Fall, ...]
    maybe: tuple[tuple[Spot, str], ...]
    """Code that names the statistic and that only a kernel can run."""


def foresee(report: Report, id: str, settings: Sequence[str]) -> Impact:
    """What would change if the row `id` had other values, given as `column=value`.

    Raises ReportError for an unknown column or a value of the wrong type.
    """
    statistics = report.statistics or {}
    root = report.project.root
    cells = _cells(root, statistics[id], settings)
    old_figures = read_figures(report)[0]
    old = read_prints(report, statistics, root)
    with _imagined(report, statistics[id], cells) as imagined:
        problems = _new_problems(report, imagined, {cell.column for cell in cells})
        new_figures, broken = read_figures(imagined)
        new = read_prints(report, imagined.statistics or {}, imagined.project.root)
    changes = [*_sentences(old, new), *_tables(old, new)]
    changes += _figures(old, old_figures, new_figures)
    falls = list(dict.fromkeys(_falls(old, new)))
    falls += _undrawn(old, old_figures, broken)
    told = {fall.spot.place for fall in falls}
    problems = [found for found in problems if not _falls_too(found, told)]
    maybe = [(use.spot, use.code) for use in old.unread if any(named_in(use.code, [id]))]
    return Impact(
        statistics[id], cells, tuple(problems), tuple(changes), tuple(falls), tuple(maybe)
    )


# --- the project as it would be --------------------------------------------------------------


def _cells(root: Path, row: Statistic, settings: Sequence[str]) -> tuple[Cell, ...]:
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
        cells.append(Cell(name, _written(row, name), text))
    if problems:
        raise ReportError(problems)
    return tuple(cells)


def _written(row: Statistic, column: str) -> str:
    value = getattr(row, column, "")
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@contextmanager
def _imagined(report: Report, row: Statistic, cells: Sequence[Cell]) -> Iterator[Report]:
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
        (copy / TABLE).write_text(_changed(text, row.line, cells), encoding="utf-8", newline="")
        project = replace(report.project, root=copy)
        yield replace(report, project=project, statistics=read_statistics(copy))


def _changed(text: str, line: int, cells: Sequence[Cell]) -> str:
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


def _new_problems(report: Report, imagined: Report, columns: set[str]) -> list[Problem]:
    """What the checks would say and do not say now, exceptions taken out.

    Places are the same in the project and in its copy, which holds no chapters: exceptions are
    read from the project.
    """
    found = apply_exceptions(report, _problems(imagined, columns), judge_unused=False)[0]
    if not found:
        return []
    before = set(_problems(report, columns))
    return [problem for problem in found if problem not in before]


def _problems(report: Report, columns: set[str]) -> list[Problem]:
    keys = report.library.references if report.library else None
    found = check_data(report.project.root, keys)
    for check in CHECKS:
        if columns & LOOKS_AT.get(check.__name__, columns):
            found += check(report)
    return found


def _falls_too(problem: Problem, told: set[Place]) -> bool:
    """The problem says of a claim or figure what a fall says already."""
    line = problem.place.at(0)
    at_claim = problem.code == "claim-holds" and (problem.place in told or line in told)
    return at_claim or problem.code == "figure-is-complete"


# --- what differs ----------------------------------------------------------------------------


def _sentences(old: Prints, new: Prints) -> Iterator[Change]:
    groups: dict[tuple[Spot, str], Change] = {}
    for before, after in zip(old.texts, new.texts, strict=True):
        fails = len(after.value.failures) > len(before.value.failures)
        if before.value.text == after.value.text or fails or not before.sentence:
            continue
        spot = before.spot
        line = replace(spot, place=spot.place.at(0))
        key = (line, before.sentence)
        said = (spot.place, before.value.text, after.value.text)
        if key in groups:
            groups[key] = replace(groups[key], words=(*groups[key].words, said))
        else:
            pair = (before.paragraph, after.paragraph)
            sentences = (before.sentence, after.sentence)
            groups[key] = Change("sentence", line, *sentences, words=(said,), paragraphs=pair)
    yield from groups.values()


def _tables(old: Prints, new: Prints) -> Iterator[Change]:
    falling = {fault.spot for fault in new.faults}
    for before, after in zip(old.tables, new.tables, strict=False):
        if before.spot in falling:
            continue
        name = before.name or before.caption
        if before.caption != after.caption:
            yield Change("table caption", before.spot, before.caption, after.caption, name)
        for was, becomes in _row_pairs(before.rows, after.rows):
            yield Change("table row", before.spot, was, becomes, name)


def _figures(
    old: Prints, before: Sequence[FigureModule], after: Sequence[FigureModule]
) -> Iterator[Change]:
    changed = {figure.name: figure for figure in after}
    for figure in before:
        new = changed.get(figure.name)
        if new is None or new == figure:
            continue
        captions = without_spans(figure.caption), without_spans(new.caption)
        pairs = [("caption", *captions), ("alt text", figure.alt, new.alt)]
        pairs += [("drawing", *pair) for pair in _drawn_rows(figure, new)]
        for use in old.figures:
            if use.name == figure.name:
                for kind, was, becomes in pairs:
                    if was != becomes:
                        yield Change(kind, use.spot, " ".join(was.split()),
                                     " ".join(becomes.split()), figure.name)  # fmt: skip


def _drawn_rows(old: FigureModule, new: FigureModule) -> Iterator[tuple[str, str]]:
    """The rows that differ, each as its label and the columns that differ in it."""
    if len(old.rows) != len(new.rows):
        yield f"{len(old.rows)} rows", f"{len(new.rows)} rows"
    for before, after in zip(old.rows, new.rows, strict=False):
        columns = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        texts = [
            ", ".join(
                f"{name} {'empty' if row.get(name) is None else row[name]}" for name in columns
            )
            for row in (before, after)
        ]
        if columns:
            yield (
                f"{before.get('label', 'row')}: {texts[0]}",
                f"{after.get('label', 'row')}: {texts[1]}",
            )


def _row_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Rows that differ; a row that comes or goes is paired with an empty text."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            most = max(b - a, d - c)
            was = [*old[a:b], *[""] * (most - (b - a))]
            yield from zip(was, [*new[c:d], *[""] * (most - (d - c))], strict=True)


def _undrawn(
    old: Prints, before: Sequence[FigureModule], broken: Sequence[Problem]
) -> Iterator[Fall]:
    """Figures that could be read and no longer can."""
    sound = {f"figures/{figure.name}.py": figure.name for figure in before}
    for found in broken:
        name = sound.get(found.place.file)
        for use in old.figures if name else ():
            if use.name == name:
                yield Fall(use.spot, f"figure '{name}'", f"{found.place}: {found.message}", "")


def _falls(old: Prints, new: Prints) -> Iterator[Fall]:
    for before, after in zip(old.texts, new.texts, strict=True):
        for failure in after.value.failures[len(before.value.failures) :]:
            yield Fall(before.spot, failure.call, failure.message, before.sentence)
    known = {(fault.spot, fault.failure) for fault in old.faults}
    for fault in new.faults:
        if (fault.spot, fault.failure) not in known:
            yield Fall(fault.spot, fault.failure.call, fault.failure.message, "")
