"""Captions and alt texts of figures say what their rows hold."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from small_reports import small_report, told

from data_project import ROWS
from imprint.checks.figures import check_figures

SHOWN = '```{python}\nfigure("answers")\n```\n'
MODULE = '''\
"""Answers."""

from matplotlib.figure import Figure

from imprint import plotting
from imprint.authoring import figure_rows, stat
from imprint.plotting import EXPLAINED, bar_chart

LABELS = {"time-to-work": "No time", "recording": "Works well"}


def rows():
    return figure_rows(LABELS)


def draw(rows):
    return bar_chart(rows)


def caption(rows):
    return f"Answers in 2010, at level 2, by {stat('rest')} offices [@ofsted_2010]"


def alt(rows):
    return "Bars: " + "; ".join(f"{row['label']}, {row['wording']}" for row in rows) + "."
'''


def checked(root: Path, old: str = "", new: str = "", text: str = SHOWN) -> list[str]:
    assert not old or MODULE.count(old) == 1
    module = MODULE.replace(old, new) if old else MODULE
    files = {"figures/answers.py": module}
    sources = small_report(root, text, rows=ROWS, files=files)
    return [line.removeprefix("figures/answers.py:") for line in told(check_figures, sources)]


def test_sound_figure_says_nothing(tmp_path: Path) -> None:
    """Dates, levels and numbers from `stat` need no row."""
    assert checked(tmp_path) == []


def test_checking_loads_no_drawing_library(tmp_path: Path) -> None:
    """Figures are read without matplotlib, which takes longer to load than all checks."""
    drawing = {name: sys.modules.pop(name) for name in list(sys.modules) if "matplotlib" in name}
    try:
        assert checked(tmp_path) == []
        assert "matplotlib" not in sys.modules
    finally:
        sys.modules.update(drawing)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("def draw(rows)", "def drawn(rows)", ["1 figure-is-complete"]),
        ("return figure_rows(LABELS)", "return 1 / 0", ["13 figure-is-complete"]),
        ("figure_rows(LABELS)", "figure_rows({'nil': ''})", ["13 figure-is-complete"]),
        ("def rows():", "def rows(:", ["12 figure-is-complete"]),
        ('return "Bars: " +', 'return "" and', ["24 figure-is-complete"]),
        ("; \".join(f\"{row['label']}, {row['wording']}\" for row in rows)",
         "; \".join(f\"{row['label']}, {row['wording']}\" for row in rows[:1])",
         ["24 alt-tells-every-row"]),
        ("{row['wording']}\" for row in rows)", "{row['wording']}\" for row in rows) + ', 65'",
         ["24 figure-number-has-row"]),
        ("Answers in 2010", "Two-thirds of answers in 2010", ["20 figure-number-has-row"]),
        ("Answers in 2010", "Two answers in 2010", []),
        (" [@ofsted_2010]", "", ["20 caption-cites-sources"]),
        ("return figure_rows(LABELS)",
         "return [{**row, 'kind': 'exact'} for row in figure_rows(LABELS)]",
         ["12 vague-is-drawn-vague"]),
        ("return figure_rows(LABELS)",
         "return [{**row, 'value': 64.0} for row in figure_rows(LABELS)]",
         ["12 figure-number-has-row"]),
    ],
)  # fmt: skip
def test_figure_keeps_to_its_rows(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """What a figure draws and says is what the rows hold, and a broken module is told so."""
    assert checked(tmp_path, old, new) == expected


def test_unused_figure_is_named(tmp_path: Path) -> None:
    """A figure that no chapter shows is named."""
    assert checked(tmp_path, text="Text.\n") == ["figures/answers.py figure-is-used"]
