"""Pairs of texts that are worth a look hold every pair that is nearly the same."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from random import Random

from imprint.check.rules.works.duplicates import near_pairs

LEAST = 0.85


def names(count: int) -> list[str]:
    """Made-up family names, a third of them with a slip in another."""
    chance = Random(20101112)
    made = ["".join(chance.choices("abdeilmnorst", k=chance.randint(5, 12))) for _ in range(count)]
    for number in range(0, count, 3):
        at = chance.randrange(len(made[number]))
        made[number] = made[number - 1][:at] + chance.choice("aest") + made[number - 1][at + 1 :]
    return made


def test_no_near_pair_is_left_out() -> None:
    """And of all pairs that there are, few are named."""
    made = names(300)
    every = list(combinations(range(len(made)), 2))
    near = {
        (one, other)
        for one, other in every
        if SequenceMatcher(None, made[one], made[other]).ratio() >= LEAST
    }
    found = list(near_pairs(made, LEAST))
    assert near
    assert near <= set(found)
    assert len(found) == len(set(found)) < len(every) / 10
