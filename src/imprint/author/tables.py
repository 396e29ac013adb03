"""The cells of a table of data as Markdown."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from imprint.author import dependencies
from imprint.author.lookups import data_rows, project_root
from imprint.core.escaping import Align, Markdown, escape, locator
from imprint.read.data.tables import citing_columns

Where = Mapping[str, object] | Callable[[Mapping[str, Any]], bool]


_KEY = re.compile(r"[A-Za-z0-9_]+(?:[:.+-][A-Za-z0-9_]+)*", re.ASCII)


def rows_of(source: Any) -> tuple[list[Mapping[str, Any]], frozenset[str]]:
    """Rows and, for a table of data/, the columns that hold BibTeX keys."""
    if isinstance(source, str):
        rows = list(data_rows(source))
        with dependencies.unseen():
            citing = citing_columns(project_root(), source)
        dependencies.note("citing", source, sorted(citing))
        return list(rows), citing
    if hasattr(source, "to_dict") and hasattr(source, "notna"):
        frame = source.astype(object)
        return frame.where(source.notna(), None).to_dict("records"), frozenset()
    return list(source), frozenset()


def with_values(row: Mapping[str, Any], values: dict[str, Any]) -> Mapping[str, Any]:
    """The row with other values; its own cells are read only when asked for."""
    return ChainMap(values, cast("dict[str, Any]", row))


def keeps(where: Where | None, row: Mapping[str, Any]) -> bool:
    if where is None:
        return True
    if callable(where):
        return bool(where(row))
    return all(
        row.get(column) in wanted
        if isinstance(wanted, Collection) and not isinstance(wanted, str)
        else row.get(column) == wanted
        for column, wanted in where.items()
    )


def alignment(column: str, rows: Sequence[Mapping[str, Any]]) -> Align:
    values = [row[column] for row in rows if row.get(column) is not None]
    numbers = all(isinstance(it, (int, float)) and not isinstance(it, bool) for it in values)
    return "right" if values and numbers else "left"


def cell_text(row: Mapping[str, Any], column: str, cites: bool, shown: Collection[str]) -> str:
    value = row.get(column)
    if value is None or value != value:
        return ""
    if isinstance(value, Markdown):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        number = f"{round(value, 2):,}" if abs(value) >= 10_000 else f"{round(value, 2)}"
        return number.removesuffix(".0")
    text = str(value)
    keys = text.split("; ")
    if cites and all(_KEY.fullmatch(key) for key in keys):
        where = locator(str(row.get("locator") or "")) if "locator" not in shown else ""
        return "[" + "; ".join(f"@{key}" for key in keys) + (f", {where}]" if where else "]")
    return escape(text)
