"""`imprint check` says what it found to people, to GitHub and to tools that read SARIF."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from composing import check_all
from imprint.check import Checked
from imprint.check.problem_forms import as_json, problem_lines, summary
from imprint.core.problems import Place, Problem, by_cause, problem_from_json
from imprint.read.project.publications import read_project
from imprint.read.report import read_report
from reports import ReportFolder, copy_report

BROKEN = """

So [@KEY, p.3], see @nobody_2010. <!-- allow citation-resolves: a test -->
"""


@pytest.fixture
def broken(report: Callable[[str], ReportFolder]) -> ReportFolder:
    """The minimal report with two slips, one of which is allowed."""
    made = report("minimal")
    path = made.folder / "chapters" / "outlook.qmd"
    bibliography = (made.folder / "references.bib").read_text(encoding="utf-8")
    key = re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE)[0]
    text = path.read_text(encoding="utf-8") + BROKEN.replace("KEY", key)
    return made.write("chapters/outlook.qmd", text)


def test_people_read_problems_by_file(broken: ReportFolder) -> None:
    """Each file stands once, its problems below it with their fix, the allowed ones last."""
    outcome = broken.run("check", "--allowed")
    assert outcome.code == 1
    lines = outcome.said.split("\n")
    assert lines.count("chapters/outlook.qmd") == 1
    slip = next(i for i, line in enumerate(lines) if "[locator-is-readable]" in line)
    assert lines[slip + 1].startswith("      fix: write")
    allowed = next(i for i, line in enumerate(lines) if line.startswith("allowed: "))
    assert allowed > slip
    assert "      because: a test" in lines[allowed:]
    assert "because: a test" not in broken.run("check").said


def test_a_clean_check_says_one_line(report: Callable[[str], ReportFolder]) -> None:
    """What is allowed and what is set is counted in it, and listed on demand alone."""
    made = report("minimal")
    slip = "A word word stands here. <!-- allow word-stands-once: a test -->\n"
    path = made.folder / "chapters" / "outlook.qmd"
    made.write("chapters/outlook.qmd", f"{path.read_text(encoding='utf-8')}\n{slip}\nA  gap.\n")
    rules = (
        "imprint:\n  rules:\n"
        "    spaces-are-single: {level: off, reason: old typescript}\n"
        "    word-is-spelt: {level: warning, reason: many names}\n"
    )
    project = (made.folder / "_quarto.yml").read_text(encoding="utf-8")
    made.write("_quarto.yml", f"{project}\n{rules}")
    outcome = made.run("check")
    (line,) = outcome.said.splitlines()
    assert line.endswith(": no problems; 2 allowed, 1 rule off, 1 rule set to a warning")
    assert outcome.code == 0
    told = made.run("check", "--allowed").said
    assert "spaces-are-single is off\n      because: old typescript" in told
    assert "[spaces-are-single]\n      because: old typescript" in told
    assert "word-is-spelt is only a warning\n      because: many names" in told
    found = json.loads(made.run("check", "--format", "json").said)
    assert {one["code"] for one in found["allowed"]} == {"spaces-are-single", "word-stands-once"}
    assert [(rule["code"], rule["level"]) for rule in found["rules"]] == [
        ("spaces-are-single", "off"), ("word-is-spelt", "warning"),
    ]  # fmt: skip


def test_json_tells_problems_whole(broken: ReportFolder) -> None:
    """Each can be read again as it was found, and gives its fix under the former name too."""
    (told,) = json.loads(broken.run("check", "--json").said)
    found = problem_from_json(told)
    assert (found.place.file, found.code) == ("chapters/outlook.qmd", "locator-is-readable")
    assert told == asdict(found) | {"mend": found.fix}


def test_github_shows_problems_beside_the_line(broken: ReportFolder) -> None:
    """One workflow command a problem, with file, line and column; marks are escaped."""
    outcome = broken.run("check", "--format", "github")
    (slip,) = [line for line in outcome.said.split("\n") if "locator-is-readable" in line]
    assert slip.startswith("::error file=chapters/outlook.qmd,line=")
    assert ",col=5,title=locator-is-readable::the locator 'p.3' of" in slip
    assert "%0Afix: write" in slip
    (allowed,) = [line for line in outcome.said.split("\n") if line.startswith("::notice ")]
    assert "title=citation-resolves::" in allowed
    assert allowed.endswith("%0Aallowed because: a test")
    assert outcome.code == 1


def test_sarif_log_has_the_required_shape(broken: ReportFolder) -> None:
    """The log is SARIF 2.1.0: one run, its rules, and results that point to them and to places."""
    outcome = broken.run("check", "--format", "sarif")
    log = json.loads(outcome.said)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "imprint"
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert all("://" in rule.get("helpUri", "://") for rule in rules), "an address must be whole"
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert not physical["artifactLocation"]["uri"].startswith("/")
        region = physical.get("region", {"startLine": 1})
        assert region["startLine"] >= 1
        assert region.get("startColumn", 1) >= 1
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in suppressed] == ["citation-resolves"]
    assert suppressed[0]["suppressions"] == [{"kind": "inSource", "justification": "a test"}]


def test_json_holds_problems_and_what_is_allowed(broken: ReportFolder) -> None:
    """The whole result: every problem, and every exception with its reason."""
    found = json.loads(broken.run("check", "--format", "json").said)
    assert "locator-is-readable" in {problem["code"] for problem in found["problems"]}
    (allowed,) = found["allowed"]
    assert (allowed["code"], allowed["reason"]) == ("citation-resolves", "a test")
    assert allowed["place"]["line"] > 1


def test_json_is_a_list_of_problems(broken: ReportFolder) -> None:
    """Tools read place, code, message, fix and severity of each problem; the allowed are not
    among them."""
    found = json.loads(broken.run("check", "--json").said)
    (slip,) = [problem for problem in found if problem["code"] == "locator-is-readable"]
    assert slip["place"]["file"] == "chapters/outlook.qmd"
    assert slip["place"]["column"] == 5
    assert {"message", "fix", "severity"} <= set(slip)
    assert all(problem["code"] != "citation-resolves" for problem in found)


def test_render_stops_at_the_same_problems(broken: ReportFolder) -> None:
    """Nothing is rendered from what does not pass the checks."""
    outcome = broken.run("render", "--engine", "embedded", "--to", "html")
    assert outcome.code == 1
    assert "[locator-is-readable]" in outcome.problems
    assert not (broken.folder / "_output").exists()


def test_one_publication_is_judged_by_itself(report: Callable[[str], ReportFolder]) -> None:
    """What only the others use or explain is no problem of the one that is asked for."""
    folder = report("minimal").folder
    for publication in read_project(folder).publications:
        parsed, read = read_report(folder, [publication.name])
        assert [str(found) for found in check_all(parsed, read).problems] == []


def test_a_check_that_runs_nothing_says_what_it_has_not_seen(tmp_path: Path) -> None:
    """A warning while chapters have not run as they stand; none once they have."""
    made = copy_report("minimal", tmp_path / "report", cold=True)
    said = made.run("check", "--no-run").said
    assert "warning: the code of" in said and "[code-has-run]" in said
    assert made.run("check").code == 0
    assert made.run("check", "--no-run").said.endswith("statistics: no problems\n")
    made.write("chapters/outlook.qmd", "# Outlook {#sec-outlook}\n\nIt is `{python} 1 + 1`.\n")
    assert "of this chapter has not run" in made.run("check", "--no-run").said
    made.write("figures/answers.py", (made.folder / "figures/answers.py").read_text("utf-8") + "\n")
    said = made.run("check", "--no-run").said
    assert "figures/answers.py\n  warning: this figure has not been drawn" in said


def _problem(place: str, code: str, message: str) -> Problem:
    file, line, column = place.split(":")
    return Problem(Place(file, int(line), int(column)), code, message, "fix it")


def test_what_follows_is_told_with_its_cause() -> None:
    """A name is told once, code that stumbles over a row with the row, and the rest of a file with
    the fence that swallows it; what only looks alike stands for itself."""
    key = [_problem(f"a.qmd:{line}:3", "citation-resolves", "no entry 'x'") for line in (4, 9, 12)]
    row = _problem("data/b.csv:2:0", "cell-has-its-type", "no number")
    cell = _problem("a.qmd:20:0", "cell-runs", "cell 1 raised ReportError: data/b.csv:2: no number")
    other = _problem("a.qmd:21:0", "cell-runs", "cell 2 raised NameError at data/b.csv:20: what")
    twice = _problem("a.qmd:30:1", "label-is-unique", "used twice, first at data/b.csv:2")
    fence = _problem("c.qmd:5:1", "fence-is-closed", "never closed")
    before = _problem("c.qmd:4:1", "attributes-are-readable", "odd")
    after = _problem("c.qmd:6:1", "attributes-are-readable", "odd")
    folded = by_cause([after, before, fence, twice, other, cell, row, *key])
    assert {cause: others for cause, others in folded.items() if others} == {
        key[0]: key[1:],
        row: [cell],
        fence: [after],
    }
    assert list(folded) == [key[0], other, twice, before, fence, row]
    checked = Checked((*key, row), ())
    assert "      and 2 more that follow from it: a.qmd:9:3, a.qmd:12:3" in problem_lines(
        checked.problems
    )
    first = json.loads(as_json(checked))["problems"][0]
    assert [it["place"]["line"] for it in first["following"]] == [9, 12]
    assert summary(checked) == "2 problems"
