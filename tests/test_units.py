"""Units that a report declares: how amounts print, how they are read in prose, what is reported."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from data_project import csv_text, write_project
from imprint.check.prose.measures import measured_amounts
from imprint.core.problems import Problem
from imprint.core.settings import Words
from imprint.core.units import KNOWN, amount, amounts_between, bare_figures, declaration, unit_of
from imprint.read.data.constraints import check_data
from imprint.read.data.tables import read_statistics
from imprint.read.project.settings import settings_problems
from imprint.read.project.yaml_source import located, read_yaml

DECLARED: Mapping[str, Mapping[str, Any]] = yaml.safe_load("""
km: {symbol: km, singular: kilometre, plural: kilometres, minimum: 0}
tonnes: {singular: tonne CO2e, plural: tonnes CO2e, scale: [million]}
per_head: {symbol: £, position: before, singular: pound, plural: pounds, after: per head}
points: {singular: index point, plural: index points}
rate: {after: "per 1,000 people"}
degrees: {symbol: °C, join: none, singular: degree Celsius, plural: degrees Celsius}
core: {symbol: bit, join: hyphen, singular: bit, plural: bits}
exact: {symbol: mm, singular: millimetre, plural: millimetres, decimals: 2}
usd: {symbol: $, position: before, singular: dollar, plural: dollars, scale: [million, billion]}
mwh: {symbol: MWh, singular: megawatt-hour, plural: megawatt-hours}
""")
UNITS = {name: unit_of(declared) for name, declared in DECLARED.items()}


@pytest.mark.parametrize(
    ("unit", "number", "running", "spelt"),
    [
        ("km", 12.4, "12.4~km", "twelve point four kilometres"),
        ("km", 1, "1~km", "one kilometre"),
        ("km", 0.5, "0.5~km", "half a kilometre"),
        ("tonnes", 3, "three tonnes CO2e", "three tonnes CO2e"),
        ("tonnes", 1_200_000, "1.2~million tonnes CO2e", "one point two million tonnes CO2e"),
        ("per_head", 12.35, "£12.35 per head", "twelve point three five pounds per head"),
        ("per_head", 12.5, "£12.50 per head", "twelve and a half pounds per head"),
        ("per_head", 1, "£1 per head", "one pound per head"),
        ("points", 0.5, "half an index point", "half an index point"),
        ("points", -3, "minus three index points", "minus three index points"),
        ("points", 104.2, "104.2~index points", "one hundred and four point two index points"),
        ("rate", 4.3, "4.3 per 1,000 people", "four point three per thousand people"),
        ("rate", 7, "7 per 1,000 people", "seven per thousand people"),
        ("rate", 0.5, "0.5 per 1,000 people", "zero point five per thousand people"),
        ("degrees", 21, "21°C", "twenty-one degrees Celsius"),
        ("core", 64, "64-bit", "sixty-four bits"),
        ("exact", 12.35, "12.35~mm", "twelve point three five millimetres"),
        ("exact", 12.345, "12.35~mm", "twelve point three five millimetres"),
        ("usd", 999_999_999, "$1~billion", "one billion dollars"),
        ("usd", -2_500_000, "minus $2.5~million", "minus two and a half million dollars"),
    ],
)
def test_amounts_print_as_the_report_declares(
    unit: str, number: float, running: str, spelt: str
) -> None:
    """Figures, words, symbols and their order follow the declaration; words have no digits."""
    assert amount(UNITS[unit], number) == running.replace("~", "\u00a0")
    assert amount(UNITS[unit], number, spelt=True) == spelt


@pytest.mark.parametrize(
    ("unit", "ends", "running"),
    [
        ("km", (3, 12.5), "3 to 12.5~km"),
        ("usd", (2_500_000, 3_000_000), "$2.5~million to $3~million"),
        ("tonnes", (1_200_000, 1_500_000), "1.2~million to 1.5~million tonnes CO2e"),
        ("points", (-3, -1), "minus three to minus one index points"),
    ],
)
def test_a_range_names_its_unit_once(unit: str, ends: tuple[float, float], running: str) -> None:
    """A symbol before the number stands at both ends, everything else after the second."""
    assert amounts_between(UNITS[unit], *ends) == running.replace("~", "\u00a0")


@pytest.mark.parametrize("name", [*UNITS, *KNOWN])
@pytest.mark.parametrize("number", [-8.2, 0.004, 0.5, 0.75, 1, 1.5, 2, 10, 11, 1234.5, 3.2e9])
def test_no_amount_is_odd(name: str, number: float) -> None:
    """Nothing is rounded to nought, no half stands before a plural, words have no digit."""
    unit = UNITS.get(name) or KNOWN[name]
    running, spelt = amount(unit, number), amount(unit, number, spelt=True)
    assert not re.match(r"(?:\D*0(?:\.0+)?)(?![.\d])", running)
    assert bare_figures(unit, number) != "0"
    assert not re.search(r"\d|(?<!and )\ba half \w+s\b", spelt.replace("CO2e", ""))
    assert unit_of(declaration(unit)) == unit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a route of 12.4 km", "12.4 km: 12.4 km"),
        ("a 12.4-km route", "12.4-km: 12.4 km"),
        ("twelve kilometres on", "twelve kilometres: 12 km"),
        ("spent £12.35 per head", "£12.35 per head: 12.35 per_head"),
        ("spent £12.35 a day", "£12.35: 12.35 gbp"),
        ("saved 1.2 million tonnes CO2e", "1.2 million tonnes CO2e: 1.2e+06 tonnes"),
        ("at 4.3 per 1,000 people", "4.3 per 1,000 people: 4.3 rate"),
        ("used 20MWh", "20MWh: 20 mwh"),
        ("worth $3.2 billion", "$3.2 billion: 3.2e+09 usd"),
        ("a walk of half an hour", "half an hour: 0.5 hours"),
        ("three-quarters of an hour's walk", "three-quarters of an hour: 0.75 hours"),
        ("half a kilometre on", "half a kilometre: 0.5 km"),
        ("half a day per week", "half a day per week: 0.5 days_per_week"),
        ("half of all days", "half: 50 percent"),
        ("just one tonne CO2e", "one tonne CO2e: 1 tonnes"),
        ("a change of minus 8.2 per cent", "minus 8.2 per cent: -8.2 percent"),
        ("a change of −3 index points", "−3 index points: -3 points"),
        ("one by one, in NG12 4AB and on the B2MWh, 2010", ""),
    ],
)
def test_amounts_are_read_with_their_units(text: str, found: str) -> None:
    """What an author types in a declared unit is an amount, with unit and sign."""
    read = measured_amounts(text, tuple(sorted(UNITS.items())), Words())
    assert "; ".join(f"{one.text}: {one.values[0]:g} {one.unit}" for one in read) == found


PROJECT = """\
project: {type: default}
imprint:
  units:
    km: {symbol: km, singular: kilometre, plural: kilometres}
    league: {singular: league}
"""


def told_of(root: Path, unit: str) -> list[str]:
    rows = [{"id": "way", "value": "12.4", "unit": unit, "as_reported": "12.4 of them"}]
    write_project(root, {"_quarto.yml": PROJECT, "data/statistics.csv": csv_text(rows)})
    return [str(found) for found in check_data(root, {"ofsted_2010"})]


def test_a_unit_that_is_declared_nowhere_is_reported_at_its_row(tmp_path: Path) -> None:
    """The nearest of all units is offered, a known or a declared one."""
    (found,) = told_of(tmp_path, "kmz")
    assert found == (
        "data/statistics.csv:2: nothing says how the unit 'kmz' prints [unit-is-declared]\n"
        "  fix: did you mean 'km'? or else declare it under `imprint: units:` in _quarto.yml"
    )
    assert "'weeks'" in told_of(tmp_path, "wekes")[0]


def test_declared_units_are_known_to_rows(tmp_path: Path) -> None:
    """A row in a declared unit carries it; one whose declaration is wrong is not reported twice."""
    assert told_of(tmp_path, "km") == told_of(tmp_path, "league") == []
    assert told_of(tmp_path, "km") == []
    unit = read_statistics(tmp_path)["way"].declared_unit
    assert unit is not None
    assert amount(unit, 12.4) == "12.4\u00a0km"


@pytest.mark.parametrize(
    ("declared", "place", "says", "fix"),
    [
        ("km: {singular: kilometre}", ":4:10", "no plural", "give `plural:`"),
        ("km: {plural: kilometres}", ":4:10", "no singular", "give `singular:`"),
        ("km: {symbol: km}", ":4:10", "no plural, only a symbol", "`singular:` and `plural:`"),
        ("km: {decimals: 1}", ":4:5", "does not say how it prints", "`after:` the number"),
        ("Km: {after: km}", ":4:5", "no name of a unit", "small letters"),
        (
            "km: {symbol: k1, singular: k, plural: k}",
            ":4:18",
            "wants a symbol without digits",
            "without digits",
        ),
        ("km: {after: km, minimum: 2, maximum: 1}", ":4:33", "allow none", "turn them round"),
        ("km: {after: km, scale: [milion]}", ":4:29", "'milion'", "did you mean 'million'"),
        ("km: {after: km, simbol: k}", ":4:21", "no setting `simbol`", "did you mean 'symbol'?"),
        ("km: {after: km, decimals: 1.5}", ":4:31", "whole number", "whole number"),
    ],
)
def test_a_wrong_declaration_is_reported_at_its_line(
    declared: str, place: str, says: str, fix: str
) -> None:
    """A unit without plural and its like are reported in `_quarto.yml`, before any row prints."""
    text = f"project: {{type: default}}\nimprint:\n  units:\n    {declared}\n"
    (found,) = settings_problems(read_yaml(text, located("_quarto.yml"))[0])
    assert isinstance(found, Problem)
    assert str(found.place) == f"_quarto.yml{place}"
    assert says in found.message
    assert fix in found.fix
