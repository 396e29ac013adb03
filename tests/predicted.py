"""What `imprint trace --if` foresees of every row of a report, held against running its code
and against rendering it twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from imprint.read.report import Report, read_report
from imprint.trace.evaluation import plain as plain_markdown
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
    printed,
    rows_of,
)
from reports import ReportFolder


def predicted(impact: Impact) -> Counter[tuple[str, str, str]]:
    """Chapter, old and new words of everything predicted; a breakage is new words that say why."""
    found: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    for change in impact.changes:
        if change.kind == "drawing":
            continue
        pairs = change.words or ((change.spot.place, change.old, change.new),)
        for place, old, new in pairs:
            key = (change.spot.chapter, str(place), change.kind, old, new)
            if key not in seen:
                found[change.spot.chapter, _plain(old), _plain(new)] += 1
            seen.add(key)
    breakages = {(fall.spot.chapter, fall.spot.place, fall.message) for fall in impact.breakages}
    for chapter, _, message in breakages:
        found[chapter, "", f"fails: {message}"] += 1
    return found


def happened(
    old: dict[tuple[str, str, int], str], new: dict[tuple[str, str, int], str]
) -> Counter[tuple[str, str, str]]:
    """The same of what running the code twice shows."""
    found: Counter[tuple[str, str, str]] = Counter()
    for key in sorted({*old, *new}):
        was, becomes = old.get(key, ""), new.get(key, "")
        if becomes.startswith("fails: "):
            found[key[0], "", becomes] += 1
        elif was != becomes:
            found[key[0], _plain(was), _plain(becomes)] += 1
    return found


def _plain(text: str) -> str:
    return " ".join(plain_markdown(text).split())


def compare_rows(root: Path, parsed: Report, ids: Collection[str]) -> list[str]:
    """Those of the rows for which something else is printed than was predicted."""
    with pytest.MonkeyPatch.context() as patch:
        # What the checks would say takes most of the time to foresee, and is held to what they do
        # say where two renders are compared.
        patch.setattr("imprint.trace.impact._new_problems", lambda *_: [])
        return _compare(root, parsed, ids)


def _compare(root: Path, parsed: Report, ids: Collection[str]) -> list[str]:
    wrong = []
    units = parsed.settings.units
    before = printed(parsed, root)
    changing = root.with_name("changing")
    shutil.copytree(root, changing)
    for row in (row for row in rows_of(root) if row["id"] in ids):
        values = other_values(row, units)
        settings = [f"{column}={value}" for column, value in values.items()]
        impact = predict(parsed, row["id"], settings)
        with changed(changing, row["id"], values):
            after = printed(parsed, changing)
        if predicted(impact) != happened(before, after):
            wrong.append(row["id"])
    return wrong


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
    impact = predict(rendered.parsed, row["id"], settings)
    with changed(made.folder, row["id"], values):
        outcome = made.run("render", "--engine", "embedded", "--to", "html")
    told = {str(found).split("\n")[0] for found in impact.problems}
    told |= {f"{fall.spot.place}: {fall.message} [claim-holds]" for fall in impact.breakages}
    stopped = {line for line in outcome.problems.split("\n") if line.endswith("]")}
    assert stopped == told
    assert outcome.code == (1 if told else 0), outcome.problems
    if told:
        return
    after = page_blocks(made.folder / "_output")
    assert differences(rendered.pages, after) == pages_predicted(rendered.parsed, impact)
    redrawn = drawn_rows(made.folder)
    assert drawn_differences(rendered.drawn, redrawn) == drawings_predicted(impact)
    pictures = {name for name in redrawn if redrawn[name].image != rendered.drawn[name].image}
    assert pictures <= {change.name for change in impact.changes if change.kind == "drawing"}
