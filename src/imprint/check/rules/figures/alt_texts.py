"""A figure's alt text: it describes every row, each label with its own number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imprint.author.figure_record import FigureRecord
from imprint.check.prose.roots import holds
from imprint.core.problems import Problem

_CLAUSE_ENDS = re.compile(r"[;.](?=\s|$)")

_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class _Token:
    """A label or the number of a row, where the alt text has it."""

    start: int
    is_label: bool
    text: str


def check_alt(figure: FigureRecord) -> Iterator[Problem]:
    """Yield a problem for every row that the alt text leaves out, or confuses with another row.

    A row is told by its label and its printed wording in one clause, side by side where the clause
    tells of several; a row that counts things by its label and its sum or total.
    """
    alt = plain(figure.alt)
    rows = [row for row in figure.rows if _tellings(row)]
    clauses = _clauses(alt, rows)
    seen: dict[str, int] = {}
    for row in rows:
        label = plain(str(row.get("label") or ""))
        told = _tellings(row)
        turn = seen[label.lower()] = seen.get(label.lower(), -1) + 1
        # Rows of one label are told in their order.
        same = sum(plain(str(other.get("label") or "")).lower() == label.lower() for other in rows)
        message = ""
        if not any(holds(alt, telling) for telling in told):
            message = f"the alt text does not say '{told[0]}', which is drawn for '{label}'"
        elif label and not holds(alt, label):
            message = f"the alt text does not name '{label}', whose number is '{told[0]}'"
        elif label:
            pairs = [pair for clause in clauses for pair in _pairs(clause)]
            mine = [numbers for name, numbers in pairs if name.lower() == label.lower()]
            mine = mine[turn : turn + 1] if same > 1 and len(mine) >= same else mine
            wanted = {telling.lower() for telling in told}
            if not any(wanted & {number.lower() for number in numbers} for numbers in mine):
                said = next((numbers[0] for numbers in mine if numbers), "nothing")
                message = (
                    f"the alt text says '{said}' beside '{label}', whose number is '{told[0]}'"
                )
        if message:
            fix = "tell every row with its own number, as in `{row['label']}, {row['wording']}`"
            yield Problem(figure.place("alt"), "alt-tells-every-row", message, fix)


def plain(text: str) -> str:
    """A text on one line with common spaces and one kind of apostrophe."""
    return " ".join(text.replace("\u00a0", " ").replace("'", "’").split())


def _tellings(row: Mapping[str, Any]) -> list[str]:
    """How a row may be told: its wording or, where it counts things, its sum or its total."""
    if row.get("wording"):
        return [plain(str(row["wording"]))]
    numbers = [value for value in row.values() if is_number(value)]
    # A row of ones and noughts says where a mark stands: its sum, not its marks, may be told.
    counts = any(number not in (0, 1) for number in numbers)
    return [f"{max(numbers):g}", f"{sum(numbers):g}"] if counts else []


def is_number(value: object) -> bool:
    """Whether a cell of a row holds a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _clauses(alt: str, rows: Sequence[Mapping[str, Any]]) -> list[list[_Token]]:
    """The labels and numbers of the rows in each clause, in their order; longer ones first."""
    names = {plain(str(row["label"])) for row in rows if row.get("label")}
    numbers = {telling for row in rows for telling in _tellings(row)}
    found: dict[int, list[_Token]] = {}
    taken: list[tuple[int, int]] = []
    outside = _ASIDE.sub(lambda found: "-" * len(found[0]), alt)
    ends = [match.start() for match in _CLAUSE_ENDS.finditer(outside)]
    for text in sorted(names | numbers, key=lambda text: (-len(text), text)):
        for match in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", alt, re.IGNORECASE):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            clause = sum(end < match.start() for end in ends)
            found.setdefault(clause, []).append(_Token(match.start(), text in names, text))
    return [sorted(found[clause], key=lambda token: token.start) for clause in sorted(found)]


def _pairs(clause: Sequence[_Token]) -> Iterator[tuple[str, list[str]]]:
    """Each label with the numbers that may be its own.

    Where labels and numbers take turns, it is the one next to it, on the side on which the clause
    begins; elsewhere all of the clause.
    """
    turns = all(
        token.is_label is (clause[0].is_label if place % 2 == 0 else not clause[0].is_label)
        for place, token in enumerate(clause)
    )
    if turns and len(clause) % 2 == 0:
        for one, other in zip(clause[::2], clause[1::2], strict=True):
            label, number = (one, other) if one.is_label else (other, one)
            yield label.text, [number.text]
        return
    numbers = [token.text for token in clause if not token.is_label]
    for place, token in enumerate(clause):
        if not token.is_label:
            continue
        beside = [other for other in clause[place + 1 :][:1] if not other.is_label]
        lone = sum(other.is_label for other in clause) == 1
        yield token.text, [beside[0].text] if beside and lone else numbers
