"""A statistic -> all values that its source's wording allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from imprint.core.model import Statistic


@dataclass(frozen=True)
class Bounds:
    """All values a wording allows; an open end is not itself allowed."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    @property
    def is_exact(self) -> bool:
        """Only one value is allowed."""
        return self.low == self.high

    def above(self, limit: float) -> bool:
        """Every value is greater than the limit."""
        return self.low > limit or (self.low_open and self.low == limit)

    def below(self, limit: float) -> bool:
        """Every value is less than the limit."""
        return self.high < limit or (self.high_open and self.high == limit)

    def within(self, low: float, high: float) -> bool:
        """Every value lies from low to high."""
        return low <= self.low and self.high <= high

    def exceeds(self, other: Bounds) -> bool:
        """Every value is greater than every value of the other."""
        if self.low == other.high:
            return self.low_open or other.high_open
        return self.low > other.high

    def times(self, factor: float) -> Bounds:
        """All values, multiplied by a factor above nought."""
        return Bounds(self.low * factor, self.high * factor, self.low_open, self.high_open)


@dataclass(frozen=True)
class Claim:
    """What a word says."""

    needs: str
    """What the data must show, for messages."""
    holds: Callable[..., bool]
    """Over the bounds of its statistics."""
    statistics: int = 1
    """How many it takes; 0 for two or more."""
    share: bool = True
    """It speaks of a share, so its statistic must be in per cent."""
    qualifiers: frozenset[str] = frozenset()
    """Qualifiers that agree with the word; empty where any may."""


_LOW_OPEN = ("just_over", "more_than", "majority", "most")
_HIGH_OPEN = ("almost", "just_under", "fewer_than", "less_than")


def span(statistic: Statistic) -> Bounds:
    """The values that the statistic's wording allows; all numbers where it gives none."""
    low, high = statistic.low, statistic.high
    if low is None and high is None and statistic.qualifier in ("exact", ""):
        low = high = statistic.value
    return Bounds(
        -inf if low is None else low,
        inf if high is None else high,
        statistic.qualifier in _LOW_OPEN,
        statistic.qualifier in _HIGH_OPEN,
    )
