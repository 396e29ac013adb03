"""Tables whose columns stand under dashes, as pandoc writes them -> where cells are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_COLUMNS = re.compile(r" {0,3}-+(?: +-+)+ *\Z")
_RULE = re.compile(r" {0,3}-{3,} *\Z")
_DASHES = re.compile(r"-+")

Span = tuple[int, int]


def dashed_cells(lines: Sequence[str]) -> dict[int, list[Span]]:
    """By the index of each line within such a table: the columns from which to which its cells
    reach; none for a line of dashes."""
    found: dict[int, list[Span]] = {}
    for index, line in enumerate(lines):
        if index in found or not _COLUMNS.match(line):
            continue
        stops = [dashes.end() for dashes in _DASHES.finditer(line)]
        first, last = _extent(lines, index)
        for row in range(first, last + 1):
            is_dashes = _COLUMNS.match(lines[row]) or _RULE.match(lines[row])
            found[row] = [] if is_dashes else list(_cells(lines[row], stops))
    return found


def _extent(lines: Sequence[str], columns: int) -> Span:
    """The first and the last line of the table whose columns this line of dashes shows."""
    first = columns
    while first and lines[first - 1].strip() and not _RULE.match(lines[first]):
        first -= 1
    is_ruled = bool(_RULE.match(lines[first])) or first == columns
    last = columns
    while last + 1 < len(lines):
        last += 1
        if _RULE.match(lines[last]) or _COLUMNS.match(lines[last]):
            return first, last
        if not lines[last].strip() and not is_ruled:
            return first, last - 1
    return first, (last if not is_ruled else _before_blank(lines, columns))


def _before_blank(lines: Sequence[str], index: int) -> int:
    """The last line of a paragraph."""
    while index + 1 < len(lines) and lines[index + 1].strip():
        index += 1
    return index


def _cells(line: str, stops: Sequence[int]) -> Iterator[Span]:
    """What stands over or under each run of dashes, or begins there."""
    begun = 0
    for count, stop in enumerate(stops, start=1):
        while stop < len(line) and not line[stop].isspace():
            stop += 1
        stop = len(line) if count == len(stops) else stop
        text = line[begun:stop]
        if text.strip():
            yield begun + len(text) - len(text.lstrip()), begun + len(text.rstrip())
        begun = stop
