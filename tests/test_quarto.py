"""What Imprint does around a real Quarto, with a program in its place: what goes in, what is told,
what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell

from imprint.core.commit import build_time
from imprint.core.model import Cell, Publication
from imprint.core.problems import Place
from imprint.quarto.failures import quarto_problems
from imprint.read.report import read_report
from quarto_stand_in import WHOLE, stand_in_for_quarto
from reports import ReportFolder

CopyReport = Callable[[str], ReportFolder]

PDF = 'printf "%%PDF-1.7\\n%%%%EOF\\n" > "$2/small.pdf"'
RENDER = ("render", "review", "--engine", "quarto")
REVIEW = Publication("review", True, (), {}, "review", "_quarto.yml")


def test_manifest_names_the_programs_that_quarto_brings(
    report: CopyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own version, and those of the pandoc and the Typst that did the work."""
    noted = stand_in_for_quarto(tmp_path, monkeypatch, WHOLE)
    made = report("minimal")
    assert made.run(*RENDER).code == 0
    said = json.loads(made.page("manifest.json"))
    assert said["engine"] == {"name": "quarto", "version": "1.9.38"}
    named = {name: said["versions"][name] for name in ("pandoc", "quarto", "typst")}
    assert named == {"pandoc": "3.8.3", "quarto": "1.9.38", "typst": "0.14.2"}
    date = noted.with_suffix(".date").read_text(encoding="utf-8").strip()
    assert date == str(build_time(made.folder))


def test_draft_under_quarto_says_so(
    report: CopyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quarto is told that it makes a draft, with all else that the publication says of itself."""
    noted = stand_in_for_quarto(tmp_path, monkeypatch, WHOLE)
    made = report("minimal")
    project = (made.folder / "_quarto.yml").read_text(encoding="utf-8")
    made.write("_quarto.yml", f"{project}\nimprint:\n  series: Small reports\n")
    assert made.run(*RENDER, "--draft").code == 0
    told = yaml.safe_load(noted.with_suffix(".said").read_text(encoding="utf-8"))["imprint"]
    assert told == {"draft": "unknown", "series": "Small reports"}


def failure(code: str, name: str, message: str, traceback: str) -> str:
    """What Quarto writes of a cell that failed: nbclient's own words, among Quarto's."""
    told = {"ename": name, "evalue": message, "traceback": [traceback]}
    cell = new_code_cell(code, outputs=[])
    return f"  Cell 2/3: ''...\n\n{CellExecutionError.from_cell_and_msg(cell, told)}\n"


TRACEBACK = """\
\x1b[31m---------------------------------------------------------------------------\x1b[39m
\x1b[31mNameError\x1b[39m                                 Traceback (most recent call last)
\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[2], line 2\x1b[39m
\x1b[32m      1\x1b[39m rows = [1, 2]
\x1b[32m----> 2\x1b[39m print(shares)

\x1b[31mNameError\x1b[39m: name 'shares' is not defined"""


def test_failed_cell_is_told_at_its_line(report: CopyReport) -> None:
    """File, line, cell and error, as the embedded engine tells it."""
    made = report("minimal")
    path = made.folder / "chapters" / "outlook.qmd"
    text = path.read_text(encoding="utf-8")
    cell = "\n```{python}\n#| label: shares\nrows = [1, 2]\nprint(shares)\n```\n"
    made.write("chapters/outlook.qmd", text + cell)
    line = (text + cell)[: (text + cell).index("print(shares)")].count("\n") + 1
    code = "rows = [1, 2]\nprint(shares)\n"
    said = failure(code, "NameError", "name 'shares' is not defined", TRACEBACK)
    chapters = read_report(made.folder)[0].chapters.values()
    (found,) = quarto_problems(said, chapters, REVIEW, "1.9.38")
    assert str(found.place) == f"chapters/outlook.qmd:{line}"
    assert found.code == "cell-runs"
    assert (
        "'shares', which begins `rows = [1, 2]`, raised NameError: name 'shares'" in found.message
    )
    own = made.run("render", "review").problems.split("\n")
    place = next(i for i, it in enumerate(own) if "[cell-runs]" in it)
    assert found.message in own[place] and found.fix in own[place + 1]


def test_error_of_ours_has_its_own_rule() -> None:
    """A statistic that does not exist is told as such, without how it was come by."""
    cell = Cell('stat("pay")', {}, Place("a.qmd", 3), 1, 4)
    traceback = (
        "UnknownStatistic                          Traceback (most recent call last)\n"
        'Cell In[1], line 1\n----> 1 stat("pay")\n\n'
        "UnknownStatistic: there is no statistic 'pay'"
    )
    said = failure(cell.code, "UnknownStatistic", "there is no statistic 'pay'", traceback)
    chapter = type("Read", (), {"parts": (cell,)})()
    (found,) = quarto_problems(said, [chapter], REVIEW, "1.9.38")
    assert (str(found.place), found.code) == ("a.qmd:4", "statistic-exists")
    assert found.message == "there is no statistic 'pay'"


def test_other_failures_are_told_in_quartos_words(
    report: CopyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first line that speaks of an error stands in the problem."""
    does = "echo 'pandoc'>&2; echo 'ERROR: Could not fetch resource x' >&2; exit 1"
    stand_in_for_quarto(tmp_path, monkeypatch, does)
    outcome = report("minimal").run(*RENDER)
    assert outcome.code == 1
    said = "quarto 1.9.38 could not render 'review': ERROR: Could not fetch resource x"
    assert said in outcome.problems


SLIP = "\n\nThis sentence has a mispelt word, and [@nobody_2010] is not known.\n"


@pytest.mark.parametrize(
    ("setting", "environment", "codes"),
    [("", {}, (0, 1)), ("strict: true", {}, (1, 1)), ("", {"CI": "true"}, (1, 1))],
    ids=["writing", "strict", "in CI"],
)
def test_hook_lets_slips_of_writing_pass(
    report: CopyReport,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    environment: dict[str, str],
    codes: tuple[int, int],
) -> None:
    """A misspelt word is a warning to Quarto's hook, unless the report is strict or in CI; a
    citation of nothing stops it always. What was found is left for pages rendered alone."""
    for name in ("CI", "QUARTO_PROJECT_RENDER_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    made = report("minimal")
    project = (made.folder / "_quarto.yml").read_text(encoding="utf-8")
    made.write("_quarto.yml", f"{project}\nimprint: {{{setting}}}\n")
    outlook = (made.folder / "chapters/outlook.qmd").read_text(encoding="utf-8")
    found = made.folder / ".imprint" / "found.json"
    for slip, code in zip((SLIP.partition(",")[0] + ".\n", SLIP), codes, strict=True):
        made.write("chapters/outlook.qmd", outlook + slip)
        outcome = made.run("check", "--for-quarto")
        assert outcome.code == code, outcome.said
        assert "[word-is-spelt]" in outcome.said
        assert "mispelt" in found.read_text(encoding="utf-8")
    monkeypatch.setenv("QUARTO_PROJECT_RENDER_ALL", "1")
    made.run("check", "--for-quarto")
    assert not found.exists()


PAGE = """\
<body><main class="content" id="quarto-document-content"><header id="title-block-header"
class="quarto-title-block default"><h1 class="title">Answers</h1></header>
<section class="level1"><h1 class="unnumbered">Preface</h1><p>Text.</p></section></main></body>
"""


def test_pages_lead_to_the_pdf_and_to_the_other_publications(
    report: CopyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a page of any folder, below its title; a page has one first heading. A render that
    completes it again changes nothing."""
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    does = f'mkdir "$2/chapters"; cp {tmp_path}/page.html "$2/chapters/findings.html"; '
    does += f'cp {tmp_path}/page.html "$2/index.html"; {PDF}'
    stand_in_for_quarto(tmp_path, monkeypatch, does)
    made = report("minimal")
    assert made.run("render", "--engine", "quarto").code == 0
    for page, up in (("index", ""), ("chapters/findings", "../")):
        html = made.page(f"review/{page}.html")
        links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', html[html.index("</header>") :])
        other = (f"{up}../summary/index.html", "Summary")
        assert links == [(f"{up}small-report.pdf", "PDF"), other]
        target = made.folder / "_output" / "review" / Path(page).parent / links[0][0]
        assert target.resolve().is_file()
        assert re.findall(r"<(h\d)", html) == ["h1", "h2"] and html.count("</h2>") == 1
    before = made.page("review/index.html")
    monkeypatch.delenv("IMPRINT_RENDERS", raising=False)
    assert made.run("finish").code == 0
    assert made.page("review/index.html") == before
