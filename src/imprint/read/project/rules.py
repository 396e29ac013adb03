"""`imprint: rules:` of `_quarto.yml` -> rules that are off or only warn, and rules of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from imprint.core.problems import Problem
from imprint.core.settings import OwnRule, RuleLevel
from imprint.read.data.patterns import PatternError, require_quick
from imprint.read.node import Node

_WANTED = {"substitution": "swap", "existence": "tokens", "occurrence": "token"}
"""What a rule of each kind looks for."""
_LIMITS = ("max", "min")


def rule_levels(rules: Mapping[str, Node]) -> dict[str, RuleLevel]:
    """Imprint's own rules that the report sets, by code."""
    return {
        code: RuleLevel(rule.plain()["level"], rule.text("reason"), rule.key)
        for code, rule in rules.items()
        if "extends" not in rule.map and not any(rule_problems(rule))
    }


def own_rules(rules: Mapping[str, Node]) -> tuple[OwnRule, ...]:
    """The rules that the report adds, as far as they are whole."""
    return tuple(
        _own_rule(name, rule)
        for name, rule in rules.items()
        if "extends" in rule.map and rule.text("level") != "off" and not any(rule_problems(rule))
    )


def _own_rule(name: str, rule: Node) -> OwnRule:
    told: dict[str, Any] = rule.plain()
    tokens = told.get("tokens") or ([told["token"]] if "token" in told else [])
    return OwnRule(
        name,
        told["extends"],
        told["message"],
        rule.key,
        patterns=told.get("swap") or dict.fromkeys(tokens, ""),
        level=told.get("level", "warning"),
        ignores_case=told.get("ignorecase", False),
        scope=told.get("scope", "text"),
        least=told.get("min", 0),
        most=told.get("max"),
    )


def rule_problems(rule: Node) -> Iterator[Problem]:
    """What is wrong with a rule whose values have their form (`rule-is-whole`): what it lacks, and
    patterns that cannot be used."""

    def wrong(at: Node, message: str, fix: str) -> Problem:
        return Problem(at.key, "rule-is-whole", message, fix)

    kind = rule.text("extends")
    if not kind:
        level = rule.text("level")
        missing = [name for name in ("level", "reason") if name not in rule.map]
        if len(missing) == 1:
            message, fix = f"this rule lacks `{missing[0]}:`", f"give `{missing[0]}:` below it"
            yield wrong(rule, message, fix)
        elif missing or level not in ("off", "warning"):
            fix = "give `level: off` or `warning` and a `reason:`, or say what it `extends:`"
            yield wrong(rule, "this rule is neither set, with a reason, nor one of your own", fix)
        return
    needed = _WANTED[kind]
    missing = [name for name in ("message", needed) if name not in rule.map]
    for name in missing:
        yield wrong(rule, f"a rule of {kind} needs `{name}:`", f"give `{name}:` below it")
    if kind == "occurrence" and not any(name in rule.map for name in _LIMITS):
        fix = "give `max:`, `min:` or both"
        yield wrong(rule, "a rule of occurrence says how often", fix)
    unused = {*_WANTED.values(), *_LIMITS} - {needed, *(_LIMITS if kind == "occurrence" else ())}
    for name in sorted(unused & rule.map.keys()):
        yield wrong(rule.map[name], f"a rule of {kind} takes no `{name}:`", "delete it")
    looked = rule.at(needed)
    if looked is None or missing:
        return
    patterns = list(looked.map) if kind == "substitution" else _texts(looked)
    for pattern in patterns or [""]:
        if not pattern:
            yield wrong(looked, "an empty pattern finds nothing", "write what to look for")
        try:
            require_quick(pattern)
        except PatternError as error:
            message = f"the pattern '{pattern}' cannot be used: {error.message}"
            yield wrong(looked, message, error.fix)


def _texts(node: Node) -> list[str]:
    told = node.plain()
    return [told] if isinstance(told, str) else list(told)
