"""Works that stand in the bibliography twice, under two keys."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice

from imprint.check.prose.printed import field_place
from imprint.check.rules.works.citations import main_entries
from imprint.check.rules.works.identifiers import comparable
from imprint.core.problems import Problem
from imprint.read.bibliography import Library
from imprint.read.references import Reference

IDENTIFIERS = ("isbn", "doi", "url")
LONG = 300
"""Characters up to which two titles are compared letter by letter."""
_ROOM = 6
"""Characters by which titles of one work may differ in length."""
_NEAR = 0.93
"""How near two titles of one work are, from 0 to 1."""


def duplicates(library: Library) -> Iterator[Problem]:
    pointing = main_entries(library)
    works = list(library.references.values())
    for first, second in sorted(_alike(works)):
        one, other = works[first], works[second]
        if pointing.get(one.key) == other.key or pointing.get(other.key) == one.key:
            continue
        same = [
            name
            for name in IDENTIFIERS
            if one.fields.get(name)
            and other.fields.get(name)
            and comparable(name, one.fields[name]) == comparable(name, other.fields[name])
        ]
        shared = [f"the {name} {other.fields[name]}" for name in same]
        titles = (bare_title(work.fields.get("title", "")) for work in (one, other))
        if _same_title(*titles):
            shared.append("the title")
        elif _one_has_subtitle(one, other):
            shared.append("author and title, but for the subtitle,")
        elif same:
            yield from _one_identifier(one, other, same[0])
            continue
        if shared:
            message = f"'{other.key}' shares {' and '.join(shared)} with '{one.key}'"
            fix = (
                f"keep one of the two entries, or say `note = {{The same document as {one.name}}}`"
            )
            yield Problem(other.place, "work-is-listed-once", message, fix)


def _one_identifier(one: Reference, other: Reference, name: str) -> Iterator[Problem]:
    """Two works of other titles with one address or number, told at both: either may be wrong."""
    for work, twin in ((one, other), (other, one)):
        place = field_place(twin, name)
        message = f"'{work.key}' shares the {name} {work.fields[name]} with '{twin.key}' ({place})"
        fix = "look both up, or keep one of the entries if they are one work"
        yield Problem(field_place(work, name), "work-is-listed-once", message, fix)


def _alike(works: Sequence[Reference]) -> set[tuple[int, int]]:
    """Pairs worth a look, by their places in the list: far fewer than all pairs there are.

    Where titles differ by a slip, one work is taken for another only if both have an author's name
    in common, or a year and a word of their titles.
    """
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    may_be_near: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    titles = [bare_title(work.fields.get("title", "")) for work in works]
    for place, (work, title) in enumerate(zip(works, titles, strict=True)):
        for name in IDENTIFIERS:
            if work.fields.get(name):
                groups[name, comparable(name, work.fields[name])].append(place)
        if title:
            groups["title", title].append(place)
            groups["main title", bare_title(_main(work))].append(place)
            for word in set(title.split()):
                may_be_near["year and word", f"{work.year} {word}"].append(place)
            for name in {person.family for person in work.people.get("author", ())}:
                may_be_near["author", name].append(place)
    found = {pair for group in groups.values() for pair in combinations(group, 2)}
    for group in may_be_near.values():
        near = near_pairs([titles[place] for place in group], _NEAR, _ROOM)
        found |= {(group[one], group[other]) for one, other in near}
    return found


def bare_title(title: str) -> str:
    """A title without capitals, marks and what stands in round brackets."""
    words = re.sub(r"\([^()]*\)", " ", title).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", words).split())


def _same_title(one: str, other: str) -> bool:
    if not one or not other:
        return False
    if one == other:
        return True
    if not 20 <= min(len(one), len(other)) <= LONG or abs(len(one) - len(other)) > _ROOM:
        return False
    # A different number makes another volume or year of a series, not the same work.
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    return difflib.SequenceMatcher(None, one, other).ratio() >= _NEAR


def _one_has_subtitle(one: Reference, other: Reference) -> bool:
    """Two works of an author, of which one has the title of the other and a subtitle."""
    whole = [reference.fields.get("title", "") for reference in (one, other)]
    parts = [bare_title(_main(reference)) for reference in (one, other)]
    lengths = [len(bare_title(title)) for title in whole]
    if len(parts[0].split()) < 3 or parts[0] != parts[1] or len(set(lengths)) == 1:
        return False
    names = [{person.family for person in work.people.get("author", ())} for work in (one, other)]
    # Both with subtitles: two works on one subject, or parts of a series.
    return len(parts[0]) in lengths and bool(names[0] & names[1])


def _main(work: Reference) -> str:
    """A title without its subtitle."""
    return re.split(r":|\s[–—-]\s", work.fields.get("title", ""))[0]


# --- which of many may be nearly the same ----------------------------------------------------


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


def is_one_off(one: str, other: str) -> bool:
    """Two texts that differ by a sign more, less or otherwise, or by two that changed places."""
    start = next((at for at, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), None)  # noqa: B905
    if start is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


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
