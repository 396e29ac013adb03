"""Tables: typed rows from data/, and every problem of them with file, line and column."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from data_project import ROWS, csv_text, package, resource, write_project
from imprint.core.digests import ABSENT, file_digest
from imprint.core.problems import ReportError
from imprint.read.data.constraints import check_data
from imprint.read.data.datapackage import PACKAGE, SCHEMA, schema
from imprint.read.data.tables import read_rows, read_statistics
from imprint.read.json_source import read_json
from imprint.read.schema import Terms, shape_problems

BIB = {"ofsted_2010", "cqc_2009"}
ROOT = Path(__file__).parent.parent


def check(root: Path, files: dict[str, str | bytes], *tables: dict[str, Any]) -> list[str]:
    """Problems of a tiny project with these files, as `file:line: message [code]`."""
    found = check_data(write_project(root, files, *tables), BIB)
    return [str(problem).splitlines()[0] for problem in found]


def statistics(*rows: dict[str, str]) -> dict[str, str | bytes]:
    return {"data/statistics.csv": csv_text([*ROWS, *rows])}


def test_sound_data_gives_no_problem(tmp_path: Path) -> None:
    """A project whose tables keep to their description is left in peace."""
    assert check(tmp_path, {}) == []


def test_rows_are_typed_and_know_their_line(tmp_path: Path) -> None:
    """Numbers become int or float, empty cells None, and lines count quoted line breaks."""
    fields = [{"name": "title"}, {"name": "when", "type": "date"}, {"name": "n", "type": "number"}]
    text = 'title,when,n\n"two\nlines",2010-05-01,64\nlast,,33.5\n'
    first, last = read_rows(
        write_project(tmp_path, {"data/t.csv": text}, resource("t", *fields)), "t"
    )
    assert dict(first) == {"title": "two\nlines", "when": "2010-05-01", "n": 64}
    assert dict(last) == {"title": "last", "when": None, "n": 33.5}
    assert (first.line, last.line) == (2, 4)


def test_statistics_are_read_by_id(tmp_path: Path) -> None:
    """A statistic carries its numbers, its wording and its line."""
    found = read_statistics(write_project(tmp_path))
    assert found["recording"].low == 30
    assert found["appraisal"].value is None
    assert found["budget"].as_reported == "only a third of trusts"
    assert found["budget"].line == 3


def test_reading_stops_at_a_value_of_the_wrong_type(tmp_path: Path) -> None:
    """A row that cannot be typed never reaches a chapter."""
    write_project(tmp_path, statistics({"id": "x", "value": "sixty"}))
    with pytest.raises(ReportError, match=r"data/statistics\.csv:8: value 'sixty'"):
        read_statistics(tmp_path)


def test_reading_an_unknown_table_names_the_nearest(tmp_path: Path) -> None:
    """A mistyped table name gets a suggestion."""
    with pytest.raises(ReportError, match="did you mean 'statistics'"):
        read_rows(write_project(tmp_path), "statistic")


SCOPED = resource(
    "scoped",
    {"name": "n", "type": "integer", "constraints": {"minimum": 1, "maximum": 9}},
    {"name": "kind", "constraints": {"enum": ["point", "period"]}},
    {"name": "slug", "constraints": {"pattern": "[a-z]+", "unique": True}},
    {"name": "parent"},
    {"name": "stat"},
    foreignKeys=[
        {"fields": "parent", "reference": {"resource": "", "fields": "slug"}},
        {"fields": ["stat"], "reference": {"resource": "statistics", "fields": ["id"]}},
    ],
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("x,point,a,,", "value 'x' in column 'n' is not a whole number"),
        ("1_0,point,a,,", "value '1_0' in column 'n' is not a whole number"),
        ("0,point,a,,", "value '0' in column 'n' is less than the least allowed, 1"),
        ("12,point,a,,", "value '12' in column 'n' is more than the most allowed, 9"),
        ("1,pint,a,,", "value 'pint' in column 'kind' is not allowed"),
        ("1,point,A1,,", "value 'A1' in column 'slug' has not the form [a-z]+"),
        ("1,point,first,,", "value 'first' in column 'slug' stands on line 2 too"),
        ("1,point,a,frist,", "value 'frist' in column 'parent' is no 'slug' of table 'scoped'"),
        ("1,point,a,,budge", "value 'budge' in column 'stat' is no 'id' of table 'statistics'"),
        ("1,point,a,", "row has 4 cells, the header has 5"),
        ("1,point,a,,,", "row has 6 cells, the header has 5"),
        ("", "row is empty"),
        ('1,point,"a,,', "a quotation mark opened in this row is never closed"),
        ('1,point,"a"b,,', "row cannot be read: ',' expected after '\"'"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, row: str, expected: str) -> None:
    """Each rule of the data package that a row breaks is told where it is broken, and only that."""
    text = f"n,kind,slug,parent,stat\n1,point,first,first,budget\n{row}\n"
    (found,) = check(tmp_path, {"data/scoped.csv": text}, SCOPED)
    assert found.startswith(f"data/scoped.csv:3: {expected}")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "x", "source": "ofsted_2011"}, "no entry 'ofsted_2011' in references.bib"),
        ({"id": "x", "source": "cqc_2009; nobody_1999"}, "no entry 'nobody_1999'"),
        ({"id": "x", "source": ""}, "column 'source' is empty"),
        ({"id": ""}, "column 'id' is empty"),
        ({"id": "x", "value": "5", "low": "6", "high": "7"}, "low 6 is above value 5"),
        ({"id": "x", "value": "8", "low": "6", "high": "7"}, "value 8 is above high 7"),
        ({"id": "x", "low": "8", "high": "7"}, "low 8 is above high 7"),
        ({"id": "x", "qualifier": "most"}, "wording 'most' has neither low nor high"),
        ({"id": "budget"}, "value 'budget' in column 'id' stands on line 3 too"),
        ({"id": "x", "value": "nan"}, "value 'nan' in column 'value' is not a number"),
    ],
)
def test_a_bad_statistic_is_named(tmp_path: Path, row: dict[str, str], expected: str) -> None:
    """Keys, bounds and required cells of statistics are checked row by row."""
    (found,) = check(tmp_path, statistics(row))
    assert found.startswith(f"data/statistics.csv:8: {expected}")


def test_several_sources_in_a_cell_are_each_looked_up(tmp_path: Path) -> None:
    """Keys divided by a semicolon and a space are keys of their own."""
    assert check(tmp_path, statistics({"id": "x", "source": "cqc_2009; ofsted_2010"})) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf" + csv_text().encode(), ":1: file begins with a byte order mark"),
        (csv_text().encode("utf-16"), ":1: file is UTF-16, not UTF-8"),
        (csv_text().replace("disagree", "d\0").encode(), ":2: line holds a NUL byte"),
        (csv_text().encode("latin-1"), ":6: byte 0xa3 is not UTF-8"),
        (b"", ":1: file has no header row"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, data: bytes, expected: str) -> None:
    """What a spreadsheet or a bad copy does to a file is reported by its line."""
    (found,) = check(tmp_path, {"data/statistics.csv": data})
    assert found.startswith(f"data/statistics.csv{expected}")


@pytest.mark.parametrize("file", ["data/statistics.csv", PACKAGE])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_could_be_read_without_end_is_told(tmp_path: Path, file: str, kind: str) -> None:
    """A pipe that nobody writes to, or a link to a device, is one problem, and has no digest."""
    path = write_project(tmp_path) / file
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    (found,) = check_data(tmp_path, BIB)
    assert str(found).startswith(f"{file}: cannot be read: it is no file but a pipe or a device")
    assert file_digest(path) == ABSENT


def test_a_folder_in_the_place_of_a_table_is_told(tmp_path: Path) -> None:
    """Under its name, as what cannot be read."""
    path = write_project(tmp_path) / "data/statistics.csv"
    path.unlink()
    path.mkdir()
    (found,) = check_data(tmp_path, BIB)
    assert (found.place.file, found.code) == ("data/statistics.csv", "table-is-readable")


def test_columns_are_held_to_the_description(tmp_path: Path) -> None:
    """A misspelt column is both unknown and missing, with the name it should have."""
    write_project(tmp_path, {"data/statistics.csv": csv_text().replace(",locator,", ",loctor,", 1)})
    unknown, missing = sorted(check_data(tmp_path, BIB), key=lambda found: found.message[::-1])
    assert unknown.message == "column 'locator' is missing"
    assert missing.message == "column 'loctor' is unknown"
    assert missing.fix == "did you mean 'locator'?"


def test_columns_in_another_order_are_named(tmp_path: Path) -> None:
    """Columns keep the order of the data package, as Frictionless wants them."""
    text = csv_text([]).replace("id,source", "source,id")
    (found,) = check(tmp_path, {"data/statistics.csv": text})
    assert "columns stand in another order than described" in found


def test_a_missing_and_an_undescribed_file_are_named(tmp_path: Path) -> None:
    """Files and descriptions must match in both directions."""
    found = check(tmp_path, {"data/event.csv": "a\n"}, resource("events", {"name": "a"}))
    assert found == [
        "data/event.csv: table is not described in the data package [table-is-described]",
        "data/events.csv: file is missing [table-exists]",
    ]


def test_all_problems_of_all_tables_come_in_one_run(tmp_path: Path) -> None:
    """One run tells everything, ordered by file and line."""
    files = statistics({"id": "x", "source": "no_1"}, {"id": "y", "value": "z"})
    files["data/scoped.csv"] = "n,kind,slug,parent,stat\n0,pint,first,,\n"
    found = check(tmp_path, files, SCOPED)
    places = [line.split(": ")[0] for line in found]
    assert places == [
        "data/scoped.csv:2", "data/scoped.csv:2", "data/statistics.csv:8", "data/statistics.csv:9",
    ]  # fmt: skip


def test_malformed_json_is_named_by_line(tmp_path: Path) -> None:
    """A slip in the data package itself is reported with line and column."""
    text = json.dumps(package(), indent=1).replace('"name": "tiny",', '"name": "tiny"')
    (found,) = check(tmp_path, {"data/datapackage.json": text})
    assert found.startswith("data/datapackage.json:3:2: not valid JSON")


def test_a_rule_that_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    """An unknown type, constraint or target is a problem, never silently unchecked."""
    table = resource(
        "t",
        {"name": "a", "type": "numbr"},
        {"name": "b", "constraints": {"uniqe": True}},
    )
    found = check(tmp_path, {"data/t.csv": "a,b\n"}, table)
    told = [line.split(": ", 1)[1].partition(" [datapackage-is-valid]")[0] for line in found]
    assert told[0].startswith("`type` of field 'a' of 't' wants `string` or `number` or")
    assert told[1] == "there is no key `uniqe` in `constraints` of field 'b' of 't'"


FIELD = {"name": "a", "type": "number"}
SHAPES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"constraint": {"required": True}}, {}, "no key `constraint` in field 'a' of 't'"),
    ({"imprint:reference": True}, {}, "no key `imprint:reference` in field 'a' of 't'"),
    ({"constraints": None}, {}, "`constraints` of field 'a' of 't' wants `key: value` pairs"),
    ({"constraints": {"minimum": "zero"}}, {}, "`constraints: minimum` of field 'a'"),
    ({"constraints": {"minimum": 10**400}}, {}, "this number is beyond all counting"),
    ({"constraints": {"minimum": 1e31}}, {}, "'1e+31' is too large a number"),
    ({"constraints": {"enum": False}}, {}, "`constraints: enum` of field 'a' of 't' wants a list"),
    ({"constraints": {"enum": ["x"]}}, {}, "'x' is not a number"),
    ({"constraints": {"pattern": "(?=a)"}}, {}, "has a pattern that cannot be used"),
    ({"constraints": {"pattern": "["}}, {}, "has a pattern that cannot be used: missing ]: ["),
    ({"missingValues": ["-"]}, {}, "`missingValues` of field 'a' of 't' is not kept"),
    ({}, {"foreignKeys": ["source"]}, "`schema: foreignKeys` of resource 't' wants `key: value`"),
    ({}, {"missingValues": -99}, "`schema: missingValues` of resource 't' wants a list"),
    ({}, {"primaryKeys": ["a"]}, "there is no key `primaryKeys` in `schema` of resource 't'"),
    ({}, {"uniqueKeys": [["a"]]}, "`schema: uniqueKeys` of resource 't' is not kept"),
    ({}, {"primaryKey": {"a": 1}}, "`schema: primaryKey` of resource 't' wants text or a list"),
]


@pytest.mark.parametrize(("field", "schema", "expected"), SHAPES)
def test_a_description_of_another_shape_is_told(
    tmp_path: Path, field: dict[str, Any], schema: dict[str, Any], expected: str
) -> None:
    """At its line, as the schema of the data package has it; no value means something else."""
    table = resource("t", FIELD | field, **schema)
    found = check(tmp_path, {"data/t.csv": "a\n1\n"}, table)
    assert expected in found[0] and re.match(r"data/datapackage.json:\d+:\d+: ", found[0]), found


@pytest.mark.parametrize(
    "path", ["./../../x.csv", "../x.csv", "/x.csv", "sub/../../x.csv", "..\\x.csv"]
)
def test_a_table_lies_in_the_folder_of_data(tmp_path: Path, path: str) -> None:
    """However its path is written."""
    found = check(tmp_path, {}, resource("t", FIELD) | {"path": path})
    assert "the 'path' of resource 't' leads out of the folder data/" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"name": "tiny"', '"name": "tiny", "name": "x"', "key 'name' stands twice"),
        ('"name": "tiny"', '"version": NaN', "'NaN' is no number"),
        ('"name": "tiny"', '"contributors": ' + "[" * 200 + "]" * 200, "nested deeper than 100"),
    ],
)
def test_what_json_leaves_open_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Readers of JSON take the last of two, or what is no number, each in its own way."""
    text = json.dumps(package(), indent=1).replace(old, new, 1)
    found = check(tmp_path, {"data/datapackage.json": text})
    assert says in found[0]


def test_the_schema_agrees_with_jsonschema() -> None:
    """What our reader of schemas refuses, a validator refuses, and the other way round."""
    whole = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(whole)
    validator = jsonschema.Draft202012Validator(whole)
    terms = Terms("", "a", "b", of="it")
    for field, own, _ in SHAPES:
        described = package(resource("t", FIELD | field, **own))
        node, _ = read_json(json.dumps(described), "a.json", "c")
        assert node
        ours = any(
            "there is no key" not in problem.message
            for part in node.map["resources"].items
            for problem in (
                *shape_problems(part, schema()["resource"], "", terms),
                *(
                    found
                    for it in part.map["schema"].map["fields"].items
                    for found in shape_problems(it, schema()["field"], "", terms)
                ),
            )
        )
        assert ours is not validator.is_valid(described), (field, own)


def test_a_pattern_takes_no_longer_than_its_text(tmp_path: Path) -> None:
    """One that an engine with backtracking would try for years."""
    field = {"name": "a", "constraints": {"pattern": "(a+)+b"}}
    (found,) = check(tmp_path, {"data/t.csv": f"a\n{'a' * 10_000}\naab\n"}, resource("t", field))
    assert "data/t.csv:2: " in found and "has not the form (a+)+b" in found


def test_a_missing_data_package_is_named(tmp_path: Path) -> None:
    """Without a description nothing can be checked, and that is said."""
    (found,) = check_data(tmp_path, BIB)
    assert str(found).startswith("data/datapackage.json: file is missing")


def test_frictionless_finds_the_same_bad_cells(tmp_path: Path) -> None:
    """Where Frictionless sees an error, this check sees one in the same file."""
    from frictionless import validate

    write_project(tmp_path, statistics({"id": "x", "value": "sixty"}, {"id": "x"}))
    ours = [problem.place.line for problem in check_data(tmp_path, BIB)]
    theirs = validate(str(tmp_path / "data" / "datapackage.json")).flatten(["rowNumber"])
    assert ours == [row for (row,) in theirs] == [8, 9]


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_divided_by_other_marks_is_told_once(tmp_path: Path, mark: str, name: str) -> None:
    """One cause, one problem, and no advice to add columns that are there."""
    found = check(tmp_path, {"data/statistics.csv": csv_text().replace(",", mark)})
    assert len(found) == 1 and f"divided by {name}" in found[0]


@pytest.mark.parametrize("value", ["1e400", "-1e31", "9" * 5000])
def test_a_number_beyond_all_counting_is_reported(tmp_path: Path, value: str) -> None:
    """Arithmetic with it would fail."""
    found = check(tmp_path, statistics({"id": "most", "value": value}))
    assert len(found) == 1 and "is too large a number [cell-has-its-type]" in found[0]


@pytest.mark.parametrize("first", ["sep=,", "# exported on Monday", "<!DOCTYPE html><html>"])
def test_a_first_line_that_is_no_header_is_told_once(tmp_path: Path, first: str) -> None:
    """What a program writes above the columns, or a page of a website in the table's place."""
    found = check(tmp_path, {"data/statistics.csv": f"{first}\n{csv_text()}"})
    assert len(found) == 1 and "has none of the table's columns" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id,", "ID,", "'ID' is unknown"),
        ("measure,", " measure ,", "' measure ' is unknown"),
        ("id,", ",id,", "has no name"),
    ],
)
def test_a_column_under_another_name_is_told_once(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    """Capitals, blanks, and the index of a data frame."""
    header, rest = csv_text().split("\n", 1)
    found = check(tmp_path, {"data/statistics.csv": f"{header.replace(old, new, 1)}\n{rest}"})
    assert says in found[0] and not any("is missing" in it for it in found)


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("64,5", "write 64.5"),
        ("\u221264", "write -64"),
        ("1,200", "figures only"),
        ("6%", "figures"),
    ],
)
def test_a_number_in_another_form_has_its_fix(tmp_path: Path, value: str, fix: str) -> None:
    files = statistics({"id": "most", "value": value})
    (found,) = check_data(write_project(tmp_path, files), BIB)
    assert fix in found.fix
