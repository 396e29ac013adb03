"""JSON text -> a tree of values that know their place, or problems with file, line and column."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NoReturn

from imprint.core.problems import Place, Problem, problem
from imprint.read.limits import DEEPEST
from imprint.read.node import Node, Scalar

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_MOST = 1e308


def read_json(text: str, file: str, code: str) -> tuple[Node | None, list[Problem]]:
    """Read a JSON text, or say with the rule `code` why that cannot be.

    What JSON leaves open is refused: a key that stands twice, `NaN`, a number beyond all counting.
    """
    try:
        json.loads(text, parse_constant=_refuse)
        reader = _PlaceReader(text, file, code)
        node, _ = reader.value(0, 0, None)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg.lower()}"
        fix = "look for a missing comma, quotation mark or bracket here or on the line before"
        return None, [problem(code, file, error.lineno, message, fix, error.colno)]
    except RecursionError:
        message = f"JSON is nested deeper than {DEEPEST} levels"
        return None, [problem(code, file, 1, message, "flatten it")]
    except ValueError as error:
        said = str(error) if str(error).startswith("'") else "a number is too long"
        return None, [problem(code, file, 1, f"not valid JSON: {said}", "write a plain number")]
    return node, reader.problems


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"'{word}' is no number")


class _PlaceReader:
    """Reads a text that is known to be JSON once more, for the places."""

    def __init__(self, text: str, file: str, code: str) -> None:
        self.text, self.file, self.code = text, file, code
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.problems: list[Problem] = []

    def place(self, at: int) -> Place:
        line = bisect_right(self.starts, at)
        return Place(self.file, line, at - self.starts[line - 1] + 1)

    def skip(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int, key: Place | None) -> tuple[Node, int]:
        """The value at an offset, and the offset behind it."""
        if depth > DEEPEST:
            raise RecursionError
        at = self.skip(at)
        place, first = self.place(at), self.text[at]
        if first == "{":
            entries, end = self.entries(at + 1, depth)
            return Node(entries, place, key or place), end
        if first == "[":
            items, end = self.items(at + 1, depth)
            return Node(items, place, key or place), end
        scalar, end = self.scalar(at, place)
        return Node(scalar, place, key or place), end

    def items(self, at: int, depth: int) -> tuple[tuple[Node, ...], int]:
        items: list[Node] = []
        at = self.skip(at)
        while self.text[at] != "]":
            node, at = self.value(at, depth + 1, None)
            items.append(node)
            at = self.next(at)
        return tuple(items), at + 1

    def entries(self, at: int, depth: int) -> tuple[dict[str, Node], int]:
        entries: dict[str, Node] = {}
        at = self.skip(at)
        while self.text[at] != "}":
            key = self.place(at)
            name, at = _DECODER.raw_decode(self.text, at)
            node, at = self.value(self.skip(at) + 1, depth + 1, key)
            if name in entries:
                message = f"key '{name}' stands twice, first on line {entries[name].key.line}"
                self.problems.append(Problem(key, self.code, message, "keep one of the two"))
            entries.setdefault(name, node)
            at = self.next(at)
        return entries, at + 1

    def next(self, at: int) -> int:
        """Where the next item begins, or the end of its list."""
        at = self.skip(at)
        return self.skip(at + 1) if self.text[at] == "," else at

    def scalar(self, at: int, place: Place) -> tuple[Scalar, int]:
        value, end = _DECODER.raw_decode(self.text, at)
        if isinstance(value, int | float) and abs(value) > _MOST:
            message = "this number is beyond all counting"
            self.problems.append(Problem(place, self.code, message, "write it plainly"))
            return 0, end
        return value, end
