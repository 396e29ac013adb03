"""The statistics as a whole: rows that are used, bounds as wide as their wording, right sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from imprint.author.claims import span
from imprint.check.code.calls import calls
from imprint.check.code.figure_modules import read_figures
from imprint.check.rules.numbers.derivations import (
    FORMS,
    NUMBERS,
    CannotCountError,
    Less,
    Months,
    count,
    derivation,
    derived_from,
    is_derived,
)
from imprint.check.table_rows import Filled, read_tables
from imprint.core.model import Cell, Chapter, Statistic
from imprint.core.problems import Problem, nearest, problem
from imprint.read.report import Report

FILE = "data/statistics.csv"
_NEAR = 0.01


def check_data(report: Report) -> Iterator[Problem]:
    """Yield a problem for every row of `statistics.csv` that its neighbours contradict.

    Rows that nothing prints (`statistic-is-used`), bounds of another width than the wording has by
    the table's description (`bounds-fit-wording`), rows that are neither reported nor derived
    (`statistic-has-origin`), derived rows that do not follow from what their note names
    (`derived-adds-up`), name what the data do not have (`derived-names-rows`) or do not say how
    they are worked out (`derived-is-explained`), figures that set amounts of several units side by
    side (`figure-has-one-unit`), and, in tables of events, periods that end before they begin or
    points and periods that their kind contradicts (`period-has-its-ends`).
    """
    statistics = report.statistics or {}
    tables = read_tables(report)
    for row in statistics.values():
        if is_derived(row):
            yield from _derived(row, statistics, tables)
        else:
            yield from _origin(row)
            yield from _bounds(row)
    for filled in tables.values():
        yield from _periods(filled)
    yield from _units(report)
    if report.is_whole:
        yield from _unused(report, statistics)


def _origin(row: Statistic) -> Iterator[Problem]:
    if not row.as_reported:
        message = f"'{row.id}' has neither the wording of its source nor how it was worked out"
        fix = "fill `as_reported`, or begin `note` with `derived:` and how"
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
    room = 5 if row.unit == "percent" else value / 10
    top = 100 if row.unit == "percent" else None
    return {
        "almost": (value - room, value),
        "just_under": (value - room, value),
        "just_over": (value, value + room),
        "about": (value - room, value + room),
        "fewer_than": (0, value),
        "less_than": (0, value),
        "more_than": (value, top),
        "at_least": (value, top),
    }.get(row.qualifier)


def _bounds(row: Statistic) -> Iterator[Problem]:
    expected = expected_bounds(row)
    if row.qualifier == "up_to" and row.value is not None:
        expected = (row.low if row.low in (0, 1) else 0, row.value)
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
    return abs(one - other) <= _NEAR


def _between(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "without bounds"
    ends = ("any" if end is None else f"{end:g}" for end in (low, high))
    return " to ".join(ends)


# --- periods ---------------------------------------------------------------------------------


def _periods(filled: Filled) -> Iterator[Problem]:
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


# --- derived rows ----------------------------------------------------------------------------


def _derived(
    row: Statistic, statistics: Mapping[str, Statistic], tables: Mapping[str, Filled]
) -> Iterator[Problem]:
    def wrong(message: str, fix: str, code: str = "derived-adds-up") -> Problem:
        return problem(code, FILE, row.line, f"'{row.id}': {message}", fix)

    found = derivation(row)
    if found is None:
        message = "its note does not say how it is worked out"
        yield wrong(message, f"begin it with `derived:` and {FORMS}", "derived-is-explained")
    elif row.value is None:
        yield wrong("a derived row has no value", f"{found.said}: work it out")
    elif isinstance(found, Less):
        names = (found.whole, *found.parts)
        extents = [_extent(name, statistics) for name in names]
        known = [extent for extent in extents if extent]
        if len(known) < len(names):
            unknown = [name for name, extent in zip(names, extents, strict=True) if not extent]
            fix = nearest(unknown[0], statistics) or "name the rows as `derived: whole less part`"
            yield wrong(f"there is no row '{unknown[0]}' with a value", fix, "derived-names-rows")
        else:
            yield from (wrong(*fault) for fault in _remainder(row, found.said, known))
    elif isinstance(found, Months):
        if row.unit != "months":
            yield wrong(f"{found.said} makes months, not {row.unit}", "fix its unit or its note")
        elif not _same(row.value, found.count):
            message = f"{found.said} makes {found.count} months, not {row.value:g}"
            yield wrong(message, "count again")
    else:
        try:
            counted = count(found, tables)
        except CannotCountError as error:
            yield wrong(str(error), error.fix, "derived-names-rows")
            return
        if counted is not None and not _same(row.value, counted):
            message = f"{found.said} gives {counted:g}, not {row.value:g}"
            yield wrong(message, "fix the value, the note or the table")
        elif row.qualifier != "exact" or row.low != row.high:
            message = f"what is counted is exact, not '{row.qualifier}'"
            yield wrong(message, "make its qualifier exact, without bounds")


def _remainder(
    row: Statistic, said: str, extents: Sequence[tuple[float, float, float]]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a whole less its parts, and how to fix it."""
    whole, *parts = extents
    value = whole[1] - sum(part[1] for part in parts)
    low = whole[0] - sum(part[2] for part in parts)
    high = whole[2] - sum(part[0] for part in parts)
    if row.value is None or not _same(value, row.value):
        had = "nothing" if row.value is None else f"{row.value:g}"
        yield f"{said} makes {value:g}, not {had}", "fix the row or its note"
        return
    own = span(row)
    if not (_same(low, own.low) and _same(high, own.high)):
        message = f"{said} lies {_between(low, high)}, the row has {_between(own.low, own.high)}"
        yield message, "take low and high from the rows it is derived from"


def _extent(name: str, statistics: Mapping[str, Statistic]) -> tuple[float, float, float] | None:
    """Low, value and high of a row, a number or a number word."""
    if re.fullmatch(r"\d+(\.\d+)?", name) or name in NUMBERS:
        number = NUMBERS.get(name) or float(name)
        return number, number, number
    row = statistics.get(name)
    if row is None or row.value is None:
        return None
    extent = span(row)
    return extent.low, row.value, extent.high


# --- rows and what prints them ---------------------------------------------------------------

_PUT_TOGETHER = re.compile(r"\bf[\"']([a-z0-9]+-[a-z0-9-]*\{[^{}\"']+\}[^\"']*)[\"']")


def _unused(report: Report, statistics: Mapping[str, Statistic]) -> Iterator[Problem]:
    used: set[str] = set()
    for chapter in report.chapters.values():
        for call in calls(chapter):
            if call.name in ("stat", "claim"):
                used.update(argument for argument in call.arguments if argument)
        used.update(_made_up(chapter, statistics))
    for figure in read_figures(report)[0]:
        used.update(str(value) for row in figure.rows for value in row.values())
    waiting = [statistics[id] for id in used if id in statistics]
    while waiting:
        for name in derived_from(waiting.pop()):
            if name in statistics and name not in used:
                used.add(name)
                waiting.append(statistics[name])
    for id, row in statistics.items():
        if id not in used:
            message = f"nothing prints '{id}'"
            fix = "use it, delete it, or say at the end of `note`: allow statistic-is-used: why"
            yield problem("statistic-is-used", FILE, row.line, message, fix)


def _made_up(chapter: Chapter, statistics: Mapping[str, Statistic]) -> Iterator[str]:
    """Ids that the code of cells puts together: `stat(f"cited-{theme}")`."""
    for part in chapter.parts:
        code = part.code if isinstance(part, Cell) else ""
        for found in _PUT_TOGETHER.finditer(code):
            shape = re.sub(r"\\\{[^{}]*\\\}", ".+", re.escape(found[1]))
            yield from (id for id in statistics if re.fullmatch(shape, id))


def _units(report: Report) -> Iterator[Problem]:
    for figure in read_figures(report)[0]:
        units = sorted({str(row["unit"]) for row in figure.rows if row.get("unit")})
        if len(units) > 1:
            message = f"the rows of this figure are in several units: {', '.join(units)}"
            fix = "draw them in figures of their own"
            yield Problem(figure.place("rows"), "figure-has-one-unit", message, fix)
