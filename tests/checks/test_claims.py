"""Claims that the rows do not bear out are named before anything runs, said with claim() or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import CHAPTER, row, sources_of

from imprint.check.rules.numbers.claims import check_claims

ROWS = (
    row("agree", 64.0, as_reported="64 per cent"),
    row("disagree", 25.0, as_reported="25 per cent"),
    row("recording", 33.3333, low=28.3, high=33.3333, qualifier="almost",
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


def test_claim_that_does_not_hold_is_named_with_words_that_do(tmp_path):
    """The message says what the word needs, and the fix which words the row bears out."""
    text = '# T\n\nOf them `{python} claim("most", "disagree")` agree.\n'
    (problem,) = check_claims(sources_of(tmp_path, text, ROWS))
    assert (problem.place.line, problem.place.column, problem.code) == (3, 9, "claim-holds")
    assert "it needs more than 50" in problem.message
    assert "'a quarter'" in problem.fix


def test_unknown_claim_is_named_with_the_nearest(tmp_path):
    """A mistyped word is reported before a kernel would trip over it."""
    text = '`{python} claim("the majorty", "agree")` agree.\n'
    (problem,) = check_claims(sources_of(tmp_path, text, ROWS))
    assert (problem.code, problem.place.column) == ("claim-is-known", 1)
    assert "'the majority'" in problem.fix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('`{python} claim("most", "agree")` agree.\n', []),
        ('`{python} claim("more", "agree", "disagree")` agree.\n', []),
        ('`{python} claim("more", "disagree", "agree")` agree.\n', [(1, 1, "claim-holds")]),
        ('`{python} claim("more", "agree")` agree.\n', [(1, 1, "claim-is-known")]),
        ('`{python} claim("most", "nowhere")` agree.\n', []),
        ('`{python} claim(word, "disagree")` agree.\n', []),
        ('`{{python}} claim("most", "disagree")` is shown.\n', []),
        ('```{python}\nx = 1\nprint(claim("most", "disagree"))\n```\n', [(3, 7, "claim-holds")]),
        ('```{python}\n#| eval: false\nclaim("most", "disagree")\n```\n', []),
    ],
)
def test_claims_in_code(tmp_path, text, expected):
    """Inline code and cells alike, as far as they are written out and run."""
    assert found(tmp_path, text) == expected


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
        "They noted that most frontline services share plans.",
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
