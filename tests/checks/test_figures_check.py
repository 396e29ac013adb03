"""Captions and alt texts of figures say what their rows hold."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from small_reports import small_report, told

from data_project import ROWS, resource
from imprint.check.rules.figures.figures import check_figures

SHOWN = '```{python}\nfigure("answers")\n```\n'
MODULE = '''\
"""Answers."""

from matplotlib.figure import Figure

from imprint import charts
from imprint.author.calls import figure_rows, stat
from imprint.charts import MEANINGS, bar_chart

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
    report = small_report(root, text, rows=ROWS, files=files)
    return [line.removeprefix("figures/answers.py:") for line in told(check_figures, report)]


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
        ("return figure_rows(LABELS)",
         "return [{**row, 'kind': ''} for row in figure_rows(LABELS)]",
         ["12 vague-is-drawn-vague", "12 vague-is-drawn-vague"]),
        ("return figure_rows(LABELS)",
         "return [*figure_rows(LABELS), {'label': 'By hand', 'kind': 'exact', 'value': 99,"
         " 'wording': '99 per cent'}]",
         ["12 figure-number-has-row"]),
        ('"No time"', '"No time for 42 cases"',
         ["12 figure-number-has-row", "24 figure-number-has-row"]),
        ('"No time"', '"No time for level 2"', []),
        ("return bar_chart(rows)", "return 1 / 0",
         ["17 figure-is-complete"]),
    ],
)  # fmt: skip
def test_figure_keeps_to_its_rows(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """What a figure draws and says is what the rows hold, and a broken module is told so."""
    assert checked(tmp_path, old, new) == expected


PAIRS = '"Bars: " + "; ".join(f"{row[\'label\']}, {row[\'wording\']}" for row in rows) + "."'


@pytest.mark.parametrize(
    ("alt", "sound"),
    [
        ("No time, 64 per cent; works well, almost a third", True),
        ("64 per cent have no time, and almost a third say that it works well", True),
        ("For no time it is 64 per cent and for works well almost a third", True),
        ("Of all (in trusts; an average) no time, 64 per cent; works well, almost a third", True),
        ("No time, almost a third; works well, 64 per cent", False),
        ("Almost a third have no time, and 64 per cent say that it works well", False),
        ("No time and works well. They are 64 per cent and almost a third", False),
        ("The first, 64 per cent; works well, almost a third", False),
    ],
)
def test_alt_text_gives_each_label_its_own_number(tmp_path: Path, alt: str, sound: bool) -> None:
    """A number beside the label of another row is reported, in whatever order they stand."""
    codes = {line.partition(" ")[2] for line in checked(tmp_path, PAIRS, repr(alt + "."))}
    assert codes == (set() if sound else {"alt-tells-every-row"})


BARS = """axes = canvas(40)[0]
    for y, row in enumerate(rows):
        mark(axes, y, row)
    return figure_of(axes)"""


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (BARS, []),
        (BARS.replace("mark(axes, y, row)", "axes.barh(y, row['value'])"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("mark(axes, y, row)", "axes.plot(row['value'], y, 'o')"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("mark(axes, y, row)", "mark(axes, y, {**row, 'kind': 'exact'})"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("mark(axes, y, row)", "interval(axes, y, 30, 31)"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("mark(axes, y, row)", "interval(axes, y, row['low'] or 0, row['high'] or 0)"),
         []),
        (BARS.replace("in enumerate(rows)", "in enumerate(rows[:1])"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("    return", "    axes.text(0, 0, '42 per cent of staff')\n    return"),
         ["16 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.set_title('Forty-two of them')\n    return"),
         ["16 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.annotate(text='1,200 homes', xy=(0, 0))\n    return"),
         ["16 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.text(0, 0, '64 per cent of 2010')\n    return"), []),
        ("import matplotlib.pyplot as plt\n    fig, axes = plt.subplots(2, 1)\n"
         "    axes[0].barh(0, 64)\n    return fig", ["16 vague-is-drawn-vague"]),
        ("for line in Figure().lines:\n        raise ValueError\n"
         "    width, height = Figure().size\n    return None", ["16 vague-is-drawn-vague"]),
    ],
)  # fmt: skip
def test_drawing_is_looked_at(tmp_path: Path, draw: str, expected: list[str]) -> None:
    """Vague rows get a striped box over their bounds, and what is written stands in the data."""
    old = "from imprint.charts import MEANINGS, bar_chart"
    files = {
        "figures/answers.py": MODULE.replace("return bar_chart(rows)", draw).replace(
            old, "from imprint.charts import canvas, figure_of, interval, mark"
        )
    }
    if "Figure().lines" in draw:  # nothing of ours that draws: it cannot be followed
        files["figures/answers.py"] = MODULE.replace("return bar_chart(rows)", draw).replace(
            old, ""
        )
    report = small_report(tmp_path, SHOWN, rows=ROWS, files=files)
    assert told(check_figures, report) == [f"figures/answers.py:{line}" for line in expected]


COUNTS = """\
from imprint.author.calls import data_rows
from imprint.charts import matrix


def rows():
    kinds = sorted({row["kind"] for row in data_rows("sites")})
    sites = data_rows("sites")
    return [{"label": kind, "one": sum(s["kind"] == kind and "one" in s["themes"] for s in sites),
             "all": sum(s["kind"] == kind for s in sites)} for kind in kinds]


def draw(rows):
    return matrix(rows, {"one": "One", "all": "All"}, left=40)


def caption(rows):
    return f"Sites, {len(rows)} kinds"


def alt(rows):
    return "Matrix: " + "; ".join(f"{row['label']} {row['all']}" for row in rows) + "."
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("sum(s[\"kind\"] == kind for s in sites)", "5", ["5 figure-number-has-row"] * 2),
        ('"one": sum(', '"one": 1 + sum(', ["5 figure-number-has-row", "20 alt-tells-every-row"]),
        ("{row['all']}", "{row['all'] + 7}",
         ["20 alt-tells-every-row", *["20 figure-number-has-row"] * 2]),
    ],
)  # fmt: skip
def test_counts_are_counts_of_a_table(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    """A row without a statistic counts the rows of a table that share its text and column."""
    files = {
        "figures/answers.py": COUNTS.replace(old, new) if old else COUNTS,
        "data/sites.csv": "name,kind,themes\nA,x,one\nB,x,one; two\nC,x,two\nD,y,one\n",
    }
    tables = [resource("sites", *({"name": name} for name in ("name", "kind", "themes")))]
    report = small_report(tmp_path, SHOWN, rows=ROWS, files=files, tables=tables)
    assert told(check_figures, report) == [f"figures/answers.py:{line}" for line in expected]


def test_unused_figure_is_named(tmp_path: Path) -> None:
    """A figure that no chapter shows is named."""
    assert checked(tmp_path, text="Text.\n") == ["figures/answers.py figure-is-used"]
