"""What a proofreader would mark is marked, in its place, and what is right is let be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hunspell import Hunspell
from small_reports import PROJECT, WORKS, small_report, told

from composing import composed
from data_project import resource
from imprint.check.prose import dictionary
from imprint.check.prose.spelling import Speller
from imprint.check.rules.words.text import check_text

BRITISH = PROJECT + "lang: en-GB\n"
PLACES = resource("places", {"name": "place"}, {"name": "note"})


def marked(root: Path, text: str, **more: str) -> list[str]:
    files = {"_quarto.yml": BRITISH, **more}
    return told(check_text, small_report(root, text, files=files))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The families' needs, the child's view, in '10 and in the '90s.", []),
        ("It called for 'a step change' in care [@burton_2009, p. 4].", []),
        ("The families' 'own views' count, and so do the boys'.", []),
        ("They spoke of 'the adults' services' and left.", []),
        ("It called for 'a step change in care.", ["1:15 quotation-marks-pair"]),
        ("It called for a step change' in care.", ["1:28 quotation-marks-pair"]),
        ("It 'was so.\nIt 'was not' so.", ["1:4 quotation-marks-pair"]),
    ],
)
def test_quotation_marks_pair(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Each quotation ends, and apostrophes of all kinds are no quotation marks."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So (as [@burton_2009] says) it is.[^a]\n\n[^a]: Yes (no).", []),
        ("- one (two)\n- three", []),
        ("1) one\n2) two", []),
        ("A trust.)", ["1:9 brackets-pair"]),
        ("A (trust\n\nand an end).", ["1:3 brackets-pair", "3:11 brackets-pair"]),
        ("A (trust] and an end).", ["1:9 brackets-pair"]),
    ],
)
def test_brackets_pair(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Each bracket has its partner within its paragraph."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It had had that that effect.", []),
        ("Case by case, and step by step.", []),
        ("It is in the the text.", ["1:10 word-stands-once"]),
        ("It is in the\nThe text.", ["1:10 word-stands-once"]),
        ("The children and young people and children came.", ["1:5 word-stands-once"]),
    ],
)
def test_word_stands_once(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A word is not said twice, not over a line's end and not in a series."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Only `1` of `2`, et al., as in <http://a.org/b,c>.", []),
        ("One  day.", ["1:4 spaces-are-single"]),
        ("One day , two.", ["1:8 punctuation-follows-word"]),
        ("So ( it seems).", ["1:4 punctuation-follows-word"]),
        ("One day.Two went.", ["1:8 space-follows-punctuation"]),
        ("One day,two days.", ["1:8 space-follows-punctuation"]),
        ("One day,, two.", ["1:8 punctuation-is-single"]),
        ("One day.. Two.", ["1:8 punctuation-is-single"]),
        ("One day … two.", []),
        ("![A map](a.png) ![A plan](<b c.svg>){width=9cm} ![](d.png 'So , it is.')", []),
        ('![A map](a new mpa.png) ![A plan](b.png), [a page](it (old) is.html "So.").', []),
        ("![A map](a.png) ! It is.", ["1:16 punctuation-follows-word"]),
    ],
)
def test_spaces_and_marks(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Spaces and marks stand once and where they belong."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From 10–12 on 12 November 2010, ISBN 978-1-906792-72-5, May 2010.", []),
        ("March 2009 to October 2010, in May 12 came.", ["1:32 date-has-house-form"]),
        ("On 12th November 2010.", ["1:4 date-has-house-form"]),
        ("On November 12, 2010.", ["1:4 date-has-house-form"]),
        ("On 12 Nov 2010.", ["1:4 date-has-house-form"]),
        ("On 12/11/2010.", ["1:4 date-has-house-form"]),
        ("Pages 10-12 say.", ["1:7 range-has-dash"]),
        ("Some 64% agree.", ["1:8 percentage-is-in-words"]),
        ("Some 64 percent agree.", ["1:9 percentage-is-in-words"]),
        ('They "agree".', ["1:6 quotation-marks-are-single", "1:12 quotation-marks-are-single"]),
    ],
)
def test_house_forms(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Dates, ranges, percentages and quotations have the house's one form."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The organisation's judgement of a programme's well-being.", []),
        ("The size of the prize, as Burton's *why* has it; LSCBs too.", []),
        ("A publically known casestudy.", ["1:3 word-is-spelt", "1:20 word-is-spelt"]),
        ("A well-knwn case.", ["1:8 word-is-spelt"]),
        ("The organization.", ["1:5 spelling-is-british"]),
        ("The program's judgment.", ["1:5 spelling-is-british", "1:15 spelling-is-british"]),
        ("The color of behavior.", ["1:5 word-is-spelt", "1:14 word-is-spelt"]),
    ],
)
def test_words_are_spelt_as_in_britain(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A word is in the British dictionary or among the names that the report lists."""
    assert marked(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The organization\u2019s program of March 12, 2009 honors its color.", []),
        ("The colour.", ["1:5 word-is-spelt"]),
        ('They "agree", some 64 percent.', []),
        ("Some 64 per cent.", ["1:9 percentage-is-in-words"]),
        ("On 12 November 2010.", ["1:4 date-has-house-form"]),
        ("On November 12th, 2010.", ["1:4 date-has-house-form"]),
        ("On Nov. 12, 2010.", ["1:4 date-has-house-form"]),
        ("Pages 10-12 say.", ["1:7 range-has-dash"]),
    ],
)
def test_american_style_has_forms_of_its_own(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """Dictionary, percentages and dates are those of the style that the report sets."""
    american = {"_quarto.yml": PROJECT + "lang: en-US\n"}
    assert marked(tmp_path, text, **american) == expected


def test_each_publication_has_its_style(tmp_path: Path) -> None:
    """A chapter is held to the style of the publications that print it, and what both print to
    none."""
    text = "The organization and its colour.\n"
    files = {
        "_quarto.yml": "project: {type: book}\nlang: en-GB\nbibliography: works.bib\n"
        "book: {title: A, chapters: [index.qmd, both.qmd]}\n",
        "_quarto-short.yml": "project: {type: default, render: [short.qmd]}\ntitle: Short\n"
        "lang: en-US\n",
        "_quarto-shared.yml": "project: {type: default, render: [both.qmd]}\ntitle: Shared\n"
        "imprint: {style: none}\n",
        **dict.fromkeys(("index.qmd", "short.qmd", "both.qmd"), f"# A\n\n{text}"),
    }
    assert told(check_text, small_report(tmp_path, files=files, works="")) == [
        "index.qmd:3:5 spelling-is-british",
        "short.qmd:3:26 word-is-spelt",
    ]


def test_own_words_are_kept_short(tmp_path: Path) -> None:
    """The report's own list lets its words stand, and names lines that it does not need."""
    words = "# remark\ninteragency\norganisation\ninteragency\nnotused\n"
    found = marked(tmp_path, "Interagency knwledge.", **{"styles/words.txt": words})
    assert found == [
        "styles/words.txt:3 word-list-is-sound",
        "styles/words.txt:4 word-list-is-sound",
        "styles/words.txt:5 word-list-is-sound",
        "1:13 word-is-spelt",
    ]


def test_other_languages_are_not_spelt(tmp_path: Path) -> None:
    """A report that is not in British English is read for marks and spaces alone."""
    text = 'Der "Rat der der Stadt" sagt 64 % .'
    codes = {line.split()[-1] for line in told(check_text, small_report(tmp_path, text))}
    assert codes == {"word-stands-once", "punctuation-follows-word"}


def test_cells_of_a_notebook_are_read(tmp_path: Path) -> None:
    """A slip in the last line of a cell is told with its line there."""
    cells = [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(True)}
        for name, text in (("a", "# Title\n"), ("b", "One day.\n\nTwo  days."), ("c", "Three."))
    ]
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    notebook = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells,
    }  # fmt: skip
    project = BRITISH.replace("text.qmd", "text.ipynb")
    files = {"_quarto.yml": project, "text.ipynb": json.dumps(notebook)}
    (found,) = check_text(composed(small_report(tmp_path, "", files=files)))
    place = found.place
    assert (place.cell, place.line, place.column, found.code) == (2, 3, 4, "spaces-are-single")


def test_captions_and_cells_are_read(tmp_path: Path) -> None:
    """What `table` prints is read like the text: its caption and the columns shown."""
    text = (
        "```{python}\n"
        "from imprint import table\n"
        'shown = {"place": "Place"}\n'
        'table("places", columns=shown, caption="Nmes")\n'
        "```\n"
    )
    files = {"_quarto.yml": BRITISH, "data/places.csv": "place,note\nA knwn,hiddn\n"}
    report = small_report(tmp_path, text, files=files, tables=[PLACES])
    found = told(check_text, report, runs=True)
    assert found == ["data/places.csv:2:3 word-is-spelt", "4:41 word-is-spelt"]


def test_code_and_comments_are_not_text(tmp_path: Path) -> None:
    """Nothing that is not printed is read."""
    text = (
        "Text `the the` and <!-- knwn --> [words](http://x.org/knwn){.knwn} end.\n\n"
        "```\nknwn knwn\n```\n"
    )
    assert marked(tmp_path, text) == []


ROWS = [
    {"id": "agree", "value": "64"},
    {"id": "some", "value": "50", "low": "50", "high": "55", "qualifier": "just_over"},
    {"id": "span", "value": "2", "unit": "days", "qualifier": "exact"},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Of them, `{python} stat('agree')` agreed.", None),
        ("It took `{python} stat('span')`, and `{python} stat('agree')`-odd more.", None),
        ("In `{python} stat('agree', 'value')` per cent of cases.", None),
        ("Of them, `{python} stat('agree')` per cent agreed.", "word-stands-once"),
        ("It took `{python} stat('span')` days.", "word-stands-once"),
        ("It was just `{python} stat('some')` of them.", "word-stands-once"),
        ("Of them, `{python} stat('agree')`agreed.", "space-parts-code"),
        ("Of them`{python} stat('agree')` agreed.", "space-parts-code"),
    ],
)
def test_what_a_row_prints_fits_its_sentence(
    tmp_path: Path, text: str, expected: str | None
) -> None:
    """A unit or hedge that the row prints is not written again, and words keep their spaces."""
    report = small_report(tmp_path, text, rows=ROWS, files={"_quarto.yml": BRITISH})
    found = [line.split()[1] for line in told(check_text, report)]
    assert found == ([expected] if expected else [])


def test_titles_and_statements_are_read(tmp_path: Path) -> None:
    """What the lists of works and of evidence print is proofread too, where it is written."""
    works = WORKS.replace("{{Oversight}}", "{{Oversihgt and (the the rest}}")
    report = small_report(tmp_path, "See.", works=works, files={"_quarto.yml": BRITISH})
    assert {line for line in told(check_text, report) if line.startswith("works.bib")} == {
        "works.bib:1 brackets-pair",
        "works.bib:1 word-is-spelt",
        "works.bib:1 word-stands-once",
    }


def test_dictionary_is_loaded_for_new_words_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was asked is kept, slips as well as words; a word that is new is looked up."""
    loaded: list[str] = []

    def noted(*names: str, **where: str) -> Hunspell:
        loaded.extend(names)
        return Hunspell(*names, **where)

    monkeypatch.setattr(dictionary, "Hunspell", noted)
    dictionary.load.cache_clear()
    slips = marked(tmp_path, "A colour and knwledge.")
    assert slips == ["1:14 word-is-spelt"]
    assert loaded == ["en_GB"]

    dictionary.load.cache_clear()
    monkeypatch.setattr(Speller, "_nearest", lambda *_: "")
    assert marked(tmp_path, "A colour and knwledge.") == slips
    assert loaded == ["en_GB"]

    assert marked(tmp_path, "A colour and badknwledge.") == ["1:14 word-is-spelt"]
    assert loaded == ["en_GB", "en_GB"]
