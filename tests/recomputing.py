"""Numbers and claims worked out again from what `provenance.json` holds, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imprint.author.claims import why_not
from imprint.author.wording import words
from imprint.check.rules.numbers.derivations import Extent, work_out
from imprint.read.data.formulas import parse_formula
from imprint.read.data.tables import to_statistic


def bears_out(use: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Recompute a printed number, or judge a printed claim, from the content of the file alone."""
    statistics = [to_statistic(record["rows"][named["row"]]) for named in use["statistics"]]
    if use["kind"] == "claim":
        return not why_not(use["words"], *statistics)
    return [words(statistic, use["form"]) for statistic in statistics] == [use["words"]]


def rows_bear_out(figure: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Recompute the wordings in the rows of a figure from the content of the file alone."""
    named = {found["id"]: found["row"] for found in figure["statistics"]}
    return all(
        row["wording"] == words(to_statistic(record["rows"][named[row["id"]]]))
        for row in figure["rows"]
        if row.get("id") in named and row.get("wording")
    )


@dataclass(frozen=True)
class RecordedTable:
    """A table as the file keeps it, for formulas that count its rows."""

    rows: Sequence[Mapping[str, Any]]

    @property
    def columns(self) -> Sequence[str]:
        return list(self.rows[0]) if self.rows else []


def derived_again(row: str, record: Mapping[str, Any]) -> Extent:
    """Work a derived row out from what the file says it is derived from."""
    named = record["derivations"][row]
    statistics = {id: to_statistic(record["rows"][it]) for id, it in named["rows"].items()}
    tables = {id: RecordedTable(record["tables"][it]["rows"]) for id, it in named["tables"].items()}
    return work_out(parse_formula(record["rows"][row]["derived"]), statistics, tables)  # type: ignore[arg-type]
