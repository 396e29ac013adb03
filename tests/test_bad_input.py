"""Bad input gets one clear problem: file, line, what is wrong, how to fix it; nothing is lost.

Each folder of tests/reports/broken lies over the minimal report; its `expected.yml` says which
problems a render must tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports import Outcome, ReportFolder, tree
from thorough import cases

BROKEN = sorted(Path(__file__).with_name("reports").glob("broken/*/"))
CopyReport = Callable[[str], ReportFolder]


def break_report(report: ReportFolder, overlay: Path) -> dict[str, Any]:
    """Lay the changed files over the report and return what is expected of it."""
    shutil.copytree(overlay, report.folder, dirs_exist_ok=True)
    expected: dict[str, Any] = yaml.safe_load(
        (report.folder / "expected.yml").read_text(encoding="utf-8")
    )
    (report.folder / "expected.yml").unlink()
    return expected


def untold(outcome: Outcome, problem: dict[str, Any]) -> list[str]:
    """What the outcome does not say of a problem: its place and code, and each of its words."""
    told = outcome.problems.split("\n")
    for number, line in enumerate(told):
        if line.startswith(f"{problem['at']}:") and line.endswith(f"[{problem['code']}]"):
            text = "\n".join(told[number : number + 2])
            return [words for words in problem["says"] or () if words not in text]
    return [f"{problem['at']} [{problem['code']}]"]


@pytest.mark.parametrize(
    "overlay",
    cases({path.name: path for path in BROKEN}, {path.name for path in BROKEN} - {"cell-ends"}),
)
def test_bad_input_is_reported(report: CopyReport, overlay: Path) -> None:
    """The problems are told as expected, without a traceback; the last output stays as it is."""
    made = report("minimal").write("_output/review/index.html", "the last good one")
    expected = break_report(made, overlay)
    before = tree(made.folder / "_output")
    outcome = made.run("render", "--engine", "embedded")
    assert outcome.code == 1
    missing = [words for problem in expected["problems"] for words in untold(outcome, problem)]
    assert missing == [], outcome.problems
    count = len(expected["problems"])
    assert outcome.problems.endswith(f"\n{count} problem{'s' * (count > 1)}\n"), outcome.problems
    assert "Traceback" not in outcome.problems + outcome.said
    assert tree(made.folder / "_output") == before


@pytest.mark.parametrize(
    "overlay", [path for path in BROKEN if path.name in {"citation-resolves", "value-has-type"}]
)
def test_check_tells_the_same(report: CopyReport, overlay: Path) -> None:
    """`imprint check` finds what a render would, and ends with 1."""
    made = report("minimal")
    assert made.run("check").code == 0
    expected = break_report(made, overlay)
    outcome = made.run("check")
    assert outcome.code == 1
    for problem in expected["problems"]:
        assert all(words in outcome.said for words in (problem["code"], *problem["says"]))


def test_traceback_for_those_who_ask(report: CopyReport) -> None:
    """`--debug` shows where in the code a problem arose, before or after the command's name."""
    made = report("minimal").edit("_quarto.yml", "chapters/outlook.qmd", "chapters/outlok.qmd")
    for words in (["render", "--debug"], ["--debug", "render"]):
        outcome = made.run(*words)
        assert outcome.code == 1
        assert "Traceback" in outcome.problems


def test_a_fault_of_ours_is_no_bare_traceback(
    report: CopyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a mistake in imprint itself is reported in words."""

    def fail(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("imprint.terminal.rendering.read_report", fail)
    outcome = report("minimal").run("render")
    assert outcome.code == 70
    assert outcome.problems == (
        "internal error: KeyError: 'lost'; run again with --debug and report it\n"
    )
    assert "Traceback" not in outcome.problems


def test_outside_a_report(tmp_path: Path) -> None:
    """Where there is no report, that is said."""
    outcome = ReportFolder(tmp_path).run("render")
    assert outcome.code == 1
    assert "there is no _quarto.yml here or in any folder above" in outcome.problems
