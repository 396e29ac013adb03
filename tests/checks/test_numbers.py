"""Numbers that a reader could not follow are named, and what only looks like one is not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from building import CHAPTER, row, sources_of

from imprint.checks.amounts import amounts
from imprint.checks.numbers import check_numbers, told_by, written_amounts
from imprint.model import Chapter, Line, Text
from imprint.problems import Place

CASES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "numbers.yml").read_text(encoding="utf-8")
)
SENTENCES = [sentence for group in CASES.values() for sentence in group]
PRECISION = RECALL = 0.97

ROWS = (
    row("survey-time", 64.0, measure="time to work with children", source="ofsted_2010"),
    row("reviews-time", 64.0, measure="reviews finished in time"),
    row("trusts", 4.0, unit="count", measure="NHS trusts reviewed"),
    row("recording", 33.3, low=28.3, high=33.3, qualifier="almost", as_reported="almost a third",
        measure="electronic recording system is effective", population="practitioners who agree"),
)  # fmt: skip


def found(tmp_path, text, **more):
    """The problems of one chapter as (line, column, number, mend)."""
    sources = sources_of(tmp_path, text, ROWS, **more)
    return [
        (p.place.file, p.place.line, p.place.column, re.findall("'(.*?)'", p.message)[0], p.mend)
        for p in check_numbers(sources)
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


def weigh(sentences: Iterable[str]) -> tuple[int, list[str], list[str]]:
    """How many marked numbers are found, and what is found falsely or missed."""
    hits = 0
    false: list[str] = []
    missed: list[str] = []
    for marked in sentences:
        bare, wanted = unmarked(marked)
        chapter = Chapter("x.qmd", {}, (Text((Line(bare, Place("x.qmd", 1)),)),), ())
        for paragraph in told_by(chapter):
            for amount in written_amounts(paragraph):
                start = paragraph.place(amount.start).column - 1
                end = paragraph.place(amount.end - 1).column
                match = next((w for w in wanted if w[0] < end and start < w[1]), None)
                if match:
                    wanted.remove(match)
                    hits += 1
                else:
                    false.append(f"{amount.text!r} in {bare!r}")
        missed += [f"{bare[start:end]!r} in {bare!r}" for start, end in wanted]
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
    mend = found(tmp_path, text)[0][4]
    assert mend.startswith('use `{python} stat("reviews-time")`')
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
        ("```{python}\n#| fig-cap: Bars for three groups\nprint()\n```\n", (2, 22)),
        ('```{python}\ntable("x", caption="Two kinds", label="tbl-x")\n```\n', (2, 21)),
        ("::: {#box-a}\n\nText.\n\nTwo examples\n\n:::\n", (5, 1)),
        ("## Three themes {#sec-3}\n", (1, 4)),
        ("- six sites\n", (1, 3)),
    ],
)
def test_every_text_that_readers_read_is_searched(tmp_path, text, place):
    """Alt texts, notes, tables, captions, titles of boxes, headings and lists are read too."""
    assert [problem[1:3] for problem in found(tmp_path, text)] == [place]


def test_words_of_figure_modules_are_searched(tmp_path):
    """A number typed into a figure's caption is named; one that comes from a row is not."""
    module = (
        'def caption(rows):\n    """Says two things."""\n'
        "    return f\"The {rows[0]['n']} groups, of three kinds\"\n"
    )
    problems = found(tmp_path, "Text.\n", files={"figures/bars.py": module})
    assert [problem[:2] + problem[3:4] for problem in problems] == [("figures/bars.py", 3, "three")]


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
