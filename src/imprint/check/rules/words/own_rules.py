"""Rules that a report makes itself, in the manner of Vale: substitution, existence, occurrence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.registry import read_rules
from imprint.core.problems import Place, Problem
from imprint.core.settings import OwnRule
from imprint.read.chapters.sentences import sentences

Found = tuple[int, int, str]
"""Where something begins and ends, and the pattern that found it."""


def check_own_rules(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for all that breaks a rule under `imprint: rules:`, by the rule's own name,
    and for rules that have the name of one of Imprint's (`rule-can-be-set`)."""
    rules = []
    for rule in report.settings.own_rules:
        if rule.name in read_rules():
            message = f"'{rule.name}' is a rule of Imprint's and cannot be made again"
            yield Problem(rule.place, "rule-can-be-set", message, "give yours another name")
        else:
            rules.append(rule)
    told: set[tuple[str, Place]] = set()
    for paragraph in report.printed() if rules else ():
        for rule in rules:
            for problem in _broken(rule, paragraph):
                if (problem.code, problem.place) not in told:
                    told.add((problem.code, problem.place))
                    yield problem


def _broken(rule: OwnRule, paragraph: Paragraph) -> Iterator[Problem]:
    if rule.scope == "heading" and paragraph.kind != "heading":
        return
    # A pattern may have a blank where a line ends.
    text = paragraph.text.replace("\n", " ")
    if rule.extends != "occurrence":
        for start, end, pattern in _matches(rule, text):
            written = rule.patterns[pattern]
            said = (written, text[start:end]) if written else (text[start:end],)
            fix = f"write '{written}'" if written else f"leave '{text[start:end]}' out"
            yield _problem(rule, paragraph, start, said, fix)
        return
    spans: Sequence[tuple[int, int]] = [(0, len(text))]
    if rule.scope == "sentence":
        spans = sentences(paragraph.text)
    for first, last in spans:
        found = list(_matches(rule, text[first:last]))
        if rule.most is not None and len(found) > rule.most:
            start, end, _ = found[rule.most]
            said = (text[first + start : first + end],)
            fix = f"let it stand {rule.most} times at most here; it does {len(found)} times"
            yield _problem(rule, paragraph, first + start, said, fix)
        elif len(found) < rule.least and text[first:last].strip():
            fix = f"let it stand {rule.least} times at least here; it does {len(found)} times"
            yield _problem(rule, paragraph, first, (next(iter(rule.patterns)),), fix)


def _problem(
    rule: OwnRule, paragraph: Paragraph, offset: int, said: Sequence[str], fix: str
) -> Problem:
    message = rule.message
    for words in said:
        message = message.replace("%s", words, 1)
    return Problem(paragraph.place(offset), rule.name, message, fix, rule.level)


def _matches(rule: OwnRule, text: str) -> Iterator[Found]:
    """What the patterns find in whole words."""
    for pattern in rule.patterns:
        for found in _compiled(pattern, ignores_case=rule.ignores_case).finditer(text):
            start, end = found.span()
            if end > start and not _is_inside_word(text, start) and not _is_inside_word(text, end):
                yield start, end, pattern


def _is_inside_word(text: str, offset: int) -> bool:
    return bool(re.fullmatch(r"\w\w", text[max(0, offset - 1) : offset + 1]))


@lru_cache(maxsize=256)
def _compiled(pattern: str, *, ignores_case: bool) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = not ignores_case
    # RE2 knows the ends of words of ASCII letters alone.
    ends = [r"\b" if re.match(r"(?a:\w)", end) else "" for end in (pattern[:1], pattern[-1:])]
    return re2.compile(f"{ends[0]}(?:{pattern}){ends[1]}", options)
