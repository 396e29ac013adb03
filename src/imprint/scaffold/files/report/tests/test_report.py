"""What must be true of this report beyond what `scripts/check` holds of every report."""

import csv
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def rows(table):
    """The rows of a table of data."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(id):
    """The value of a statistic."""
    return next(float(row["value"]) for row in rows("statistics") if row["id"] == id)


def test_a_kilometre_of_lane_costs_what_such_lanes_cost():
    """A figure typed with a nought too many or too few would fall out of this range."""
    assert 50_000 < value("network-cost") / value("network-length") < 500_000


def test_no_lane_is_younger_than_the_report_on_them():
    """The council's report of 2025 cannot name a lane that was opened later."""
    assert max(int(row["opened"]) for row in rows("lanes")) <= 2025
