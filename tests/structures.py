"""Values of JSON and YAML, damaged in shape: another type, another key, deeper, elsewhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

Path = tuple[str | int, ...]

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, -99, 3.5, 10**400, float("inf"), float("nan"), "", "zero", "a.b",
    "2010-01-01", "../../x", "*a* [x](y)", "<b>", "`{python} 1`", "\u202e\ue000\0", "x" * 5_000, [],
    {}, [[]], [None], {"a": 1}, {"": None}, ["a", 1], [{"a": [{"b": {}}]}],
)  # fmt: skip
"""What an author, a program or a slip may put where something else belongs."""
KEYS = ("name", "type", "path", "fields", "title", "format", "file", "text", "source", "x")
DEEP = (20, 120, 200)
"""Levels below each other, of which three fit into what Python copies and writes."""


def damaged(random: Random, value: Any) -> Any:
    """A copy with one to three kinds of damage."""
    value = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = [place for place in _places(value) if place]
        if places:
            _damage(random, value, random.choice(places), places)
    return value


def written(value: Any) -> str:
    """The value as JSON, which is YAML too."""
    return json.dumps(value, indent=1, ensure_ascii=False)


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _damage(random: Random, whole: Any, place: Path, places: list[Path]) -> None:
    *above, last = place
    around, value = _at(whole, tuple(above)), _at(whole, place)
    how = random.choice(("odd", "odd", "odd", "drop", "rename", "wrap", "swap", "deep", "more"))
    if how == "odd":
        around[last] = copy.deepcopy(random.choice(ODD))
    elif how == "drop":
        del around[last]
    elif how == "rename" and isinstance(around, dict):
        name = str(last)
        renamed = random.choice((name[:-1], f"{name}s", name.upper(), name[1:] + name[:1], ""))
        around[renamed] = around.pop(last)
    elif how == "wrap":
        around[last] = random.choice(([value], {"a": value}, [value, value]))
    elif how == "swap":
        around[last] = copy.deepcopy(_at(whole, random.choice(places)))
    elif how == "deep":
        for level in range(random.choice(DEEP)):
            value = [value] if level % 2 else {"a": value}
        around[last] = value
    elif how == "more" and isinstance(value, dict):
        value[random.choice(KEYS)] = copy.deepcopy(random.choice(ODD))
    elif how == "more" and isinstance(value, list):
        value.append(copy.deepcopy(random.choice(ODD)))
