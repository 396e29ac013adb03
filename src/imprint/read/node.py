"""A value of YAML or JSON that knows its place, whatever it was read from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from imprint.core.problems import Place

NOWHERE = Place("")
Scalar = None | bool | int | float | str


@dataclass(frozen=True)
class Node:
    """One value of a text."""

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    place: Place
    """Where the value begins."""
    key: Place
    """Where its key begins; for a list's item or a whole text the same as `place`."""

    @property
    def map(self) -> Mapping[str, Node]:
        """Its entries by key; empty for anything but a map."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """Its items; a single value counts as a list of one, as Quarto takes it; null as none."""
        if self.value is None:
            return ()
        return self.value if isinstance(self.value, tuple) else (self,)

    def at(self, *path: str) -> Node | None:
        """The value under these keys, or None."""
        node: Node | None = self
        for key in path:
            node = node.map.get(key) if node else None
        return node

    def map_at(self, *path: str) -> Mapping[str, Node]:
        """The entries of the map under these keys; empty where there is none."""
        node = self.at(*path)
        return node.map if node else {}

    def items_at(self, *path: str) -> tuple[Node, ...]:
        """The items of the list, or the one value, under these keys; none without."""
        node = self.at(*path)
        return node.items if node else ()

    def text(self, *path: str) -> str:
        """The text under these keys; empty where there is none or it is a list or map."""
        node = self.at(*path)
        value = node.value if node else None
        return "" if value is None or isinstance(value, Mapping | tuple) else str(value)

    def plain(self) -> Any:
        """The same value as plain dicts, lists and scalars."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def without(self, places: Collection[Place]) -> Node:
        """The same value less all values that begin at these places."""
        if isinstance(self.value, Mapping):
            kept = {k: n.without(places) for k, n in self.value.items() if n.place not in places}
            return Node(kept, self.place, self.key)
        if isinstance(self.value, tuple):
            items = tuple(it.without(places) for it in self.value if it.place not in places)
            return Node(items, self.place, self.key)
        return self


def node_of(value: Any, place: Place = NOWHERE) -> Node:
    """Plain dicts, lists and scalars as such a value, all of it at one place."""
    if isinstance(value, Mapping):
        inner: Any = {str(key): node_of(it, place) for key, it in value.items()}
    elif isinstance(value, list):
        inner = tuple(node_of(it, place) for it in value)
    else:
        inner = value
    return Node(inner, place, place)
