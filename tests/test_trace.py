"""`imprint trace`: where things go, and what a changed number would change, before any build."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from imprint.read.report import Report, read_report
from imprint.trace.evaluation import plain as plain_markdown
from imprint.trace.impact import Impact, foresee
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
from reports import ROOT, ReportFolder

CopyReport = Callable[[str], ReportFolder]

SAMPLE = (
    "ofsted-time-to-work",
    "cqc-training-level-1",
    "morris-newly-qualified",
    "martin-sources-included",
    "martin-references",
    "martin-citations-training",
    "laming-recommendations-accepted",
)
"""Rows behind sentences, alt texts, vague words, captions, other rows, a table and a claim."""


# --- where things go -------------------------------------------------------------------------


def test_a_statistic_goes_to_row_source_and_uses(report: CopyReport) -> None:
    """Row, source and every use are told, with publication, chapter, place and sentence."""
    said = report("minimal").run("trace", "stat:smith-agree").said
    assert "data/statistics.csv:2  stat:smith-agree" in said
    assert "references.bib:1  source smith_2010_survey, p. 4" in said
    assert (
        "chapters/_finding.qmd:1:16  in section 'Findings'; prints '64 per cent': "
        "In one survey, 64 per cent of teachers agreed [@smith_2010_survey, p. 4]."
    ) in said.replace("\u00a0", " ")
    assert "claims 'most': That is most of them, and almost a third disagreed" in said
    assert "figure 'answers'" in said
    assert "table 'statistics': agree | 64" in said
    assert said.count("publication 'summary'") == 1


def test_a_source_goes_to_rows_and_citations(report: CopyReport) -> None:
    """Rows that name it, lines that cite it and figures that rest on it are told."""
    said = report("minimal").run("trace", "smith_2010_survey").said
    assert "├─ table 'statistics': 3 rows" in said
    assert "data/statistics.csv:3  smith-disagree" in said
    assert "chapters/_finding.qmd:1:67  in section 'Findings'; cited" in said
    assert "figure 'answers'" in said


def test_a_file_goes_to_what_depends_on_it(report: CopyReport) -> None:
    """Tables, figures, chapters and publications that depend on a file are told."""
    made = report("minimal")
    said = made.run("trace", "file:data/statistics.csv").said
    assert "table 'statistics': 3 rows" in said
    assert "figures/answers.py  figure 'answers'" in said
    said = made.run("trace", "file:chapters/_finding.qmd").said
    assert said.count("includes it") == 3
    assert "publication 'summary'" in said
    assert "publication 'summary'" not in made.run("trace", "file:figures/answers.py").said
    assert "all of it" in made.run("trace", "file:_quarto.yml").said
    made.write("notes.txt", "Nothing.")
    assert "nothing depends on it" in made.run("trace", "file:notes.txt").said


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("stat:smith-agre", "did you mean 'smith-agree', 'smith-disagree'"),
        ("smith_2010_surveys", "did you mean 'smith_2010_survey'"),
        ("file:data/statistic.csv", "did you mean 'data/statistics.csv'"),
        ("box:reasons", "write a source's key, stat:ID or file:PATH"),
        ("file:/etc/passwd", "there is no file '/etc/passwd'"),
        ("file:../elsewhere.csv", "there is no file '../elsewhere.csv'"),
    ],
)
def test_an_unknown_target_is_told_with_the_nearest(
    report: CopyReport, target: str, told: str
) -> None:
    """A slip in the target gives a problem that offers the nearest names."""
    outcome = report("minimal").run("trace", target)
    assert outcome.code == 1
    assert told in outcome.problems
    assert "[target-exists]" in outcome.problems


def test_the_tree_is_the_same_every_time_and_comes_as_json(report: CopyReport) -> None:
    """Scripts read the same tree as people do."""
    made = report("minimal")
    text, again = (made.run("trace", "stat:smith-asked").said for _ in range(2))
    assert text == again
    tree = json.loads(made.run("trace", "stat:smith-asked", "--json").said)
    assert tree["text"] == "stat:smith-asked"
    assert tree["place"] == {"file": "data/statistics.csv", "line": 4, "column": 0}


def test_what_a_publication_hides_is_no_use_of_it(report: CopyReport) -> None:
    """A sentence for the summary alone is told for the summary alone."""
    made = report("minimal").edit(
        "chapters/summary.qmd",
        "Only the summary says this.",
        'Of `{python} stat("smith-asked")`, that is.',
    )
    said = made.run("trace", "stat:smith-asked").said
    review, summary = said.split("publication 'summary'")
    assert "chapters/summary.qmd" not in review
    assert "Of 120, that is." in summary


# --- what a changed number would change ------------------------------------------------------


def test_a_changed_number_is_foreseen(report: CopyReport) -> None:
    """Sentences, tables, figures and alt texts are told, old and new, and nothing is written."""
    made = report("minimal")
    said = made.run("trace", "stat:smith-agree", "--if", "value=66").said.replace("\u00a0", " ")
    assert "stat:smith-agree with value: 64 -> 66" in said
    assert "old: In one survey, 64 per cent of teachers agreed" in said
    assert "new: In one survey, 66 per cent of teachers agreed" in said
    assert "new: agree | 66" in said
    assert "alt text of 'answers'" in said
    assert "drawing of 'answers'" in said
    assert "publication 'summary'" in said
    assert "no longer holds" not in said
    assert ",64,,," in (made.folder / "data" / "statistics.csv").read_text(encoding="utf-8")


def test_a_claim_that_would_fall_is_told(report: CopyReport) -> None:
    """A claim that the new number does not bear out is told with its sentence and why."""
    said = report("minimal").run("trace", "stat:smith-agree", "--if", "value=46").said
    assert "no longer holds, so that a build would stop" in said
    assert "chapters/findings.qmd:8:9" in said
    assert "claim 'most' does not hold for 'smith-agree'" in said


def test_a_value_of_the_wrong_type_or_column_is_a_problem(report: CopyReport) -> None:
    """The data package says what a cell may hold; all slips are told at once."""
    settings = ("--if", "value=many", "--if", "valu=3", "--if", "low")
    outcome = report("minimal").run("trace", "stat:smith-agree", *settings)
    assert outcome.code == 1
    assert "value 'many' for column 'value' is not a number" in outcome.problems
    assert "did you mean 'value'?" in outcome.problems
    assert "'low' sets no column" in outcome.problems


def test_a_change_that_breaks_the_data_is_told_as_such(report: CopyReport) -> None:
    """What the checks of the data would say comes before what would print."""
    said = report("minimal").run("trace", "stat:smith-disagree", "--if", "low=40").said
    assert "the checks would fail, and no build would start" in said
    assert "low 40 is above value 33.3333 [bounds-hold-value]" in said


def test_a_source_that_the_text_does_not_cite_is_told(report: CopyReport) -> None:
    """Checks of the text and of figures are asked too: the new work is cited nowhere."""
    made = report("minimal").edit("references.bib", "@book{smith_2010_survey", EXTRA)
    said = made.run("trace", "stat:smith-agree", "--if", "source=jones_2009").said
    assert "the checks would fail, and no build would start" in said
    assert "[caption-cites-sources]" in said
    assert "'smith-agree' comes from 'jones_2009'" in said


EXTRA = """\
@report{jones_2009,
  author = {Jones, A.}, title = {Answers}, publisher = {P}, year = {2009}
}

@book{smith_2010_survey"""


def test_any_column_can_be_changed(report: CopyReport) -> None:
    """A new qualifier changes the words that print; a new id leaves the old one's uses behind."""
    made = report("minimal")
    settings = ("--if", "qualifier=almost", "--if", "low=60", "--if", "high=64")
    assert "new: In one survey, almost 64 per" in made.run(
        "trace", "stat:smith-agree", *settings
    ).said.replace("\u00a0", " ")
    renamed = made.run("trace", "stat:smith-asked", "--if", "id=smith-number").said
    assert "no statistic 'smith-asked' in data/statistics.csv" in renamed


def test_code_that_only_a_kernel_runs_may_change(report: CopyReport) -> None:
    """A cell that needs more than imprint is told as one that may change."""
    made = report("minimal")
    cell = '```{python}\nimport pandas\n\nstat("smith-asked")\n```\n\n## Why it matters'
    made.edit("chapters/findings.qmd", "## Why it matters", cell)
    said = made.run("trace", "stat:smith-asked", "--if", "value=130").said
    assert "└─ may change" in said
    assert "code that only a render runs" in said
    assert "may change" not in made.run("trace", "stat:smith-agree", "--if", "value=70").said


# --- foreseen is what happens ----------------------------------------------------------------


def foreseen(impact: Impact) -> Counter[tuple[str, str, str]]:
    """Chapter, old and new words of everything foreseen; a fall is new words that say why."""
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
    falls = {(fall.spot.chapter, fall.spot.place, fall.message) for fall in impact.falls}
    for chapter, _, message in falls:
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


@pytest.fixture
def without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checks would say takes most of the time to foresee, and is held to what they do say
    by `test_two_renders_differ_as_foreseen`."""
    monkeypatch.setattr("imprint.trace.impact._new_problems", lambda *_: [])


def compare_every_row(root: Path, parsed: Report) -> list[str]:
    """Ids of rows for which something else is printed than was foreseen."""
    wrong = []
    before = printed(parsed, root)
    changing = root.with_name("changing")
    shutil.copytree(root, changing)
    for row in rows_of(root):
        values = other_values(row)
        settings = [f"{column}={value}" for column, value in values.items()]
        impact = foresee(parsed, row["id"], settings)
        with changed(changing, row["id"], values):
            after = printed(parsed, changing)
        if foreseen(impact) != happened(before, after):
            wrong.append(row["id"])
    return wrong


@pytest.mark.usefixtures("without_checks")
def test_every_row_of_a_small_report_changes_what_was_foreseen(report: CopyReport) -> None:
    """Each row changed in turn: what its code then prints is what was foreseen."""
    root = report("minimal").folder
    parsed, problems = read_report(root)
    assert problems == []
    assert compare_every_row(root, parsed) == []


def copy_of_the_report(folder: Path) -> ReportFolder:
    """The real report in a folder of its own."""
    for name in ("_extensions", "styles", "chapters", "data", "figures", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("drawn"))
    for path in [*ROOT.glob("_quarto*.yml"), ROOT / "index.qmd", ROOT / "references.bib"]:
        shutil.copy(path, folder)
    return ReportFolder(folder)


@pytest.mark.slow
@pytest.mark.usefixtures("without_checks")
def test_every_row_of_the_report_changes_what_was_foreseen(tmp_path: Path) -> None:
    """So it is for every row of the real report."""
    root = copy_of_the_report(tmp_path / "report").folder
    parsed, _ = read_report(root)
    assert compare_every_row(root, parsed) == []


def pages_foreseen(parsed: Report, impact: Impact) -> Counter[str]:
    """The blocks of pages that are foreseen to change, in the form of `differences`."""
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


def drawings_foreseen(impact: Impact) -> Counter[str]:
    """The rows of figures that are foreseen to be drawn otherwise, in the form of
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
def test_two_renders_differ_as_foreseen(id: str, real_report: Rendered) -> None:
    """Two real builds differ in exactly the paragraphs, rows, captions, alt texts and drawings
    foreseen for a changed row, or the second stops at exactly the problems foreseen.

    Pages made of the data alone (the statistics, the sources, the search) are left out. All rows
    are tried with HYPOTHESIS_PROFILE=thorough.
    """
    made, values = real_report.report, other_values(ROWS[id])
    settings = [f"{column}={value}" for column, value in values.items()]
    impact = foresee(real_report.parsed, id, settings)
    with changed(made.folder, id, values):
        outcome = made.run("render", "--engine", "embedded", "--to", "html")
    told = {str(found).split("\n")[0] for found in impact.problems}
    told |= {f"{fall.spot.place}: {fall.message} [claim-holds]" for fall in impact.falls}
    stopped = {line for line in outcome.problems.split("\n") if line.endswith("]")}
    assert stopped == told
    assert outcome.code == (1 if told else 0), outcome.problems
    if told:
        return
    after = page_blocks(made.folder / "_output")
    assert differences(real_report.pages, after) == pages_foreseen(real_report.parsed, impact)
    redrawn = drawn_rows(made.folder)
    assert drawn_differences(real_report.drawn, redrawn) == drawings_foreseen(impact)
    pictures = {name for name in redrawn if redrawn[name].image != real_report.drawn[name].image}
    assert pictures <= {change.name for change in impact.changes if change.kind == "drawing"}
