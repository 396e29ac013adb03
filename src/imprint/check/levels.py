"""Rules that a report is not held to as to all others: those that it switches off or to a warning
under `imprint: rules:` in `_quarto.yml`, and most, where it uses nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from imprint.check.exceptions import Excused
from imprint.check.registry import read_rules
from imprint.core.model import Project
from imprint.core.problems import Problem, nearest
from imprint.core.settings import RuleLevel
from imprint.read.plain import WARNED, levelled
from imprint.read.report import Report

_ALWAYS_HELD = ("What cannot be read", "Rendering", "Commands", "Exceptions")
"""Groups of rules that no report can do without: what breaks them cannot be built or judged."""
_HELD_IN_PLAIN = frozenset({
    "address-is-safe", "attribute-runs-nothing", "construct-is-supported", "html-is-text",
    "image-exists", "maths-is-set", "nothing-is-fetched", "output-is-printed", "tex-is-maths",
})  # fmt: skip
"""Beside those: what breaks them would lose words, or run."""


def check_levels(report: Report) -> Iterator[Problem]:
    """Yield a problem for every rule set under `imprint: rules:` that does not exist, or that no
    report can do without (`rule-can-be-set`)."""
    known = read_rules()
    settable = sorted(known.keys() - _always_held())
    held = levels_held(report)
    for code, set_to in report.settings.rules.items():
        if code in held:
            continue
        message, fix = f"there is no rule '{code}'", nearest(code, settable) or "delete it"
        if code in known:
            message = f"'{code}' cannot be set: what breaks it can be neither built nor judged"
            fix = "delete it, and put right what breaks the rule"
        yield Problem(set_to.place, "rule-can-be-set", message, fix)


def levels_held(report: Report) -> dict[str, RuleLevel]:
    """What the report sets of rules that can be set."""
    settable = read_rules().keys() - _always_held()
    return {code: it for code, it in report.settings.rules.items() if code in settable}


def apply_levels(
    problems: Iterable[Problem], rules: Mapping[str, RuleLevel]
) -> tuple[list[Problem], list[Excused]]:
    """Split the problems into those that remain, some as warnings, and those whose rule is off."""
    stay: list[Problem] = []
    excused: list[Excused] = []
    for found in problems:
        set_to = rules.get(found.code)
        if set_to and set_to.level == "off":
            excused.append(Excused(found, set_to.reason))
        else:
            stay.append(replace(found, severity="warning") if set_to else found)
    return stay, excused


def plain_problems(project: Project, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a document whose authors use neither our extension nor our settings: it is
    held to what pandoc and accessibility ask, not to the rules of a house that is not theirs."""
    kept = _always_held() | _HELD_IN_PLAIN | WARNED
    return levelled(project, (found for found in problems if found.code in kept))


def _always_held() -> frozenset[str]:
    return frozenset(code for code, rule in read_rules().items() if rule.group in _ALWAYS_HELD)
