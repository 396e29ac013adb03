"""Values that nobody could print or set as they stand are told with their place."""

from __future__ import annotations

from itertools import combinations

import pytest
import typst

from imprint.read.project.option_values import value_problems
from imprint.read.project.pdf_standards import VERSIONS, go_together
from imprint.read.project.yaml_source import located, read_yaml


def told(text: str) -> list[str]:
    """Problems with the values of a project file."""
    node, problems = read_yaml(text, located("_quarto.yml"))
    return [
        f"{p.place.line}:{p.place.column}: {p.message}" for p in [*problems, *value_problems(node)]
    ]


@pytest.mark.parametrize(
    "date",
    ["2010-11-1e999", "2010-11-31", "2010-13", "2010-1-1", "2010-11-23T25:00", "2010-2-30",
     "true", "[2010]", "2010-11-"],
)  # fmt: skip
def test_what_begins_as_a_date_is_one(date: str) -> None:
    """It would print as it stands, and tell search engines a day that is none."""
    assert told(f"book:\n  date: {date}")[0].startswith("2:9: `book: date` wants a date")


@pytest.mark.parametrize("key", ['a"b', "box 1", "box-", "€", "''"])
def test_keys_of_floats_are_letters(key: str) -> None:
    """Labels begin with them, and the PDF calls them by name."""
    found = told(f"crossref: {{custom: [{{kind: float, key: {key}}}]}}")
    assert found[0].startswith("1:40: `crossref: custom: key` wants letters alone, such as box")


@pytest.mark.parametrize(
    "date", ["2010-11-30", "2010-11-30T10:00:00Z", "2010-11", "2010", "November 2010", "2010-2012"]
)
def test_other_words_for_a_time_are_left_alone(date: str) -> None:
    assert told(f"date: {date}") == []


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("ua-9", "1:32: unknown PDF standard: ua-9"),
        ("[ua-1, a-9]", "1:39: unknown PDF standard: a-9"),
        ("[a-2b, a-3b]", "1:32: no PDF keeps a-2b and a-3b at once"),
        ("[a-4, ua-1]", "1:32: no PDF keeps a-4 and ua-1 at once"),
        ("{a: b}", "1:32: unknown PDF standard: no text"),
    ],
)
def test_pdf_standards_are_told_before_a_pdf_is_set(wanted: str, says: str) -> None:
    """By every check, at the place where they are asked for."""
    assert told(f"format: {{typst: {{pdf-standard: {wanted}}}}}") == [says]


def test_pdf_standards_of_our_own_setting_are_told() -> None:
    assert told("imprint: {pdf-standard: ua-9}") == ["1:25: unknown PDF standard: ua-9"]
    assert told("imprint: {pdf-standard: [ua-1, a-2a]}") == []


def typst_keeps(names: list[str]) -> bool:
    """Whether Typst takes these standards."""
    try:
        typst.compile(b'#set document(title: "A")', pdf_standards=names)  # type: ignore[arg-type]
    except (RuntimeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", VERSIONS)
def test_typst_knows_the_standards(name: str) -> None:
    """Each of those that an author may name."""
    assert typst_keeps([name])


PAIRS = [list(pair) for pair in combinations(VERSIONS, 2)]


@pytest.mark.parametrize(
    "pairs", [PAIRS[::9], pytest.param(PAIRS, marks=pytest.mark.thorough)], ids=["some", "all"]
)
def test_typst_keeps_the_same_standards_together(pairs: list[list[str]]) -> None:
    """Two that it refuses are told, and no others."""
    assert [pair for pair in pairs if go_together(pair) != typst_keeps(pair)] == []


@pytest.mark.parametrize("number", ["1e999", "-1e999", ".inf", ".nan", "9" * 40, "-" + "9" * 20])
def test_numbers_beyond_counting_stay_as_they_are_written(number: str) -> None:
    """JSON has no infinity, and programs round long numbers each in its own way."""
    node, _ = read_yaml(f"title: {number}", located("_quarto.yml"))
    assert node.at("title").value == number
