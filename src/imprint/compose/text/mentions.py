"""Labels, links and images that pandoc told between the words of a text -> where in the source they
are written: in the gap between what is written of these words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from imprint.compose.text.alignment import NOWHERE

_HEADING = re.compile(r"(?<![^ \t>\n])#{1,6}(?=\s|\Z)")
"""Marks before a heading."""


def written_at(
    mentions: Sequence[Mapping[str, Any]],
    texts: Sequence[Sequence[Any]],
    moved: Sequence[bool],
    offsets: Sequence[Sequence[int]],
    source: str,
) -> Iterator[int]:
    """The offset in the source of each mention, in their order; of what is not written there, such
    as the identifier that a heading gets from its words, that of the words beside it.

    `texts` are the passages as Lua tells them; `moved` says which may stand out of order, `offsets`
    where their characters stand.
    """
    gaps = _Gaps(moved, offsets, len(source))
    passed: dict[tuple[str, str], int] = {}
    for it in mentions:
        kind, name, passage = it["kind"], it["name"], int(it["passage"])
        parts = texts[passage] if passage < len(texts) else ()
        start, end = gaps.around(passage, _length(parts[: int(it["at"])]))
        if "line" in it:
            start, end = _line(source, int(it["line"]))
        begin = max(start, passed.get((kind, name), 0))
        word = _word(kind, name)
        found = word.search(source, begin, end)
        if not found and kind not in ("heading", "line"):
            # What stands apart, as the address of `[words][name]` does, or a table's label.
            found = word.search(source, begin) or word.search(source)
        if not found:
            if kind == "line" or "from" in it:
                end = gaps.around(passage, _length(parts[: int(it.get("from", 0))]))[1]
                yield min(end, len(source) - 1)
            else:
                yield max(start - 1, 0)
            continue
        passed[kind, name] = found.end()
        at = found.start()
        if kind == "image" and source[at - 1] in "(<":
            at = max(source.rfind("![", start, at), start)
        yield at


def _length(parts: Sequence[Any]) -> int:
    """Of the text among strings and runs."""
    return sum(len(part) for part in parts if isinstance(part, str))


def _line(source: str, number: int) -> tuple[int, int]:
    """Where the line with this number, counted from 1, begins and ends."""
    lines = source.split("\n")[:number]
    return sum(len(line) + 1 for line in lines[:-1]), sum(len(line) + 1 for line in lines)


@lru_cache(maxsize=2048)
def _word(kind: str, name: str) -> re.Pattern[str]:
    """How a mention is written."""
    if kind in ("label", "heading"):
        label = re.escape(name)
        return re.compile(rf"#{label}(?![\w:.-])|(?<=[\"'\s]){label}(?=[\"'\s])")
    if kind.endswith("note"):
        return re.compile(rf"^[ \t>]*\[\^{re.escape(name)}\]:", re.MULTILINE)
    if kind == "line":
        return _HEADING
    forms = dict.fromkeys((name, unquote(name)))
    address = "|".join(re.escape(form) for form in forms)
    return re.compile(rf"(?<=[(<:=\"'\s])(?:{address})(?![\w/-])")


class _Gaps:
    """What stands in the source between the characters of the text."""

    def __init__(
        self, moved: Sequence[bool], offsets: Sequence[Sequence[int]], length: int
    ) -> None:
        self.moved, self.offsets, self.length = moved, offsets, length
        self.ends = list(_ends(moved, offsets))
        begins = [length]
        for is_moved, own in zip(reversed(moved), reversed(offsets), strict=True):
            first = NOWHERE if is_moved else next(_placed(own), NOWHERE)
            begins.append(begins[-1] if first == NOWHERE else first)
        self.begins = begins[::-1]

    def around(self, passage: int, at: int) -> tuple[int, int]:
        """Offsets in the source of the end of what is written before the character at `at` of a
        passage, and of the beginning of what follows."""
        if passage == len(self.offsets):
            return self.ends[passage], self.length
        if self.moved[passage] and not at:
            return self.ends[passage], self.begins[passage]
        own = self.offsets[passage]
        before, after = next(_placed(own[:at][::-1]), NOWHERE), next(_placed(own[at:]), NOWHERE)
        start = self.ends[passage] if before == NOWHERE else before + 1
        end = self.begins[passage + 1] if after == NOWHERE else after
        return start, end if start <= end else self.length


def _placed(offsets: Sequence[int]) -> Iterator[int]:
    return (offset for offset in offsets if offset != NOWHERE)


def _ends(moved: Sequence[bool], offsets: Sequence[Sequence[int]]) -> Iterator[int]:
    """Where what is written before each passage ends, and before the end of the text."""
    end = 0
    yield end
    for is_moved, own in zip(moved, offsets, strict=True):
        last = NOWHERE if is_moved else next(_placed(own[::-1]), NOWHERE)
        end = end if last == NOWHERE else last + 1
        yield end
