"""Captions and alt texts of figures say what their rows hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from small_reports import SHOWN, drawn, small_report, told

from composing import check_all
from data_project import ROWS, resource
from imprint.author.drawing import FigureError
from imprint.author.figure_record import read_record
from imprint.charts import MEANINGS
from imprint.check.rules.figures.figures import check_figures

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


def checked(
    root: Path, old: str = "", new: str = "", text: str = SHOWN.format("answers")
) -> list[str]:
    assert not old or MODULE.count(old) == 1
    module = MODULE.replace(old, new) if old else MODULE
    return told_of(root, {"figures/answers.py": module}, text=text)


def told_of(
    root: Path,
    files: Mapping[str, str],
    *,
    text: str = SHOWN.format("answers"),
    tables: Iterable[dict[str, Any]] = (),
) -> list[str]:
    """Draw the figure and check it; what a figure that fails says, where it fails."""
    report = small_report(root, text, rows=ROWS, files=files, tables=tables)
    try:
        drawn(report, "answers")
    except FigureError as error:
        return [str(error).removeprefix("figures/answers.py:")]
    return [line.removeprefix("figures/answers.py:") for line in told(check_figures, report)]


def test_sound_figure_says_nothing(tmp_path: Path) -> None:
    """Dates, levels and numbers from `stat` need no row."""
    assert checked(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("def draw(rows)", "def drawn(rows)",
         ["1: this figure lacks draw(): write what is missing"]),
        ("return figure_rows(LABELS)", "return 1 / 0", ["13: ZeroDivisionError: division by zero"]),
        ("figure_rows(LABELS)", "figure_rows({'nil': ''})",
         ["13: there is no statistic 'nil' in data/statistics.csv: add a row for it"]),
        ("def rows():", "def rows(:", ["12: invalid syntax"]),
        ("    return bar_chart(rows)", "    raise SystemExit(1)", ["17: SystemExit: 1"]),
        ('return "Bars: " +', 'return "" and',
         ["24: alt() returns no text: say what the chart shows, with its numbers"]),
        ("; \".join(f\"{row['label']}, {row['wording']}\" for row in rows)",
         "; \".join(f\"{row['label']}, {row['wording']}\" for row in rows[:1])",
         ["24 alt-tells-every-row"]),
        ("{row['wording']}\" for row in rows)", "{row['wording']}\" for row in rows) + ', 65'",
         ["24 figure-number-has-row"]),
        ("Answers in 2010", "Two-thirds of answers in 2010", ["21:14 figure-number-has-row"]),
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
         ["9:40 figure-number-has-row"]),
        ('"No time"', '"No time for level 2"', []),
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


BARS = """axes = Figure(figsize=(6, 2)).subplots()
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
        (BARS.replace("mark(axes, y, row)", "axes.barh(y, 1, left=30, hatch='////')"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("mark(axes, y, row)", "low = row['low'] or 0; "
         "axes.barh(y, (row['high'] or 0) - low, left=low, hatch='////')"),
         []),
        (BARS.replace("in enumerate(rows)", "in enumerate(rows[:1])"),
         ["16 vague-is-drawn-vague"]),
        (BARS.replace("    return", "    axes.text(0, 0, '42 per cent of staff')\n    return"),
         ["20:22 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.set_title('Forty-two of them')\n    return"),
         ["20:21 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.annotate(text='1,200 homes', xy=(0, 0))\n    return"),
         ["20:25 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.set_xlabel(f'{6 * 7:d} of them')\n    return"),
         ["20 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.barh(0, 1, label='41 of them')\n    axes.legend()\n"
         "    return"), ["20:28 figure-number-has-row"]),
        (BARS.replace("    return", "    axes.set_xticks([0, 42], ['0', '42'])\n    return"), []),
        (BARS.replace("    return", "    axes.text(0, 0, '42', visible=False)\n    return"), []),
        (BARS.replace("    return", "    text = axes.text(0, 0, '7')\n"
         "    text.set_text('')\n    return"), []),
        ("axes = Figure(figsize=(6, 2)).subplots()\n    for x, row in enumerate(rows):\n"
         "        low = row['low'] or 0\n"
         "        axes.bar(x, (row['high'] or 0) - low, bottom=low, hatch='////')\n"
         "    return figure_of(axes)", []),
        (BARS.replace("    return", "    axes.text(0, 0, '64 per cent of 2010')\n    return"), []),
        ("import matplotlib.pyplot as plt\n    fig, axes = plt.subplots(2, 1)\n"
         "    axes[0].barh(0, 64)\n    return fig", ["16 vague-is-drawn-vague"]),
    ],
)  # fmt: skip
def test_drawing_is_looked_at(tmp_path: Path, draw: str, expected: list[str]) -> None:
    """Vague rows get a striped box over their bounds, and what is written stands in the data."""
    old = "from imprint.charts import MEANINGS, bar_chart"
    files = {
        "figures/answers.py": MODULE.replace("return bar_chart(rows)", draw).replace(
            old, "from imprint.charts import figure_of, mark; from matplotlib.figure import Figure"
        )
    }
    assert told_of(tmp_path, files) == expected


def test_figure_tells_what_it_drew(tmp_path: Path) -> None:
    """Beside the image stands every text with its role and its line in the module, every hatched
    box in the units of its axis, and what the module looked up; drawn again, the same bytes."""
    assert checked(tmp_path) == []
    file = tmp_path / "figures/drawn/answers.json"
    first = file.read_bytes()
    record = read_record(tmp_path, "answers")
    assert record is not None
    texts = {(it.role, it.text.replace("\u00a0", " "), it.line) for it in record.texts}
    assert texts >= {
        ("text", "No time", 17), ("text", "64 per cent", 17), ("text", "Works well", 17),
        ("text", "almost a third", 17), ("legend", MEANINGS["range"], 17),
        ("tick label", "100 per cent", 17),
    }  # fmt: skip
    assert [(it.hatch, it.width, it.line) for it in record.boxes] == [("////", 3.3333, 17)]
    assert {id: found["unit"] for id, found in record.statistics.items()} == {
        "time-to-work": "percent", "recording": "percent", "rest": "percent",
    }  # fmt: skip
    assert [row["wording"].replace("\u00a0", " ") for row in record.rows] == [
        "64 per cent", "almost a third",
    ]  # fmt: skip
    drawn(small_report(tmp_path, rows=ROWS, files={"figures/answers.py": MODULE}), "answers")
    assert file.read_bytes() == first


@pytest.mark.parametrize("damage", ["module", "record", "version"])
def test_a_record_of_something_else_is_none(tmp_path: Path, damage: str) -> None:
    """What a figure drew before its module changed, or before ours did, says nothing of it now."""
    assert checked(tmp_path) == []
    file = tmp_path / ("figures/answers.py" if damage == "module" else "figures/drawn/answers.json")
    old, new = {
        "module": ("Answers", "Replies"), "record": ("{", ""), "version": ('"version": ', "1"),
    }[damage]  # fmt: skip
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    assert read_record(tmp_path, "answers") is None


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
    assert told_of(tmp_path, files, tables=tables) == expected


def test_unused_figure_is_named(tmp_path: Path) -> None:
    """A figure that no chapter shows is named."""
    assert checked(tmp_path, text="Text.\n") == ["figures/answers.py figure-is-used"]


def test_figure_that_fails_keeps_no_other_from_being_judged(tmp_path: Path) -> None:
    """It is one problem at the line of its module, in whatever encoding that is; the other figures
    of its chapter are drawn and judged, and what refers to it is no second problem."""
    fails = MODULE.replace("return bar_chart(rows)", "return 1 / 0")
    other = MODULE.replace("Answers in 2010", "42 caf\u00e9s in 2010")
    text = (
        "See @fig-answers and @fig-others.\n\n```{python}\nfrom imprint import figure\n```\n\n"
        '```{python}\nfigure("answers")\n```\n\n```{python}\nfigure("others")\n```\n'
    )
    files = {
        "figures/answers.py": fails,
        "figures/others.py": ("# coding: latin-1\n" + other).encode("latin-1"),
    }
    report = small_report(tmp_path, text, rows=ROWS, files=files)
    found = [f"{it.place} {it.code}" for it in check_all(report, runs=True).problems]
    assert [it for it in found if "fig" in it] == [
        "figures/answers.py:17 figure-draws", "figures/others.py:22:14 figure-number-has-row",
        "figures/others.py:22:14 number-has-source",
    ]  # fmt: skip
