"""What stands in two places says the same in both: works, labels of figures, words about size."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import SHOWN, drawn, small_report, told

from data_project import resource
from imprint.check.rules.evidence.printed_rows import check_printed_rows
from imprint.check.rules.figures.labels import check_labels
from imprint.check.rules.figures.tables import check_tables
from imprint.check.rules.numbers.answers import check_answers
from imprint.check.rules.numbers.comparisons import check_comparisons
from imprint.check.rules.works.agreement import check_agreement

BOOK = """\
@book{lane_2009, author = {Lane, A. and Hunter, B.}, title = {{Lights on lanes}},
  publisher = {P}, year = {2009}, isbn = {978 1 906792 72 5}}
"""
SERIES = resource("series", {"name": "title"}, {"name": "isbn"})
NAMES = resource("names", *({"name": name} for name in ("canonical", "kind", "variants")))


@pytest.mark.parametrize(
    ("text", "row", "name", "expected"),
    [
        ("Text.", "Lights on lanes,978 1 906792 72 5", "", []),
        ("Text.", "Lights on roads,978 1 906792 72 5", "",
         ["works.bib:1 register-fits-entry", "data/series.csv:2 register-fits-entry"]),
        ("Text.", "Lights on lanes,978 1 906792 61 9", "",
         ["works.bib:2 register-fits-entry", "data/series.csv:2 register-fits-entry"]),
        ("ISBN 978 1 906792 72 5.", "Other,978 1 906792 61 9", "", []),
        ("ISBN 978 1 906792 27 5.", "Other,978 1 906792 61 9", "",
         ["works.bib:2 isbn-is-known", "1:6 isbn-is-known"]),
        ("Text.", "Other,", "Lane and Hunter,person,", []),
        ("Text.", "Other,", "Hunter and Lane,person,", ["works.bib:1 author-has-one-name"]),
    ],
)  # fmt: skip
def test_works_are_alike_everywhere(
    tmp_path: Path, text: str, row: str, name: str, expected: list[str]
) -> None:
    files = {
        "data/series.csv": f"title,isbn\n{row}\n",
        "data/names.csv": f"canonical,kind,variants\n{name}\n"
        if name
        else "canonical,kind,variants\n",
    }
    report = small_report(tmp_path, text, works=BOOK, files=files, tables=[SERIES, NAMES])
    assert sorted(told(check_agreement, report)) == sorted(expected)


ROWS = [
    {"id": "low", "value": "42", "measure": "training up to date", "population": "surgeons",
     "as_reported": "42 per cent"},
    {"id": "high", "value": "65", "measure": "training up to date", "population": "named nurses",
     "as_reported": "65 per cent"},
    {"id": "most", "value": "83", "measure": "having a budget", "population": "trusts",
     "as_reported": "83 per cent"},
    {"id": "asked", "value": "4", "unit": "count", "as_reported": "four"},
    {"id": "met", "value": "3", "unit": "count", "note": "part of asked", "as_reported": "three"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Only `{python} stat("low")` have one.', []),
        ('Only `{python} stat("most")` have one.', ["1:1 words-fit-rows"]),
        ('All `{python} stat("asked")` have one.', []),
        ('All `{python} stat("met")` have one.', ["1:1 words-fit-rows"]),
        ('Of them, `{python} stat("low")` are. It is better, at `{python} stat("high")`.', []),
        ('Of them, `{python} stat("high")` are. It is better, at `{python} stat("low")`.',
         ["1:45 words-fit-rows"]),
        ('Of them, `{python} stat("most")` are. It is better, at `{python} stat("low")`.', []),
        ('It is `{python} stat("high")`, more than the `{python} stat("low")` of old.', []),
        ('It is `{python} stat("low")`, more than the `{python} stat("high")` of old.',
         ["1:31 words-fit-rows"]),
        ('It is `{python} stat("most")`, twice the `{python} stat("low")` of old.', []),
        ('It is `{python} stat("high")`, twice the `{python} stat("low")` of old.',
         ["1:32 words-fit-rows"]),
        ('It soared to `{python} stat("high")`.', ["1:4 claim-is-bound"]),
        ('It comes second, with `{python} stat("high")`. What comes first is care.',
         ["1:4 claim-is-bound"]),
    ],
)  # fmt: skip
def test_words_about_size_fit_the_rows(tmp_path: Path, text: str, expected: list[str]) -> None:
    report = small_report(tmp_path, text, rows=ROWS)
    assert told(check_comparisons, report) == expected


ANSWERS = [
    {"id": "yes", "value": "30", "measure": "the recording system is effective",
     "response": "agree", "as_reported": "30 per cent"},
    {"id": "no", "value": "64", "measure": "the recording system is effective",
     "response": "disagree or strongly disagree", "as_reported": "64 per cent"},
    {"id": "none", "value": "33", "measure": "policy for joint work", "response": "have no policy",
     "as_reported": "33 per cent"},
    {"id": "budget", "value": "20", "measure": "a budget for training", "response": "have a budget",
     "as_reported": "20 per cent"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('`{python} stat("yes")` of them agree that recording is effective.', []),
        ('`{python} stat("no")` of them agree that recording is effective.', ["1:1"]),
        ('`{python} stat("yes")` agree, whereas `{python} stat("no")` disagree.', []),
        ('`{python} stat("no")` agree, whereas `{python} stat("yes")` disagree.', ["1:1", "1:38"]),
        ('`{python} stat("no")` disagree, or disagree strongly, that it is effective.', []),
        ('`{python} stat("none")` of the trusts have no policy for it.', []),
        ('`{python} stat("none")` of the trusts have a policy for it.', ["1:1"]),
        ('`{python} stat("none")` of the trusts lack a policy for it.', []),
        ('`{python} stat("none")` of the trusts have yet to write a policy for it.', []),
        ('`{python} stat("budget")` of the trusts have a budget, not a plan.', []),
        ('`{python} stat("budget")` of the trusts have no budget.', ["1:1"]),
    ],
)  # fmt: skip
def test_number_stands_before_its_answer(tmp_path: Path, text: str, expected: list[str]) -> None:
    report = small_report(tmp_path, text, rows=ANSWERS)
    assert told(check_answers, report) == [f"{place} number-fits-answer" for place in expected]


BASES = [
    {"id": "doctors", "value": "1", "unit": "count", "measure": "protected time",
     "population": "designated and named doctors", "as_reported": "one"},
    {"id": "nurses", "value": "3", "unit": "count", "measure": "protected time",
     "population": "named nurses in trusts", "as_reported": "three"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('`{python} stat("nurses")` of the nurses have it.', False),
        ('`{python} stat("nurses")` of the named nurses have it.', False),
        ('`{python} stat("nurses")` of the designated and named doctors have it.', True),
        ('`{python} stat("doctors")` is the protected time of named nurses.', True),
        ('`{python} stat("nurses")` of the days are theirs, not those of named nurses.', False),
    ],
)  # fmt: skip
def test_number_is_said_of_those_of_its_row(tmp_path: Path, text: str, named: bool) -> None:
    report = small_report(tmp_path, text, rows=BASES)
    assert told(check_answers, report) == ["1:1 number-fits-base"] * named


PARTS = [
    {"id": "whole", "value": "5", "unit": "count", "measure": "money invested in staff"},
    {"id": "part", "value": "2", "unit": "count", "measure": "pay of midwives"},
    {"id": "rest", "value": "3", "unit": "count", "derived": "whole - part"},
]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("whole", "part", []),
        ("part", "part", ["1:10 number-fits-statement"]),
        ("whole", "whole", ["2:10 number-fits-statement"]),
    ],
)
def test_a_remainder_stands_beside_both_that_it_is_worked_out_from(
    tmp_path: Path, first: str, second: str, expected: list[str]
) -> None:
    text = (
        f'They put `{{python}} stat("{first}")` of money into staff.\n'
        f'Midwives `{{python}} stat("{second}")` of it.\n'
        '`{python} stat("rest", "sentence")` remain.'
    )
    assert told(check_printed_rows, small_report(tmp_path, text, rows=PARTS)) == expected


FIGURE = """\
from imprint.author.calls import figure_rows
from imprint.charts import bar_chart

def rows():
    return figure_rows({labels})

def draw(rows):
    return bar_chart(rows)

def caption(rows):
    return "{caption} Source: @ofsted_2010."

def alt(rows):
    return "{alt}" + "; ".join(f"{{row['label']}}, {{row['wording']}}" for row in rows)
"""


@pytest.mark.parametrize(
    ("labels", "caption", "expected"),
    [
        ({"low": "Surgeons", "high": "Named nurses"}, "Training up to date.", []),
        ({"low": "Training is up to date", "most": "Trusts have a training budget"}, "All.", []),
        ({"low": "Trusts have a training budget", "most": "Trusts with training up to date"},
         "All.", ["figures/f.py:5 label-fits-row", "figures/f.py:5 label-fits-row"]),
        ({"low": "Surgeons", "most": "With a budget"}, "Training.|Of named nurses: ",
         ["figures/f.py:13 caption-fits-rows"]),
        ({"low": "Named nurses", "high": "Surgeons"}, "Training up to date.",
         ["figures/f.py:5 label-fits-row", "figures/f.py:5 label-fits-row"]),
        ({"low": "Surgeons", "high": "Trusts with a budget"}, "Training up to date.",
         ["figures/f.py:5 label-fits-row"]),
        ({"low": "Surgeons", "high": "Named nurses"}, "Training in hours.",
         ["figures/f.py:10 caption-fits-rows"]),
        ({"low": "Surgeons", "most": "With a budget"}, "Training of named nurses.",
         ["figures/f.py:10 caption-fits-rows"]),
    ],
)  # fmt: skip
def test_figure_calls_its_rows_what_they_are(
    tmp_path: Path, labels: dict[str, str], caption: str, expected: list[str]
) -> None:
    caption, _, alt = caption.partition("|")
    module = FIGURE.format(labels=labels, caption=caption, alt=alt)
    report = small_report(tmp_path, SHOWN.format("f"), rows=ROWS, files={"figures/f.py": module})
    found = told(check_labels, drawn(report, "f"))
    assert sorted(
        line.partition(" ")[0].partition(":")[0] + " " + line.rpartition(" ")[2] for line in found
    ) == [line.partition(":")[0] + " " + line.rpartition(" ")[2] for line in expected]


def test_head_of_a_column_is_its_own(tmp_path: Path) -> None:
    table = (
        'table("series", columns={"isbn": "Title", "title": "ISBN"}, label="tbl-s", caption="C")'
    )
    text = f"```{{python}}\nfrom imprint import table\n{table}\n```\n"
    files = {"data/series.csv": "title,isbn\nLights,978 1 906792 72 5\n"}
    report = small_report(tmp_path, text, files=files, tables=[SERIES])
    assert [line.rpartition(" ")[2] for line in told(check_tables, report, runs=True)] == [
        "head-fits-column", "head-fits-column",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("The databases searched", []),
        ("The websites searched", ["caption-fits-table"]),
        ("The search terms", ["caption-fits-table"]),
    ],
)
def test_caption_is_of_the_table_shown(tmp_path: Path, caption: str, expected: list[str]) -> None:
    table = (
        f'table("city_databases", columns={{"name": "Name"}}, label="tbl-s", caption="{caption}")'
    )
    text = f"```{{python}}\nfrom imprint import table\n{table}\n```\n"
    files = {f"data/city_{it}.csv": "name\nLights\n" for it in ("databases", "websites")}
    tables = [resource(f"city_{it}", {"name": "name"}) for it in ("databases", "websites")]
    files["data/search_terms.csv"] = "name\nLights\n"
    tables.append(resource("search_terms", {"name": "name"}))
    report = small_report(tmp_path, text, files=files, tables=tables)
    found = told(check_tables, report, runs=True)
    assert [line.rpartition(" ")[2] for line in found] == expected


GROUPED = """\
from imprint.author.calls import figure_rows
from imprint.charts import panel_chart

def rows():
    rows = figure_rows({{"yes": "Effective", "asked": "Available"}})
    return [{{**row, "panel": panel}} for row, panel in zip(rows, {panels})]

def draw(rows):
    return panel_chart({{row["panel"]: [row] for row in rows}})

def caption(rows):
    return "{caption} Source: @ofsted_2010."

def alt(rows):
    return "; ".join(f"{{row['panel']}}: {{row['label']}}, {{row['wording']}}" for row in rows)
"""
GROUPS = [
    {"id": "yes", "value": "30", "measure": "the system is effective", "response": "agree",
     "population": "organisations that answered in March 2009", "as_reported": "30 per cent"},
    {"id": "asked", "value": "64", "measure": "training is available", "response": "agree",
     "population": "members with courses nearby", "as_reported": "64 per cent"},
]  # fmt: skip
RIGHT = ["Organisations that answered", "Members with courses"]


@pytest.mark.parametrize(
    ("panels", "caption", "named"),
    [
        (RIGHT, "Those who agree, in March 2009.", 0),
        (RIGHT, "Those who disagree, in March 2009.", 1),
        (RIGHT, "Those who agree, in March 2003.", 1),
        (RIGHT[::-1], "Those who agree.", 2),
    ],
)
def test_figure_tells_of_whom_its_rows_are(
    tmp_path: Path, panels: list[str], caption: str, named: int
) -> None:
    module = GROUPED.format(panels=panels, caption=caption)
    report = small_report(tmp_path, SHOWN.format("f"), rows=GROUPS, files={"figures/f.py": module})
    assert len(told(check_labels, drawn(report, "f"))) == named
