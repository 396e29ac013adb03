"""The data of this report: described, printable, derived as they say, followed to the page."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from data_project import COLUMNS
from imprint.author.wording import Form, words
from imprint.check.composed import ComposedReport
from imprint.check.rules.numbers.data import check_data
from imprint.read.data.tables import read_statistics
from imprint.read.report import Report, read_report
from imprint.write.derivations import derivations
from imprint.write.dictionary import DICTIONARY, data_dictionary
from imprint.write.statistic_rows import Rows, statistic_rows
from recomputing import bears_out, derived_again, rows_bear_out
from reports import ROOT
from test_editor_notes import texts
from test_provenance import SCHEMA, every_use, uses


def test_committed_dictionary_is_up_to_date() -> None:
    committed = (ROOT / DICTIONARY).read_text(encoding="utf-8")
    assert committed == data_dictionary(ROOT), "run `imprint dictionary` and commit the result"


def test_every_derived_row_follows_from_the_record_alone() -> None:
    """Counts of tables included: the record keeps what each formula names."""
    report, _ = read_report(ROOT)
    rows = Rows(statistic_rows(report), "british")
    record = {"rows": {rows.digests[id]: row for id, row in rows.by_id.items()}}
    record |= derivations(ROOT, [rows])
    derived = [digest for digest, row in record["rows"].items() if row.get("derived")]
    assert len(derived) > 40
    assert len(record["tables"]) > 5
    for digest in derived:
        again, row = derived_again(digest, record), record["rows"][digest]
        if row["value"] is not None:
            assert again.value == pytest.approx(row["value"], abs=0.01), row["id"]
        else:
            ends = (row["low"], row["high"])
            assert (again.low, again.high) == pytest.approx(ends, abs=0.01), row["id"]


def test_the_reports_own_data_are_valid_to_frictionless() -> None:
    """Frictionless itself agrees that the report's data package is valid."""
    from frictionless import validate

    report = validate(str(ROOT / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("form", ["running", "sentence", "words"])
def test_every_statistic_of_the_report_has_words(form: str) -> None:
    """No row of the report's own data lacks a form that prose needs; words have no digits."""
    for row in read_statistics(ROOT).values():
        text = words(row, cast(Form, form))
        assert form == "running" or not any(character.isdigit() for character in text)


REAL = read_statistics(ROOT)


@pytest.mark.parametrize("id", [id for id, row in REAL.items() if row.derived])
def test_no_derived_row_of_the_report_can_be_off_by_one(id: str) -> None:
    """Each derived row holds, and is named as soon as its value or the way to it is another."""
    row = REAL[id]
    report = real_sources()

    def told_of(**changes: object) -> list[str]:
        other = replace(row, **changes)  # type: ignore[arg-type]
        changed = replace(report, statistics={**REAL, id: other})
        return [found.code for found in check_data(changed) if found.place.line == row.line]

    assert told_of() == []
    for off in (1, -1, 2):
        if row.value is None:
            moved = {"low": (row.low or 0) + off, "high": (row.high or 0) + off}
        else:
            moved = {"value": row.value + off}
        assert told_of(**moved) == ["derived-adds-up"]
    assert told_of(derived="counted by hand") == ["formula-is-readable"]
    assert told_of(derived="")[0] == "statistic-has-origin"


REGISTERS = {"chapters/edition-notes.qmd", "chapters/data-appendix.qmd"}


@lru_cache(maxsize=1)
def real_sources() -> ComposedReport:
    """The report as it was read; that its code has not run keeps nobody from adding up its rows."""
    report, _ = read_report(ROOT)
    values = {field.name: getattr(report, field.name) for field in fields(Report)}
    return ComposedReport(**values, incomplete=frozenset(report.chapters))


@pytest.mark.slow
def test_the_report_tells_where_all_its_numbers_come_from(site: Path) -> None:
    """Every number that the report prints is recomputed, stands where the file says, has a page."""
    record = json.loads((site / "provenance.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))
    pages: dict[str, str] = {}
    for name, use in every_use(record):
        path = f"{name}/{use['page']}"
        pages.setdefault(path, (site / path).read_text(encoding="utf-8"))
        assert f'id="{use["anchor"]}"' in pages[path], use
        # What stands in registers is not printed.
        assert use["pdf"] or use["chapter"] in REGISTERS, use
        assert use["line"], use
        if "sentence" in use:
            assert use["words"] in use["sentence"], use
    numbers = [use for name in record["publications"] for use in uses(record, name)]
    assert len(numbers) > 100
    for use in numbers:
        assert bears_out(use, record), use
    for name, figure in record["figures"].items():
        assert rows_bear_out(figure, record), name
    chapters = {use["chapter"] for _, use in every_use(record)}
    assert {"chapters/training.qmd", "chapters/data-appendix.qmd"} <= chapters
    assert all((ROOT / chapter).is_file() for chapter in chapters)
    printed = {named["id"] for use in numbers for named in use["statistics"]}
    for page in pages.values():
        spans = re.findall(r'class="(?:stat|claim)" data-stat="([^"]+)"', page)
        assert {id for ids in spans for id in ids.split()} <= printed


@pytest.mark.slow
def test_the_report_publishes_no_editor_note(site: Path) -> None:
    """No exception, number of a slip or other note of its editors stands in anything published."""
    notes = set()
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            notes |= {row["editor_note"] for row in csv.DictReader(file) if row.get("editor_note")}
    assert len(notes) > 40
    longer = [note for note in notes if " " in note]
    # The notes on the edition list the slips by their numbers, for readers.
    wrong = re.compile(r"\(an\d\d\b|\ballow [a-z]+(?:-[a-z]+)+:|\bderived:|\beditor_note\b")
    for path, text in texts(site):
        assert not wrong.search(text), (path, wrong.search(text))
        assert [note for note in longer if note in text] == [], path
        if Path(path).stem in ("statistics", "sources", "provenance"):
            assert not re.search(r"\ban\d\d\b", text), path


def test_statistics_columns_are_those_of_the_report() -> None:
    """The tests' table has the columns of the report's own."""
    header = (ROOT / "data" / "statistics.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == COLUMNS


@pytest.mark.parametrize(
    ("table", "columns"),
    [("search_databases", ("name", "abbreviation")), ("search_terms", ("term",))],
)
def test_lists_of_the_search_hold_what_their_tables_hold(
    table: str, columns: tuple[str, ...]
) -> None:
    """The appendix says in words what the data files keep, and the counts are taken of these."""
    text = (ROOT / "chapters" / "search-strategy.qmd").read_text(encoding="utf-8")
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        told = [row[column] for row in csv.DictReader(file) for column in columns if row[column]]
    assert [it for it in told if not re.search(rf"(?<!\w){re.escape(it)}(?!\w)", text)] == []
