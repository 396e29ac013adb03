"""Wording: statistics in house style, and claims that hold only where the data bear them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from imprint.author.claims import CLAIMS, UnknownClaim, why_not
from imprint.author.wording import Form, StatisticError, styled, words
from imprint.core.model import Statistic
from imprint.core.numbers import number_words
from imprint.core.units import Unit

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "wording.yml").read_text("utf-8"))


def statistic(**row: Any) -> Statistic:
    """A statistic with these columns; an exact share otherwise."""
    texts = dict.fromkeys(
        ("source", "survey", "population", "measure", "response", "as_reported"), ""
    ) | dict.fromkeys(("locator", "period", "theme", "note"), "")
    numbers = dict.fromkeys(("value", "low", "high"))
    base = {"id": "x", "unit": "percent", "qualifier": "exact", "line": 2}
    return Statistic(**{**texts, **numbers, **base, **row})  # type: ignore[arg-type]


ALMOST_THIRD = statistic(value=33.3333, low=30, high=33.3333, qualifier="almost")
OVER_THIRD = statistic(value=33.3333, low=33.3333, high=36.6667, qualifier="just_over")
MAJORITY = statistic(low=50, high=100, qualifier="majority")
UNDER_HALF = statistic(value=50, low=0, high=50, qualifier="fewer_than")
HALF = statistic(value=50)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_words_follow_the_house_style(case: dict[str, Any]) -> None:
    """Each kind of figure reads as the house writes it."""
    assert words(statistic(**case["row"]), case["form"]) == case["expected"].replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("row", "form", "expected"),
    [
        (
            {"unit": "percnt", "value": 1},
            "running",
            "unknown unit 'percnt': did you mean 'percent'",
        ),
        ({"qualifier": "almots", "value": 1}, "running", "did you mean 'almost'"),
        ({"qualifier": "almost"}, "running", "has no value, which 'almost' needs"),
        ({"value": 64}, "spoken", "form 'spoken' is unknown"),
        (
            {"value": 50, "qualifier": "almost", "as_reported": "almost half"},
            "value",
            "no bare value",
        ),
    ],
)
def test_what_cannot_be_worded_is_named(row: dict[str, Any], form: Form, expected: str) -> None:
    """A row that cannot be printed says which and why; a vague one is never printed as exact."""
    with pytest.raises(StatisticError, match=expected):
        words(statistic(**row), form)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "zero"),
        (64, "sixty-four"),
        (105, "one hundred and five"),
        (1_001, "one thousand and one"),
        (250_000, "two hundred and fifty thousand"),
        (2_340_017, "two million three hundred and forty thousand and seventeen"),
        (0.5, "a half"),
        (3.75, "three and three-quarters"),
        (1.2, "one point two"),
    ],
)
def test_numbers_are_spelt_in_british_english(number: float, expected: str) -> None:
    """Numbers up to the millions are spelt with hyphens and 'and'."""
    assert number_words(number) == expected


@pytest.mark.parametrize(
    ("word", "given", "holds"),
    [
        ("most", MAJORITY, True),
        ("Most", statistic(value=51), True),
        ("most", HALF, False),
        ("most", ALMOST_THIRD, False),
        ("the majority", MAJORITY, True),
        ("more than half", HALF, False),
        ("fewer than half", UNDER_HALF, True),
        ("less than half", HALF, False),
        ("half", HALF, True),
        ("half", UNDER_HALF, False),
        ("a third", statistic(value=33.3333), True),
        ("a third", ALMOST_THIRD, False),
        ("almost a third", ALMOST_THIRD, True),
        ("almost a third", statistic(value=31), True),
        ("almost a third", statistic(value=33.3333), False),
        ("almost a third", statistic(value=20), False),
        ("almost a third", OVER_THIRD, False),
        ("almost a third", statistic(value=30, low=29, high=31, qualifier="about"), False),
        ("just over a third", OVER_THIRD, True),
        ("just over a third", statistic(value=33.3333), False),
        ("two-thirds", statistic(value=66.6667), True),
        ("one in five", statistic(value=20), True),
        ("almost one in five", statistic(value=20, low=18, high=20, qualifier="almost"), True),
        ("almost half", statistic(value=50, low=45, high=50, qualifier="almost"), True),
        ("at least half", HALF, True),
        ("almost all", statistic(value=95), True),
        ("almost all", statistic(value=100), False),
        ("all", statistic(value=100), True),
        ("all", MAJORITY, False),
        ("none", statistic(value=0), True),
        ("most", statistic(value=64, unit="count"), False),
        ("most", statistic(qualifier="about"), False),
    ],
)
def test_a_claim_holds_only_where_the_data_bear_it_out(
    word: str, given: Statistic, holds: bool
) -> None:
    """A claim holds for everything the row's wording allows, or it does not hold."""
    assert (not why_not(word, given)) is holds


@pytest.mark.parametrize(
    ("word", "first", "second", "holds"),
    [
        ("more", statistic(value=65), statistic(value=42), True),
        ("more", statistic(value=42), statistic(value=42), False),
        ("more", OVER_THIRD, ALMOST_THIRD, True),
        ("more", MAJORITY, HALF, True),
        ("fewer", UNDER_HALF, HALF, True),
        ("fewer", ALMOST_THIRD, UNDER_HALF, False),
        ("rose", statistic(value=35), statistic(value=42), True),
        ("fell", statistic(value=35), statistic(value=42), False),
        ("twice", statistic(value=64), statistic(value=32), True),
        ("twice", MAJORITY, statistic(value=30), False),
        ("more than twice", MAJORITY, statistic(value=25), True),
        ("all", statistic(value=58, unit="count"), statistic(value=58, unit="count"), True),
        ("more", statistic(value=3, unit="days"), statistic(value=2, unit="weeks"), False),
    ],
)
def test_comparisons_hold_only_where_bounds_are_apart(
    word: str, first: Statistic, second: Statistic, holds: bool
) -> None:
    """Two statistics are compared by all that their wordings allow, in one unit."""
    assert (not why_not(word, first, second)) is holds


def test_a_failing_claim_says_word_row_and_bounds() -> None:
    """The author reads why a claim fails without opening the data."""
    vague = statistic(id="recording", low=28, high=33, qualifier="almost", as_reported="almost")
    assert why_not("most", vague) == (
        "claim 'most' does not hold for 'recording' ('almost', 28 to 33 per cent): "
        "it needs more than 50"
    )


def test_an_unknown_claim_names_the_nearest() -> None:
    """A claim that is not in the table is an error, not a claim that fails."""
    with pytest.raises(UnknownClaim, match="did you mean 'the majority'"):
        why_not("the majorty", HALF)
    with pytest.raises(UnknownClaim, match="needs 2 statistics, not 1"):
        why_not("more", HALF)


def test_no_claim_holds_of_a_statistic_without_bounds() -> None:
    """Where the data say nothing, nothing may be claimed."""
    nothing = statistic(qualifier="about")
    for word, claim in CLAIMS.items():
        assert why_not(word, *[nothing] * (claim.statistics or 2)), word


def test_american_style_says_percent_unless_the_report_declares_the_unit() -> None:
    """Shares and changes of them do; whoever has an American unit has it back in British style."""
    change = statistic(value=-8, unit="percent_change")
    assert words(styled(HALF, "american")) == "50\u00a0percent"
    assert words(styled(HALF, "american"), "sentence") == "Fifty percent"
    assert words(styled(change, "american")) == "minus 8\u00a0percent"
    assert words(styled(styled(HALF, "american"), "british")) == words(HALF)
    own = statistic(value=50, declared_unit=Unit(plural="parts of a hundred"))
    assert styled(own, "american") == own
    assert styled(statistic(value=50, unit="gbp"), "american") == statistic(value=50, unit="gbp")
