"""What programs that are not ours have written is looked at before it becomes the output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reports import copy_report, tree

FAKE = """#!/bin/sh
[ "$1" = --version ] && {{ echo 1.9.38; exit; }}
while [ "$1" != --output-dir ]; do shift; done
mkdir -p "$2"
{writes}
"""
"""A Quarto that always ends well; `$2` is the folder for its output."""

WHOLE = 'echo "<p>Text</p>" > "$2/index.html"; printf "%%PDF-1.7\\n%%%%EOF\\n" > "$2/small.pdf"'
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
    quarto = tmp_path / "bin" / "quarto"
    quarto.parent.mkdir()
    monkeypatch.setenv("PATH", f"{quarto.parent}{os.pathsep}{os.environ['PATH']}")
    quarto.write_text(FAKE.format(writes=WHOLE))
    quarto.chmod(0o755)
    asked = ("render", "review", "--engine", "quarto")
    assert made.run(*asked).code == 0
    before = tree(made.folder / "_output")
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey")
    quarto.write_text(FAKE.format(writes=writes))
    for _ in range(2):
        outcome = made.run(*asked)
        assert outcome.code == 1
        assert f"{said} [output-is-whole]\n" in outcome.problems
        assert outcome.problems.endswith("\n1 problem\n")
        assert tree(made.folder / "_output") == before
