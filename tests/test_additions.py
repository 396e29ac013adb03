"""A report grows and shrinks as docs/authoring.md says, without a problem on the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from reports import ROOT, ReportFolder, problems_of, tree
from thorough import cases

RIDING = "chapters/riding.qmd"
ROW = (
    "survey-helmets,hall_2024,Milford travel survey,residents of Milford who ride to work,"
    "use of helmets,always,75,,,percent,exact,75 per cent,p. 7,2024,riding,,,\n"
)
WORK = """
@book{price_2021,
  author = {Price, Ann},
  title = {{Bells}},
  address = {Leeds},
  publisher = {Example Press},
  year = {2021}
}
"""
BOX = """
@box-bell tells more.

::: {#box-bell}
A bell was rung [@okafor_2023].

A bell
:::
"""
TABLE = """
@tbl-streets names the streets [@milford_2025].

```{python}
table("lanes", columns={"street": "Street"}, caption="Streets", label="tbl-streets")
```
"""
FIGURE = """
@fig-other-reasons shows it again.

```{python}
figure("other_reasons")
```
"""
CHAPTER = """# Housing {#sec-housing}

```{python}
from imprint import stat, claim, figure, table
```

Homes need sheds [@okafor_2023].
"""
FINDING = """
**Parking.**
Next comes the lack of a safe place for a bicycle at work, with
`{python} stat("survey-parking")` [@hall_2024, p. 6].
"""


@pytest.fixture
def copied(begun: ReportFolder, tmp_path: Path) -> ReportFolder:
    """A copy of the new report to write in."""
    unneeded = shutil.ignore_patterns("_output", ".imprint", "drawn", "vendor")
    shutil.copytree(begun.folder, tmp_path / "cycling", ignore=unneeded)
    return ReportFolder(tmp_path / "cycling")


def append(report: ReportFolder, path: str, text: str) -> None:
    """Write something at the end of a file."""
    report.write(path, (report.folder / path).read_text("utf-8") + text)


def add_statistic(report: ReportFolder) -> None:
    """A row, printed where a sentence begins."""
    append(report, "data/statistics.csv", ROW)
    printed = '`{python} stat("survey-helmets", "sentence")` of those who ride always wear a helmet'
    append(report, RIDING, f"\n{printed} [@hall_2024, p. 7].\n")


def add_unit(report: ReportFolder) -> None:
    """A unit of the report's own, and a row in it."""
    declared = "    trips_per_head: { singular: trip, plural: trips, after: per head }\n"
    report.edit("_quarto.yml", "  units:\n", f"  units:\n{declared}")
    row = ROW.replace("75,,,percent,exact,75 per cent", "310,,,trips_per_head,exact,310 trips")
    row = row.replace("use of helmets,always", "trips in a year,")
    append(report, "data/statistics.csv", row.replace("survey-helmets", "survey-trips"))
    printed = 'They make `{python} stat("survey-trips")` in a year'
    append(report, RIDING, f"\n{printed} [@hall_2024, p. 7].\n")


def add_claim(report: ReportFolder) -> None:
    """A word that rests on two rows."""
    claimed = '`{python} claim("more", "survey-traffic", "survey-parking")` of them name traffic'
    append(report, RIDING, f"\nOf those who do not ride, {claimed} [@hall_2024, p. 6].\n")


def add_citation(report: ReportFolder) -> None:
    """A work, cited with its page."""
    append(report, "references.bib", WORK)
    append(report, RIDING, "\nBells help, too [@price_2021, p. 3].\n")


def add_figure(report: ReportFolder) -> None:
    """A module after the pattern of another, shown and referred to."""
    made = (report.folder / "figures/reasons.py").read_text("utf-8")
    report.write("figures/other_reasons.py", made)
    append(report, RIDING, FIGURE)


def add_table(report: ReportFolder) -> None:
    """A table of data, shown and referred to."""
    append(report, RIDING, TABLE)


def add_box(report: ReportFolder) -> None:
    """A box, referred to."""
    append(report, RIDING, BOX)


def add_chapter(report: ReportFolder) -> None:
    """A chapter, named in the project file and referred to."""
    report.write("chapters/housing.qmd", CHAPTER)
    before = "    - chapters/costs.qmd\n"
    report.edit("_quarto.yml", before, f"{before}    - chapters/housing.qmd\n")
    append(report, RIDING, "\nHomes are the subject of @sec-housing.\n")


def add_finding(report: ReportFolder) -> None:
    """A finding for the chapter and the summary, which both include its file."""
    append(report, "chapters/_findings/riding.qmd", FINDING)


def add_publication(report: ReportFolder) -> None:
    """A profile with a chapter of its own."""
    text = (report.folder / "_quarto-summary.yml").read_text("utf-8")
    text = text.replace("executive-summary.qmd", "leaflet.qmd").replace("-summary\n", "-leaflet\n")
    report.write("_quarto-leaflet.yml", text.replace("_output/summary", "_output/leaflet"))
    report.write("chapters/leaflet.qmd", "# Leaflet\n\nRide to work.\n")
    report.edit("_quarto.yml", "[report, summary]", "[report, summary, leaflet]")


ADDITIONS: Mapping[str, Callable[[ReportFolder], None]] = {
    "statistic": add_statistic,
    "unit": add_unit,
    "claim": add_claim,
    "citation": add_citation,
    "figure": add_figure,
    "table": add_table,
    "box": add_box,
    "chapter": add_chapter,
    "key finding": add_finding,
    "publication": add_publication,
}


TOGETHER = {"all of them": (tuple(ADDITIONS),)}


@pytest.mark.parametrize(
    "kinds", cases(TOGETHER | {kind: ((kind,),) for kind in ADDITIONS}, TOGETHER)
)
def test_each_kind_of_thing_can_be_added_and_taken_away(
    copied: ReportFolder, kinds: Sequence[str]
) -> None:
    """Who follows docs/authoring.md meets no problem, and none when it is gone again."""
    before = tree(copied.folder)
    for kind in kinds:
        ADDITIONS[kind](copied)
    changed = [path for path, text in tree(copied.folder).items() if before.get(path) != text]
    assert changed
    assert problems_of(copied) == ""
    for path in changed:
        if path in before:
            (copied.folder / path).write_bytes(before[path])
        else:
            (copied.folder / path).unlink()
    assert problems_of(copied) == ""


def test_every_kind_of_thing_that_authors_are_told_of_is_tried() -> None:
    """A section of docs/authoring.md on a new kind of thing wants its place here."""
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8")
    told = set(re.findall(r"^## Add an? (.+)$", text, re.MULTILINE))
    assert told
    assert told <= set(ADDITIONS)
