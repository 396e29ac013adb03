"""What programs that are not ours have written is looked at before it becomes the output."""

from __future__ import annotations

from pathlib import Path

import pytest

from quarto_stand_in import WHOLE, stand_in_for_quarto
from reports import copy_report, tree

SPOILT = {
    "empty-page": (f'{WHOLE}; : > "$2/index.html"', "_output/review/index.html: it is not whole"),
    "cut-pdf": (
        f'{WHOLE}; echo "%PDF-1.7" > "$2/small-report.pdf"',
        "_output/review/small-report.pdf: it is not whole",
    ),
    "nothing": ("", "_output/review: there is no page or PDF in it"),
}


@pytest.mark.parametrize(("writes", "said"), SPOILT.values(), ids=SPOILT)
def test_what_quarto_leaves_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: str, said: str
) -> None:
    """A page or PDF that is missing, empty or cut short fails the render; the last output stays."""
    made = copy_report("minimal", tmp_path / "report")
    stand_in_for_quarto(tmp_path, monkeypatch, WHOLE)
    asked = ("render", "review", "--engine", "quarto")
    assert made.run(*asked).code == 0
    before = tree(made.folder / "_output")
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey")
    stand_in_for_quarto(tmp_path, monkeypatch, writes)
    for _ in range(2):
        outcome = made.run(*asked)
        assert outcome.code == 1
        assert f"{said} [output-is-whole]\n" in outcome.problems
        assert outcome.problems.endswith("\n1 problem\n")
        assert tree(made.folder / "_output") == before
