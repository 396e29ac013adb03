"""Rows of surveys: intervals as statisticians' own programs give them, and rules that hold rows
to their samples."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from building import row, sources_of
from hypothesis import given
from hypothesis import strategies as some

from imprint.author.samples import SampleDifference, difference_of, fits_base, standard_error
from imprint.author.wording import StatisticError, styled, words
from imprint.check.rules.numbers.reported import check_reported
from imprint.check.rules.numbers.samples import check_samples
from imprint.core.model import Statistic
from imprint.core.settings import Settings

MEN = row("men", 52.0, n=1200, population="men", response="agree", measure="safe to ride")
WOMEN = row("women", 44.0, n=1100, population="women", response="agree", measure="safe to ride")


@pytest.fixture(scope="module")
def stats() -> Any:
    """scipy's, which takes a second to load: not in every process of the tests."""
    from scipy import stats

    return stats


def difference(one: Statistic, two: Statistic) -> SampleDifference:
    found = difference_of(one, two)
    assert found
    return found


@given(one=some.integers(5, 95), two=some.integers(5, 95), n=some.integers(30, 5000))
def test_two_samples_differ_as_scipy_says(stats: Any, one: int, two: int, n: int) -> None:
    """The same interval and chance as Wald's test in scipy's normal distribution; where the shares
    are equal, so is the pooled chi-square test's."""
    first, second = row("a", float(one), n=n, population="p"), row("b", float(two), n=2 * n)
    found = difference(first, second)
    error = sqrt(one * (100 - one) / n + two * (100 - two) / (2 * n))
    low, high = stats.norm.interval(0.95, loc=two - one, scale=error)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(two - one) / error), abs=1e-12)
    assert found.is_significant is bool(low > 0 or high < 0)


def test_a_large_sample_agrees_with_the_chi_square_test(stats: Any) -> None:
    counts = [[624, 576], [484, 616]]
    pooled = stats.chi2_contingency(counts, correction=False)
    assert difference(MEN, WOMEN).p == pytest.approx(pooled.pvalue, rel=0.1)
    assert difference(MEN, WOMEN).is_significant


def test_answers_of_one_sample_exclude_each_other(stats: Any) -> None:
    """Their variance is that of the sum of scores 1, -1 and 0, as numpy would give it."""
    yes = row("yes", 40.0, n=500, response="yes", measure="m", population="p")
    no = row("no", 35.0, n=500, response="no", measure="m", population="p")
    scores = [-1] * 200 + [1] * 175 + [0] * 125
    assert difference(yes, no).error == pytest.approx(100 * stats.sem(scores, ddof=0))
    other = row("other", 35.0, n=500, response="yes", measure="another", population="p")
    assert difference_of(yes, other) is None


def test_a_row_gives_its_own_error_first(stats: Any) -> None:
    share = row("x", 50.0, n=100, design_effect=4.0)
    assert standard_error(share) == pytest.approx(10.0)
    assert standard_error(row("x", 50.0, n=100, se=7.0)) == 7.0
    low, high = stats.norm.interval(0.90, loc=50, scale=3)
    assert standard_error(row("x", 50.0, ci_low=low, ci_high=high, ci_level=90)) == pytest.approx(3)
    assert standard_error(row("x", 5.0, unit="days", n=100)) is None


@pytest.mark.parametrize(
    "told", [{"n": 100}, {"n": -5}, {"n": 100, "design_effect": -1.0},
             {"ci_low": 1.0, "ci_high": 200.0, "ci_level": 100.0}],
)  # fmt: skip
def test_numbers_that_no_sample_has_tell_no_error(tmp_path: Path, told: dict[str, float]) -> None:
    """They are named, and what compares them goes on."""
    value = 120.0 if told == {"n": 100} else 60.0
    odd = row("x", value, population="p", **told)
    assert standard_error(odd) is None
    assert difference_of(odd, MEN) is None
    report = sources_of(tmp_path, f"{claim('More', 'x', 'men')} agree.\n", [odd, MEN])
    assert [it.code for it in check_reported(report)] == ["value-fits-unit"]
    assert "difference-is-significant" not in {it.code for it in check_samples(report)}


@given(some.integers(1, 400), some.data())
def test_every_share_of_a_base_fits_it(n: int, data: some.DataObject) -> None:
    """GRIM finds no fault with a share that somebody counted, whichever way halves were rounded."""
    count = data.draw(some.integers(0, n))
    for decimals in (0, 1, 2):
        assert fits_base(round(100 * count / n, decimals), n, decimals)


def test_some_shares_fit_no_base() -> None:
    assert not fits_base(18, 20, 0)
    assert fits_base(17, 6, 0)
    assert not fits_base(51.5, 100, 1)


# --- in words --------------------------------------------------------------------------------


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_sample_and_interval_stand_beside_a_value() -> None:
    share = row("x", 64.0, n=1204, ci_low=61.2, ci_high=66.8, weighted=True)
    assert plain(words(share, "running+n")) == "64 per cent (n = 1,204, weighted)"
    told = "95 per cent confidence interval 61.2 to 66.8; n = 1,204, weighted"
    assert plain(words(share, "sentence+n+ci")) == f"Sixty-four per cent ({told})"
    american = plain(words(styled(share, "american"), "running+ci"))
    assert american == "64 percent (95 percent confidence interval 61.2 to 66.8)"
    with pytest.raises(StatisticError, match="has no n"):
        words(row("x", 64.0), "running+n")
    with pytest.raises(StatisticError, match="no 'se'"):
        words(share, "running+se")


# --- rules -----------------------------------------------------------------------------------


def codes(tmp_path: Path, text: str, *rows: Statistic) -> list[str]:
    return [it.code for it in check_samples(sources_of(tmp_path, text, rows))]


def claim(word: str, *ids: str) -> str:
    named = ", ".join(f'"{id}"' for id in ids)
    return f'`{{python}} claim("{word}", {named})`'


def test_a_claimed_difference_needs_samples_that_bear_it(tmp_path: Path) -> None:
    text = f"{claim('More', 'men', 'women')} men than women agree.\n"
    assert codes(tmp_path, text, MEN, WOMEN) == []
    few = (row("men", 52.0, n=120, population="men"), row("women", 44.0, n=110, population="women"))
    (found,) = check_samples(sources_of(tmp_path, text, few))
    assert (found.code, found.severity) == ("difference-is-significant", "warning")
    assert "-8.0" in found.message
    assert codes(tmp_path, text, row("men", 52.0), row("women", 44.0)) == []


def test_significance_wants_a_test(tmp_path: Path) -> None:
    both = '`{python} stat("men")` and `{python} stat("women")`'
    said = "The difference is statistically significant"
    assert codes(tmp_path, f"{said}.\n", MEN, WOMEN) == ["significance-has-test"]
    assert codes(tmp_path, f"{said}: {both}.\n", MEN, WOMEN) == []
    near = row("women", 50.0, n=1100, population="women")
    assert codes(tmp_path, f"{said}: {both}.\n", MEN, near) == ["significance-has-test"]
    denied = "There is no statistically significant difference"
    assert codes(tmp_path, f"{denied}: {both}.\n", MEN, near) == []
    assert codes(tmp_path, "It is a significant step.\n", MEN) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((row("a", 18.0, n=20),), ["share-fits-base"]),
        ((row("a", 18.0, n=20, weighted=True),), []),
        ((row("a", 33.3333, n=20),), []),
        ((row("a", 20.0, n=20),), []),
        (
            (
                row("a", 64.0, measure="m", response="agree"),
                row("b", 45.0, measure="m", response="disagree"),
            ),
            ["parts-make-whole"],
        ),
        (
            (
                row("a", 64.0, measure="m", response="walk"),
                row("b", 45.0, measure="m", response="ride"),
            ),
            [],
        ),
        (
            (
                row("a", 56.0, measure="m", response="agree"),
                row("b", 45.0, measure="m", response="disagree"),
            ),
            [],
        ),
    ],
)
def test_rows_are_held_to_their_base(
    tmp_path: Path, rows: tuple[Statistic, ...], expected: list[str]
) -> None:
    assert codes(tmp_path, "Nothing.\n", *rows) == expected


def test_small_bases_are_not_published(tmp_path: Path) -> None:
    """Nor told by what remains of a whole."""
    hidden = row("c", None, qualifier="suppressed", unit="count", n=4)
    total = row("all", 30.0, unit="count", derived="a + b + c")
    rows = (row("a", 12.0, unit="count", n=7), row("b", 11.0, unit="count"), hidden, total)
    report = sources_of(tmp_path, "Nothing.\n", rows)
    object.__setattr__(report.project, "settings", Settings(suppression=10))
    found = [(it.code, it.message.split("'")[1]) for it in check_samples(report)]
    assert ("base-is-large-enough", "a") in found
    assert ("remainder-is-hidden", "all") in found
    assert len(found) == 2
    assert words(hidden) == "not shown"
