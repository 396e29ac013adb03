"""Rows that their neighbours contradict, floats and boxes that the text forgets or miscounts."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import small_report, told

from composing import check_all
from data_project import resource
from imprint.check.rules.numbers.data import check_data
from imprint.check.rules.structure.boxes import check_boxes
from imprint.check.rules.structure.links import check_references

SAID = {"as_reported": "as said"}
PART = {"id": "part-done", "value": "60", **SAID}
LATE = {
    "id": "part-late", "value": "20", "low": "18", "high": "20", "qualifier": "almost", **SAID,
}  # fmt: skip
WORDS = {"id": "words-only", "low": "50", "high": "100", "qualifier": "most", **SAID}
BACK = {"id": "other-way", "value": "40", "derived": "tested-row"}
OTHERS = ("part-late", "words-only", "other-way")
TEXT = '`{python} stat("part-done")` and `{python} stat("tested-row")`'


def reported(row: dict[str, str]) -> dict[str, str]:
    """The row with the wording of a source, unless it is derived."""
    return row if "derived" in row else SAID | row


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"value": "64"}, None),
        ({"value": "64", "low": "60", "high": "70"}, "bounds-fit-wording"),
        ({"value": "50", "low": "45", "high": "50", "qualifier": "almost"}, None),
        ({"value": "50", "low": "48", "high": "50", "qualifier": "almost"}, "bounds-fit-wording"),
        ({"value": "50", "low": "50", "high": "55", "qualifier": "just_over"}, None),
        ({"value": "50", "low": "50", "high": "100", "qualifier": "fewer_than"},
         "bounds-fit-wording"),
        ({"low": "50", "high": "100", "qualifier": "most"}, None),
        ({"low": "51", "high": "100", "qualifier": "majority"}, "bounds-fit-wording"),
        ({"value": "20", "low": "15", "high": "20", "qualifier": "almost"}, "bounds-fit-wording"),
        ({"value": "1", "low": "0.5", "high": "1.5", "qualifier": "about",
          "unit": "days_per_week"}, None),
        ({"value": "1", "low": "0.9", "high": "1.1", "qualifier": "about",
          "unit": "days_per_week"}, "bounds-fit-wording"),
        ({"value": "18", "low": "16.2", "high": "19.8", "qualifier": "about", "unit": "months"},
         None),
        ({"value": "18", "low": "13", "high": "23", "qualifier": "about", "unit": "months"},
         "bounds-fit-wording"),
        ({"value": "30", "low": "0", "high": "30", "qualifier": "up_to", "unit": "count"}, None),
        ({"value": "30", "low": "1", "high": "30", "qualifier": "up_to", "unit": "count"},
         "bounds-fit-wording"),
        ({"low": "3", "high": "4", "qualifier": "between", "unit": "days"}, None),
        ({"value": "40", "derived": "100 - part-done"}, None),
        ({"value": "41", "derived": "100 - part-done"}, "derived-adds-up"),
        ({"value": "40", "derived": "100 - part-done", "qualifier": "about", "low": "40",
          "high": "40"}, "derived-adds-up"),
        ({"low": "20", "high": "22", "qualifier": "between",
          "derived": "100 - part-done - part-late"}, None),
        ({"low": "20", "high": "22", "qualifier": "between",
          "derived": "100 - (part-done + part-late)"}, None),
        ({"value": "20", "low": "20", "high": "22", "qualifier": "about",
          "derived": "100 - part-done - part-late"}, "derived-adds-up"),
        ({"low": "20", "high": "25", "qualifier": "between",
          "derived": "100 - part-done - part-late"}, "derived-adds-up"),
        ({"value": "20", "low": "15", "high": "20", "qualifier": "about",
          "derived": "100 - part-done - part-late"}, "derived-adds-up"),
        ({"value": "10", "low": "9", "high": "10", "qualifier": "almost",
          "derived": "part-late / 2"}, None),
        ({"value": "10", "low": "5", "high": "10", "qualifier": "almost",
          "derived": "part-late / 2"}, "derived-adds-up"),
        ({"value": "12", "low": "10.8", "high": "12", "qualifier": "almost",
          "derived": "part-done * part-late / 100"}, None),
        ({"low": "3", "high": "3.3333", "qualifier": "between",
          "derived": "part-done / part-late"}, None),
        ({"value": "59", "derived": "part-done - 1"}, None),
        ({"value": "40", "derived": "100 - part-gone"}, "derived-names-rows"),
        ({"value": "40", "derived": "100-part-done"}, "derived-names-rows"),
        ({"value": "40", "derived": "100 - words-only"}, "derived-names-rows"),
        ({"value": "40", "derived": "tested-row"}, "derived-names-rows"),
        ({"value": "40", "derived": "other-way"}, "derived-names-rows"),
        ({"value": "19", "unit": "months", "derived": "months(2009-03, 2010-10)"}, None),
        ({"value": "18", "unit": "months", "derived": "months(2009-03, 2010-10)"},
         "derived-adds-up"),
        ({"value": "1", "unit": "years", "derived": "months(2009-03, 2010-10)"},
         "derived-adds-up"),
        ({"value": "64", "as_reported": ""}, "statistic-has-origin"),
        ({"value": "40", "derived": "what is left"}, "formula-is-readable"),
        ({"value": "40", "derived": "100 less part-done"}, "formula-is-readable"),
        ({"value": "40", "derived": "part-done / (part-late - part-late)"},
         "formula-is-readable"),
        ({"value": "", "derived": "100 - part-done"}, "derived-adds-up"),
        ({"value": "40", "note": "derived: 100 less the part done"}, "note-is-for-readers"),
        ({"value": "40", "note": "ours; allow bounds-fit-wording: why"}, "note-is-for-readers"),
        ({"value": "40", "note": "the boards allow one: Kent"}, None),
        ({"value": "40", "note": "a share of part-done"}, "note-is-for-readers"),
        ({"value": "40", "note": "a share of what is part-finished"}, None),
        *((counted | {"unit": "count"}, expected) for counted, expected in (
            ({"value": "3", "derived": "count(sites)"}, None),
            ({"value": "2", "derived": "count(sites)"}, "derived-adds-up"),
            ({"value": "2", "derived": "count(sites, kind=x)"}, None),
            ({"value": "1", "derived": "count(sites, kind = 'x')"}, "derived-adds-up"),
            ({"value": "1", "derived": 'count(sites, kind=x, name="A")'}, None),
            ({"value": "2", "derived": "count(sites, themes has one)"}, None),
            ({"value": "1", "derived": "count(sites, themes=one)"}, None),
            ({"value": "1", "derived": "count(sites, themes='')"}, None),
            ({"value": "5", "derived": "count(sites) + count(sites, kind=x)"}, None),
            ({"value": "7", "derived": "sum(sites.beds)"}, None),
            ({"value": "6", "derived": "sum(sites.beds)"}, "derived-adds-up"),
            ({"value": "4", "derived": "sum(sites.beds, kind=y)"}, None),
            ({"value": "3", "low": "3", "high": "4", "qualifier": "about",
              "derived": "count(sites)"}, "derived-adds-up"),
            ({"value": "4", "derived": "count(gone)"}, "derived-names-rows"),
            ({"value": "2", "derived": "count(sites, kin=x)"}, "derived-names-rows"),
            ({"value": "0", "derived": "count(sites, kind=z)"}, "derived-names-rows"),
            ({"value": "3", "derived": "sum(sites.name)"}, "derived-names-rows"),
            ({"value": "2", "derived": "count(sites, kind is x)"}, "formula-is-readable"),
            ({"value": "2", "derived": "counted(sites)"}, "formula-is-readable"),
        )),
    ],
)  # fmt: skip
def test_row_agrees_with_its_wording_and_its_parts(
    tmp_path: Path, row: dict[str, str], expected: str | None
) -> None:
    """Bounds are as wide as the wording says, and derived rows follow from what they name."""
    report = small_report(
        tmp_path, TEXT + " ".join(f'`{{python}} stat("{id}")`' for id in OTHERS),
        rows=[PART, LATE, {"id": "tested-row", **reported(row)}, WORDS, BACK],
        files={"data/sites.csv": "name,kind,themes,beds\nA,x,one,1\nB,x,one; two,2\nC,y,,4\n"},
        tables=[resource("sites", {"name": "name"}, {"name": "kind"}, {"name": "themes"},
                         {"name": "beds", "type": "integer"})],
    )  # fmt: skip
    line = "data/statistics.csv:4 "
    found = [said for said in told(check_data, report) if said.startswith(line)]
    assert found == ([line + expected] if expected else [])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2009-03,2010-10,period", []),
        ("2009,2009-03,period", []),
        ("2009-03,2009,period", []),
        ("2009-03,,point", []),
        ("2009-03,2009-01,period", ["period-has-its-ends"]),
        ("2010,2009-12,period", ["period-has-its-ends"]),
        ("2009-03,2009-04,point", ["period-has-its-ends"]),
        ("2009-03,,period", ["period-has-its-ends"]),
    ],
)
def test_periods_have_their_ends(tmp_path: Path, row: str, expected: list[str]) -> None:
    """A period begins and ends, in this order, and a point does neither."""
    fields = [{"name": name} for name in ("start", "end", "kind")]
    files = {"data/events.csv": f"start,end,kind\n{row}\n"}
    report = small_report(tmp_path, files=files, tables=[resource("events", *fields)])
    assert told(check_data, report) == [f"data/events.csv:2 {code}" for code in expected]


FAILS = """\
from imprint.author.calls import data_rows


def rows():
    months = ["January"]
    return [{"label": months[int(str(row["start"])[5:]) - 1]} for row in data_rows("events")]


def draw(rows):
    return None


def caption(rows):
    return "Events"


def alt(rows):
    return "Events."
"""


def test_figure_is_not_blamed_for_a_wrong_row(tmp_path: Path) -> None:
    """A month that no calendar has is reported at its row, not where a figure stumbles over it."""
    fields = [{"name": name} for name in ("start", "end")]
    files = {"data/events.csv": "start,end\n2009-13,\n", "figures/events.py": FAILS}
    text = '```{python}\nfrom imprint import figure\n\nfigure("events")\n```\n'
    report = small_report(tmp_path, text, files=files, tables=[resource("events", *fields)])
    codes = [f"{p.place} {p.code}" for p in check_all(report, runs=True).problems]
    assert [code for code in codes if "event" in code] == ["data/events.csv:2 date-is-valid"]


def test_figure_that_fails_beside_an_allowed_row_is_reported(tmp_path: Path) -> None:
    """Only a row that is still to be fixed stands for the figures that stumble over it."""
    fields = [{"name": name} for name in ("start", "end", "editor_note")]
    allowed = "2009-01,2008-01,allow period-has-its-ends: so it is printed"
    fails = FAILS.replace("return None", "return 1 / 0")
    files = {"data/events.csv": f"start,end,editor_note\n{allowed}\n", "figures/events.py": fails}
    text = '```{python}\nfrom imprint import figure\n\nfigure("events")\n```\n'
    report = small_report(tmp_path, text, files=files, tables=[resource("events", *fields)])
    codes = [f"{p.place} {p.code}" for p in check_all(report, runs=True).problems]
    assert [code for code in codes if "events" in code] == ["figures/events.py:10 figure-draws"]


def test_row_that_nothing_prints_is_named(tmp_path: Path) -> None:
    """Text, claims, code that puts ids together and derived rows use a row; a table does not."""
    names = ("used-here", "claimed-here", "cited-one", "whole-of", "less-of", "idle-row")
    rows = [{"id": name, "value": "8", **SAID} for name in names]
    rows += [{"id": "rest-of", "value": "0", "derived": "whole-of - less-of"}]
    text = (
        "```{python}\nfrom imprint import claim, stat, table\n```\n\n"
        '`{python} stat("used-here")`, `{python} claim("a minority", "claimed-here")`, '
        '`{python} stat("rest-of")`.\n\n'
        '```{python}\ntable([{"n": stat(f"cited-{n}")} for n in ["one"]])\n```\n\n'
        '```{python}\ntable("statistics", ["id"])\n```\n'
    )
    report = small_report(tmp_path, text, rows=rows)
    assert told(check_data, report, runs=True) == ["data/statistics.csv:7 statistic-is-used"]


BOX = """\
::: {#box-sites data-holds="Wales; Sheffield"}

In Wales and in Sheffield.

Title

:::
"""


@pytest.mark.parametrize(
    ("sentence", "box", "expected"),
    [
        ("@box-sites has examples.", BOX, []),
        ("@box-sites has two examples.", BOX, []),
        ("@box-sites has three examples.", BOX, ["1:16 box-holds-what-is-said"]),
        ("@box-sites has examples from Welsh boards and Sheffield.", BOX, []),
        ("@box-sites has examples from Wales and from Salford.", BOX,
         ["1:30 box-holds-what-is-said"]),
        ("Three boards spoke.\n@box-sites has examples.", BOX, []),
        ("@box-sites tells of two of them and 14 per cent.", BOX, []),
        ("@box-sites has examples.", BOX.replace("Sheffield.", "Leeds."),
         ["3:6 box-holds-what-it-declares"]),
    ],
)  # fmt: skip
def test_box_holds_what_is_said_of_it(
    tmp_path: Path, sentence: str, box: str, expected: list[str]
) -> None:
    """A box that names what it holds does hold it, and sentences count it rightly."""
    report = small_report(tmp_path, f"{sentence}\n\n{box}")
    assert told(check_boxes, report) == expected


def test_float_that_no_text_refers_to_is_named(tmp_path: Path) -> None:
    """Figures, tables and boxes need a reference; sections do not."""
    text = (
        "# Head {#sec-head}\n\nSee @fig-seen.\n\n![C](/a.svg){#fig-seen}\n\n"
        "![C](/b.svg){#fig-lost}\n\n::: {#box-lost}\n\nText.\n\nTitle\n\n:::\n\n"
        "```{python}\nfrom IPython.display import Markdown\n\n"
        'Markdown("![C](/c.svg){#fig-made}")\n```\n'
    )
    report = small_report(tmp_path, text)
    assert told(check_references, report, runs=True) == [
        "7:14 float-is-referred-to", "9:6 float-is-referred-to", "20:25 float-is-referred-to",
    ]  # fmt: skip


HELD = """# T

{before}

::: {{#box-places data-holds="{holds}"}}

Kent and Surrey did well{inside}.

Places

:::

{after}
"""


@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        ("@box-places covers two of them, Kent and Surrey.", "", True),
        ("@box-places covers both areas.", "", True),
        ("The box below covers two areas.", "See @box-places.", True),
        ("@box-places covers a single area.", "", False),
        ("@box-places covers several areas.", "", False),
        ("@box-places covers Kent, Surrey and Essex.", "", False),
        ("The box below covers three areas.", "See @box-places.", False),
        ("The following box covers one area.", "See @box-places.", False),
        ("@box-places is below.", "The box above covers four areas.", False),
        ('@box-places covers `{python} stat("three-areas")` areas.', "", False),
        ("See @box-places. The box in the guidance covers three areas.", "", True),
    ],
)
def test_box_is_counted_however_it_is_said(
    tmp_path: Path, before: str, after: str, sound: bool
) -> None:
    """Words, rows and named places are held to what the box declares, wherever it is meant."""
    text = HELD.format(before=before, after=after, holds="Kent; Surrey", inside="")
    rows = [{"id": "three-areas", "value": "3", "unit": "count"}]
    codes = {line.split()[1] for line in told(check_boxes, small_report(tmp_path, text, rows=rows))}
    assert codes == (set() if sound else {"box-holds-what-is-said"})


@pytest.mark.parametrize("holds", ["", ";", "Kent; Kent"])
def test_declaration_of_a_box_names_things_once(tmp_path: Path, holds: str) -> None:
    """A box that declares nothing, or one thing twice, declares too little."""
    text = HELD.format(before="See @box-places.", after="", holds=holds, inside="")
    found = [line.split()[1] for line in told(check_boxes, small_report(tmp_path, text))]
    assert found == ["box-holds-what-it-declares"]


@pytest.mark.parametrize("more", ["", "\n\n```{python}\n1\n```\n\nSo it is"])
def test_box_that_only_itself_refers_to_is_not_referred_to(tmp_path: Path, more: str) -> None:
    """A reference within the box, whether it holds a cell too or not, leads nobody to it."""
    text = HELD.format(before="", after="", holds="Kent", inside=f" (see @box-places){more}")
    found = [line.split()[1] for line in told(check_references, small_report(tmp_path, text))]
    assert found == ["float-is-referred-to"]
