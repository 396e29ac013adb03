"""Lines of text that branch: printed as a tree, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imprint.core.problems import Place


@dataclass(frozen=True)
class Branch:
    """One line and what hangs on it."""

    text: str
    place: Place | None = None
    children: tuple[Branch, ...] = ()


def tree_lines(branch: Branch) -> Iterator[str]:
    """The tree in plain text."""
    yield _line(branch)
    yield from _below(branch, "")


def as_data(branch: Branch) -> dict[str, Any]:
    """The same as dicts and lists: `text`, `place` and `children`, where there are any."""
    data: dict[str, Any] = {"text": branch.text}
    if branch.place:
        place = branch.place
        data["place"] = {"file": place.file, "line": place.line, "column": place.column}
    if branch.children:
        data["children"] = [as_data(child) for child in branch.children]
    return data


def _below(branch: Branch, indent: str) -> Iterator[str]:
    for number, child in enumerate(branch.children, start=1):
        is_last = number == len(branch.children)
        yield f"{indent}{'└─ ' if is_last else '├─ '}{_line(child)}"
        yield from _below(child, indent + ("   " if is_last else "│  "))


def _line(branch: Branch) -> str:
    parts = [str(branch.place)] if branch.place else []
    return "  ".join([*parts, branch.text] if branch.text else parts)
