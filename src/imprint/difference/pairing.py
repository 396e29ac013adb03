"""Two sequences -> pairs of what stands for the same in both."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

T = TypeVar("T")

MOST_PAIRS = 40_000
"""Pairs that are weighed against each other; beyond that, what stands in order is paired."""


def paired(
    old: Sequence[T],
    new: Sequence[T],
    key: Callable[[T], Hashable],
    likeness: Callable[[T, T], float],
) -> Iterator[tuple[T | None, T | None]]:
    """What has the same key in the same order, and in between what is most alike; None stands for
    what has no partner. `likeness` is nought for what can be no pair."""
    keys = [key(it) for it in old], [key(it) for it in new]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from _most_alike(old[a:b], new[c:d], likeness)


def partners(gone: Iterable[T], come: Iterable[T], key: Callable[[T], Hashable]) -> dict[int, T]:
    """By identity, what has the same key on the other side, wherever it stands there; each once."""
    waiting: dict[Hashable, deque[T]] = defaultdict(deque)
    for it in come:
        waiting[key(it)].append(it)
    found: dict[int, T] = {}
    for it in gone:
        if others := waiting[key(it)]:
            other = others.popleft()
            found |= {id(it): other, id(other): it}
    return found


def common_words(old: str, new: str) -> float:
    """The share of words that two texts have in common, from 0 to 1."""
    words = [Counter(re.findall(r"\w+", text)) for text in (old, new)]
    total = sum(words[0].values()) + sum(words[1].values())
    return 2 * sum((words[0] & words[1]).values()) / total if total else 1.0


def _most_alike(
    old: Sequence[T], new: Sequence[T], likeness: Callable[[T, T], float]
) -> Iterator[tuple[T | None, T | None]]:
    """Pairs in the order of both that are most alike taken together."""
    if len(old) * len(new) > MOST_PAIRS:
        most = min(len(old), len(new))
        yield from zip(old[:most], new[:most], strict=True)
        yield from ((it, None) for it in old[most:])
        yield from ((None, it) for it in new[most:])
        return
    like = [[likeness(was, becomes) for becomes in new] for was in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            both = like[i][j] + best[i + 1][j + 1] if like[i][j] else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if like[i][j] and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((it, None) for it in old[i:])
    yield from ((None, it) for it in new[j:])
