"""Counts in a printed text: number words, figures and printed rows, each with what it counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from imprint.check.prose.other_numbers import any_of
from imprint.core.document import Passage
from imprint.core.model import Statistic
from imprint.core.numbers import number_words


@dataclass(frozen=True)
class Counted:
    """A number of things in a passage."""

    start: int
    end: int
    """After the number; what it counts follows."""
    number: int
    text: str
    id: str = ""
    """Of the row that prints it; empty where it is typed."""


MOST = 99
"""The largest count that is looked for; lists and series are shorter."""
_WORDS = {number_words(number): number for number in range(2, MOST + 1)}
_TYPED = re.compile(rf"(?<![\w.,£$€-])(?:{any_of(_WORDS)}|[1-9]\d?)(?![\w%]|[.,]\d)", re.IGNORECASE)


def counts_in(passage: Passage, rows: Mapping[str, Statistic]) -> tuple[Counted, ...]:
    """The counts of a passage in its order; those of rows are exact ones in whole things."""
    text = passage.text
    found = []
    taken: list[tuple[int, int]] = []
    for run in passage.runs_of("number", "citation", "claim", "code", "link", "quotation"):
        taken.append((run.start, run.end))
        row = rows.get(run.ids[0]) if run.kind == "number" and run.ids else None
        if row and row.unit == "count" and row.qualifier == "exact" and row.value is not None:
            said = text[run.start : run.end]
            found.append(Counted(run.start, run.end, round(row.value), said, row.id))
    for match in _TYPED.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            said = match[0].lower()
            number = _WORDS.get(said) or (int(said) if said.isdigit() else 0)
            if number:
                found.append(Counted(match.start(), match.end(), number, match[0]))
    return tuple(sorted(found, key=lambda it: it.start))


# Words that end in -s or -ss and name one thing, and verbs that follow a number.
_SINGULAR = re.compile(r"(?:ss|us|is|'s|’s)\Z")
_PLURAL = re.compile(
    r"(?:\s+(?!of\b|in\b|to\b|and\b|or\b|per\b)[\w’'-]+){0,3}?\s+(?P<noun>[A-Za-z-]{3,}s)\b"
)


def noun_after(text: str, end: int) -> str:
    """The plural noun that a number counts, at most three adjectives after it; empty for none."""
    found = _PLURAL.match(text, end)
    if not found or _SINGULAR.search(found["noun"]):
        people = re.match(
            r"\s+(?:[\w’'-]+\s+){0,2}?(people|children|women|men|staff)\b", text[end:]
        )
        return people[1] if people else ""
    return found["noun"].lower()


@lru_cache(maxsize=4096)
def series(text: str) -> frozenset[int]:
    """How many members a series such as `a, b and c` may have; empty where it is none.

    `and` in the last member may join two of them or be a part of one.
    """
    parts = [part.strip() for part in re.split(r";|,(?!\d)", text.strip(" .;"))]
    if ";" in text:
        parts = [part.strip() for part in text.strip(" .;").split(";")]
    if len(parts) < 2 or any(not part or _ASIDE.match(part) for part in parts):
        return frozenset()
    last = parts[-1]
    if re.match(r"(?:and|or)\s", last):
        return frozenset({len(parts)})
    if re.search(r"\s(?:and|or)\s", last):
        return frozenset({len(parts), len(parts) + 1})
    return frozenset()


_ASIDE = re.compile(
    r"(?:and\s)?(?:which|who|whom|whose|that|where|when|while|but|so|because|although|though|if|as"
    r"|for example|such as|including|not|among|in|at|with|above all|however|too|then|yet)\b",
    re.IGNORECASE,
)
