"""Stand-ins for a drawing library that note what a figure draws, without drawing it.

Whatever is asked of a stand-in, it answers with another one, so that a figure's own code runs to
its end in milliseconds. The texts it writes and the hatched boxes it makes are noted on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

HATCHES = {"////": "range", "xxxx": "derived"}
"""What the hatches of our own marks mean; see `imprint.charts.marks`."""
_TEXTS = {"text": 2, "annotate": 0, "set_title": 0, "suptitle": 0, "set_xlabel": 0,
          "set_ylabel": 0, "figtext": 2, "title": 0, "xlabel": 0, "ylabel": 0}  # fmt: skip
"""Calls that write a text, and its position among their arguments."""
_WORDS = ("s", "text", "label", "t", "xlabel", "ylabel")


@dataclass
class Drawing:
    """What a figure has drawn so far."""

    texts: list[str] = field(default_factory=list)
    boxes: list[tuple[str, float]] = field(default_factory=list)
    """Meaning and width of each hatched box; the width is in the unit of its axis."""
    doubtful: bool = False
    """A stand-in was asked for a value that only the library has."""

    def begin(self) -> None:
        """Forget what an earlier figure drew."""
        self.texts.clear()
        self.boxes.clear()
        self.doubtful = False

    def note(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Take down a call of the library."""
        if name in _TEXTS:
            position = _TEXTS[name]
            said = [*positional[position : position + 1], *map(named.get, _WORDS)]
            self.texts += [text for text in said if isinstance(text, str)]
        if named.get("hatch") not in HATCHES:
            return
        width = named.get("width", positional[1] if len(positional) > 1 else None)
        if name in ("Rectangle", "barh", "bar") and isinstance(width, (int, float)):
            self.boxes.append((HATCHES[named["hatch"]], float(width)))


class StandIn(ModuleType):
    """Whatever a drawing library offers: it can be named, called and indexed, and is empty."""

    def __init__(self, name: str, drawing: Drawing) -> None:
        super().__init__(name)
        self.__dict__["_drawing"] = drawing

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._another(name)

    def __setattr__(self, name: str, value: object) -> None:
        """What is set on it is forgotten."""

    def __call__(self, *positional: Any, **named: Any) -> Any:
        self._drawing.note(self.__name__, positional, named)
        if self.__name__ == "subplots":
            return self._another("figure"), self._panels(positional, named)
        return self._another("result")

    def _another(self, name: str) -> StandIn:
        return StandIn(name, self._drawing)

    def _panels(self, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        sizes = [*positional[:2], *[1] * (2 - len(positional))]
        down, across = named.get("nrows", sizes[0]), named.get("ncols", sizes[1])
        if max(down, across) == 1:
            return self._another("axes")
        if min(down, across) == 1:
            return [self._another("axes") for _ in range(max(down, across))]
        return [[self._another("axes") for _ in range(across)] for _ in range(down)]

    def __getitem__(self, _: object) -> StandIn:
        return self._another("item")

    def __setitem__(self, _: object, value: object) -> None:
        """What is put into it is forgotten."""

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave a block that the library would have ended."""

    def __iter__(self) -> Iterator[Any]:
        self._drawing.doubtful = True
        return iter(())

    def __len__(self) -> int:
        self._drawing.doubtful = True
        return 0

    def __bool__(self) -> bool:
        return True

    def __float__(self) -> float:
        self._drawing.doubtful = True
        return 0.0

    def _number(self, *_: object) -> StandIn:
        return self._another("number")

    def _compared(self, _: object) -> bool:
        self._drawing.doubtful = True
        return False

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _number
    __truediv__ = __rtruediv__ = __neg__ = __pow__ = __rpow__ = __matmul__ = _number
    __lt__ = __le__ = __gt__ = __ge__ = _compared
