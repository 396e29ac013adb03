"""Counts: a number of things announced is the number that follows, parts are within their whole,
and ordinals leave none out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from imprint.check.composed import ComposedReport
from imprint.check.prose.counted import Counted, counts_in, noun_after, series
from imprint.core.document import Passage
from imprint.core.numbers import number_words
from imprint.core.problems import Place, Problem
from imprint.read.chapters.sentences import OPAQUE, sentence_span, sentences

_MARKER = re.compile(r"^(\s*)(?:[-*+]|\(?(?:\d+|[a-z]|[ivx]+)[.)])\s")


def check_counts(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every number that announces a list or a series of another length
    (`count-fits-list`), every part said to be of a smaller whole (`part-fits-whole`), and every
    ordinal whose forerunner is left out or that exceeds the number of things
    (`ordinals-run-on`)."""
    rows = report.statistics or {}
    for passage, items in _with_items(report):
        if passage.kind not in ("text", "item", "note", "caption") or passage.is_output:
            continue
        if items < 2 and not _TELLING.search(passage.text):
            continue
        counts = counts_in(passage, rows)
        if passage.kind in ("text", "note"):
            yield from _before_list(passage, counts, items)
        yield from _before_series(passage, counts)
        yield from _parts(passage, counts)
        yield from _ordinals(passage, counts)


def counts_that_fit(report: ComposedReport) -> frozenset[Place]:
    """Where a typed number announces a list of just so many items, which readers can count."""
    found = set()
    for passage, items in _with_items(report):
        if items > 1 and passage.kind == "text" and passage.text.rstrip().endswith(":"):
            text = passage.text.replace("\n", " ")
            for it in counts_in(passage, {}):
                if it.number == items and noun_after(text, it.end) in _LISTED:
                    found.add(passage.place(it.start))
    return frozenset(found)


def _with_items(report: ComposedReport) -> Iterator[tuple[Passage, int]]:
    """Every passage but code, with how many items the list behind it has."""
    for path in report.chapters:
        passages = [it for it in report.passages.get(path, ()) if it.kind != "code"]
        for position, passage in enumerate(passages):
            is_item = passage.kind == "item"
            yield passage, 0 if is_item else _items(report, passages, position + 1)


_TELLING = re.compile(
    r":\s|\bboth\b|\bof\s+the\s|\bout\s+of\b|(?:[Ff]ir|[Ss]econd|[Tt]hir|[Ff]our|[Ff]if)\w*"
)
"""What a count that can be wrong cannot do without, found much sooner."""


def _items(report: ComposedReport, passages: Sequence[Passage], first: int) -> int:
    """How many items of the same level stand in the list that begins at `first`."""
    count, indent = 0, ""
    for passage in passages[first:]:
        if passage.kind != "item" or passage.is_output:
            break
        marker = _MARKER.match(report.line_at(passage.place(0)))
        if marker and (not count or len(marker[1]) <= len(indent)):
            indent = marker[1] if not count else indent
            count += 1
    return count


_POINTER = re.compile(
    r"\b(?:these|the following|as follows|such as|for example|for instance|including|"
    r"any of|some of|several|many)\b",
    re.IGNORECASE,
)
_LISTED = frozenset({
    "actions", "activities", "aims", "areas", "aspects", "barriers", "benefits", "categories",
    "causes", "challenges", "changes", "components", "concerns", "conclusions", "conditions",
    "criteria", "difficulties", "dimensions", "domains", "elements", "examples", "factors",
    "features", "findings", "functions", "goals", "groups", "heads", "ideas", "issues", "kinds",
    "lessons", "levels", "measures", "messages", "methods", "objectives", "obstacles", "options",
    "outcomes", "parts", "phases", "pillars", "points", "practices", "principles", "priorities",
    "problems", "proposals", "purposes", "qualities", "questions", "reasons", "recommendations",
    "requirements", "responses", "risks", "roles", "rules", "sections", "skills", "sorts", "stages",
    "standards", "steps", "strands", "strategies", "strengths", "suggestions", "tasks", "themes",
    "things", "topics", "types", "uses", "variables", "ways", "weaknesses",
})  # fmt: skip
"""What lists are made of; other nouns are counted for reasons of their own."""


def _before_list(passage: Passage, counts: Sequence[Counted], items: int) -> Iterator[Problem]:
    if items < 2:
        return
    text = passage.text.replace("\n", " ")
    start, _ = next(it for it in reversed(sentences(passage.text)) if passage.text[it[0] :].strip())
    announces = text.rstrip().endswith(":")
    # `these three:` leaves out what everybody sees.
    is_bare = [it for it in counts if it.start >= start and text[it.end :].strip() == ":"]
    if is_bare and is_bare[0].number != items:
        yield _problem(passage, is_bare[0], "", f"the list below has {number_words(items)}")
        return
    said = [it for it in counts if it.start >= start and noun_after(text, it.end)]
    if not said or any(it.number == items for it in said):
        return
    last = said[-1]
    noun = noun_after(text, last.end)
    if noun not in _LISTED or (announces and _POINTER.search(text, last.end)):
        return
    if not announces and _POINTER.search(text, start, last.start):
        return
    yield _problem(passage, last, noun, f"the list below has {number_words(items)}")


def _before_series(passage: Passage, counts: Sequence[Counted]) -> Iterator[Problem]:
    """`three conditions: a, b, c and d` in one sentence, and `both a, b and c`."""
    text = passage.text.replace("\n", " ")
    for start, end in sentences(passage.text):
        sentence = text[start:end]
        colon = sentence.find(": ")
        if colon > 0 and "(" not in sentence[colon:] and sentence.count(": ") == 1:
            told = series(sentence[colon + 1 :].replace(OPAQUE, " "))
            said = [it for it in counts if start <= it.start < start + colon]
            if said and told and len(said) == 1 and said[0].number not in told:
                noun = noun_after(text, said[0].end) or _subject(text, said[0].end)
                if noun in _LISTED or _subject(text, said[0].end):
                    listed = " or ".join(number_words(number) for number in sorted(told))
                    yield _problem(passage, said[0], noun, f"{listed} follow")
        for found in _BOTH.finditer(sentence):
            message = f"'{found[0].strip()}' names more than two"
            fix = "delete 'both', or name two"
            yield Problem(passage.place(start + found.start()), "count-fits-list", message, fix)


_WORD = r"[^\s,.;:()]+"
_MEMBER = rf"(?!and\b|or\b){_WORD}(?: (?!and\b|or\b){_WORD}){{0,4}}"
_BOTH = re.compile(
    r"\bboth (?!sides|ends|ways|parties|directions|counts)"
    rf"(?:{_MEMBER}), (?:{_MEMBER}),? and {_WORD}",
    re.IGNORECASE,
)
_VERB = re.compile(r"\s+(?:are|were|is|have|had)\s")


def _subject(text: str, end: int) -> str:
    """`the other three are …:`, where what is counted has been named before."""
    return "of them" if _VERB.match(text, end) else ""


def _problem(passage: Passage, said: Counted, noun: str, found: str) -> Problem:
    message = f"'{f'{said.text} {noun}'.strip()}' are announced, and {found}"
    row = f", or look '{said.id}' up" if said.id else ""
    fix = f"count them again: fix the number or the list{row}"
    return Problem(passage.place(said.start), "count-fits-list", message, fix)


# --- parts and wholes ------------------------------------------------------------------------

_OF = re.compile(r"\s(?:out )?of (?:(?:the|its|their|these|those|all|our|only|a total of)\s)*")


def _parts(passage: Passage, counts: Sequence[Counted]) -> Iterator[Problem]:
    """`X of the Y` where X is more than Y."""
    for one, other in pairwise(counts):
        between = passage.text[one.end : other.start].replace("\n", " ")
        if not _OF.fullmatch(between) or one.number <= other.number:
            continue
        message = f"'{one.text} of {other.text}' is more than there are"
        fix = "turn the two round, or look them up again"
        yield Problem(passage.place(one.start), "part-fits-whole", message, fix)


# --- ordinals --------------------------------------------------------------------------------

_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_OPENS = re.compile(
    rf"(?:(?<=[.;:]\s)|\A|\band |\bbut )(?P<word>{'|'.join(_ORDER)})(?:ly)?,(?=\s)", re.IGNORECASE
)
_GOES_ON = re.compile(
    rf"(?:(?<=, )|(?<=, and )|(?<=, then )|(?<= deals )|(?<= looks )|(?<= turns )|(?<= comes ))"
    rf"(?P<word>{'|'.join(_ORDER)})(?:ly)?(?= (?:with|to|of|for|by|in|on|at|how|what|the)\b)",
    re.IGNORECASE,
)
_NTH = re.compile(rf"\bthe (?P<word>{'|'.join(_ORDER)})\b(?! (?:time|half|quarter|year|of [A-Z]))")
_DIVIDED = frozenset({
    "chapters", "parts", "phases", "questions", "rounds", "sections", "stages", "steps", "strands",
    "tiers", "volumes", "waves", "recommendations", "reasons", "factors", "points",
})  # fmt: skip


def _ordinals(passage: Passage, counts: Sequence[Counted]) -> Iterator[Problem]:
    text = passage.text.replace("\n", " ")
    opened = [
        (_ORDER.index(it["word"].lower()), it)
        for it in sorted((*_OPENS.finditer(text), *_GOES_ON.finditer(text)), key=re.Match.start)
    ]
    for (before, _), (after, found) in pairwise(opened):
        if after > before + 1:
            missing = _ORDER[before + 1]
            message = (
                f"'{found['word']}' follows '{_ORDER[before]}', and no '{missing}' stands between"
            )
            fix = "count them again"
            yield Problem(passage.place(found.start("word")), "ordinals-run-on", message, fix)
    for count in counts:
        noun = noun_after(text, count.end)
        if noun not in _DIVIDED:
            continue
        _, end = sentence_span(passage.text, count.start)
        for found in _NTH.finditer(text, count.end, end):
            if _ORDER.index(found["word"]) + 1 > count.number:
                message = f"'{found[0]}' is spoken of, and there are {count.text} {noun}"
                fix = "count them again"
                yield Problem(passage.place(found.start()), "ordinals-run-on", message, fix)
