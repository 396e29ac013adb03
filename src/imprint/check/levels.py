"""Rules that a report switches off or to a warning, under `imprint: rules:` in `_quarto.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from imprint.check.exceptions import Excused
from imprint.check.registry import read_rules
from imprint.core.problems import Problem, nearest
from imprint.core.settings import RuleLevel
from imprint.read.report import Report

ALWAYS_HELD = frozenset({"What cannot be read", "Rendering", "Commands", "Exceptions"})
"""Groups of rules that no report can do without: what breaks them cannot be built or judged."""


def check_levels(report: Report) -> Iterator[Problem]:
    """Yield a problem for every rule set under `imprint: rules:` that does not exist, or that no
    report can do without (`rule-can-be-set`)."""
    known = read_rules()
    settable = [code for code, rule in known.items() if rule.group not in ALWAYS_HELD]
    for code, set_to in report.settings.rules.items():
        if code in settable:
            continue
        message, fix = f"there is no rule '{code}'", nearest(code, settable) or "delete it"
        if code in known:
            message = f"'{code}' cannot be set: what breaks it can be neither built nor judged"
            fix = "delete it, and put right what breaks the rule"
        yield Problem(set_to.place, "rule-can-be-set", message, fix)


def apply_levels(
    problems: Iterable[Problem], rules: Mapping[str, RuleLevel]
) -> tuple[list[Problem], list[Excused]]:
    """Split the problems into those that remain, some as warnings, and those whose rule is off."""
    always = {code for code, rule in read_rules().items() if rule.group in ALWAYS_HELD}
    stay: list[Problem] = []
    excused: list[Excused] = []
    for found in problems:
        set_to = rules.get(found.code) if found.code not in always else None
        if set_to and set_to.level == "off":
            excused.append(Excused(found, set_to.reason))
        else:
            stay.append(replace(found, severity="warning") if set_to else found)
    return stay, excused
