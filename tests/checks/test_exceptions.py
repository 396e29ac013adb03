"""An author may allow what a rule forbids, in its place and with a reason, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import SHOWN, WORKS, drawn, small_report

from composing import check_all

SLIP = "So [@garboden_2009, p. 20]."
ALLOW = "<!-- allow locator-is-in-work: so it is printed -->"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{SLIP} {ALLOW}", []),
        (f"{ALLOW}\n{SLIP}", []),
        (f"{SLIP}\n{ALLOW}\nNo more.", ["1:5 locator-is-in-work", "2:1 exception-is-used"]),
        (f"{SLIP} <!-- allow locator-is-in-work -->",
         ["1:5 locator-is-in-work", "1:29 exception-has-reason"]),
        (f"{SLIP} <!-- allow locator-is-in-work:  -->",
         ["1:5 locator-is-in-work", "1:29 exception-has-reason"]),
        (f"{SLIP} <!-- allow locator-is-readable: why -->",
         ["1:5 locator-is-in-work", "1:29 exception-is-used"]),
        (f"So [@garboden_2009, p. 19]. {ALLOW}", ["1:29 exception-is-used"]),
        (f"Write `{ALLOW}` there.", []),
        (f"```\n{ALLOW}\n```", []),
    ],
)  # fmt: skip
def test_exception_in_text(tmp_path: Path, text: str, left: list[str]) -> None:
    """It excuses its rule on its line, needs a reason, and must excuse something."""
    text += "\n\nSee @burton_2009, @garboden_2009, @hunter_2009, @ofsted_2010.\n"
    checked = check_all(small_report(tmp_path, text))
    found = [f"{p.place.line}:{p.place.column} {p.code}" for p in checked.problems]
    assert found == left
    assert bool(checked.excused) == (not left and text.startswith((SLIP, ALLOW)))


def test_excused_problem_is_listed_with_its_reason(tmp_path: Path) -> None:
    """What is allowed is told apart from what is wrong."""
    (excused,) = check_all(small_report(tmp_path, f"{SLIP} {ALLOW}"), draft=True).excused
    assert (excused.problem.code, excused.reason) == ("locator-is-in-work", "so it is printed")


def test_exceptions_of_entries_rows_and_figures(tmp_path: Path) -> None:
    """An entry is excused above it, a row in what its editors note, a module where it stands."""
    works = WORKS.replace("@misc", "% allow reference-is-used: kept on file\n@misc")
    rows = [
        {
            "id": "kept",
            "value": "5",
            "editor_note": "an18; allow statistic-has-origin: on file",
        },
        {"id": "idle", "value": "6"},
    ]
    figure = (
        '"""A figure."""\n\n\n'
        "# allow figure-has-one-unit: the second is a label\n"
        "def rows():\n"
        '    return [{"id": "kept", "unit": "percent"}, {"id": "idle", "unit": "months"}]\n\n\n'
        "def draw(rows):\n    from matplotlib.figure import Figure\n\n    return Figure()\n\n\n"
        'def caption(rows):\n    return "C"\n\n\ndef alt(rows):\n    return "A"\n'
    )
    text = "See @burton_2009 and @garboden_2009.\n\n" + SHOWN.format("f")
    report = small_report(tmp_path, text, works=works, rows=rows, files={"figures/f.py": figure})
    drawn(report, "f")
    excused = {str(e.problem.place): e.problem.code for e in check_all(report).excused}
    assert excused["figures/f.py:5"] == "figure-has-one-unit"
    assert excused["works.bib:7"] == "reference-is-used"
    assert excused["data/statistics.csv:2"] == "statistic-has-origin"


def test_draft_leaves_out_what_is_unfinished(tmp_path: Path) -> None:
    """A draft may hold rows and entries that no text uses yet, and nothing else."""
    report = small_report(
        tmp_path, SLIP, rows=[{"id": "idle", "value": "6", "as_reported": "6 per cent"}]
    )
    codes = {problem.code for problem in check_all(report).problems}
    assert {"statistic-is-used", "reference-is-used", "locator-is-in-work"} <= codes
    assert [p.code for p in check_all(report, draft=True).problems] == ["locator-is-in-work"]


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("the count is known", ["1:5", "1:20"]),
        ("the 42 are known", ["1:20"]),
        ("both 42 and 17 are known", []),
    ],
)
def test_exception_on_a_line_of_several_names_what_it_is_for(
    tmp_path: Path, reason: str, left: list[str]
) -> None:
    """One reason does not excuse whatever else the line holds."""
    text = f"The 42 staff and the 17 leavers met. <!-- allow number-has-source: {reason} -->\n"
    checked = check_all(small_report(tmp_path, text, rows=[{"id": "x", "value": "1"}]))
    found = [p for p in checked.problems if p.code == "number-has-source"]
    assert [f"{p.place.line}:{p.place.column}" for p in found] == [
        place.replace("1:20", "1:22") for place in left
    ]
