"""Rules look where `imprint:` in `_quarto.yml` says that a report keeps things."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import PROJECT, WORKS, small_report, told

from composing import check_all, composed
from data_project import ROWS, resource
from imprint.check import unreliable_because_of
from imprint.check.rules.numbers.claims import check_claims
from imprint.check.rules.numbers.numbers import check_numbers
from imprint.check.rules.structure.findings import check_findings
from imprint.check.rules.words.abbreviations import check_abbreviations
from imprint.check.rules.words.names import check_names
from imprint.check.rules.words.text import check_text
from imprint.core.settings import Settings, Tables


def fields(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


def settings(text: str) -> str:
    return f"{PROJECT}lang: en-GB\nimprint:\n  {text}\n"


def test_names_stand_in_the_table_that_plays_their_part(tmp_path: Path) -> None:
    table = resource("people", *fields("canonical", "variants", "kind"))
    files = {
        "_quarto.yml": settings("tables: {names: people, slips: errata}"),
        "data/people.csv": "canonical,variants,kind\nBicycle Task Force,Bicycle Taskforce,body\n",
        "data/errata.csv": "slip\nBicycle Taskforce\n",
    }
    tables = (table, resource("errata", *fields("slip")))
    report = small_report(tmp_path, "The Bicycle Taskforce met.\n", files=files, tables=tables)
    (found,) = check_names(composed(report))
    assert (found.place.file, found.place.line, found.place.column) == ("text.qmd", 1, 5)
    assert "data/people.csv" in found.message


def test_chapters_that_quote_slips_may_do_so(tmp_path: Path) -> None:
    table = resource("names", *fields("canonical", "variants", "kind"))
    files = {"data/names.csv": "canonical,variants,kind\nRoad Safe,Roadsafe,body\n"}
    text = "It was once printed as Roadsafe.\n"
    report = small_report(tmp_path / "a", text, files=files, tables=(table,))
    assert told(check_names, report) == ["1:24 name-is-canonical"]
    files["_quarto.yml"] = settings("quotes-slips: [text.qmd]")
    report = small_report(tmp_path / "b", text, files=files, tables=(table,))
    assert told(check_names, report) == []


def test_abbreviations_stand_in_the_table_that_plays_their_part(tmp_path: Path) -> None:
    files = {
        "_quarto.yml": settings("tables: {abbreviations: short_forms}"),
        "data/short_forms.csv": "abbreviation,expansion\nRSF,Road Safety Foundation\n",
    }
    table = resource("short_forms", *fields("abbreviation", "expansion"))
    report = small_report(tmp_path, "The XYZ and the RSF.\n", files=files, tables=(table,))
    found = sorted(check_abbreviations(composed(report)))
    assert [(p.place.column, p.code) for p in found] == [
        (5, "abbreviation-is-listed"),
        (17, "abbreviation-is-expanded"),
    ]
    assert "data/short_forms.csv" in found[0].message


def test_statements_of_the_table_of_evidence_are_read(tmp_path: Path) -> None:
    table = resource("sayings", *fields("source", "statement"))
    files = {
        "_quarto.yml": settings("tables: {evidence: sayings}"),
        "data/sayings.csv": "source,statement\nofsted_2010,Seventeen riders fell  off.\n",
    }
    report = small_report(tmp_path, "", rows=ROWS, files=files, tables=(table,))
    assert "data/sayings.csv:2:13 number-has-source" in told(check_numbers, report)
    assert any("data/sayings.csv:2" in line for line in told(check_text, report))


FINDINGS = """\
project: {type: book}
book:
  title: A report
  chapters: [index.qmd, chapters/in-short.qmd, chapters/lanes.qmd]
bibliography: works.bib
imprint:
  summary: chapters/in-short.qmd
  findings: {folder: chapters/_messages, heading: Main messages}
"""


def test_findings_stand_where_the_report_keeps_them(tmp_path: Path) -> None:
    """Folder, heading and summary may be named anyhow, and fixes name them so."""
    include = "{{< include _messages/lanes.qmd >}}\n"
    files = {
        "_quarto.yml": FINDINGS,
        "index.qmd": "# A\n",
        "chapters/in-short.qmd": f"# In short\n\n## Lanes\n\n{include}",
        "chapters/lanes.qmd": f"# Lanes\n\n## Main messages\n\n{include}\n## Evidence\n\n"
        "Lanes bring more riders to town [@burton_2009].\n",
        "chapters/_messages/lanes.qmd": "Lanes bring more riders to town [@burton_2009].\n",
    }
    assert told(check_findings, small_report(tmp_path / "a", files=files, works=WORKS)) == []
    files["chapters/lanes.qmd"] = files["chapters/lanes.qmd"].replace(include, "")
    files["chapters/in-short.qmd"] = "# In short\n"
    report = small_report(tmp_path / "b", files=files, works=WORKS)
    found = [(str(p.place), p.code, p.fix) for p in sorted(check_findings(composed(report)))]
    shortcode = "write {{< include _messages/lanes.qmd >}}"
    assert (
        "chapters/lanes.qmd:3:4", "theme-has-findings", f"{shortcode} below it"
    ) in found  # fmt: skip
    assert (
        "chapters/_messages/lanes.qmd", "finding-is-included", f"{shortcode} there"
    ) in found  # fmt: skip


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("At Depot 3 the doors were open.\n", ["1:10 number-has-source"]),
        ("It was said of nearly all rural carriageways.\n", []),
    ],
)
def test_words_of_the_subject_tell_names_from_amounts(
    tmp_path: Path, text: str, without: list[str]
) -> None:
    """`Depot 3` is a name and `rural` a kind only where the report says so."""
    own = settings("words: {kinds: [rural], numbered: [Depot]}")
    for name, file, numbers in (("a", PROJECT, without), ("b", own, [])):
        report = small_report(tmp_path / name, text, rows=ROWS, files={"_quarto.yml": file})
        assert told(check_numbers, report) == numbers
        claims = ["1:16 claim-is-bound"] if "rural" in text and name == "b" else []
        assert told(check_claims, report) == claims


def test_a_table_that_cannot_be_read_clouds_its_own_rules() -> None:
    unreliable = unreliable_because_of(Settings(tables=Tables(names="people")))
    assert "name-is-canonical" in unreliable["data/people.csv"]
    assert "data/names.csv" not in unreliable


RULES = """
  rules:
    spaces-are-single: {level: off, reason: an old typescript}
    word-is-spelt: {level: warning, reason: many names}
"""


def test_a_rule_is_off_or_warns_with_its_reason(tmp_path: Path) -> None:
    """What breaks it is counted, with the reason, and what only warns stops nothing."""
    text = "Too  wide, and a wrd.\n"
    report = small_report(tmp_path / "a", text, works="", files={"_quarto.yml": settings(RULES)})
    checked = check_all(report)
    assert [(found.code, found.severity) for found in checked.problems] == [
        ("word-is-spelt", "warning")
    ]
    assert [(e.problem.code, e.reason) for e in checked.excused] == [
        ("spaces-are-single", "an old typescript")
    ]
    assert checked.errors == ()
    files = {"_quarto.yml": f"{PROJECT}lang: en-GB\n"}
    plain = check_all(small_report(tmp_path / "b", text, works="", files=files))
    assert {found.code for found in plain.errors} == {"spaces-are-single", "word-is-spelt"}


def test_an_exception_from_a_rule_that_is_off_still_has_its_use(tmp_path: Path) -> None:
    text = "Too  wide. <!-- allow spaces-are-single: a table -->\n"
    report = small_report(tmp_path, text, works="", files={"_quarto.yml": settings(RULES)})
    checked = check_all(report)
    assert (checked.problems, [e.reason for e in checked.excused]) == ((), ["a table"])


@pytest.mark.parametrize(
    ("rule", "message", "fix"),
    [
        ("word-is-spelled", "there is no rule 'word-is-spelled'", "did you mean 'word-is-spelt'"),
        ("yaml-is-valid", "'yaml-is-valid' cannot be set", "delete it"),
        ("exception-is-used", "'exception-is-used' cannot be set", "delete it"),
    ],
)
def test_a_rule_that_cannot_be_set_is_reported(
    tmp_path: Path, rule: str, message: str, fix: str
) -> None:
    set_off = settings(f"rules: {{{rule}: {{level: off, reason: no use}}}}")
    report = small_report(tmp_path, "Text.\n", works="", files={"_quarto.yml": set_off})
    checked = check_all(report)
    (found,) = checked.problems
    assert found.code == "rule-can-be-set"
    assert checked.rules == {}, "it is not counted among those that are off"
    assert found.message.startswith(message)
    assert found.fix.startswith(fix)
    assert (found.place.file, found.place.line, found.place.column) == ("_quarto.yml", 10, 11)
