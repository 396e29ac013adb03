"""The data dictionary says what the data package says, and is up to date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imprint.core.problems import ReportError
from imprint.write.dictionary import data_dictionary

ROOT = Path(__file__).resolve().parents[1]


def described(tmp_path: Path, *fields: dict[str, Any], **schema: Any) -> str:
    """The dictionary of one table with these fields."""
    resource = {
        "name": "events", "title": "Events", "path": "events.csv",
        "description": "What happened. When it did.",
        "schema": {"fields": list(fields), **schema},
    }  # fmt: skip
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    return data_dictionary(tmp_path)


def test_table_has_its_title_file_key_and_one_sentence_per_line(tmp_path: Path) -> None:
    text = described(tmp_path, {"name": "id"}, primaryKey="id")
    assert "## Events\n\nFile: `data/events.csv`; a row is known by its `id`.\n" in text
    assert "\nWhat happened.\nWhen it did.\n" in text


def test_column_has_type_unit_meaning_constraints_and_target(tmp_path: Path) -> None:
    text = described(
        tmp_path,
        {
            "name": "cost", "type": "number", "unit": "gbp", "description": "What it cost.",
            "constraints": {"required": True, "minimum": 0, "maximum": 9},
        },
        {
            "name": "kind", "imprint:references": "references.bib",
            "constraints": {"unique": True, "enum": ["a", "b"], "pattern": "a|b"},
        },
        foreignKeys=[{"fields": "kind", "reference": {"resource": "", "fields": "cost"}}],
    )  # fmt: skip
    assert "| `cost` | number | gbp | What it cost. | filled; 0 or more; 9 or less |  |" in text
    assert (
        "| `kind` | string |  |  | unique; one of `a`, `b`; of the form `a\\|b` "
        "| `cost` of `events`; entries of `references.bib` |"
    ) in text


def test_broken_data_package_is_reported_as_its_problems(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="not 'nmber'"):
        described(tmp_path, {"name": "cost", "type": "nmber"})
