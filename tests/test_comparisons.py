"""Words that compare rows hold only where the rows bear them out and may be compared."""

from __future__ import annotations

from typing import Any

import pytest

from imprint.author.claims import UnknownClaim, why_not
from imprint.author.comparisons import difference, unlike
from test_wording import statistic

BEFORE = statistic(id="before", value=26.0, period="2012")
AFTER = statistic(id="after", value=52.0, period="2022")


@pytest.mark.parametrize(
    ("word", "first", "second"),
    [
        ("rose", 26, 52), ("doubled", 26, 52), ("fell", 52, 26), ("halved", 52, 26),
        ("almost doubled", 26, 50), ("more than doubled", 26, 53), ("tripled", 10, 30),
        ("twice", 52, 26), ("nearly twice", 50, 26), ("three times", 30, 10),
        ("half as many", 10, 20), ("the same", 26, 26), ("unchanged", 26, 26),
        ("similar", 26, 27), ("stayed much the same", 60, 63), ("more", 27, 26), ("lower", 26, 27),
        ("rose by 26 percentage points", 26, 52), ("26 percentage points more", 52, 26),
        ("1 percentage point lower", 26, 27),
    ],
)  # fmt: skip
def test_a_word_holds_for_its_rows_and_not_the_other_way_round(
    word: str, first: float, second: float
) -> None:
    one, two = statistic(value=float(first)), statistic(value=float(second))
    assert why_not(word, one, two) == ""
    if first != second and word not in ("similar", "stayed much the same"):
        assert why_not(word, two, one)


@pytest.mark.parametrize(
    ("word", "first", "second"),
    [
        ("doubled", 26, 40), ("nearly twice", 52, 26), ("more than doubled", 26, 52),
        ("unchanged", 26, 27), ("similar", 26, 40), ("rose by 26 per cent", 26, 52),
        ("rose by 25 percentage points", 26, 52), ("fell by 26 percentage points", 26, 52),
    ],
)  # fmt: skip
def test_a_word_that_says_more_than_the_rows_fails(word: str, first: float, second: float) -> None:
    """Percentage points are not per cent, and twice is not more than twice."""
    assert why_not(word, statistic(value=float(first)), statistic(value=float(second)))


def test_what_is_not_exact_bears_no_amount() -> None:
    vague = statistic(value=33.3333, low=30, high=33.3333, qualifier="almost")
    assert difference(vague, AFTER) == ""
    assert "exact" in why_not("rose by 19 percentage points", vague, AFTER)
    assert why_not("more", AFTER, vague) == ""


def test_counts_change_by_their_number_or_in_per_cent() -> None:
    few, many = statistic(value=40.0, unit="count"), statistic(value=50.0, unit="count")
    for word in ("rose by ten", "rose by 25 per cent", "rose by 25\u00a0percent"):
        assert why_not(word, few, many) == ""
    assert "'" not in why_not("rose by 20 per cent", few, many).partition("needs")[2]


def test_highest_is_held_to_all_the_others() -> None:
    rows = [statistic(id=str(value), value=float(value)) for value in (60, 40, 50)]
    assert why_not("highest", *rows) == ""
    assert why_not("lowest", rows[1], rows[0], rows[2]) == ""
    assert why_not("highest", rows[2], rows[0], rows[1])
    with pytest.raises(UnknownClaim, match="two or more"):
        why_not("highest", rows[0])


def test_shares_of_small_numbers() -> None:
    assert why_not("two in five", statistic(value=40.0)) == ""
    assert why_not("about two in five", statistic(value=41.0)) == ""
    assert why_not("seven in ten", statistic(value=64.0))
    with pytest.raises(UnknownClaim):
        why_not("five in two", statistic(value=40.0))


@pytest.mark.parametrize(
    ("differs", "across", "complaint"),
    [
        ({"population": "women"}, "", "population 'men'"),
        ({"population": "women"}, "population", ""),
        ({"measure": "walks"}, "population", "measure 'cycles'"),
        ({"unit": "count"}, "population", "per cent"),
        ({"response": "never"}, "", ""),
        ({"period": "2011"}, "", "period '2012'"),
    ],
)
def test_rows_that_differ_are_compared_only_where_the_author_says_so(
    differs: dict[str, Any], across: str, complaint: str
) -> None:
    own = {"measure": "cycles", "population": "men", "period": "2012", "value": 1.0}
    first, second = statistic(**own), statistic(**own | differs)
    found = unlike([first, second], [across])
    assert complaint in found if complaint else not found


def test_a_change_goes_forward() -> None:
    assert unlike([BEFORE, AFTER], [], over_time=True) == ""
    assert "not before 2012" in unlike([AFTER, BEFORE], [], over_time=True)
    month = statistic(id="m", value=1.0, period="2012-03/2012-05")
    later = statistic(id="n", value=1.0, period="2012-07")
    assert unlike([month, later], [], over_time=True) == ""
    assert unlike([BEFORE, later], [], over_time=True)
