"""`imprint trace`: where things go, and what a changed number would change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imprint.core.document import PdfPage
from imprint.read.report import read_report
from imprint.run import playing
from imprint.run.execute import CacheLookup
from imprint.trace.layout_change import layout_change, ranges
from imprint.trace.overlay import overlay
from imprint.write.pdf.typeset import Layout
from predicted import Rendered, assert_differs_as_predicted, rendered_report
from printed_twice import rows_of
from reports import REPORTS, ReportFolder, copy_report, made_once, tree
from thorough import cases

CopyReport = Callable[[str], ReportFolder]


@pytest.fixture
def report(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyReport:
    """A copy of the minimal report of which a check has been made, so that results are kept."""

    def run_once(folder: Path) -> None:
        copy_report("minimal", folder).run("check")

    def copy(name: str) -> ReportFolder:
        kept = made_once("minimal-checked", run_once)
        shutil.copytree(kept, tmp_path / name)
        return ReportFolder(tmp_path / name)

    return copy


def said_of(made: ReportFolder, *words: str) -> str:
    """What a trace says, with plain spaces."""
    outcome = made.run("trace", *words)
    assert outcome.code == 0, outcome.problems
    return outcome.said.replace("\u00a0", " ")


def test_a_link_to_a_folder_around_it_is_not_followed_without_end(tmp_path: Path) -> None:
    """A table in the folder around the report is another in the copy alone."""
    made = copy_report("minimal", tmp_path / "report").folder
    for path in (made / "data").iterdir():
        path.rename(tmp_path / path.name)
    (made / "data").rmdir()
    (made / "data").symlink_to("..")
    with overlay(read_report(made)[0], CacheLookup({}, {}), "data/statistics.csv", "id") as copy:
        assert (copy / "data/statistics.csv").read_text(encoding="utf-8") == "id"
        assert not (copy / "data/report").exists()
    assert (tmp_path / "statistics.csv").read_text(encoding="utf-8").startswith("id,source")


def test_a_trace_alone_runs_no_code(report: CopyReport) -> None:
    """Code that was not run since it changed is named as such, with a hint."""
    made = report("minimal")
    made.edit(
        "chapters/findings.qmd",
        '```{python}\nfigure("answers")',
        """\
```{python}
open("was-run.txt", "w").close()
```

```{python}
figure("answers")""",
    )
    said = said_of(made, "stat:smith-agree")
    assert not (made.folder / "was-run.txt").exists()
    assert "chapters/findings.qmd:8:9  code that names it, not run yet" in said
    assert "chapters/_finding.qmd:1:16  in section 'Summary'; prints '64 per cent'" in said
    assert "not all is known of what is not run, or fails (run imprint check)" in said
    assert said.endswith("chapters/findings.qmd\n")


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
        ("box:reasons", "write a source's key, stat:ID, file:PATH or statement:FILE:LINE"),
        ("file:/etc/passwd", "there is no file '/etc/passwd'"),
        ("file:../elsewhere.csv", "there is no file '../elsewhere.csv'"),
        ("statement:chapters/findings.qmd:1", "no sentence is aligned with rows"),
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
    made.run("check")
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


def test_pages_that_would_look_otherwise_are_told(report: CopyReport) -> None:
    """Where PDFs are laid out, too: which pages, what begins on another one, or that nothing does;
    a change that stops a build has no pages."""
    made = report("minimal")
    told = "agree, said by many teachers, and thought over by more of them for a long time " * 40
    said = said_of(made, "stat:smith-agree", "--if", f"response={told}", "--pdf")
    assert "pages 1 to 6 look otherwise" in said
    assert "9 pages, not 7" in said
    assert "'tbl-answers' begins on page 2, not 1" in said
    assert "section 'References' begins on page 5, not 3" in said
    assert said.index("section 'Method' begins") < said.index("section 'Sample' begins")
    assert re.search(r"traced in [\d.]+ s; laid out in [\d.]+ s$", said)
    said = said_of(made, "stat:smith-agree", "--if", "survey=A census", "--pdf")
    assert "└─ no page would look otherwise" in said
    said = said_of(made, "stat:smith-agree", "--if", "value=6", "--pdf")
    assert "└─ not known, as builds stop" in said
    outcome = made.run("trace", "stat:smith-agree", "--pdf")
    assert (outcome.code, "[setting-is-allowed]" in outcome.problems) == (1, True)


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


def test_a_table_that_could_not_be_read_is_told_once(report: CopyReport) -> None:
    """An id that another row has is told as such, not at every use of every statistic."""
    said = said_of(report("minimal"), "stat:smith-asked", "--if", "id=smith-disagree")
    assert "id 'smith-disagree' stands on line 3 too [cell-is-unique]" in said
    assert "there is no statistic" not in said
    assert "not all is known of chapters that would stop" in said


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
    assert "chapters/findings.qmd:11:23  in section 'Findings'; there is no statistic" in renamed
    # What nothing prints cannot be told while a chapter does not run to its end.
    assert "statistic-is-used" not in renamed


FRAME = """
```{python}
import pandas
from imprint.author.calls import statistic

both = statistic("smith-agree").value + statistic("smith-asked").value
frame = pandas.read_csv("data/statistics.csv")
```

In all `{python} f"{both:g}"` were counted, `{python} str(round(frame["value"].max()))` at most.

```{python}
frame[["id", "value"]].head(1)
```

## Why it matters"""


def test_numbers_that_only_running_gives_are_traced(report: CopyReport) -> None:
    """A sum kept under a name and a data frame are told, old and new, and where they come from."""
    made = report("minimal").edit("chapters/findings.qmd", "## Why it matters", FRAME)
    made.run("check")
    said = said_of(made, "stat:smith-asked", "--if", "value=130")
    assert "old: In all 184 were counted, 120 at most." in said
    assert "new: In all 194 were counted, 130 at most." in said
    said = said_of(made, "stat:smith-agree", "--if", "value=65")
    assert "new: In all 185 were counted, 120 at most." in said
    assert "0 | smith-agree | 65.0" in said
    where = said_of(made, "stat:smith-asked")
    assert "chapters/findings.qmd:26  code that reads it" in where
    assert "chapters/findings.qmd:11:23  in section 'Findings'; prints '120'" in where


STOPS = """
```{python}
agreed = {"64": 64}[str(stat("smith-agree"))[1:3]]
```

## Why it matters

It matters to `{python} stat("smith-asked")`."""


def test_a_cell_that_would_stop_its_chapter_hides_what_follows(report: CopyReport) -> None:
    """What is not known is no change: the problem is told, and that not all is known."""
    made = report("minimal").edit("chapters/findings.qmd", "## Why it matters", STOPS)
    made.edit("chapters/findings.qmd", "That is `{python} claim(\"most\", \"smith-agree\")` of",
              "That is most of").run("check")  # fmt: skip
    said = said_of(made, "stat:smith-agree", "--if", "value=46", "--if", "as_reported=46 per cent")
    assert "raised KeyError: '46'" in said
    assert "not all is known of chapters that would stop" in said
    assert "new: In one survey, 46 per cent of teachers agreed" in said
    assert "new: \n" not in said


def test_only_chapters_that_used_the_row_run_and_nothing_of_the_report_changes(
    report: CopyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy that is tried out shares the results of the report, and writes nothing to it."""
    made = report("minimal")
    ran: list[str] = []
    play = playing._play_in_kernel

    def noted(run: Any, job: Any, slots: Any) -> Any:
        ran.append(job.script.chapter.path)
        return play(run, job, slots)

    monkeypatch.setattr(playing, "_play_in_kernel", noted)
    before = {name: text for name, text in tree(made.folder).items() if ".imprint" not in name}
    said_of(made, "stat:smith-asked", "--if", "value=130")
    assert ran == ["chapters/findings.qmd"]
    after = {name: text for name, text in tree(made.folder).items() if ".imprint" not in name}
    assert after == before
    said_of(made, "stat:smith-asked", "--if", "value=130")
    assert ran == ["chapters/findings.qmd"]


def test_a_value_that_puts_the_checks_right_is_told(report: CopyReport) -> None:
    """What the checks would no longer say is told as well."""
    made = report("minimal").edit("data/statistics.csv", "agree,64,", "agree,66,")
    said = said_of(made, "stat:smith-agree", "--if", "value=64")
    assert "the checks would no longer say" in said
    assert "[row-fits-report]" in said
    assert "no build would start" not in said


# --- on paper --------------------------------------------------------------------------------


def test_pages_and_what_moves_are_told() -> None:
    """Pages are compared by number; what is in one layout alone has not moved."""
    first, second = PdfPage(2, "1"), PdfPage(3, "2")
    old = Layout("review", (("i", "a"), ("1", "b")), {"sec-a": first, "fig-a": first, "x": first})
    looks = (("i", "a"), ("1", "c"), ("2", "d"))
    new = Layout("review", looks, {"sec-a": first, "fig-a": second, "y": second})
    found = layout_change(old, new)
    assert found.pages == (2, 3)
    assert (found.old_count, found.labels) == (2, ("i", "1", "2"))
    assert found.moves == (("fig-a", first, second),)
    assert layout_change(new, new).is_empty
    assert layout_change(new, old).pages == (2,)


def test_three_pages_in_a_row_are_a_range() -> None:
    """Two are told one by one."""
    assert ranges([]) == []
    assert ranges([1, 2, 4, 6, 7, 8, 9]) == [(1, 1), (2, 2), (4, 4), (6, 9)]


# --- predicted is what happens ----------------------------------------------------------------


@pytest.fixture(scope="module")
def rendered_before(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """One render of the minimal report for all its rows."""
    return rendered_report(copy_report("minimal", tmp_path_factory.mktemp("rows") / "minimal"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", cases({row["id"]: row for row in rows_of(REPORTS / "minimal")}, ("smith-agree",))
)
def test_two_renders_differ_as_predicted(row: dict[str, str], rendered_before: Rendered) -> None:
    """Each row changed in turn: another real render shows what was predicted, and stops where that
    was predicted."""
    assert_differs_as_predicted(rendered_before, row)
