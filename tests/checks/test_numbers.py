"""Numbers that a reader could not follow are named, and what only looks like one is not."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from building import CHAPTER, row, sources_of
from small_reports import small_report

from composing import composed
from data_project import resource
from imprint.check.prose.amounts import amounts
from imprint.check.rules.numbers.numbers import (
    check_numbers,
    written_amounts,
)
from imprint.check.rules.numbers.values import check_values
from imprint.core.model import Chapter, Entry, Line, Project, Publication, Text
from imprint.core.problems import Place
from imprint.core.settings import Words
from imprint.read.report import Report

CASES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "numbers.yml").read_text(encoding="utf-8")
)
SENTENCES = [sentence for group in CASES.values() for sentence in group]
PRECISION = RECALL = 0.97

ROWS = (
    row("survey-time", 64.0, measure="time to work with children", source="ofsted_2010"),
    row("reviews-time", 64.0, measure="reviews finished in time"),
    row("trusts", 4.0, unit="count", measure="NHS trusts reviewed"),
    row("recording", 33.3, low=30.0, high=33.3, qualifier="almost", as_reported="almost a third",
        measure="electronic recording system is effective", population="practitioners who agree"),
)  # fmt: skip


def found(tmp_path, text, **more):
    """The problems of one chapter as (line, column, number, fix)."""
    report = sources_of(tmp_path, text, ROWS, **more)
    return [
        (p.place.file, p.place.line, p.place.column, re.findall("'(.*?)'", p.message)[0], p.fix)
        for p in check_numbers(report)
    ]


def test_labelled_sentences_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Over the labelled sentences, precision and recall are both at least 0.97."""
    assert len(SENTENCES) >= 300
    hits, false, missed = weigh(SENTENCES)
    precision, recall = hits / (hits + len(false)), hits / (hits + len(missed))
    said = f"{len(SENTENCES)} sentences, {hits + len(missed)} numbers without a source: "
    with capsys.disabled():
        sys.stdout.write(f"\n{said}precision {precision:.3f}, recall {recall:.3f}\n")
    assert precision >= PRECISION, false
    assert recall >= RECALL, missed


WORDS = Words(kinds=("social", "health"), numbered=("Authority", "Trust", "Council"))
"""What a report on such a subject sets."""


def weigh(sentences: Iterable[str]) -> tuple[int, list[str], list[str]]:
    """How many marked numbers are found, and what is found falsely or missed."""
    hits = 0
    false: list[str] = []
    told = [unmarked(marked) for marked in sentences]
    chapters = {
        f"{number}.qmd": Chapter(
            f"{number}.qmd", {}, (Text((Line(bare, Place(f"{number}.qmd", 1)),)),), ()
        )
        for number, (bare, _) in enumerate(told)
    }
    entries = tuple(Entry("chapter", path) for path in chapters)
    page = Publication("page", True, entries, {}, "page", "_quarto.yml")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), (page,), "project", (), "")
        nothing = frozenset[str]()
        report = composed(Report(project, (page,), chapters, None, {}, nothing, nothing))
        for (bare, wanted), chapter in zip(told, chapters.values(), strict=True):
            for paragraph in report.written(chapter):
                for amount in written_amounts(paragraph, words=WORDS):
                    start = paragraph.place(amount.start).column - 1
                    end = paragraph.place(amount.end - 1).column
                    match = next((w for w in wanted if w[0] < end and start < w[1]), None)
                    if match:
                        wanted.remove(match)
                        hits += 1
                    else:
                        false.append(f"{amount.text!r} in {bare!r}")
    missed = [f"{bare[start:end]!r} in {bare!r}" for bare, left in told for start, end in left]
    return hits, false, missed


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence without its marks, and where they stood."""
    bare = ""
    spans = []
    for index, piece in enumerate(re.split(r"\[\[|\]\]", marked)):
        if index % 2:
            spans.append((len(bare), len(bare) + len(piece)))
        bare += piece
    return bare, spans


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("64 per cent", (64,), "percent"),
        ("two-thirds", (200 / 3,), "percent"),
        ("one in five", (20,), "percent"),
        ("three to four days", (3, 4), ""),
        ("£2.5 million", (2_500_000,), "gbp"),
        ("two hundred and fifty", (250,), ""),
        ("half a million", (500_000,), ""),
        ("one and a half days", (1.5,), ""),
        ("twice", (2,), "times"),
        ("1,204", (1204,), ""),
        ("sixty-four point five per cent", (64.5,), "percent"),
    ],
)
def test_amounts_have_values(text, values, unit):
    """Digits and words alike say what they are worth, so that rows can be matched."""
    (amount,) = amounts(text)
    assert (amount.values, amount.unit) == (pytest.approx(values), unit)


def test_place_is_line_and_column(tmp_path):
    """A number is named where it stands, under its line's own file."""
    text = "# Title\n\nIn 2009,\nit was 64 per cent.\n"
    assert [problem[:4] for problem in found(tmp_path, text)] == [(CHAPTER, 4, 8, "64 per cent")]


def test_rows_of_the_same_value_are_offered_by_their_words(tmp_path):
    """Of two rows with the value, the one whose words the sentence shares comes first."""
    text = "For 64 per cent of reviews there was time; they were finished.\n"
    fix = found(tmp_path, text)[0][4]
    assert fix.startswith('use `{python} stat("reviews-time")`')
    assert found(tmp_path, "All four trusts met it.\n")[0][4] == 'use `{python} stat("trusts")`'


def test_row_with_another_value_is_shown(tmp_path):
    """Where the row says something else, the message says what."""
    text = (
        "Of practitioners, 30 per cent agree that the electronic recording system is effective.\n"
    )
    assert "'recording', says 'almost a third'" in found(tmp_path, text)[0][4]


def test_number_without_any_row_asks_for_one(tmp_path):
    """With no row in sight, the author is asked to add one."""
    assert found(tmp_path, "They ate 17 apples.\n")[0][4].startswith("add a row")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('![Bars](/figures/x.svg){#fig-x fig-alt="Bars for three groups"}\n', (1, 50)),
        ("Text.[^a]\n\n[^a]: All four trusts.\n", (3, 11)),
        ("| Group | Number |\n|---|---|\n| Trusts | four |\n", (3, 12)),
        ("::: {#box-a}\n\nText.\n\nTwo examples\n\n:::\n", (5, 1)),
        ("## Three themes {#sec-3}\n", (1, 4)),
        ("- six sites\n", (1, 3)),
    ],
)
def test_every_text_that_readers_read_is_searched(tmp_path, text, place):
    """Alt texts, notes, tables, captions, titles of boxes, headings and lists are read too."""
    assert [problem[1:3] for problem in found(tmp_path, text)] == [place]


FIGURE = '''
from matplotlib.figure import Figure

def rows():
    """Two rows."""
    return [{"n": 2}, {"n": 3}]

def draw(rows):
    return Figure()

def caption(rows):
    """Says two things."""
    return f"The {rows[0]['n']} groups, of three kinds"

def alt(rows):
    return "Bars for all of the four kinds"
'''
CODE = """\
# T

```{python}
from IPython.display import Markdown
from imprint import figure, table
rows, whole, part, name = [1, 2], 9, 3, "Kent"
```

```{python}
print("It had 42 staff.")
```

```{python}
Markdown("Twelve of them left.")
```

```{python}
words = "all 43 of them"
table("sites", caption=words)
```

```{python}
table("sites", columns=["practice", "title"], caption="Sites, " + "all 44", label="tbl-x")
```

```{python}
table([{"Area": "Kent", "Staff": "45"}])
```

```{python}
table("sites", columns=["n"], cells={"n": lambda row: "46 themes"})
```

```{python}
figure("bars")
```

```{python}
#| tbl-cap: Sums of three kinds
#| label: tbl-kinds
Markdown("| a |\\n|---|\\n| b |")
```
"""


def test_numbers_that_code_prints_are_named(tmp_path):
    """What cells, figures and tables of data print is read where it is written; titles keep
    theirs, and what a figure takes from its rows is its own."""
    cells = "practice,title,hidden\nShown to 47 managers,One of Us,7 more\n"
    fields = [{"name": name, "type": "string"} for name in ("practice", "title", "hidden")]
    report = small_report(
        tmp_path, CODE, rows=[{"id": "x", "value": "1", "measure": "what 12 teams do"}],
        files={"data/sites.csv": cells, "figures/bars.py": FIGURE},
        tables=[resource("sites", *fields)],
    )  # fmt: skip
    named = {
        (str(p.place), *re.findall("'(.*?)'", p.message)[:1])
        for p in check_numbers(composed(report, runs=True))
    }
    files = {"data/sites.csv": cells, "figures/bars.py": FIGURE, "text.qmd": CODE}
    wanted = (
        ("data/sites.csv", "47 man", "47"), ("data/sites.csv", "7 more", "7"),
        ("figures/bars.py", "three kinds", "three"), ("figures/bars.py", "four kinds", "four"),
        ("text.qmd", "42 staff", "42"), ("text.qmd", "Twelve of", "Twelve"),
        ("text.qmd", "43 of", "43"), ("text.qmd", 'all 44"', "44"), ("text.qmd", '45"', "45"),
        ("text.qmd", "46 themes", "46"), ("text.qmd", "three kinds", "three"),
    )  # fmt: skip
    assert named == {
        ("data/statistics.csv:2:22", "12"),
        *((_place(file, files[file], words, number), number) for file, words, number in wanted),
    }


def _place(file, content, words, number):
    """Where a number stands among words that a file has once."""
    before = content[: content.index(words) + words.index(number)]
    return f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


CELL = "```{{python}}\n{}\n```\n"
BEGIN = CELL.format(
    """from IPython.display import Markdown
import pandas as pd

from imprint import claim, stat, table

rows, whole, part, name = [1, 2, 3], 50, 8, "Kent"
share = stat("trusts")"""
)
DATA = [
    {"id": "trusts", "value": "4", "unit": "count"},
    {"id": "time", "value": "64", "unit": "percent"},
]
SITES = resource("sites", {"name": "place"}, {"name": "n", "type": "integer"})


def printed(tmp_path, text):
    """What is said of a chapter that has run: line, column and the message up to the fix."""
    files = {"data/sites.csv": "place,n\nKent,47\nHull,48\n", "data/notes.txt": "It had 49 staff."}
    report = small_report(tmp_path, BEGIN + text, rows=DATA, files=files, tables=[SITES])
    read = composed(report, runs=True)
    assert not read.incomplete
    begun = BEGIN.count("\n")
    return [(p.place.line - begun, p.place.column, p.message) for p in check_numbers(read)]


def test_numbers_that_cells_work_out_are_named(tmp_path):
    """What a cell prints of its own has no row behind it, wherever it got it from: the line that
    says it is named or, where none does, the first of the cell, once for all its numbers."""
    cells = {
        'table([{"Area": "Kent", "Staff": 42}])': [(0, 34, "'42'")],
        "\nprint(43)": [(1, 7, "'43'")],
        'print(f"It had {len(rows)} rows.")': [(0, 9, "'3'")],
        'Markdown(f"It had {whole - part} rows.")': [(0, 12, "'42'")],
        "total = sum(rows)\ntotal * 7": [(0, 0, "'42'")],
        'print(open("data/notes.txt").read())': [(0, 0, "'49'")],
        'pd.DataFrame({"Staff": [n * part * 2 for n in rows] + [41]})': [
            (0, 0, "'16', '32', '48'"), (0, 56, "'41'"),
        ],
        'table("sites", cells={"n": lambda row: row["n"] * 2})': [(0, 0, "'94', '96'")],
        "print([n * part * 5 for n in range(1, 6)])": [(0, 0, "'40', '80', '120' and 2 more")],
    }  # fmt: skip
    text, expected = "", []
    for code, found in cells.items():
        begun = text.count("\n") + 2
        text += CELL.format(code) + "\n"
        for line, column, numbers in found:
            behind = "numbers" if "," in numbers else "a number"
            message = f"the code prints {numbers}, {behind} that no row stands behind"
            expected.append((begun + line, column, message))
    assert printed(tmp_path, text) == expected


def test_code_that_prints_no_number_of_its_own_is_sound(tmp_path):
    """What rows of statistics and of data print, names, and what is not shown are left alone."""
    cells = [
        'themes = {"training": "Training in 42 parts"}',
        "Markdown(f\"{stat('trusts')} and {claim('most', 'time')}\")",
        'table("sites", columns={"n": "Staff", "place": "Area"}, widths={"n": 3})',
        'table([{"Works": stat(row, "value")} for row in ("trusts", "time")])',
        'sites = pd.read_csv("data/sites.csv")',
        "sites[sites.n > 42]",
        "for each in rows[:3]:\n    print(name)",
        'def spelt(row):\n    """Says two things."""\n    return row["a"] or "none of them"',
        '#| output: false\nprint("It had 42 staff.")',
        'print("In 2010")',
        'pd.DataFrame({"Area": list("abcdefghijkl")})',
    ]
    assert printed(tmp_path, "\n".join(CELL.format(code) for code in cells)) == []


def test_inline_code_prints_rows_alone(tmp_path):
    """A number that inline code prints of its own is named, however it came by it."""
    expressions = [
        "42", '"forty-two"', 'len("abc") * 14', "whole - part", "part", 'f"{part} of them"',
        "str(share).lower()",
    ]  # fmt: skip
    text = "\n\n".join(f"It had `{{python}} {each}` staff." for each in expressions)
    assert [problem[:2] for problem in printed(tmp_path, text + "\n")] == [
        (1 + 2 * number, 8) for number in range(len(expressions))
    ]


def test_inline_code_may_name_what_rows_print(tmp_path):
    """A name for what `stat` prints, words and dates are sound."""
    expressions = [
        'stat("trusts", "sentence")', "share", 'share if rows else claim("most", "time")',
        "Markdown('of ' + str(share))", "name", "2008 + 2",
    ]  # fmt: skip
    text = "\n\n".join(f"It was so in `{{python}} {each}`." for each in expressions)
    assert printed(tmp_path, text + "\n") == []


def test_raw_html_and_maths_are_read(tmp_path):
    """A number is no less one for being set as HTML or as a formula; styles are no text."""
    text = "```{=html}\n<style>p { margin: 42px }</style>\n<p>It had 42 staff.</p>\n```\n"
    assert [problem[:4] for problem in found(tmp_path, text)] == [(CHAPTER, 3, 11, "42")]
    assert [problem[3] for problem in found(tmp_path, "It had $42$ staff, and $x + 2$.\n")] == [
        "$42$"
    ]


def test_line_of_code_alone_is_read(tmp_path):
    """Inline code that is all there is of a line or a cell of a table is judged like any other."""
    text = "`{python} 42`\n\n| a | b |\n|---|---|\n| `{python} 42` | `{python} 43` |\n"
    assert [p[:2] for p in printed(tmp_path, text)] == [(1, 1), (5, 3), (5, 19)]


@pytest.mark.parametrize(
    "text",
    [
        "`{python} stat(\"survey-time\")` of `{python} stat(\"trusts\")` trusts [@x, pp. 12–14].\n",
        "```\nprint(64)\n```\n",
        "The code `x = 64` and a comment <!-- 64 -->.\n",
        "::: {#box-2 .wide width=\"50%\"}\n\nText.\n\nTitle\n\n:::\n",
    ],
)  # fmt: skip
def test_code_and_markup_are_no_prose(tmp_path, text):
    """What readers do not read as text, or what rows print, is not named."""
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("code", "sign"),
    [
        ("float('nan')", "nan"),
        ("f\"{float('nan'):.1f} per cent\"", "nan"),
        ("__import__('pandas').NA", "<NA>"),
        ("__import__('pandas').NaT", "NaT"),
        ("str(None)", "None"),
        ('"None of the banana nannies"', ""),
        ("4", ""),
    ],
)
def test_code_prints_no_sign_for_what_is_missing(tmp_path: Path, code: str, sign: str) -> None:
    """A program's `nan` in a sentence is a value that somebody forgot."""
    report = composed(small_report(tmp_path, f"They were `{{python}} {code}` in all."), runs=True)
    found = [(str(it.place), it.message) for it in check_values(report)]
    message = f"this code prints '{sign}', for a value that is missing"
    assert found == ([("text.qmd:1:11", message)] if sign else [])
