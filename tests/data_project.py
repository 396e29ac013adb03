"""A tiny project with data, written into a temporary folder for the tests of the data side."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

COLUMNS = [
    "id", "source", "survey", "population", "measure", "response", "value", "low", "high", "unit",
    "qualifier", "as_reported", "locator", "period", "theme", "note",
    "editor_note", "derived",
]  # fmt: skip

ROWS: list[dict[str, str]] = [
    {"id": "time-to-work", "value": "64", "as_reported": "64 per cent disagree"},
    {"id": "budget", "value": "33.3333", "as_reported": "only a third of trusts"},
    {
        "id": "recording", "value": "33.3333", "low": "30", "high": "33.3333",
        "qualifier": "almost", "as_reported": "almost a third",
    },
    {"id": "appraisal", "low": "50", "high": "100", "qualifier": "majority"},
    {"id": "investment", "value": "2500000", "unit": "gbp", "as_reported": "£2.5 million"},
    {"id": "rest", "value": "36", "derived": "100 - time-to-work"},
]  # fmt: skip

_DEFAULTS = {"source": "ofsted_2010", "unit": "percent", "qualifier": "exact"}


def csv_text(rows: list[dict[str, str]] = ROWS) -> str:
    """The statistics table with these rows, cells as given."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_DEFAULTS | row for row in rows)
    return text.getvalue()


def package(*tables: dict[str, Any]) -> dict[str, Any]:
    """A data package of the statistics table and further resources."""
    fields: list[dict[str, Any]] = [{"name": name, "type": "string"} for name in COLUMNS]
    for field in fields:
        if field["name"] in ("value", "low", "high"):
            field["type"] = "number"
        if field["name"] == "source":
            field["imprint:references"] = True
            field["constraints"] = {"required": True}
    statistics = {
        "name": "statistics",
        "path": "statistics.csv",
        "schema": {"fields": fields, "primaryKey": ["id"]},
    }
    return {"name": "tiny", "resources": [statistics, *tables]}


def resource(name: str, *fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    """A further table NAME.csv with these fields."""
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": list(fields), **schema}}


def write_project(
    root: Path, files: dict[str, str | bytes] | None = None, *tables: dict[str, Any]
) -> Path:
    """Write a sound project to `root`, then the given files over it; returns `root`."""
    contents: dict[str, str | bytes] = {
        "_quarto.yml": "project: {type: default}\n",
        "data/datapackage.json": json.dumps(package(*tables), indent=1),
        "data/statistics.csv": csv_text(),
        **(files or {}),
    }
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root
