"""A text as pandoc read it, beside the source that it was read from: where each character stands.

pandoc forgets places. Both texts are sequences of words, and what they share in the same order is
found from the rarest stretches of words inwards. Passages that stand elsewhere in the source
(notes, captions, alternative texts) are found afterwards, in what is left of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

NOWHERE = -1
"""In place of an offset: the character is not written in the source."""

_WORD = re.compile(r"[^\W_]+")
_STRETCHES = (5, 3, 2, 1)
"""Lengths, in words, of the stretches that hold two texts together where each has them once."""
_SMALL = 200_000
"""Product of the lengths of two sequences that may be compared each word with each."""
ALIKE = str.maketrans("“”„‘’‚–—…\u00a0\u202f\n", "\"\"\"'''--.   ")
"""What typographers write in place of what authors type."""

Words = list[re.Match[str]]


def align(
    texts: Sequence[str],
    moved: Sequence[bool],
    source: str,
    printed: str = "",
    *,
    cuts: Sequence[Collection[int]] = (),
    reach: int = 400,
) -> list[list[int]]:
    """For each character of each text its offset in the source, or NOWHERE.

    `moved` says of each text whether it may stand out of order; those that may not are found in
    `printed`, the source with blanks for what is no text. A text of which less than half the words
    are found together stands nowhere. `cuts`, where given, are for each text offsets at which a
    word of the source ends though letters follow in the text. What stands between two words is
    looked for, sign by sign, where they are at most `reach` characters apart in the source.
    """
    plain = source.translate(ALIKE)
    found = [[NOWHERE] * len(text) for text in texts]
    all_words = [
        [word for start, end in pairwise(sorted({0, len(text), *ends}))
         for word in _WORD.finditer(text, start, end)]
        for text, ends in zip(texts, cuts or [()] * len(texts), strict=True)
    ]  # fmt: skip
    in_order = [index for index, words in enumerate(all_words) if words and not moved[index]]
    free = list(_WORD.finditer(printed or source))
    pairs = _paired(
        [word[0] for index in in_order for word in all_words[index]], [word[0] for word in free]
    )
    left, begun = [], 0
    taken: set[int] = set()

    def settle(index: int, places: Sequence[re.Match[str] | None]) -> bool:
        met = [(word, at) for word, at in zip(all_words[index], places, strict=True) if at]
        if len(met) * 2 < len(places):
            return False
        taken.update(at.start() for _, at in met)
        _place_characters(texts[index].translate(ALIKE), plain, met, reach, found[index])
        return True

    for index in in_order:
        count = len(all_words[index])
        matched = [pairs.get(word) for word in range(begun, begun + count)]
        begun += count
        if not settle(index, [None if at is None else free[at] for at in matched]):
            left.append(index)
    left += [index for index, words in enumerate(all_words) if words and moved[index]]
    source_words = list(_WORD.finditer(source)) if left else []
    for index in sorted(left):
        free = [word for word in source_words if word.start() not in taken]
        settle(index, _together([word[0] for word in all_words[index]], free))
    _place_signs(texts, moved, plain, found)
    return found


def _place_signs(
    texts: Sequence[str], moved: Sequence[bool], plain: str, found: Sequence[list[int]]
) -> None:
    """Find texts without words, such as a dash in a table, between the texts around them."""
    begin = 0
    for index, text in enumerate(texts):
        if moved[index]:
            continue
        placed = [at for at in found[index] if at != NOWHERE]
        signs = text.translate(ALIKE).strip()
        if not placed and signs and not _WORD.search(text):
            later = (at for own in found[index + 1 :] for at in own if at > begin)
            at = plain.find(signs, begin, next(later, len(plain)))
            if at != NOWHERE:
                first = text.translate(ALIKE).index(signs)
                placed = list(range(at, at + len(signs)))
                found[index][first : first + len(signs)] = placed
        begin = max([begin, *(at + 1 for at in placed)])


# --- words -------------------------------------------------------------------------------------


def _paired(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """Indexes of words of `a` with those of the same words of `b`, both rising."""
    pairs: dict[int, int] = {}
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            pairs[a0] = b0
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            pairs[a1] = b1
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(a[a0:a1], b[b0:b1])
        if anchors:
            ends = [(0, 0), *anchors, (a1 - a0, b1 - b0)]
            for (i, j), (i_end, j_end) in pairwise(ends):
                todo.append((a0 + i, a0 + i_end, b0 + j, b0 + j_end))
        elif (a1 - a0) * (b1 - b0) <= _SMALL:
            matcher = SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False)
            for i, j, length in matcher.get_matching_blocks():
                pairs |= {a0 + i + n: b0 + j + n for n in range(length)}
    return pairs


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Where stretches of words begin that both have exactly once, as many as keep their order."""
    for length in _STRETCHES:
        in_a, in_b = _once(a, length), _once(b, length)
        shared = sorted((in_a[words], in_b[words]) for words in in_a.keys() & in_b.keys())
        if shared:
            return _rising(shared)
    return []


def _once(words: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    stretches = list(zip(*(words[start:] for start in range(length)), strict=False))
    counts = Counter(stretches)
    return {stretch: i for i, stretch in enumerate(stretches) if counts[stretch] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, sorted by their first, of which the second rises too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, at) in enumerate(pairs):
        place = bisect_left(ends, at)
        before.append(last[place - 1] if place else NOWHERE)
        ends[place:], last[place:] = [at, *ends[place + 1 :]], [index, *last[place + 1 :]]
    chain = []
    index = last[-1] if last else NOWHERE
    while index != NOWHERE:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _together(a: Sequence[str], free: Words) -> list[re.Match[str] | None]:
    """The words of `a` around the longest stretch of them that stands among the free words."""
    b = [word[0] for word in free]
    longest = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    if not longest.size:
        return [None] * len(a)
    before, after = longest.a, len(a) - longest.a - longest.size
    begin = max(longest.b - 2 * before, 0)
    end = longest.b + longest.size + 2 * after
    pairs = {longest.a + n: longest.b + n for n in range(longest.size)}
    left = _paired(a[: longest.a], b[begin : longest.b])
    right = _paired(a[longest.a + longest.size :], b[longest.b + longest.size : end])
    pairs |= {i: begin + j for i, j in left.items()}
    shift = longest.a + longest.size, longest.b + longest.size
    pairs |= {shift[0] + i: shift[1] + j for i, j in right.items()}
    return [free[pairs[i]] if i in pairs else None for i in range(len(a))]


# --- characters --------------------------------------------------------------------------------


def _place_characters(
    text: str,
    source: str,
    met: Sequence[tuple[re.Match[str], re.Match[str]]],
    reach: int,
    found: list[int],
) -> None:
    """Note the offsets of the words' characters, and of those between them."""
    for word, at in met:
        found[word.start() : word.end()] = range(at.start(), at.end())
    (first, first_at), (last, last_at) = met[0], met[-1]
    _backwards(text, source, (0, first.start()), (0, first_at.start()), found)
    for (word, at), (next_word, next_at) in pairwise(met):
        here, there = (word.end(), next_word.start()), (at.end(), next_at.start())
        here, there = _forwards(text, source, here, there, found)
        here, there = _backwards(text, source, here, there, found)
        if there[1] - there[0] <= reach:
            _scattered(text, source, here, there, found)
    _forwards(text, source, (last.end(), len(text)), (last_at.end(), len(source)), found)


_Span = tuple[int, int]


def _forwards(
    text: str, source: str, here: _Span, there: _Span, found: list[int]
) -> tuple[_Span, _Span]:
    (i, end), (j, stop) = here, there
    while i < end and j < stop and text[i] == source[j]:
        found[i] = j
        i, j = i + 1, j + 1
    return (i, end), (j, stop)


def _backwards(
    text: str, source: str, here: _Span, there: _Span, found: list[int]
) -> tuple[_Span, _Span]:
    (start, i), (begin, j) = here, there
    while i > start and j > begin and text[i - 1] == source[j - 1]:
        i, j = i - 1, j - 1
        found[i] = j
    return (start, i), (begin, j)


def _scattered(text: str, source: str, here: _Span, there: _Span, found: list[int]) -> None:
    """Each next character at the next place where it is written."""
    j = there[0]
    for i in range(*here):
        at = source.find(text[i], j, there[1])
        if at != NOWHERE and not text[i].isspace():
            found[i], j = at, at + 1
