"""The editions for places: the table names each place that the report has examples of."""

from __future__ import annotations

import csv
from pathlib import Path

from imprint.editions.table import read_editions
from imprint.read.parameters import parameters
from imprint.read.single_file import read_single_file

ROOT = Path(__file__).parents[2]


def test_each_place_has_an_edition() -> None:
    """No other, and the page knows the parameter that the table gives."""
    single, problems = read_single_file(ROOT / "editions/place.qmd")
    assert [str(found) for found in problems if found.severity == "error"] == []
    table = ROOT / "editions/places.csv"
    editions = read_editions(table, "{place}", parameters(single.report), "editions/places.csv")
    with (ROOT / "data/practice_examples.csv").open(encoding="utf-8", newline="") as file:
        places = {row["place"] for row in csv.DictReader(file)}
    assert {edition.values["place"] for edition in editions} == places
