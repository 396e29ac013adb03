"""JSON text -> a tree of values that know their place, or problems with file, line and column."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NoReturn

from imprint.core.problems import Place, Problem, problem
from imprint.read.limits import DEEPEST
from imprint.read.node import Node, Scalar

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')
_MOST = 1e308


def read_json(text: str, file: str, code: str) -> tuple[Node | None, list[Problem]]:
    """Read a JSON text, or say with the rule `code` why that cannot be.

    What JSON leaves open is refused: a key that stands twice, `NaN`, a number beyond all counting.
    """
    try:
        json.loads(text, parse_constant=_refuse)
        reader = _PlaceReader(text, file, code)
        node = reader.value(next(reader.tokens))
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
        self.file, self.code = file, code
        self.tokens = _TOKEN.finditer(text)
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.problems: list[Problem] = []

    def place(self, token: re.Match[str]) -> Place:
        line = bisect_right(self.starts, token.start())
        return Place(self.file, line, token.start() - self.starts[line - 1] + 1)

    def value(self, token: re.Match[str], depth: int = 0, key: Place | None = None) -> Node:
        """The value that begins with a token."""
        if depth > DEEPEST:
            raise RecursionError
        place = self.place(token)
        if token[0] == "{":
            return Node(self.entries(depth + 1), place, key or place)
        if token[0] == "[":
            items = tuple(self.value(item, depth + 1) for item in self.until("]"))
            return Node(items, place, key or place)
        return Node(self.scalar(json.loads(token[0]), place), place, key or place)

    def until(self, end: str) -> Iterator[re.Match[str]]:
        """What begins each key and value, up to the end of the list or map."""
        for token in self.tokens:
            if token[0] == end:
                return
            if token[0] not in (",", ":"):
                yield token

    def entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        inner = self.until("}")
        for token in inner:
            name, key = json.loads(token[0]), self.place(token)
            node = self.value(next(inner), depth, key)
            if name in entries:
                message = f"key '{name}' stands twice, first on line {entries[name].key.line}"
                self.problems.append(Problem(key, self.code, message, "keep one of the two"))
            entries.setdefault(name, node)
        return entries

    def scalar(self, value: Scalar, place: Place) -> Scalar:
        if isinstance(value, int | float) and abs(value) > _MOST:
            message = "this number is beyond all counting"
            self.problems.append(Problem(place, self.code, message, "write it plainly"))
            return 0
        return value
