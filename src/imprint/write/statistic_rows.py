"""Rows of statistics as provenance gives them: for readers, with what their units print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from imprint.core import digests
from imprint.core.settings import Style
from imprint.core.units import declaration, in_style, unit_of
from imprint.read.data.tables import read_rows
from imprint.read.report import Report

Record = dict[str, Any]
"""An object of the JSON file."""


def statistic_rows(report: Report) -> dict[str, Record]:
    """The rows of data/statistics.csv by id, for readers, and how its unit prints where the report
    declares it; whole numbers without a fraction."""
    found: dict[str, Record] = {}
    for row in read_rows(report.project.root, "statistics"):
        id = str(row["id"])
        found[id] = {column: plain_value(value) for column, value in row.items()}
        statistic = (report.statistics or {}).get(id)
        if statistic and statistic.declared_unit:
            found[id]["declared_unit"] = declaration(statistic.declared_unit)
    return found


def row_in_style(row: Record, style: Style) -> Record:
    """A row, declaring its unit where a publication of this style prints it in words of its own."""
    declared = row.get("declared_unit")
    unit = in_style(str(row.get("unit")), unit_of(declared) if declared else None, style)
    plain = {name: value for name, value in row.items() if name != "declared_unit"}
    return plain | ({"declared_unit": declaration(unit)} if unit else {})


class Rows:
    """Rows of statistics by id, as a style prints them, each digested once."""

    def __init__(self, by_id: Mapping[str, Record], style: Style) -> None:
        self.by_id = {id: row_in_style(row, style) for id, row in by_id.items()}
        self.digests = {id: digest(row) for id, row in self.by_id.items()}


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row: of its columns as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digests.bytes_digest(text.encode("utf-8"))


def plain_value(value: object) -> Any:
    """A cell as JSON has it; whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, int | float) else str(value)
