"""Names and abbreviations go by the form that the report's tables keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import small_report, told

from data_project import resource
from imprint.check.rules.words.abbreviations import check_abbreviations
from imprint.check.rules.words.names import check_names
from imprint.check.rules.words.near_names import check_near_names
from imprint.read.report import Report

COLUMNS = ("canonical", "kind", "variants", "note")
NAMES = resource("names", *({"name": column} for column in COLUMNS))
KEPT = """\
canonical,kind,variants,note
Bandele,person,Bandeled|Bandelet,was Bandeled
Mary Atkinson,person,A. Atkinson,
Eileen Munro,person,,
Hughes and Owen,person,"Holmes, L. and Owen, H.",
Children's Commissioner for England,body,Children's Commissioner,
Lewisham Council,body,"Lewisham, 2010",
"""
PLACES = resource("places", {"name": "place"}, {"name": "note"})
SHORT = resource("abbreviations", {"name": "abbreviation"}, {"name": "expansion"})
LISTED = """\
abbreviation,expansion
CQC,Care Quality Commission
LG Group,Local Government Group
LSCB,local safeguarding children board
"""


def named(root: Path, text: str, **more: str) -> list[str]:
    files = {"data/names.csv": KEPT, "data/places.csv": "place,note\n", **more}
    report = small_report(root, text, files=files, tables=[NAMES, PLACES])
    return told(check_names, report)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bandele and the Children’s Commissioner for England said so.", []),
        ("As in *A Tribute to Bandeled*, on <http://x.org/Bandeled>.", []),
        ("Bandeledness is a word, and Lewisham, 2011, a place.", []),
        ("So says Bandeled, too.", ["1:9 name-is-canonical"]),
        ("The Children’s\nCommissioner said so.", ["1:5 name-is-canonical"]),
        ("It says so (Lewisham, 2010).", ["1:13 name-is-canonical"]),
        ("The Munro's report.", ["1:1 person-has-no-article"]),
        ("The Munro review's report, and Munro's.", []),
    ],
)
def test_names_have_one_form(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A variant is named where it stands, but for titles, addresses and longer names."""
    assert named(tmp_path, text) == expected


def test_names_in_data_and_bibliography(tmp_path: Path) -> None:
    """Cells and fields are read too; titles and notes keep what they say."""
    works = (
        "@book{a_2009,\n  author = {Bandelet, F. and Atkinson, A.},\n  title = {{On Bandelet}},\n"
    )
    works += "  editor = {Holmes, L. and Owen, H.},\n  publisher = {P},\n  year = {2009}}\n"
    files = {
        "data/names.csv": KEPT,
        "data/places.csv": "place,note\nthe Bandelet School,once Bandelet\n",
    }
    report = small_report(tmp_path, works=works, files=files, tables=[NAMES, PLACES])
    assert told(check_names, report) == [
        "data/places.csv:2:5 name-is-canonical",
        "works.bib:2 name-is-canonical",
        "works.bib:2 name-is-canonical",
        "works.bib:4 name-is-canonical",
    ]


def shortened(root: Path, text: str, **files: str) -> list[str]:
    contents = {"data/abbreviations.csv": LISTED, **files}
    report = small_report(root, text, files=contents, tables=[SHORT])
    return [line for line in told(check_abbreviations, report) if "is-used" not in line]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Care Quality Commission (CQC) met. The CQC’s view is its own.", []),
        ("Local safeguarding children boards (LSCBs) met.\n\nAn LSCB met.", []),
        ("The Local Government\nGroup (LG Group) met HM Government: ISBN, part IV.", []),
        ("The CQC met.", ["1:5 abbreviation-is-expanded"]),
        ("The CQC met.\nThe Care Quality Commission (CQC) met.", ["1:5 abbreviation-is-expanded"]),
        (
            "The Care Quality Commission (CQC) met.\n\nThe Care Quality Commission (CQC) left.",
            ["3:30 abbreviation-is-expanded-once"],
        ),
        ("The Care Quality Commission met, as it had.", []),
        (
            "The Care quality commission (CQC) met.",
            ["1:30 abbreviation-is-expanded", "1:30 expansion-is-as-listed"],
        ),
        ("The XYZ met.", ["1:5 abbreviation-is-listed"]),
        ("Write to SL1 2DQ, on *XYZ*.", []),
    ],
)
def test_abbreviations_are_expanded_once(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Each is expanded at first use, in the table's words, and not again."""
    assert shortened(tmp_path, text) == expected


def test_unused_abbreviation_is_named(tmp_path: Path) -> None:
    """A row that no publication needs is named by its line."""
    text = "The Care Quality Commission (CQC) and the Local Government Group (LG Group) met."
    files = {"data/abbreviations.csv": LISTED}
    report = small_report(tmp_path, text, files=files, tables=[SHORT])
    assert told(check_abbreviations, report) == ["data/abbreviations.csv:4 abbreviation-is-used"]


BOOK = """\
project: {type: book}
profile: {default: review, group: [[review, summary]]}
book:
  title: A report
  chapters: [index.qmd, summary.qmd, first.qmd, second.qmd]
bibliography: works.bib
"""
SUMMARY = "project: {type: default, render: [summary.qmd]}\ntitle: A summary\n"


def book(root: Path, **chapters: str) -> Report:
    files = {
        "_quarto.yml": BOOK,
        "_quarto-summary.yml": SUMMARY,
        "index.qmd": "# A\n",
        "data/abbreviations.csv": LISTED,
        **{f"{name}.qmd": text for name, text in chapters.items()},
    }
    return small_report(root, files=files, tables=[SHORT])


def test_publications_expand_for_themselves(tmp_path: Path) -> None:
    """A summary that is also published alone expands for itself, and so does the book."""
    expanded = "The Care Quality Commission (CQC) met."
    report = book(tmp_path, summary=expanded, first=expanded, second="The CQC met.")
    assert "abbreviation-is-expanded" not in str(told(check_abbreviations, report))
    report = book(tmp_path, summary=expanded, first="The CQC met.", second="The CQC met.")
    assert told(check_abbreviations, report)[-1] == "first.qmd:1:5 abbreviation-is-expanded"
    report = book(tmp_path, summary="The CQC met.", first=expanded, second=expanded)
    found = told(check_abbreviations, report)
    assert "summary.qmd:1:5 abbreviation-is-expanded" in found
    assert "second.qmd:1:30 abbreviation-is-expanded-once" in found


def test_shared_text_expands_for_both(tmp_path: Path) -> None:
    """A text in both summary and book may expand what only the summary has not met yet."""
    shared = "The Care Quality Commission (CQC) met.\n"
    include = "{{< include _shared.qmd >}}\n"
    report = book(
        tmp_path, _shared=shared, summary=include, first=shared, second=f"# B\n\n{include}"
    )
    assert "expanded-once" not in str(told(check_abbreviations, report))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Care Quality Commission and the Local Government Group agree.", []),
        ("The Quality Care Commission agrees.", ["1:5 name-is-near-known"]),
        ("It was the Commission of Quality.", []),
        ("In *The Quality Care Commission* it says so.", []),
        ("Children's Commissioner of England said so.", ["1:1 name-is-near-known"]),
        ("The view is that of Aileen Munro.", ["1:21 name-is-near-known"]),
        ("The North County Teaching Hospital Trust met.", ["1:5 name-is-near-known"]),
        ("The North County General Hospital met.", ["1:5 name-is-near-known"]),
        ("The North General Teaching Hospital Trust met.", ["1:5 name-is-near-known"]),
        ("The South County Hospital met.", []),
        ("The view is that of Alice Munro.", []),
        ("Schools in Lewishan agree, and those in Lewes.", ["1:12 name-is-near-known"]),
        ("Schools in Lewisham agree.", []),
    ],
)
def test_name_that_is_almost_a_known_one_is_named(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    kept = KEPT + "Lewisham,place,,\nNorth County General Teaching Hospital Trust,body,,\n"
    files = {"data/names.csv": kept, "data/abbreviations.csv": LISTED}
    report = small_report(tmp_path, text, files=files, tables=[NAMES, SHORT])
    assert told(check_near_names, report) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("author = {Lane, A.}, publisher = {Local Government Group}", []),
        ("author = {Lane, A.}, publisher = {Local Governement Group}", ["name-is-near-known"]),
        ("author = {{Care Quality Comission}}, publisher = {P}", ["name-is-near-known"]),
    ],
)
def test_bodies_of_the_bibliography_are_those_of_the_tables(
    tmp_path: Path, entry: str, expected: list[str]
) -> None:
    """A publisher or a body that wrote a work is spelt as the table of names has it."""
    works = f"@report{{lane_2009, {entry}, title = {{Lanes}}, year = {{2009}}}}\n"
    files = {"data/names.csv": KEPT, "data/abbreviations.csv": LISTED}
    report = small_report(tmp_path, works=works, files=files, tables=[NAMES, SHORT])
    assert told(check_near_names, report) == [f"works.bib:1 {code}" for code in expected]
