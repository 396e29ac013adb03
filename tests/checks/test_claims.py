"""Words that the rows do not bear out are named, said with claim() or beside a number."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import CHAPTER, row, sources_of
from small_reports import small_report

from composing import examined
from imprint.check.rules.numbers.claims import check_claims

ROWS = (
    row("agree", 64.0, as_reported="64 per cent"),
    row("disagree", 25.0, as_reported="25 per cent"),
    row("recording", 33.3333, low=30.0, high=33.3333, qualifier="almost",
        as_reported="almost a third"),
    row("months", 18.0, low=16.2, high=19.8, qualifier="about", unit="months"),
    row("target", 4.0, unit="months"),
    row("manager", low=50.0, high=100.0, qualifier="majority", survey="survey of practitioners",
        measure="line manager helps practitioners with their workload"),
)  # fmt: skip


def found(tmp_path: Path, text: str) -> list[tuple[int, int, str]]:
    """Line, column and rule of every problem."""
    problems = sorted(check_claims(sources_of(tmp_path, text, ROWS)))
    assert all(problem.place.file == CHAPTER for problem in problems)
    return [(p.place.line, p.place.column, p.code) for p in problems]


def stat(id: str) -> str:
    return f'`{{python}} stat("{id}")`'


def test_claims_in_code(tmp_path):
    """Where a claim does not hold, cells and inline code tell it as they run, with words that the
    row bears out; of an unknown one, those that it may mean. A cell that fails in printing at its
    end keeps no other from being run."""
    said = {"source": "ofsted_2010", "as_reported": "25 per cent"}
    rows = [{"id": "few", "value": "25", **said}, {"id": "many", "value": "64", **said}]
    text = (
        "```{python}\nfrom imprint import claim, table\n```\n\n"
        '```{python}\nx = 1\ntable([{"n": claim("most", "few")}])\n```\n\n'
        '```{python}\nx + 1, claim("most", "many")\n\nclaim("the majorty", "many")\n```\n\n'
        '```{python}\n#| eval: false\nclaim("most", "few")\n```\n\n'
        'Of them `{python} claim("more", "many", "few")`, `{python} claim("more", "few", "many")`, '
        '`{python} claim("more", "few")`, `{{python}} claim("most", "few")` and '
        '`{python} claim("most", "nowhere")`.\n'
    )
    found = examined(small_report(tmp_path, text, rows=rows), runs=True).problems
    assert [(p.place.line, p.place.column, p.code) for p in found] == [
        (7, 0, "claim-holds"), (13, 0, "claim-is-known"), (21, 50, "claim-holds"),
        (21, 91, "claim-is-known"), (21, 162, "statistic-exists"),
    ]  # fmt: skip
    assert "it needs more than 50" in found[0].message
    assert "'a quarter'" in found[0].fix
    assert "'the majority'" in found[1].fix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"In almost {stat('recording')} of cases.\n", [(1, 4, "hedge-is-single")]),
        (f"In nearly {stat('recording')} of cases.\n", [(1, 4, "hedge-is-single")]),
        (f"Approximately {stat('months')} passed.\n", [(1, 1, "hedge-is-single")]),
        (f"It took about {stat('months')}.\n", [(1, 9, "hedge-is-single")]),
        (f"They spoke about {stat('recording')} of cases.\n", []),
        (f"Almost {stat('agree')} agree.\n", [(1, 1, "claim-holds")]),
        (f"More than {stat('agree')} agree.\n", [(1, 1, "claim-holds")]),
        (f"It took more than {stat('target')}.\n", []),
        (f"Only {stat('agree')} agree.\n", []),
        (f"The change was almost complete; {stat('agree')} agree.\n", []),
    ],
)
def test_hedges_before_a_statistic(tmp_path, text, expected):
    """A hedge is said once, and only where the source says it; a limit may be passed."""
    assert found(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"A minority, {stat('agree')}, agree.\n", ["claim-holds"]),
        (f"Of them {stat('disagree')}, a majority, agree.\n", ["claim-holds", "claim-is-bound"]),
        (f"Of them {stat('disagree')}, a minority, agree.\n", []),
        (f"Of them {stat('disagree')}, most of whom are nurses, agree.\n", ["claim-is-bound"]),
        (f"It rose from {stat('agree')} to {stat('disagree')}.\n", ["claim-holds"]),
        (f"It fell from {stat('agree')} of boards to {stat('disagree')}.\n", []),
        (f"It is {stat('disagree')}, up from {stat('agree')}.\n", ["claim-holds"]),
    ],
)
def test_words_beside_a_statistic(tmp_path, text, expected):
    """Plain words right beside a number must agree with it."""
    assert [code for _, _, code in found(tmp_path, text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The majority of respondents have support.",
        "A small minority of boards disagree.",
        "In most cases plans are shared.",
        "They noted that most public services share plans.",
        "Most local authorities replied.",
        "Most of the boards replied.",
        "Most agreed.",
        "Almost all schools have a named governor.",
    ],
)
def test_quantity_without_a_row_is_named(tmp_path, text):
    """A share told in words needs a row as much as one told in figures."""
    assert [code for _, _, code in found(tmp_path, text + "\n")] == ["claim-is-bound"]


@pytest.mark.parametrize(
    "text",
    [
        "The most pertinent sources were read.",
        "It is at most a start, and the most senior staff said so.",
        "Reports that had most recently appeared were most useful.",
        "It helps those children most who need it most.",
        "The most vulnerable children are the council's most serious concern.",
        "What matters most is trust.",
        "The majority view prevailed in most respects.",
        "Minority ethnic families were asked.",
        "The target has almost been met.",
        "Almost all of this is new.",
        "Most of the work is done.",
    ],
)
def test_ordinary_most_is_left_alone(tmp_path, text):
    """Superlatives and set phrases count nothing."""
    assert found(tmp_path, text + "\n") == []


def test_rows_for_a_bare_majority_are_offered(tmp_path):
    """The fix names rows of which the word is true and whose words the sentence shares."""
    text = "The majority of practitioners say that the line manager helps with workload.\n"
    (problem,) = check_claims(sources_of(tmp_path, text, ROWS))
    assert problem.fix == 'use `{python} claim("the majority", "manager")`'
