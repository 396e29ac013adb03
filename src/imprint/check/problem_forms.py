"""What the checks found -> the forms in which people and CI read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from imprint.check import Checked
from imprint.check.registry import read_rules
from imprint.core.numbers import counted
from imprint.core.problems import Place, Problem, by_cause, following

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Problems for people, grouped by file, each with how many follow from it."""
    causes = by_cause(problems).items()
    for file, found in groupby(causes, key=lambda it: it[0].place.shown):
        yield file
        for problem, others in found:
            kind = "" if problem.severity == "error" else f"{problem.severity}: "
            yield f"  {_spot(problem.place)}{kind}{problem.message} [{problem.code}]"
            if problem.fix:
                yield f"      fix: {problem.fix}"
            if others:
                yield f"      {following(others)}"


def allowed_lines(checked: Checked) -> Iterator[str]:
    """What a report allows, for people: rules that it sets, then exceptions, with their reasons."""
    for code, rule in sorted(checked.rules.items()):
        yield f"{rule.place}: {code} is {'off' if rule.level == 'off' else 'only a warning'}"
        yield f"      because: {rule.reason}"
    if checked.excused:
        yield f"allowed: {len(checked.excused)}"
    for exception in sorted(checked.excused):
        problem = exception.problem
        yield f"  {problem.place}: {problem.message} [{problem.code}]"
        yield f"      because: {exception.reason}"


def summary(checked: Checked) -> str:
    """Everything in a few words: `no problems; 19 allowed, 1 rule off`."""
    causes = by_cause(checked.problems)
    warnings = sum(1 for problem in causes if problem.severity == "warning")
    said = counted(len(causes), "problem") if causes else "no problems"
    said += f", {warnings} of them no more than a warning" if warnings else ""
    levels = [rule.level for rule in checked.rules.values()]
    off, eased = levels.count("off"), levels.count("warning")
    allowed = [f"{len(checked.excused)} allowed"] if checked.excused else []
    allowed += [f"{counted(off, 'rule')} off"] if off else []
    allowed += [f"{counted(eased, 'rule')} set to a warning"] if eased else []
    return "; ".join(filter(None, (said, ", ".join(allowed))))


def as_json(checked: Checked) -> str:
    """A JSON object: `problems`, each with its place and with those that follow from it, `allowed`,
    each with its reason too, and `rules`, those that the report switches off or to a warning."""
    problems = _folded(checked)
    allowed = [_fields(found.problem) | {"reason": found.reason} for found in checked.excused]
    rules = [{"code": code} | asdict(rule) for code, rule in checked.rules.items()]
    whole = {"problems": problems, "allowed": allowed, "rules": rules}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def as_json_list(checked: Checked) -> str:
    """A JSON array of the problems alone."""
    return json.dumps(_folded(checked), ensure_ascii=False, indent=1)


def _folded(checked: Checked) -> list[dict[str, Any]]:
    """The problems, each with those that follow from it, if any do."""
    return [
        _fields(problem) | ({"following": [_fields(it) for it in others]} if others else {})
        for problem, others in by_cause(checked.problems).items()
    ]


def _fields(problem: Problem) -> dict[str, Any]:
    """A problem's fields; `fix` stands under its former name too, for programs that read that."""
    return asdict(problem) | {"mend": problem.fix}


def as_github(checked: Checked) -> str:
    """One workflow command for each problem, which GitHub shows beside the line, and a notice for
    each exception."""
    lines = [_annotation(problem.severity, problem) for problem in checked.problems]
    lines += [_annotation("notice", found.problem, found.reason) for found in checked.excused]
    return "\n".join(lines)


def as_sarif(checked: Checked) -> str:
    """A SARIF 2.1.0 log; what is excused stands in it as suppressed by its source."""
    found = [(problem, "") for problem in checked.problems]
    found += [(exception.problem, exception.reason) for exception in checked.excused]
    codes = sorted({problem.code for problem, _ in found})
    rules = [_rule(code) for code in codes]
    driver = {"name": "imprint", "rules": rules}
    results = [_result(problem, reason, codes.index(problem.code)) for problem, reason in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1)


def _spot(place: Place) -> str:
    if not place.line:
        return ""
    return f"{place.line}:{place.column}: " if place.column else f"{place.line}: "


def _annotation(kind: str, problem: Problem, reason: str = "") -> str:
    place = problem.place
    spot = f",line={place.line}" if place.line else ""
    spot += f",col={place.column}" if place.column else ""
    text = f"{problem.message}\nallowed because: {reason}" if reason else _with_fix(problem)
    file, title = (_escaped(part, ":,") for part in (place.file, problem.code))
    return f"::{kind} file={file}{spot},title={title}::{_escaped(text)}"


def _with_fix(problem: Problem) -> str:
    return f"{problem.message}\nfix: {problem.fix}" if problem.fix else problem.message


def _escaped(text: str, marks: str = "") -> str:
    """Text of a workflow command, whose own marks are written as per-cent codes."""
    for mark in ("%", "\r", "\n", *marks):
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def _rule(code: str) -> dict[str, Any]:
    """What SARIF says of a rule."""
    rule = read_rules().get(code)
    if rule is None:
        return {"id": code}
    markdown = f"Catches {rule.catches}.\n\n    {rule.example}\n\nFix: {rule.fix}."
    return {
        "id": code,
        "shortDescription": {"text": f"Catches {rule.catches}."},
        "help": {"text": f"Fix: {rule.fix}.", "markdown": markdown},
    }


def _result(problem: Problem, reason: str, rule: int) -> dict[str, Any]:
    place = problem.place
    location: dict[str, Any] = {"artifactLocation": {"uri": place.file}}
    if place.line:
        column = {"startColumn": place.column} if place.column else {}
        location["region"] = {"startLine": place.line, **column}
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": _with_fix(problem)},
        "locations": [{"physicalLocation": location}],
    }
    if reason:
        result["suppressions"] = [{"kind": "inSource", "justification": reason}]
    return result
