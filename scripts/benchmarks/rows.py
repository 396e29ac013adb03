"""Works -> rows of data/statistics.csv and of data/examples.csv, as the report's own are made."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from prose import PEOPLE, TOPICS, Writer, capital
from works import Work

_FRACTIONS = {"a quarter": 25, "a third": 33.3333, "half": 50, "two-thirds": 66.6667}
_PLACES = (
    "Bath", "Bristol", "Cumbria", "Devon", "Dorset", "Durham", "Essex", "Kent", "Leeds", "London",
    "Norfolk", "Oxford", "Somerset", "Surrey", "York",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One statistic, with what a sentence needs to know of it."""

    cells: Mapping[str, str]
    kind: str
    """`share`, `count`, `length`, or `vague`, a share in words alone."""

    @property
    def id(self) -> str:
        """Its name in the data."""
        return self.cells["id"]

    @property
    def people(self) -> str:
        """Who was asked."""
        return self.cells["population"].partition(" who ")[0]


def make_rows(work: Work, count: int, theme: str, chance: Random) -> list[Row]:
    """What one survey reports: a count of those asked, and how many of them said what."""
    writer = Writer(chance)
    people = chance.choice(PEOPLE)
    rows = []
    for number in range(count):
        numbers = _asked(people, chance) if number == 0 else _answer(people, chance)
        kind, cells = numbers
        measure = f"whether {writer.clause()}"
        page = chance.randint(*work.pages)
        rows.append(
            Row(
                {
                    "id": f"{work.key.replace('_', '-')}-{_ordinal(number)}",
                    "source": work.key,
                    "survey": f"Survey by {work.name}",
                    "population": f"{people} who answered",
                    "measure": people if kind == "count" else measure,
                    "response": "" if kind in ("count", "length") else "agree",
                    **cells,
                    "locator": f"p. {page}",
                    "period": work.entry.partition("year = {")[2][:4],
                    "theme": theme,
                },
                kind,
            )
        )
    return rows


def _ordinal(number: int) -> str:
    """Topics in their order, then again with the round: ids tell what they are of."""
    again, which = divmod(number, len(TOPICS))
    return TOPICS[which] + (f"-{again + 1}" if again else "")


def _asked(people: str, chance: Random) -> tuple[str, dict[str, str]]:
    value = str(chance.randint(40, 4000))
    exact = {"unit": "count", "qualifier": "exact"}
    return "count", {**exact, "value": value, "as_reported": f"{value} {people}"}


def _answer(people: str, chance: Random) -> tuple[str, dict[str, str]]:
    draw = chance.random()
    if draw < 0.6:
        value = str(chance.randint(3, 97))
        cells = {"value": value, "qualifier": "exact", "as_reported": f"{value} per cent agreed"}
        return "share", {"unit": "percent", **cells}
    if draw < 0.8:
        name, value_ = chance.choice(list(_FRACTIONS.items()))
        bounds = {
            "low": f"{value_ - min(value_ / 10, 5):g}",
            "high": f"{value_:g}",
            "qualifier": "almost",
        }
        return "share", {
            "unit": "percent", "value": f"{value_:g}", **bounds,
            "as_reported": f"almost {name} of {people}",
        }  # fmt: skip
    if draw < 0.9:
        bounds = {"low": "50", "high": "100", "qualifier": "majority"}
        said = f"the majority of {people}"
        return "vague", {"unit": "percent", **bounds, "as_reported": said}
    value = str(chance.randint(2, 30))
    cells = {"value": value, "qualifier": "exact", "as_reported": f"it took {value} months"}
    return "length", {"unit": "months", **cells}


def make_examples(works: Sequence[Work], theme: str, chance: Random) -> list[dict[str, str]]:
    """A few examples of practice for one chapter's table."""
    writer = Writer(chance)
    rows = []
    for number in range(chance.randint(3, 6)):
        work = chance.choice(works)
        rows.append(
            {
                "id": f"{theme}-{TOPICS[number]}",
                "place": chance.choice(_PLACES),
                "theme": theme,
                "practice": capital(writer.clause()),
                "source": work.key,
                "locator": f"p. {chance.randint(*work.pages)}",
            }
        )
    return rows


def write_data(
    folder: Path, described: Path, rows: Sequence[Row], examples: Sequence[Mapping[str, str]]
) -> None:
    """Write both tables and their description, taken from the one that the report has."""
    package = json.loads(described.read_text(encoding="utf-8"))
    known = {resource["name"]: resource for resource in package["resources"]}
    statistics, practice = known["statistics"], known["practice_examples"]
    for resource in (statistics, practice):
        _free(resource)
    practice |= {"name": "examples", "path": "examples.csv"}
    fields = practice["schema"]["fields"]
    practice["schema"]["fields"] = [f for f in fields if f["name"] != "organisation"]
    package |= {"name": "synthetic-report", "resources": [statistics, practice]}
    package.pop("sources", None)
    folder.mkdir()
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    _write(folder / "statistics.csv", statistics, [row.cells for row in rows])
    _write(folder / "examples.csv", practice, examples)


def _free(resource: dict[str, Any]) -> None:
    """Any theme may stand in a table, as the chapters are other ones, and other tables lack."""
    resource["schema"].pop("foreignKeys", None)
    for field in resource["schema"]["fields"]:
        if field["name"] == "theme":
            field["constraints"].pop("enum", None)
            field["constraints"].pop("pattern", None)


def _write(path: Path, resource: dict[str, Any], rows: Sequence[Mapping[str, str]]) -> None:
    columns = [field["name"] for field in resource["schema"]["fields"]]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
