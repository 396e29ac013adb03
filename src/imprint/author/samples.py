"""Rows of surveys: how exact their samples make them, and whether two samples differ.

Shares are in per cent, standard errors and differences in points. Simple random samples are taken
for granted where a row gives no standard error, interval or design effect of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

from imprint.core.model import Statistic

LEVEL = 95.0
"""Confidence in per cent where a row names none, and at which two samples are told to differ."""
LEVELS = (1.0, 99.99)
"""The levels in per cent that an interval may have."""


def standard_error(row: Statistic) -> float | None:
    """The standard error of a row's value, in its own unit; None where nothing tells it.

    The row's own `se`; else half its interval divided by the normal quantile of its level; else,
    for a share p of n, sqrt(p (100 - p) deff / n), where the design effect deff is the variance
    divided by that of a simple random sample of the same size (L. Kish, Survey Sampling, 1965).
    """
    if row.se is not None:
        return row.se
    level = row.ci_level or LEVEL
    if row.ci_low is not None and row.ci_high is not None and LEVELS[0] <= level <= LEVELS[1]:
        return (row.ci_high - row.ci_low) / (2 * _quantile(level))
    if row.unit != "percent" or row.value is None or not row.n:
        return None
    variance = row.value * (100 - row.value) * (row.design_effect or 1.0) / row.n
    return sqrt(variance) if variance >= 0 else None


@dataclass(frozen=True)
class SampleDifference:
    """The second value less the first, with its interval."""

    size: float
    error: float
    low: float
    high: float
    p: float
    """The chance of a difference as large where there is none, two-sided."""

    @property
    def is_significant(self) -> bool:
        """Whether its interval leaves nought out."""
        return not self.low <= 0 <= self.high


def difference_of(first: Statistic, second: Statistic) -> SampleDifference | None:
    """How two rows differ, by the normal approximation; None where it cannot be told.

    Rows of two samples: the variances of independent estimates add up (Wald's interval). Two
    answers to one question of one sample exclude each other: the variance is
    (p1 + p2 - (p1 - p2)**2) deff / n (A. J. Scott and G. A. F. Seber, The American Statistician
    37, 1983, pp. 319-320). Two questions put to one sample depend on each other in a way that no
    row tells.
    """
    if first.value is None or second.value is None or first.unit != second.unit:
        return None
    of_one = ("source", "survey", "population", "period", "n")
    if all(getattr(first, name) == getattr(second, name) for name in of_one):
        error = _within_sample(first, second)
    else:
        errors = standard_error(first), standard_error(second)
        error = None if None in errors else sqrt(sum(it * it for it in errors if it is not None))
    if not error:
        return None
    size = second.value - first.value
    reach = _quantile(LEVEL) * error
    return SampleDifference(
        size, error, size - reach, size + reach, erfc(abs(size / error) / sqrt(2))
    )


def _within_sample(first: Statistic, second: Statistic) -> float | None:
    asked = first.measure == second.measure and first.response != second.response
    is_share = asked and first.unit == "percent"
    if not is_share or first.value is None or second.value is None or not first.n:
        return None
    one, two = first.value / 100, second.value / 100
    effect = max(first.design_effect or 1.0, second.design_effect or 1.0)
    variance = (one + two - (one - two) ** 2) * effect / first.n
    return 100 * sqrt(variance) if variance >= 0 else None


def _quantile(level: float) -> float:
    """The normal quantile of an interval's ends: 1.96 for 95 per cent."""
    return NormalDist().inv_cdf(0.5 + level / 200)


# --- shares that a sample can have -----------------------------------------------------------


def fits_base(share: float, n: int, decimals: int) -> bool:
    """Whether some whole number of n is this share, rounded to so many decimals, halves either way
    (N. J. L. Brown and J. A. J. Heathers, The GRIM test, 2017)."""
    room = 0.5 * 10**-decimals + 1e-9
    near = round(share * n / 100)
    return any(
        0 <= count <= n and abs(100 * count / n - share) <= room
        for count in (near - 1, near, near + 1)
    )
