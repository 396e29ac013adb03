"""`imprint trace`: where things go, and what a changed number would change, before any build."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from imprint.read.report import read_report
from predicted import Rendered, assert_differs_as_predicted, compare_rows, rendered_report
from printed_twice import rows_of
from reports import REPORTS, ReportFolder, copy_report

CopyReport = Callable[[str], ReportFolder]

"""Rows behind sentences, alt texts, vague words, captions, other rows, a table and a claim."""


# --- where things go -------------------------------------------------------------------------


def test_a_statistic_goes_to_row_source_and_uses(report: CopyReport) -> None:
    """Row, source and every use are reported, with publication, chapter, place and sentence."""
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
    """Rows that name it, lines that cite it and figures that rest on it are reported."""
    said = report("minimal").run("trace", "smith_2010_survey").said
    assert "├─ table 'statistics': 3 rows" in said
    assert "data/statistics.csv:3  smith-disagree" in said
    assert "chapters/_finding.qmd:1:67  in section 'Findings'; cited" in said
    assert "figure 'answers'" in said


def test_a_file_goes_to_what_depends_on_it(report: CopyReport) -> None:
    """Tables, figures, chapters and publications that depend on a file are reported."""
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
def test_an_unknown_target_is_reported_with_the_nearest(
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
    """A sentence for the summary alone is reported for the summary alone."""
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


def test_a_changed_number_is_predicted(report: CopyReport) -> None:
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


def test_a_claim_that_would_fall_is_reported(report: CopyReport) -> None:
    """A claim that the new number does not bear out is reported with its sentence and why."""
    said = report("minimal").run("trace", "stat:smith-agree", "--if", "value=46").said
    assert "no longer holds, so that a build would stop" in said
    assert "chapters/findings.qmd:8:9" in said
    assert "claim 'most' does not hold for 'smith-agree'" in said


def test_a_value_of_the_wrong_type_or_column_is_a_problem(report: CopyReport) -> None:
    """The data package says what a cell may hold; all slips are reported at once."""
    settings = ("--if", "value=many", "--if", "valu=3", "--if", "low")
    outcome = report("minimal").run("trace", "stat:smith-agree", *settings)
    assert outcome.code == 1
    assert "value 'many' for column 'value' is not a number" in outcome.problems
    assert "did you mean 'value'?" in outcome.problems
    assert "'low' sets no column" in outcome.problems


def test_a_change_that_breaks_the_data_is_reported_as_such(report: CopyReport) -> None:
    """What the checks of the data would say comes before what would print."""
    said = report("minimal").run("trace", "stat:smith-disagree", "--if", "low=40").said
    assert "the checks would fail, and no build would start" in said
    assert "low 40 is above value 33.3333 [bounds-hold-value]" in said


def test_a_source_that_the_text_does_not_cite_is_reported(report: CopyReport) -> None:
    """Checks of the text and of figures are asked too: the new work is cited nowhere."""
    made = report("minimal").edit("references.bib", "@book{smith_2010_survey", EXTRA)
    said = made.run("trace", "stat:smith-agree", "--if", "source=jones_2009").said
    assert "the checks would fail, and no build would start" in said
    assert "[caption-cites-sources]" in said
    assert "'smith-agree' comes from 'jones_2009'" in said


def test_rules_that_are_off_or_warn_stop_no_build(report: CopyReport) -> None:
    """What a report sets under `imprint: rules:` holds for a change that is tried out too."""
    made = report("minimal").edit("references.bib", "@book{smith_2010_survey", EXTRA)
    project = (made.folder / "_quarto.yml").read_text(encoding="utf-8")
    rules = "\nimprint:\n  rules:\n" + "".join(
        f"    {code}: {{level: {level}, reason: a test}}\n"
        for code, level in (
            ("caption-cites-sources", "off"),
            ("statistic-matches-citation", "warning"),
            ("statistic-has-citation", "warning"),
        )
    )
    made.write("_quarto.yml", project + rules)
    said = made.run("trace", "stat:smith-agree", "--if", "source=jones_2009").said
    assert "[caption-cites-sources]" not in said
    assert "'smith-agree' comes from 'jones_2009'" in said
    assert "checks would warn" in said
    assert "no build would start" not in said


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
    """A cell that needs more than imprint is reported as one that may change."""
    made = report("minimal")
    cell = '```{python}\nimport pandas\n\nstat("smith-asked")\n```\n\n## Why it matters'
    made.edit("chapters/findings.qmd", "## Why it matters", cell)
    said = made.run("trace", "stat:smith-asked", "--if", "value=130").said
    assert "└─ may change" in said
    assert "code that only a render runs" in said
    assert "may change" not in made.run("trace", "stat:smith-agree", "--if", "value=70").said


# --- predicted is what happens ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["minimal", "transport"])
def test_every_row_of_a_small_report_changes_what_was_predicted(
    report: CopyReport, name: str
) -> None:
    """Each row changed in turn: what its code then prints is what was predicted."""
    root = report(name).folder
    parsed, problems = read_report(root)
    assert problems == []
    assert compare_rows(root, parsed, [row["id"] for row in rows_of(root)]) == []


@pytest.fixture(scope="module")
def rendered_before(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """One render of the minimal report for all its rows."""
    return rendered_report(copy_report("minimal", tmp_path_factory.mktemp("rows") / "minimal"))


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_of(REPORTS / "minimal"), ids=lambda row: row["id"])
def test_two_renders_differ_as_predicted(row: dict[str, str], rendered_before: Rendered) -> None:
    """Each row changed in turn: another real render shows what was predicted, and stops where that
    was predicted."""
    assert_differs_as_predicted(rendered_before, row)
