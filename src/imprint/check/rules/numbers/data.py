"""The statistics as a whole: rows that are used, bounds as wide as their wording, right sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from imprint.author.bounds import span
from imprint.check.composed import ComposedReport
from imprint.check.rules.numbers.derivations import (
    Extent,
    UnknownNameError,
    UnreadableTableError,
    derived_from,
    work_out,
)
from imprint.check.table_rows import TableRows, read_tables
from imprint.core.model import Statistic
from imprint.core.numbers import room_of
from imprint.core.problems import Problem, problem
from imprint.read.data.formulas import FormulaError, Months, parse_formula

FILE = "data/statistics.csv"
_NEAR = 0.01


_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
"""Ids of rows and keys of works; other words with a hyphen are none that a report has."""


def check_data(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every row of `statistics.csv` that its neighbours contradict.

    Rows that nothing prints (`statistic-is-used`), bounds of another width than the wording has by
    the table's description (`bounds-fit-wording`), rows that are neither reported nor derived
    (`statistic-has-origin`), derived rows whose formula gives something else (`derived-adds-up`),
    names what the data do not have (`derived-names-rows`) or cannot be read
    (`formula-is-readable`), notes for readers that speak to editors (`note-is-for-readers`),
    figures that set amounts of several units side by side (`figure-has-one-unit`), and, in tables
    of events, periods that end before they begin or points and periods that their kind contradicts
    (`period-has-its-ends`).
    """
    statistics = report.statistics or {}
    tables = read_tables(report)
    for row in statistics.values():
        if row.derived:
            yield from _derived(row, statistics, tables)
        else:
            yield from _origin(row)
            yield from _bounds(row)
    named = {*statistics, *(report.library.references if report.library else ())}
    for filled in tables.values():
        yield from _periods(filled)
        yield from _notes(filled, named)
    yield from _units(report)
    if report.is_known:
        yield from _unused(report, statistics)


def _origin(row: Statistic) -> Iterator[Problem]:
    if not row.as_reported and not _FOR_EDITORS.match(row.note):
        message = f"'{row.id}' has neither the wording of its source nor how it was worked out"
        fix = "fill `as_reported`, or write in `derived` how it is worked out"
        yield problem("statistic-has-origin", FILE, row.line, message, fix)


# --- bounds ----------------------------------------------------------------------------------


def expected_bounds(row: Statistic) -> tuple[float | None, float | None] | None:
    """The bounds that a wording has by the table's description; None where it sets none."""
    if row.qualifier in ("majority", "most"):
        return 50, 100
    if row.qualifier == "small_number":
        return 2, None
    if row.qualifier == "exact":
        return None, None
    if row.value is None:
        return None
    value = row.value
    room = room_of(value, is_share=row.unit == "percent")
    below, above = (value - room, value), (value, value + room)
    if value < 0:
        # Almost minus eight lies nearer to nought; more and less may be meant either way.
        near = {"almost": above, "just_under": above, "just_over": below}
        return {**near, "about": (value - room, value + room)}.get(row.qualifier)
    top = 100 if row.unit == "percent" else None
    return {
        "almost": below,
        "just_under": below,
        "just_over": above,
        "about": (value - room, value + room),
        "fewer_than": (0, value),
        "less_than": (0, value),
        "up_to": (0, value),
        "more_than": (value, top),
        "at_least": (value, top),
    }.get(row.qualifier)


def _bounds(row: Statistic) -> Iterator[Problem]:
    expected = expected_bounds(row)
    if expected is None:
        return
    given = (row.low, row.high)
    # A source may give both ends itself, or an exact span.
    if row.qualifier == "exact" and row.low == row.high:
        return
    if not all(_same(one, other) for one, other in zip(given, expected, strict=True)):
        message = f"'{row.qualifier}' lies {_between(*expected)}, the row has {_between(*given)}"
        fix = "fix low and high, or the qualifier"
        yield problem("bounds-fit-wording", FILE, row.line, f"'{row.id}': {message}", fix)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or abs(one - other) <= _NEAR


def _between(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "without bounds"
    ends = ("any" if end is None else f"{end:g}" for end in (low, high))
    return " to ".join(ends)


# --- periods ---------------------------------------------------------------------------------


def _periods(filled: TableRows) -> Iterator[Problem]:
    """Points and periods of a table with `start` and `end`; `kind`, where there is one, says
    which a row is."""
    for row in filled.rows if {"start", "end"} <= set(filled.columns) else ():
        start, end, kind = (str(row.get(name) or "") for name in ("start", "end", "kind"))
        message = ""
        # A bare year or month ends with its last day, so only what both name is compared.
        least = min(len(start), len(end))
        if end and end[:least] < start[:least]:
            message = f"it ends in {end}, before it begins in {start}"
        elif kind == "point" and end:
            message = f"it is a point and has an end, {end}"
        elif kind == "period" and not end:
            message = "it is a period and has no end"
        if message:
            fix = "fix its kind, its start or its end"
            yield problem("period-has-its-ends", filled.table.file, row.line, message, fix)


# --- notes -----------------------------------------------------------------------------------

_FOR_EDITORS = re.compile(r"(?:\A|[;.,]\s)allow\b(?:\s[\w-]+)?\s*:|\Aderived\s*:")


def _notes(filled: TableRows, named: Set[str]) -> Iterator[Problem]:
    """Notes for readers that hold an exception, say how a row is worked out, or name a row or work
    by what editors call it; `named` are those names."""
    for row in filled.rows if "note" in filled.columns else ():
        note = str(row.get("note") or "")
        for name in sorted(named & set(_NAME.findall(note))):
            message = f"the note, which readers see, holds '{name}'"
            fix = "say in words what it means, or move it to `editor_note`"
            yield problem("note-is-for-readers", filled.table.file, row.line, message, fix)
        found = _FOR_EDITORS.search(note)
        if found:
            is_formula = found[0].startswith("derived")
            message = f"the note, which readers see, holds '{found[0].lstrip(';., ')}'"
            fix = "write the formula into `derived`" if is_formula else "move it to `editor_note`"
            yield problem("note-is-for-readers", filled.table.file, row.line, message, fix)


# --- derived rows ----------------------------------------------------------------------------


def _derived(
    row: Statistic, statistics: Mapping[str, Statistic], tables: Mapping[str, TableRows]
) -> Iterator[Problem]:
    def wrong(message: str, fix: str, code: str = "derived-adds-up") -> Problem:
        return problem(code, FILE, row.line, f"'{row.id}': {message}", fix)

    try:
        formula = parse_formula(row.derived)
        if row.id in _all_derived_from(row, statistics):
            message = f"`{row.derived}` leads back to the row itself"
            yield wrong(message, "name the rows that it is worked out from", "derived-names-rows")
            return
        extent = work_out(formula, statistics, tables)
    except UnreadableTableError:
        return
    except UnknownNameError as error:
        yield wrong(f"{error.message} to work `{row.derived}` out", error.fix, "derived-names-rows")
        return
    except FormulaError as error:
        yield wrong(error.message, error.fix, "formula-is-readable")
        return
    if isinstance(formula, Months) and row.unit != "months":
        yield wrong(f"`{row.derived}` gives months, not {row.unit}", "fix its unit or its formula")
    else:
        yield from (wrong(*fault) for fault in _unlike(row, extent))


def _unlike(row: Statistic, extent: Extent) -> Iterator[tuple[str, str]]:
    """How a row differs from what its formula gives, and how to fix it."""
    is_range = row.qualifier == "between" and row.value is None and not extent.is_exact
    if not is_range and (row.value is None or not _same(extent.value, row.value)):
        had = "nothing" if row.value is None else f"{row.value:g}"
        message = f"`{row.derived}` gives {extent.value:g}, not {had}"
        yield message, "fix the value, the formula or what it is worked out from"
        return
    own = span(row)
    if not (_same(extent.low, own.low) and _same(extent.high, own.high)):
        given = f"{_between(extent.low, extent.high)}, the row has {_between(own.low, own.high)}"
        yield f"`{row.derived}` lies {given}", "take low and high from what it is worked out from"
    elif row.qualifier == "about" and not own.low < (row.value or 0) < own.high:
        message = f"`{row.derived}` lies {_between(own.low, own.high)}, so 'about' misses the rest"
        yield message, "make its qualifier between and leave value empty: it prints as a range"
    elif extent.is_exact and row.qualifier != "exact":
        message = f"what `{row.derived}` gives is exact, not '{row.qualifier}'"
        yield message, "make its qualifier exact, without bounds"


def _all_derived_from(row: Statistic, statistics: Mapping[str, Statistic]) -> set[str]:
    """Ids of all rows that a row is worked out from, and of those behind them."""
    found: set[str] = set()
    waiting = [row]
    while waiting:
        for id in derived_from(waiting.pop()):
            if id in statistics and id not in found:
                found.add(id)
                waiting.append(statistics[id])
    return found


# --- rows and what prints them ---------------------------------------------------------------


def _unused(report: ComposedReport, statistics: Mapping[str, Statistic]) -> Iterator[Problem]:
    used = set(report.printed_rows)
    for figure in report.drawn.values():
        used.update(str(row["id"]) for row in figure.rows if "id" in row)
    for id in used & statistics.keys():
        used = used | _all_derived_from(statistics[id], statistics)
    for id, row in statistics.items():
        if id not in used:
            message = f"nothing prints '{id}'"
            fix = "use it, delete it, or say in `editor_note`: allow statistic-is-used: why"
            yield problem("statistic-is-used", FILE, row.line, message, fix)


def _units(report: ComposedReport) -> Iterator[Problem]:
    for figure in report.drawn.values():
        units = sorted({str(row["unit"]) for row in figure.rows if row.get("unit")})
        if len(units) > 1:
            message = f"the rows of this figure are in several units: {', '.join(units)}"
            fix = "draw them in figures of their own"
            yield Problem(figure.place("rows"), "figure-has-one-unit", message, fix)
