"""Rows that their own unit, whole or wording contradicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import row, sources_of

from imprint.check.rules.numbers.reported import check_reported
from imprint.core.model import Statistic


def told(root: Path, *rows: Statistic) -> list[str]:
    return [found.code for found in check_reported(sources_of(root, "Text.\n", rows))]


@pytest.mark.parametrize(
    ("value", "more", "sound"),
    [
        (100.0, {}, True),
        (157.0, {}, False),
        (None, {"low": 50.0, "high": 110.0}, False),
        (-3.0, {}, False),
        (4.0, {"unit": "count"}, True),
        (4.5, {"unit": "count"}, False),
        (18.0, {"unit": "count", "low": 16.2, "high": 19.8, "qualifier": "about"}, True),
        (4.5, {"unit": "days"}, True),
        (7.0, {"unit": "days_per_week"}, True),
        (8.0, {"unit": "days_per_week"}, False),
        (2_500_000.0, {"unit": "gbp"}, True),
    ],
)
def test_value_is_one_that_its_unit_can_have(tmp_path, value, more, sound):
    """No share is over a hundred per cent, nothing is counted in halves."""
    assert told(tmp_path, row("r", value, **more)) == ([] if sound else ["value-fits-unit"])


@pytest.mark.parametrize(
    ("value", "note", "expected"),
    [
        (4.0, "part of all-trusts", []),
        (5.0, "part of all-trusts", ["part-fits-whole"]),
        (5.0, "named in note 4; three out of all-trusts; ours", ["part-fits-whole"]),
        (5.0, "no part of the total", []),
    ],
)
def test_part_is_no_more_than_its_whole(tmp_path, value, note, expected):
    """A note that says of what a row is part is held to it."""
    whole = row("all-trusts", 4.0, unit="count")
    assert told(tmp_path, whole, row("part-trusts", value, unit="count", note=note)) == expected


def test_part_is_in_the_unit_of_its_whole(tmp_path):
    """A sum of money has no months for parts."""
    part = row("some-months", 4.0, unit="months", note="part of all-money")
    assert told(tmp_path, row("all-money", 5.0, unit="gbp"), part) == ["part-fits-whole"]


AGREEING = [
    ("57 per cent", 57.0, {}),
    ("Fifty-seven percent of them", 57.0, {}),
    ("only a third of trusts", 33.3333, {}),
    ("two-thirds of reviews", 66.6667, {}),
    ("almost one in five", 20.0, {"qualifier": "almost"}),
    ("nearly half", 50.0, {"qualifier": "just_under"}),
    ("just over half of cases", 50.0, {"qualifier": "just_over"}),
    ("about 18 months", 18.0, {"unit": "months", "qualifier": "about"}),
    ("some 40 children", 40.0, {"unit": "count", "qualifier": "about"}),
    ("less than 12-months' experience", 12.0, {"unit": "months", "qualifier": "fewer_than"}),
    ("more than £300", 300.0, {"unit": "gbp", "qualifier": "more_than"}),
    ("aged 12 or over", 12.0, {"unit": "years", "qualifier": "at_least"}),
    ("up to 30 at a time", 30.0, {"unit": "count", "qualifier": "up_to"}),
    ("three to four days per week", None,
     {"low": 3.0, "high": 4.0, "unit": "days_per_week", "qualifier": "between"}),
    ("between 3 and 4 weeks", None,
     {"low": 3.0, "high": 4.0, "unit": "weeks", "qualifier": "between"}),
    ("quarterly sessions", 4.0, {"unit": "per_year"}),
    ("on an annual basis", 1.0, {"unit": "per_year"}),
    ("twice a year", 2.0, {"unit": "per_year"}),
    ("at least once every two months", 2.0, {"unit": "months"}),
    ("one LSCB", 1.0, {"unit": "count"}),
    ("both trusts", 2.0, {"unit": "count"}),
    ("all of them", 58.0, {"unit": "count"}),
    ("the majority of respondents", None, {"qualifier": "majority"}),
    ("in most cases", None, {"qualifier": "most"}),
    ("a small number of contacts", None, {"unit": "count", "qualifier": "small_number"}),
    ("85 reviews in 14 areas", 85.0, {"unit": "count"}),
    ("", 57.0, {}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "value", "more"), AGREEING)
def test_row_that_says_what_was_reported_is_sound(tmp_path, said, value, more):
    """Figures, words, hedges, rates and ranges are read as people read them."""
    assert told(tmp_path, row("r", value, as_reported=said, **more)) == []


@pytest.mark.parametrize(
    ("said", "value", "more", "fixed"),
    [
        ("57 per cent", 75.0, {}, "it says 57, the row has 75"),
        ("only a quarter of trusts", 33.3333, {}, "it says 25, the row has 33.3333"),
        ("Twenty-five per cent", 52.0, {}, "it says 25, the row has 52"),
        ("almost a third", 33.3333, {}, "should be 'almost'"),
        ("a third", 33.3333, {"qualifier": "almost"}, "should be 'exact'"),
        ("just over half", 50.0, {"qualifier": "more_than"}, "should be 'just_over'"),
        ("fewer than half", 50.0, {"qualifier": "at_least"}, "should be 'fewer_than'"),
        ("a two-day course", 2.0, {"unit": "weeks"}, "should be 'days'"),
        ("every six weeks", 6.0, {"unit": "months"}, "should be 'weeks'"),
        ("one day per week", 1.0, {"unit": "days"}, "should be 'days_per_week'"),
        ("£2.5 million", 2_500_000.0, {"unit": "count"}, "should be 'gbp'"),
        ("57 per cent", 57.0, {"unit": "count"}, "should be 'percent'"),
        ("57 of them", 57.0, {}, "of which that says nothing"),
        ("quarterly sessions", 3.0, {"unit": "per_year"}, "it says 4, the row has 3"),
        ("three to four days", 3.0, {"low": 3.0, "high": 4.0, "unit": "days", "qualifier": "about"},
         "should be 'between'"),
        ("three to four days", None,
         {"low": 3.0, "high": 5.0, "unit": "days", "qualifier": "between"},
         "it says 3 to 4, the row has 3 to 5"),
        ("the majority agree", None, {"qualifier": "most"}, "nothing of 'most'"),
        ("most agree", None, {"qualifier": "majority"}, "nothing of 'majority'"),
        ("most agree", 60.0, {}, "should be 'most'"),
        ("£1.25 million", 3_250_000.0, {"unit": "gbp"}, "the row has 3,250,000"),
        ("hardly anyone", 4.0, {}, "no amount can be read"),
    ],
)  # fmt: skip
def test_row_that_says_something_else_is_named(tmp_path, said, value, more, fixed):
    """A number, hedge or unit that the source's words do not have is reported with theirs."""
    found = row("r", value, as_reported=said, **more)
    (problem,) = check_reported(sources_of(tmp_path, "Text.\n", (found,)))
    assert problem.code == "row-fits-report"
    assert fixed in problem.message


def test_derived_row_has_no_wording_to_fit(tmp_path):
    """What this edition worked out, no source has put into words."""
    assert told(tmp_path, row("r", 13.0, as_reported="ours", derived="100 - x")) == []
