"""Words that compare two rows or more -> what the rows must show, and whether they may be compared.

Of two rows the first is held to the second; of a change the second is the later one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial

from imprint.author.bounds import Bounds, Claim, span
from imprint.core.model import Statistic
from imprint.core.numbers import number_words, room_of
from imprint.core.units import KNOWN, Unit, amount

Test = Callable[[Bounds, Bounds], bool]

NEAR = 0.05
"""How far from a multiple what is simply called that, such as *twice*, may lie, as a share."""
AROUND = 0.1
"""The same of *about*, *almost* and *nearly*."""


def _less(one: Bounds, other: Bounds) -> bool:
    return other.exceeds(one)


def _same(one: Bounds, other: Bounds) -> bool:
    return one.is_exact and (one.low, one.high) == (other.low, other.high)


def _similar(one: Bounds, other: Bounds) -> bool:
    """All values as near to each other as those of *about* are to their number."""
    if not (abs(one.low) < float("inf") > abs(one.high)):
        return False
    room = room_of(max(abs(one.high), abs(other.high)), is_share=one.high <= 100)
    return max(one.high, other.high) - min(one.low, other.low) <= room


def _multiple(least: float, most: float, one: Bounds, other: Bounds) -> bool:
    """The first is from so many to so many times the second."""
    if not (one.is_exact and other.is_exact and other.low > 0):
        return False
    return least - 1e-9 <= one.low / other.low <= most + 1e-9


def _swapped(test: Test) -> Test:
    return lambda one, other: test(other, one)


# --- words without numbers -------------------------------------------------------------------

MORE = ("more", "higher", "greater", "larger", "more often", "ahead")
LESS = ("fewer", "less", "lower", "smaller", "less often", "behind")
ROSE = ("rose", "risen", "increased", "grew", "grown", "climbed", "went up", "gone up", "gained")
FELL = (
    "fell", "fallen", "decreased", "declined", "dropped", "went down", "gone down", "shrank",
)  # fmt: skip
_SAME = ("the same", "equal", "as many", "as much", "unchanged", "stayed the same",
         "did not change", "remained the same")  # fmt: skip
_SIMILAR = ("similar", "about the same", "much the same", "about as many", "changed little",
            "hardly changed", "stayed much the same")  # fmt: skip
HIGHEST = ("highest", "the highest", "most often", "largest", "the largest", "first")
LOWEST = ("lowest", "the lowest", "least often", "smallest", "the smallest", "last")


def _words() -> Iterator[tuple[str, Claim]]:
    for words, test, needs in (
        (MORE, Bounds.exceeds, "the first to be greater"),
        (LESS, _less, "the first to be smaller"),
        (ROSE, _less, "the second to be greater"),
        (FELL, Bounds.exceeds, "the second to be smaller"),
        (_SAME, _same, "both to be the same exact number"),
        (_SIMILAR, _similar, "both to lie within a tenth of each other, or five points"),
    ):
        yield from ((word, Claim(needs, test, 2, share=False)) for word in words)
    for words, test, needs in (
        (HIGHEST, Bounds.exceeds, "the first to be the greatest"),
        (LOWEST, _less, "the first to be the smallest"),
    ):
        ahead = partial(_ahead, test)
        yield from ((word, Claim(needs, ahead, 0, share=False)) for word in words)


def _ahead(test: Test, first: Bounds, *others: Bounds) -> bool:
    return all(test(first, other) for other in others)


# --- multiples -------------------------------------------------------------------------------

_MULTIPLES = {"twice": 2, "double": 2, **{f"{number_words(n)} times": n for n in range(2, 13)}}
_GROWN = {"doubled": 2, "tripled": 3, "trebled": 3, "quadrupled": 4}
_SHRUNK = {"halved": 0.5}
_PARTS = {"half as many": 0.5, "half as much": 0.5, "half as often": 0.5}
_HEDGES = ("almost", "nearly", "about", "more than", "over", "less than", "fewer than", "under")


def _multiples() -> Iterator[tuple[str, Claim]]:
    for words, is_change in ((_MULTIPLES, False), (_PARTS, False), (_GROWN, True), (_SHRUNK, True)):
        for word, times in words.items():
            for hedge in ("", *_HEDGES):
                test = _swapped(_held(hedge, times)) if is_change else _held(hedge, times)
                said = f"{hedge} {times:g} times".strip()
                needs = f"the {'second to be' if is_change else 'first to be'} {said} the other"
                yield f"{hedge} {word}".strip(), Claim(needs, test, 2, share=False)


def _held(hedge: str, times: float) -> Test:
    if hedge in ("more than", "over"):
        return lambda one, other: one.exceeds(other.times(times))
    if hedge in ("less than", "fewer than", "under"):
        return lambda one, other: other.times(times).exceeds(one)
    room = AROUND if hedge else NEAR
    least, most = times * (1 - room), times * (1 + room)
    if hedge in ("almost", "nearly"):
        return lambda one, other: (
            _multiple(least, times, one, other) and not _same(one, other.times(times))
        )
    return partial(_multiple, least, most)


COMPARISONS: dict[str, Claim] = {**dict(_words()), **dict(_multiples())}
"""The words, each with what it needs."""

CHANGES = (*ROSE, *FELL, *_GROWN, *_SHRUNK)
"""Words that go from an earlier row to a later one."""


def is_change(word: str) -> bool:
    """Whether a word, hedged or with an amount, tells of a change."""
    said = " ".join(word.lower().split()).partition(" by ")[0]
    return said.endswith(CHANGES)


# --- amounts of difference -------------------------------------------------------------------

_BY = re.compile(r"(?P<word>[a-z ]+?) by (?P<amount>.+)", re.DOTALL)
_POINTS = re.compile(r"(?P<amount>.+ percentage points?) (?P<word>[a-z]+)", re.DOTALL)


def with_amount(key: str, first: Statistic, second: Statistic) -> tuple[Claim, str] | None:
    """What *rose by 6 percentage points* or *6 percentage points more* says, and why its amount is
    not that of the rows; None for other words."""
    found = _BY.fullmatch(key) or _POINTS.fullmatch(key)
    base = COMPARISONS.get(found["word"]) if found else None
    if found is None or base is None or found["word"] not in {*ROSE, *FELL, *MORE, *LESS}:
        return None
    said = _plain(found["amount"])
    right = [_plain(it) for it in (difference(first, second), relative(first, second)) if it]
    if not right:
        return base, "rows that are exact, for their difference to be one number"
    return base, "" if said in right else f"the amount to be {' or '.join(right)}"


def _plain(text: str) -> str:
    """Small letters and plain blanks, in one spelling."""
    return re.sub(r"\bpercent\b", "per cent", " ".join(text.lower().split()))


def difference(first: Statistic, second: Statistic) -> str:
    """The difference of two exact rows in house words: `6 percentage points`, `£3 million`; empty
    where either is not exact."""
    one, other = span(first), span(second)
    if not (one.is_exact and other.is_exact):
        return ""
    size = round(abs(one.low - other.low), 6)
    unit = KNOWN["percentage_points"] if first.unit == "percent" else first.known_unit or Unit()
    return amount(unit, size)


def relative(first: Statistic, second: Statistic) -> str:
    """The difference of two exact rows in per cent of the first; empty where there is none."""
    one, other = span(first), span(second)
    if not (one.is_exact and other.is_exact) or not one.low or first.unit == "percent":
        return ""
    share = round(100 * abs(other.low - one.low) / abs(one.low))
    per_cent = first.declared_unit if first.unit == "percent_change" else None
    return amount(per_cent or KNOWN["percent_change"], float(share))


# --- rows that may be compared ---------------------------------------------------------------

COLUMNS = ("measure", "population", "period")
"""What two rows must share, or the author names as what differs; their unit they share always."""


def unlike(
    statistics: Collection[Statistic], across: Collection[str], *, over_time: bool = False
) -> str:
    """Why rows cannot be compared, in one line; empty where they can.

    `across` names the columns by which they differ; a change `over_time` differs by its period,
    and goes from the earlier to the later one.
    """
    first, *others = statistics
    for other in others:
        if other.unit != first.unit:
            return f"'{first.id}' is in {_said(first.unit)}, '{other.id}' in {_said(other.unit)}"
        for column in COLUMNS:
            if column in across or (over_time and column == "period"):
                continue
            one, two = getattr(first, column), getattr(other, column)
            if one and two and one != two:
                return f"'{first.id}' has the {column} '{one}', '{other.id}' '{two}'"
        is_dated = over_time and first.period and other.period
        if is_dated and not _comes_before(first.period, other.period):
            return f"'{first.id}' is of {first.period}, not before {other.period}"
    return ""


def _comes_before(one: str, other: str) -> bool:
    """Years, months or days: as far as both name them, the first ends before the second does."""
    ends = [period.partition("/")[2] or period for period in (one, other)]
    least = min(map(len, ends))
    return ends[0][:least] < ends[1][:least]


def _said(unit: str) -> str:
    return unit.replace("_", " ").replace("percent", "per cent")
