"""figures/drawn/NAME.json: what a figure drew and said when it was drawn, for those who check it.

It is written beside the image and kept with the results of the chapter that shows it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from imprint.core import digests
from imprint.core.files import DRAWN
from imprint.core.model import Statistic
from imprint.core.problems import Place
from imprint.read.schema import load_schema, read_back

VERSION = 2
"""Of the form of records."""

_SCHEMA = Path(__file__).with_name("figure.schema.json")

Role = Literal["title", "axis label", "tick label", "annotation", "text", "legend", "table", "told"]


@dataclass(frozen=True)
class DrawnText:
    """A text in the drawing."""

    role: Role
    text: str
    line: int
    """Of the module's code that made it; 0 where the drawing library did so later, as for ticks."""


@dataclass(frozen=True)
class DrawnBox:
    """A hatched shape."""

    hatch: str
    width: float
    """In the unit of its axis, as is its height."""
    height: float
    line: int
    is_round: bool = False
    """A dot, which names a value and does not measure it."""


@dataclass(frozen=True)
class FigureRecord:
    """What a figure drew and said."""

    name: str
    module: str
    """Digest of the module as it was."""
    rows: tuple[Mapping[str, Any], ...]
    caption: str
    """Its title before it, where it has one."""
    alt: str
    texts: tuple[DrawnText, ...]
    boxes: tuple[DrawnBox, ...]
    statistics: Mapping[str, Mapping[str, Any]]
    """Every row of data/statistics.csv that it looked up, by id: `value`, `low`, `high`, `unit`."""
    tables: tuple[str, ...]
    """Every other table that it read."""
    lines: Mapping[str, int]
    """Line on which each of its functions begins."""

    @property
    def file(self) -> str:
        """Its module."""
        return f"figures/{self.name}.py"

    def place(self, function: str) -> Place:
        """Where one of its functions stands."""
        return Place(self.file, self.lines.get(function, 1))


def record_text(record: FigureRecord) -> str:
    """A record as JSON; the same drawing gives the same text."""
    told = {"version": VERSION, **asdict(record)}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_record(root: Path, name: str) -> FigureRecord | None:
    """The record of a figure; None where it has not been drawn since its module changed."""
    try:
        text = (root / DRAWN / f"{name}.json").read_text(encoding="utf-8")
        record = _parsed(text)
    except (OSError, ValueError):
        return None
    is_now = record.module == digests.file_digest(root / record.file)
    return record if record.name == name and is_now else None


# Several rules look at the same figures, and a trace at a report and its changed copy.
@lru_cache(maxsize=512)
def _parsed(text: str) -> FigureRecord:
    """Raises ValueError where the text is no record of this form."""
    told = read_back(text, load_schema(_SCHEMA))
    del told["version"]
    listed = {name: tuple(told[name]) for name in ("rows", "tables")}
    texts = tuple(DrawnText(**it) for it in told["texts"])
    boxes = tuple(DrawnBox(**it) for it in told["boxes"])
    return FigureRecord(**{**told, **listed, "texts": texts, "boxes": boxes})


def plain_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Rows with values that JSON can hold."""
    return tuple({str(key): _plain(value) for key, value in row.items()} for row in rows)


def amounts_of(statistic: Statistic) -> Mapping[str, Any]:
    """What a record keeps of a row of data/statistics.csv."""
    return {name: getattr(statistic, name) for name in ("value", "low", "high", "unit")}


def _plain(value: Any) -> Any:
    if hasattr(value, "item") and not isinstance(value, (str, int, float)):
        value = value.item()  # a scalar of numpy
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
