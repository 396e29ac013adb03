"""Rules that a report makes itself, in the manner of Vale."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_reports import PROJECT, small_report

from composing import composed
from imprint.check import Checked, while_writing
from imprint.check.rules.words.own_rules import check_own_rules
from imprint.core.problems import Problem
from imprint.read.project.settings import settings_of, settings_problems
from imprint.read.project.yaml_source import located, read_yaml


def found(tmp_path: Path, rules: str, text: str) -> list[Problem]:
    """What a report's own rules say of its text."""
    files = {"_quarto.yml": f"{PROJECT}imprint:\n  rules:\n{rules}"}
    report = small_report(tmp_path, text, files=files)
    return sorted(check_own_rules(composed(report)))


SUBSTITUTION = """\
    plain-words:
      extends: substitution
      message: "Write '%s', not '%s'"
      level: error
      ignorecase: true
      swap:
        utili[sz]es?: use
        in order to: to
"""


def test_a_substitution_says_what_to_write(tmp_path: Path) -> None:
    """Whole words alone, at their place, across the end of a line too."""
    text = "Towns Utilise paint in order\nto part lanes; futilised and utilised are others.\n"
    told = found(tmp_path, SUBSTITUTION, text)
    assert [(str(it.place), it.message) for it in told] == [
        ("text.qmd:1:7", "Write 'use', not 'Utilise'"),
        ("text.qmd:1:21", "Write 'to', not 'in order to'"),
    ]
    assert {(it.code, it.severity) for it in told} == {("plain-words", "error")}
    assert [it.fix for it in told] == ["write 'use'", "write 'to'"]


def test_existence_forbids_words_in_headings_alone(tmp_path: Path) -> None:
    rule = """\
    calm-headings:
      extends: existence
      message: "'%s' shouts"
      scope: heading
      tokens: ["[A-Z]{4,}", "!"]
"""
    told = found(tmp_path, rule, "# A GREAT day {#sec-a}\n\nA GREAT day!\n")
    assert [(str(it.place), it.severity) for it in told] == [("text.qmd:1:5", "warning")]


def test_letters_with_accents_are_letters(tmp_path: Path) -> None:
    """A word may begin and end with one, and does not end before one."""
    rule = """\
    plain-letters:
      extends: existence
      message: "'%s' has an accent"
      tokens: [café, élan, na, "x*"]
"""
    told = found(tmp_path, rule, "A café with élan for cafés: naïve, and na.\n")
    assert [str(it.place) for it in told] == ["text.qmd:1:3", "text.qmd:1:13", "text.qmd:1:40"]


@pytest.mark.parametrize(
    ("scope", "limit", "expected"),
    [("sentence", "max: 1", ["1:25"]), ("paragraph", "max: 2", ["1:51"]),
     ("paragraph", "max: 3", []), ("sentence", "min: 1", ["1:63"])],
)  # fmt: skip
def test_occurrence_counts_in_its_scope(
    tmp_path: Path, scope: str, limit: str, expected: list[str]
) -> None:
    rule = f"""\
    few-verys:
      extends: occurrence
      message: "'very' again"
      scope: {scope}
      {limit}
      token: very
"""
    text = "It is a very long and a very dull one. Others are very short. Some are not.\n"
    told = found(tmp_path, rule, text)
    assert [f"{it.place.line}:{it.place.column}" for it in told] == expected


def test_exceptions_and_levels_hold_for_them_too(tmp_path: Path) -> None:
    assert found(tmp_path, SUBSTITUTION.replace("error", "'off'"), "They utilise it.\n") == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("extends: substitution, message: m", "needs `swap:`"),
        ("extends: existence, tokens: [a]", "needs `message:`"),
        ("extends: existence, message: m, tokens: ['(?=a)']", "cannot be used"),
        ("extends: existence, message: m, tokens: ['(']", "cannot be used"),
        ("extends: existence, message: m, tokens: ['']", "an empty pattern"),
        ("extends: existence, message: m, tokens: []", "an empty pattern"),
        ("extends: occurrence, message: m, token: a", "says how often"),
        ("extends: existence, message: m, tokens: [a], swap: {a: b}", "takes no `swap:`"),
        ("level: error, reason: why", "nor one of your own"),
        ("level: 'off'", "lacks `reason:`"),
    ],
)
def test_a_rule_that_is_not_whole_is_named(rule: str, said: str) -> None:
    node, _ = read_yaml(f"imprint: {{rules: {{mine: {{{rule}}}}}}}", located("_quarto.yml"))
    problems = list(settings_problems(node))
    assert any(said in it.message for it in problems)
    assert settings_of(node).own_rules == ()
    assert settings_of(node).rules == {}


def test_an_error_warns_while_a_text_is_written(tmp_path: Path) -> None:
    """As slips of spelling do: a plain `quarto render` goes on."""
    broken = found(tmp_path, SUBSTITUTION, "They utilise it.\n")
    told = while_writing(Checked(tuple(broken), ()))
    assert [it.severity for it in told.problems] == ["warning"]


def test_a_name_of_imprints_is_taken(tmp_path: Path) -> None:
    rule = SUBSTITUTION.replace("plain-words", "word-is-spelt")
    (problem,) = found(tmp_path, rule, "They utilise it.\n")
    assert problem.code == "rule-can-be-set"
