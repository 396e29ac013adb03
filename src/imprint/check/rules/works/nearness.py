"""Which of many texts may be nearly the same: far fewer pairs than there are, in little time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice


def near_pairs(texts: Sequence[str], least: float, room: int = 1_000) -> Iterator[tuple[int, int]]:
    """Pairs of places in the list, the smaller first, of texts whose `difflib` ratio may be `least`
    or more and whose lengths differ by no more than `room` characters."""
    known = sorted((len(text), _letters(text), place) for place, text in enumerate(texts))
    for index, (length, letters, place) in enumerate(known):
        for longer, others, elsewhere in islice(known, index + 1, None):
            # Each letter that one has more often than the other is a letter without a partner.
            most = (1 - least) * (length + longer) + 0.01
            if longer - length > room or longer - length > most:
                break
            if (letters ^ others).bit_count() <= most:
                yield min(place, elsewhere), max(place, elsewhere)


@lru_cache(maxsize=100_000)
def _letters(text: str) -> int:
    """How often each letter stands in a text, as that many bits of its own: differing bits of two
    texts are then differing letters, or fewer where a letter is a frequent one."""
    counts = [0] * 32
    for sign, count in Counter(text).items():
        counts[ord(sign) % 32] += count
    bits = 0
    for letter, count in enumerate(counts):
        bits |= ((1 << min(count, 32)) - 1) << (32 * letter)
    return bits
