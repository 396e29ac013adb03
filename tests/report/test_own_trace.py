"""`imprint trace --if` on this report: what it foresees is what another render shows."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from imprint.read.report import Report, read_report
from imprint.trace.impact import Impact, predict
from predicted import compare_every_row
from printed_twice import (
    Drawn,
    changed,
    differences,
    drawn_differences,
    drawn_rows,
    other_values,
    page_blocks,
    plain,
    rows_of,
)
from reports import ROOT, ReportFolder

SAMPLE = (
    "ofsted-time-to-work",
    "cqc-training-level-1",
    "morris-newly-qualified",
    "martin-sources-included",
    "martin-references",
    "martin-citations-training",
    "laming-recommendations-accepted",
)


def copy_of_the_report(folder: Path) -> ReportFolder:
    """The real report in a folder of its own."""
    for name in ("_extensions", "styles", "chapters", "data", "figures", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("drawn"))
    for path in [*ROOT.glob("_quarto*.yml"), ROOT / "index.qmd", ROOT / "references.bib"]:
        shutil.copy(path, folder)
    return ReportFolder(folder)


@pytest.mark.slow
def test_every_row_of_the_report_changes_what_was_predicted(tmp_path: Path) -> None:
    """So it is for every row of the real report."""
    root = copy_of_the_report(tmp_path / "report").folder
    parsed, _ = read_report(root)
    assert compare_every_row(root, parsed) == []


def pages_predicted(parsed: Report, impact: Impact) -> Counter[str]:
    """The blocks of pages that are predicted to change, in the form of `differences`."""
    found: Counter[str] = Counter()
    seen = set()
    books = {publication.name: publication.is_book for publication in parsed.publications}
    for change in impact.changes:
        if change.kind == "drawing":
            continue
        is_text = change.kind == "sentence"
        old, new = change.paragraphs if is_text else (change.old, change.new)
        key = (change.spot.publication, change.spot.chapter, old)
        if is_text and key in seen:
            continue
        seen.add(key)
        name = change.spot.publication
        page = change.spot.chapter.removesuffix(".qmd") if books[name] else "index"
        found[f"{name}/{page}.html: {plain(old)} -> {plain(new)}"] += 1
    return found


def drawings_predicted(impact: Impact) -> Counter[str]:
    """The rows of figures that are predicted to be drawn otherwise, in the form of
    `drawn_differences`."""
    found = {
        f"{change.name}: {change.old} -> {change.new}".replace("\u00a0", " ")
        for change in impact.changes
        if change.kind == "drawing"
    }
    return Counter(found)


@dataclass(frozen=True)
class Rendered:
    """The real report, rendered, and what it was made of and shows."""

    report: ReportFolder
    parsed: Report
    pages: dict[str, list[str]]
    drawn: dict[str, Drawn]


@pytest.fixture(scope="module")
def real_report(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """One render of the real report for all rows that a process tries."""
    made = copy_of_the_report(tmp_path_factory.mktemp("rows"))
    made.render("--to", "html")
    parsed, _ = read_report(made.folder)
    return Rendered(made, parsed, page_blocks(made.folder / "_output"), drawn_rows(made.folder))


ROWS = {row["id"]: row for row in rows_of(ROOT)}


THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


@pytest.mark.slow
@pytest.mark.parametrize("id", ROWS if THOROUGH else SAMPLE)
def test_two_renders_differ_as_predicted(id: str, real_report: Rendered) -> None:
    """Two real builds differ in exactly the paragraphs, rows, captions, alt texts and drawings
    predicted for a changed row, or the second stops at exactly the problems predicted.

    Pages made of the data alone (the statistics, the sources, the search) are left out. All rows
    are tried with HYPOTHESIS_PROFILE=thorough.
    """
    made, values = real_report.report, other_values(ROWS[id])
    settings = [f"{column}={value}" for column, value in values.items()]
    impact = predict(real_report.parsed, id, settings)
    with changed(made.folder, id, values):
        outcome = made.run("render", "--engine", "embedded", "--to", "html")
    told = {str(found).split("\n")[0] for found in impact.problems}
    told |= {f"{fall.spot.place}: {fall.message} [claim-holds]" for fall in impact.breakages}
    stopped = {line for line in outcome.problems.split("\n") if line.endswith("]")}
    assert stopped == told
    assert outcome.code == (1 if told else 0), outcome.problems
    if told:
        return
    after = page_blocks(made.folder / "_output")
    assert differences(real_report.pages, after) == pages_predicted(real_report.parsed, impact)
    redrawn = drawn_rows(made.folder)
    assert drawn_differences(real_report.drawn, redrawn) == drawings_predicted(impact)
    pictures = {name for name in redrawn if redrawn[name].image != real_report.drawn[name].image}
    assert pictures <= {change.name for change in impact.changes if change.kind == "drawing"}
