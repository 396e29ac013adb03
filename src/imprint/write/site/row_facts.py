"""What a row of statistics says to readers, in words: for panels and for the page of statistics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from imprint.author.samples import LEVEL
from imprint.author.wording import StatisticError, interval_words, words
from imprint.core.numbers import figures
from imprint.core.units import amount, amounts_between, number_of, with_noun
from imprint.read.data.formulas import FormulaError, in_words, parse_formula
from imprint.read.data.tables import to_statistic
from imprint.write.statistic_rows import Record

INEXACT = "The source’s words are not exact: they are taken to allow these values."
ROUGH = "It is worked out from what is not exact: these are the values that it may have."


def facts(row: Record, rows: Mapping[str, Record]) -> Iterator[tuple[str, str]]:
    """What a row says besides its value, its measure and its source, each with a heading; `rows`
    are those that its formula may name, by id."""
    if row.get("as_reported"):
        yield "As reported", f"‘{cell_text(row, 'as_reported')}’"
    if row.get("population"):
        yield "Base", cell_text(row, "population")
    if row.get("survey"):
        yield "Survey", cell_text(row, "survey")
    if row.get("period"):
        yield "Period", cell_text(row, "period").replace("/", " to ")
    yield from _sample(row)
    if allowed := _bounds(row):
        yield "Bounds", f"{allowed}. {ROUGH if row.get('derived') else INEXACT}"
    if derived := _worked_out(row, rows):
        yield "Worked out as", derived
    if row.get("note"):
        yield "Note", cell_text(row, "note")


def _sample(row: Record) -> Iterator[tuple[str, str]]:
    """The sample of a survey's row, and how near to the truth it brings its value."""
    found = to_statistic(row)
    if found.n is not None:
        weighted = ", and their answers are weighted" if found.weighted else ""
        yield "Sample", f"{figures(found.n, 0)} answered{weighted}"
    if ends := interval_words(found):
        level = f"{figures(found.ci_level or LEVEL, 1)} per cent"
        yield "Confidence interval", f"{ends}, at {level}"
    for heading, number in (("Standard error", found.se), ("Design effect", found.design_effect)):
        if number is not None:
            yield heading, figures(number, 2)


def measure_of(row: Mapping[str, Any]) -> str:
    """What a row measures and, of a survey, which answer it counts where the measure does not say
    so itself; begins with a capital."""
    measure, answer = cell_text(row, "measure"), cell_text(row, "response")
    text = measure if answer in measure else f"{measure}: {answer}" if measure else answer
    return text[:1].upper() + text[1:]


def value_of(row: Record) -> str:
    """Its value in words, as the report prints it; begins with a capital."""
    said = _printed(row)
    return said[:1].upper() + said[1:]


def cell_text(row: Mapping[str, Any], column: str) -> str:
    """A cell with the quotation marks that the text of the report has."""
    text = str(row.get(column) or "")
    return re.sub(r"(?<![^\s(])'", "‘", text).replace("'", "’")


def _worked_out(row: Record, rows: Mapping[str, Record]) -> str:
    """How the report came to a row, by its formula: `58 (recommendations made) less 11 (…)`."""

    def named(id: str) -> str:
        return f"{_printed(rows[id])} ({cell_text(rows[id], 'measure')})" if id in rows else id

    formula = str(row.get("derived") or "")
    try:
        return formula and in_words(parse_formula(formula), named)
    except FormulaError:  # its author allows it
        return formula


def _printed(row: Record) -> str:
    try:
        return words(to_statistic(row))
    except StatisticError:
        return str(row.get("as_reported") or row.get("measure") or "")


def _bounds(row: Record) -> str:
    """The values that a vague wording allows: `50 to 100 per cent`."""
    low, high, unit = row.get("low"), row.get("high"), to_statistic(row).known_unit
    if unit is None or low == high == row.get("value"):
        return ""
    if low is None:
        return "" if high is None else f"Up to {amount(unit, high)}"
    if high is None:
        return with_noun(unit, f"{number_of(unit, low)} or more")
    return amounts_between(unit, low, high)
