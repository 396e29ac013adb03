"""What `imprint trace --if` predicts of rows of a report, held against rendering it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from imprint.read.report import Report, read_report
from imprint.trace.impact import Impact, predict
from printed_twice import (
    Drawn,
    changed,
    differences,
    drawn_differences,
    drawn_rows,
    other_values,
    page_blocks,
    plain,
)
from reports import ReportFolder


def pages_predicted(impact: Impact) -> Counter[str]:
    """The blocks of pages that are predicted to change, in the form of `differences`."""
    found: Counter[str] = Counter()
    books = {it.name: it.is_book for it in impact.before.report.publications}
    for told in impact.differences:
        blocks = {id(change.old): change for change in (*told.words, *told.floats)}
        for change in blocks.values():
            assert change.old
            assert change.new
            path = change.old.chapter.removesuffix(".qmd")
            page = path if books[told.publication] else "index"
            words = plain(change.old.text), plain(change.new.text)
            found[f"{told.publication}/{page}.html: {words[0]} -> {words[1]}"] += 1
    return found


def drawings_predicted(impact: Impact) -> Counter[str]:
    """The rows of figures that are predicted to be drawn otherwise, in the form of
    `drawn_differences`."""
    return Counter(
        f"{figure.name}: {old} -> {new}".replace("\u00a0", " ")
        for figure in impact.redrawn
        for old, new in figure.rows
    )


@dataclass(frozen=True)
class Rendered:
    """A report, rendered, and what it was made of and shows."""

    report: ReportFolder
    parsed: Report
    pages: dict[str, list[str]]
    drawn: dict[str, Drawn]


def rendered_report(made: ReportFolder) -> Rendered:
    """Render a report, for all rows of it that a process tries."""
    made.render("--to", "html")
    parsed, _ = read_report(made.folder)
    return Rendered(made, parsed, page_blocks(made.folder / "_output"), drawn_rows(made.folder))


def assert_differs_as_predicted(rendered: Rendered, row: Mapping[str, str]) -> None:
    """Two real builds differ in exactly the paragraphs, rows, captions, alt texts and drawings
    predicted for a changed row, or the second stops at exactly the problems predicted.

    Pages made of the data alone (the statistics, the sources, the search) are left out.
    """
    made, values = rendered.report, other_values(row)
    settings = [f"{column}={value}" for column, value in values.items()]
    impact = predict(rendered.parsed, [], row["id"], settings)
    with changed(made.folder, row["id"], values):
        outcome = made.run("render", "--engine", "embedded", "--to", "html")
    told = {str(found).split("\n")[0] for found in impact.new_problems}
    stopped = {line for line in outcome.problems.split("\n") if line.endswith("]")}
    assert stopped == told
    assert outcome.code == (1 if told else 0), outcome.problems
    if told:
        return
    after = page_blocks(made.folder / "_output")
    assert differences(rendered.pages, after) == pages_predicted(impact)
    redrawn = drawn_rows(made.folder)
    assert drawn_differences(rendered.drawn, redrawn) == drawings_predicted(impact)
    pictures = {name for name in redrawn if redrawn[name].image != rendered.drawn[name].image}
    assert pictures == {figure.name for figure in impact.redrawn}
