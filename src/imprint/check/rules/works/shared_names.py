"""What entries of the bibliography have in common: journals, publishers, places and hosts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from imprint.check.prose.printed import field_place
from imprint.check.rules.works.duplicates import is_one_off
from imprint.core.problems import Problem
from imprint.read.references import Reference
from imprint.read.report import Report

_NAMES = ("journal", "journaltitle", "publisher", "institution", "school", "address", "location")
"""Fields that several entries have in common."""


def check_shared_names(report: Report) -> Iterator[Problem]:
    """Yield a problem for every entry whose journal, publisher or place others spell otherwise
    (`entries-share-names`), and every one whose address has a host that is another's but for a
    letter (`host-is-known`)."""
    works = list(report.library.references.values()) if report.library else []
    yield from _names(works)
    yield from _hosts(works)


def _names(works: Sequence[Reference]) -> Iterator[Problem]:
    """One journal, publisher or place under two names that differ by a letter or an article."""
    for field in _NAMES:
        bearers: defaultdict[str, list[Reference]] = defaultdict(list)
        for work in works:
            if name := " ".join(work.fields.get(field, "").split()):
                bearers[name].append(work)
        for one, other in combinations(bearers, 2):
            if not _is_slip(one, other):
                continue
            rare, usual = sorted((other, one), key=lambda it: len(bearers[it]))
            for work in bearers[rare]:
                message = f"the {field} '{rare}' of '{work.key}' is '{usual}' elsewhere"
                place = field_place(work, field)
                fix = f"write both alike ({bearers[usual][0].place})"
                yield Problem(place, "entries-share-names", message, fix)


def _is_slip(one: str, other: str) -> bool:
    """Two names with the same words but for an article, marks, or a letter of one long word."""
    first, second = _plain_words(one), _plain_words(other)
    if first == second:
        return True
    if len(first) != len(second):
        return False
    unlike = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return len(unlike) == 1 and _is_one_letter_off(*unlike[0])


def _plain_words(name: str) -> list[str]:
    words = re.findall(r"\w+", name.replace("&", "and").casefold())
    return words[1:] if words[:1] == ["the"] else words


def _is_one_letter_off(one: str, other: str) -> bool:
    """Two words of five letters or more that differ by a letter, or by two that changed places."""
    if min(len(one), len(other)) < 5 or not (one + other).isalpha():
        return False
    return is_one_off(one, other)


def _hosts(works: Sequence[Reference]) -> Iterator[Problem]:
    """Hosts that are those of other works but for a letter, as `example.ogr`."""
    bearers: defaultdict[str, list[Reference]] = defaultdict(list)
    for work in works:
        try:
            host = urlsplit(work.fields.get("url", "")).hostname or ""
        except ValueError:
            continue
        if host:
            bearers[host.removeprefix("www.")].append(work)
    counts = {host: len(found) for host, found in bearers.items()}
    for one, other in combinations(bearers, 2):
        if not _is_near_host(one, other):
            continue
        rare, usual = sorted((other, one), key=counts.__getitem__)
        for work in bearers[rare]:
            message = f"the address of '{work.key}' is at '{rare}', others are at '{usual}'"
            fix = f"look the address up again ({bearers[usual][0].place})"
            yield Problem(field_place(work, "url"), "host-is-known", message, fix)


def _is_near_host(one: str, other: str) -> bool:
    first, second = one.split("."), other.split(".")
    if len(first) != len(second):
        return False
    unlike = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    if len(unlike) != 1:
        return False
    a, b = unlike[0]
    return sorted(a) == sorted(b) or _is_one_letter_off(a, b)
