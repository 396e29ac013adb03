"""Statements held beside the rows of evidence: credits, strength, extent, pages, quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from small_reports import small_report, told

from composing import examined
from data_project import resource
from imprint.check.composed import ComposedReport
from imprint.check.rules.evidence.credits import check_credits
from imprint.check.rules.evidence.sense import check_sense
from imprint.check.rules.evidence.wording import check_wording
from imprint.check.rules.time.dates import check_dates
from imprint.check.rules.works.recorded_quotations import check_recorded_quotations
from imprint.core.problems import Problem, ReportError
from imprint.read.report import Report, read_report
from imprint.trace.places import Known
from imprint.trace.targets import trace
from imprint.trace.tree import tree_lines

WORKS = """\
@book{lane_2009, author = {Lane, A.}, title = {{Lights}}, publisher = {P}, year = {2009}}

@book{hunter_2010, author = {Hunter, B.}, title = {{Routes}}, publisher = {P}, year = {2010}}

@report{board_2008, author = {{Roads Board}}, title = {{Fares}}, publisher = {P}, year = {2008}}
"""
EVIDENCE = """\
id,source,statement,locator
lane-lights,lane_2009,Better lamps may lower the number of night collisions at junctions.,p. 12
lane-helmets,lane_2009,Some riders wear helmets on short journeys through town.,p. 30
hunter-schools,hunter_2010,"Pupils cycle to school where a quiet route leads to its gate.",p. 7
hunter-words,hunter_2010,"Planners asked for 'a joined network' of lanes across the county.",
board-york,board_2008,"Leeds closed its riverside depot and moved the mechanics elsewhere.",
"""
NAMES = "canonical,kind,variants\nLeeds,place,\nYork,place,\n"
EVENTS = """\
id,title,start,end,source
asked,Lane review commissioned by the Roads Board,2008-06,,board_2008
told,First report of the Lane review,2009-03,,lane_2009
survey,Counts of riders at river bridges,2009-04-01,2009-09-30,hunter_2010
"""


def report(root: Path, written: str, events: str = EVENTS) -> Report:
    def text(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "type": "string"} for name in names]

    cites = {"name": "source", "type": "string", "imprint:references": True}
    tables = [
        resource("evidence", *text("id"), cites, *text("statement", "locator")),
        resource("names", *text("canonical", "kind", "variants")),
        resource("events", *text("id", "title", "start", "end"), cites),
    ]
    files = {"data/evidence.csv": EVIDENCE, "data/names.csv": NAMES, "data/events.csv": events}
    return small_report(root, written, works=WORKS, files=files, tables=tables)


def codes(check: Callable[[ComposedReport], Iterable[Problem]], root: Path, text: str) -> list[str]:
    return [line.rpartition(" ")[2] for line in told(check, report(root, text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pupils cycle to school along a quiet route to its gate [@hunter_2010].", []),
        ("Pupils cycle to school along a quiet route to its gate [@lane_2009].",
         ["statement-credits-its-work"]),
        ("Bread is dearer in the east than in the west of the county [@lane_2009].", []),
        ("Lane reports that better lamps may lower collisions at night [@lane_2009].", []),
        ("Hunter reports that better lamps may lower collisions at night [@lane_2009].",
         ["name-fits-citation"]),
        ("The Roads Board found fewer collisions [@board_2008].", []),
        ("According to the Roads Board, there are fewer collisions [@lane_2009].",
         ["name-fits-citation"]),
        ("The mechanics of the riverside depot in Leeds were moved [@board_2008].", []),
        ("The mechanics of the riverside depot in York were moved [@board_2008].",
         ["name-fits-evidence"]),
    ],
)  # fmt: skip
def test_statement_is_credited_to_its_work(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert codes(check_credits, tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Better lamps may lower the night collisions at junctions [@lane_2009, p. 12].", []),
        ("Night collisions at junctions could be lower with better lamps [@lane_2009].", []),
        ("Better lamps lower the night collisions at junctions [@lane_2009].",
         ["statement-keeps-hedge"]),
        ("It is proven that better lamps may lower night collisions [@lane_2009].",
         ["statement-keeps-hedge"]),
        ("Better lamps may lower the night collisions at junctions [@lane_2009, p. 21].",
         ["locator-fits-evidence"]),
        ("A few riders wear helmets on short journeys in town [@lane_2009].", []),
        ("All riders wear helmets on short journeys in town [@lane_2009].",
         ["statement-keeps-scope"]),
        ("Not all riders wear helmets on short journeys in town [@lane_2009].", []),
        ("Planners wanted 'a joined network' of lanes in the county [@hunter_2010].", []),
        ("Planners wanted 'a joint network' of lanes in the county [@hunter_2010].",
         ["quotation-fits-evidence"]),
        ("All bread is dearer in the east of the county [@lane_2009, p. 3].", []),
    ],
)  # fmt: skip
def test_statement_is_worded_as_its_row(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert codes(check_wording, tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In June 2008 the Roads Board commissioned the Lane review.", []),
        ("The Roads Board commissioned the Lane review in 2008.", []),
        ("In June 2009 the Roads Board commissioned the Lane review.", ["date-fits-events"]),
        ("In June 2008 the board asked Hunter for a review.", ["name-fits-event"]),
        ("In June 2008 the board asked Lane, whom Hunter followed, for a review.", []),
        ("In June 2008 Hunter asked for better lamps.", []),
        ("Fares rose in May 2011.", []),
        ("Riders were counted at river bridges between 1 April and 30 September 2009.", []),
        ("Riders at river bridges were counted between 1 April and 30 September 2008.",
         ["date-fits-events"]),
        ("Much changed after the Lane review was commissioned in June 2008.", []),
        ("It opened on Monday 2 March 2009.", []),
        ("It opened on Tuesday 2 March 2009.", ["date-is-valid"]),
        ("Trains ran from 30 June to 1 May 2009.", ["date-is-valid"]),
    ],
)  # fmt: skip
def test_dates_are_those_of_events(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert codes(check_dates, tmp_path, text) == expected


def test_report_comes_after_its_commission(tmp_path: Path) -> None:
    wrong = EVENTS.replace("2009-03", "2008-03")
    problems = told(check_dates, report(tmp_path, "Text.\n", wrong))
    assert problems == ["data/events.csv:3 events-are-in-order"]


def test_works_come_out_in_the_month_of_their_event(tmp_path: Path) -> None:
    made = report(tmp_path, "Text.\n", EVENTS + "later,Lane report published,2009-04,,lane_2009\n")
    works = tmp_path / "works.bib"
    for month, expected in (("3", []), ("6", ["works.bib:1 date-fits-events"])):
        works.write_text(WORKS.replace("year = {2009}", f"year = {{2009}}, month = {{{month}}}"))
        again, _ = read_report(made.project.root)
        assert told(check_dates, again) == expected


def test_a_statement_is_traced_to_the_rows_it_was_aligned_with(tmp_path: Path) -> None:
    """With the works, the words that both share, and what the row says; else with what is near."""
    made = report(tmp_path, "Rain falls.\n\nLamps lower collisions at junctions [@lane_2009].\n")
    known = Known(made, examined(made))
    lines = list(tree_lines(trace(known, "statement:text.qmd:3")))
    assert lines[:3] == [
        "statement:text.qmd:3",
        "└─ text.qmd:3:1  Lamps lower collisions at junctions […].",
        "   ├─ cites lane_2009",
    ]
    assert re.fullmatch(r"   └─ data/evidence\.csv:2  0\.\d\d  lane-lights", lines[3])
    assert lines[4:8] == [
        "      ├─ of lane_2009, a work cited here",
        "      ├─ shares: collisions, junctions, lamps, lower",
        "      ├─ says: Better lamps may lower the number of night collisions at junctions.",
        "      └─ page: p. 12",
    ]
    for target, fix in (
        ("text.qmd:1", "on lines 3"), ("test.qmd:3", "did you mean 'text.qmd'"), ("x", "FILE:LINE"),
        ("text.qmd:²", "on lines 3"),
    ):  # fmt: skip
        with pytest.raises(ReportError) as caught:
            trace(known, f"statement:{target}")
        assert fix in str(caught.value.problems[0].fix)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pupils cycle to school after a quiet route leads to its gate [@hunter_2010].", []),
        ("Better lamps may lower the number of night collisions at junctions [@lane_2009].", []),
        ("Better lamps may raise the higher number of night collisions at junctions [@lane_2009].",
         []),
        ("Worse lamps may lower the number of night collisions at junctions [@lane_2009].",
         ["statement-keeps-sense"]),
        ("Worse lamps may not lower the number of night collisions at junctions [@lane_2009].", []),
    ],
)  # fmt: skip
def test_statement_goes_the_way_of_its_row(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert codes(check_sense, tmp_path, text + "\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2009 Lane argued for better lamps [@lane_2009].", []),
        ("In 2007 Lane argued for better lamps [@lane_2009].", ["date-fits-events"]),
        ("In May 2009 Lane argued for better lamps [@lane_2009].", ["date-fits-events"]),
        ("Lane argued that lamps had become better in 1999 under the old county council, which was "
         "then wound up [@lane_2009].", []),
    ],
)  # fmt: skip
def test_works_say_something_when_they_come_out(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert codes(check_dates, tmp_path, text + "\n") == expected


QUOTATIONS = """\
id,source,quotation,locator
hunter-network,hunter_2010,a joined network,p. 7
lane-price,lane_2009,a heavy price to pay,p. 12
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Planners asked for 'a joined network' of lanes [@hunter_2010, p. 7].", []),
        ("Planners asked for 'A joined network' of lanes [@hunter_2010].", []),
        ("Planners asked for 'a joint network' of lanes [@hunter_2010, p. 7].",
         ["quotation-is-recorded"]),
        ("It was 'a high price to pay' for lamps [@lane_2009, p. 12].", ["quotation-is-recorded"]),
        ("It was 'another matter entirely' for lamps [@lane_2009, p. 12].",
         ["quotation-is-recorded"]),
        ("It was 'a heavy price to pay' for lamps [@hunter_2010, p. 12].",
         ["quotation-has-one-source"]),
        ("It was 'a heavy price to pay' for lamps [@lane_2009, p. 21].", ["locator-fits-evidence"]),
        ("The so-called 'bicycle' of 1820 had no pedals [@lane_2009].", []),
    ],
)  # fmt: skip
def test_quotations_are_those_of_the_table(tmp_path: Path, text: str, expected: list[str]) -> None:
    table = resource(
        "quotations",
        {"name": "id", "type": "string"},
        {"name": "source", "type": "string", "imprint:references": True},
        {"name": "quotation", "type": "string"},
        {"name": "locator", "type": "string"},
    )
    files = {"data/quotations.csv": QUOTATIONS}
    made = small_report(tmp_path, text + "\n", works=WORKS, files=files, tables=[table])
    found = told(check_recorded_quotations, made)
    assert [line.rpartition(" ")[2] for line in found] == expected
