"""Text: marks that come in pairs, words and spaces that stand once, numbers in house form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from imprint.check.composed import ComposedReport
from imprint.check.prose.pairs import Found, unpaired_brackets, unpaired_quotation_marks
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.prose.printed import statements, titles
from imprint.check.prose.spelling import read_speller
from imprint.check.rules.words.names import tells_of_slips, variant_words
from imprint.core.problems import Problem
from imprint.core.settings import Style
from imprint.read.chapters.sentences import OPAQUE
from imprint.read.report import Report


def check_text(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for everything in the printed text that a proofreader would mark.

    Chapters are read with their includes, and captions, alt texts and printed tables with them.
    """
    speller, problems = read_speller(report)
    variants = variant_words(report)
    telling = tells_of_slips(report)
    style_of = _styles_of(report)
    for paragraph in (*report.printed(), *statements(report), *titles(report)):
        quoted = variants if paragraph.file in telling else frozenset()
        style = style_of(paragraph.file)
        yield from _slips(paragraph, style, report)
        yield from _wide_spaces(paragraph, report)
        yield from _said_again(paragraph)
        for offset, code, message, fix in speller.slips(paragraph.text, style, quoted):
            yield Problem(paragraph.place(offset), code, message, fix)
    for dictionary in speller.dictionaries.values():
        dictionary.keep()
    yield from problems
    if report.is_complete:
        yield from speller.needless()


def _styles_of(report: Report) -> Callable[[str], Style]:
    """From a file to its style: that of the publications which print it, none where they differ.

    What no chapter holds, such as tables and works, has the style that all publications share, else
    the project's.
    """
    by_file: dict[str, set[Style]] = {}
    for publication in report.publications:
        for chapter in report.chapters_of(publication):
            for file in chapter.files:
                by_file.setdefault(file, set()).add(publication.settings.style)
    shared = {publication.settings.style for publication in report.publications}
    other = shared.pop() if len(shared) == 1 else report.settings.style

    def style_of(file: str) -> Style:
        found = by_file.get(file, {other})
        return next(iter(found)) if len(found) == 1 else "none"

    return style_of


def _slips(paragraph: Paragraph, style: Style, report: ComposedReport) -> Iterator[Problem]:
    for code, find in _PAIRS.items():
        for offset, message, fix in find(paragraph.text):
            yield Problem(paragraph.place(offset), code, message, fix)
    # A table's cells keep the form that their column has, and titles the one they are printed in.
    run_code = {mark.offset for mark in paragraph.marks if mark.is_run}
    house = _HOUSE[style] if paragraph.kind != "row" else ()
    for rule in (*_RULES, *house):
        for found in rule.pattern.finditer(paragraph.text):
            if found[0][0].isspace() and not paragraph.is_unbroken(*found.span()):
                continue  # the spaces on both sides of a comment, or of what prints nothing
            if not _is_typed(paragraph, found.start(), report):
                continue
            if rule.code == "space-parts-code" and found.start() not in run_code:
                continue
            said = " ".join(found[0].split()) or found[0]
            message = rule.message.format(said.replace(OPAQUE, "…"))
            yield Problem(paragraph.place(found.start()), rule.code, message, rule.fix)


_MARKS = re.compile('["“”]')


def _is_typed(paragraph: Paragraph, offset: int, report: ComposedReport) -> bool:
    """Whether a quotation mark is the author's, not one that an element of HTML brings along."""
    place = paragraph.place(offset)
    line = report.line_at(place)
    if not line or not place.column or not _MARKS.match(paragraph.text, offset):
        return True
    return bool(_MARKS.match(line, place.column - 1))


_WIDE = re.compile(r"(?<=[^\s|])[ \t]{2,}(?=[^\s|])")


def _wide_spaces(paragraph: Paragraph, report: ComposedReport) -> Iterator[Problem]:
    """Spaces that readers see as one and their author wrote as several."""
    code, message, fix = "spaces-are-single", "more than one space stands here", "leave one"
    for wide in _WIDE.finditer(paragraph.text):
        if not paragraph.is_unbroken(*wide.span()):
            continue
        yield Problem(paragraph.place(wide.start()), code, message, fix)
    for (start, place), (end, after) in pairwise(paragraph.pieces):
        if not place.column or (after.file, after.line, after.cell) != (
            place.file, place.line, place.cell,
        ):  # fmt: skip
            continue
        begin = place.column + end - start - 1
        line = report.line_at(place)
        gap = line[begin - 1 : after.column - 1]
        if paragraph.kind != "row" and len(gap) > 1 and not gap.strip(" \t"):
            yield Problem(place.at(begin), code, message, fix)


def _said_again(paragraph: Paragraph) -> Iterator[Problem]:
    """A word that a statistic prints first or last, and that stands beside it in the text too."""
    for offset, it in paragraph.printed:
        printed = it.text.replace("\u00a0", " ").split()
        if it.is_claim or it.form == "value" or not printed:
            continue
        after = [word.strip(".,;:)") for word in paragraph.text[offset + 1 :].split(maxsplit=2)[:2]]
        before = paragraph.text[:offset].split()[-1:]
        last = next((n for n in (2, 1) if after[:n] == printed[-n:] and len(after) >= n), 0)
        again = " ".join(after[:last])
        if not again and before and before[0].lower() == printed[0].lower():
            again = before[0]
        if again:
            message = f"'{again}' stands beside '{it.ids[0]}', which prints '{' '.join(printed)}'"
            place = paragraph.place(offset)
            yield Problem(place, "word-stands-once", message, f"delete '{again}'")


_PAIRS: dict[str, Callable[[str], Iterator[Found]]] = {
    "brackets-pair": unpaired_brackets,
    "quotation-marks-pair": unpaired_quotation_marks,
}


# --- what a pattern can find -----------------------------------------------------------------


@dataclass(frozen=True)
class _WordingRule:
    code: str
    pattern: re.Pattern[str]
    message: str
    """`{}` stands for what was found."""
    fix: str


_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_SHORT_MONTH = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
_DATES = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)(?: of)? {_MONTH}\b",
    r"\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b",
    r"\b\d{4}-\d{2}-\d{2}\b",
)
"""Forms of dates that no house style has."""
_BRITISH_DATES = (
    *_DATES,
    rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, ?\d{{4}})?\b(?!\d)",
    rf"\b\d{{1,2}} {_MONTH},? (?=\d{{4}}\b)(?<=,\s)",
    rf"\b\d{{1,2}} {_SHORT_MONTH}",
)
_AMERICAN_DATES = (
    *_DATES,
    rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)\b",
    rf"\b\d{{1,2}} {_MONTH}\b",
    rf"\b{_SHORT_MONTH} \d{{1,2}}(?!\d)",
)

_RULES = (
    _WordingRule(
        "word-stands-once",
        re.compile(r"(?<![\w'’-])(?!(?:had|that)\b)([^\W\d_]+)\s+\1(?![\w'’-])", re.IGNORECASE),
        "'{}' says a word twice",
        "delete one of them",
    ),
    _WordingRule(
        "word-stands-once",
        re.compile(r"\b([a-z]{4,}) and (?:[a-z]+ ){1,3}and \1\b", re.IGNORECASE),
        "'{}' names one thing twice in a series",
        "delete one of them",
    ),
    _WordingRule(
        "punctuation-follows-word",
        re.compile(r"(?<=\S)[ \t]+(?:[,;:!?)\]]|\.(?!\.\.))(?!\w)|[(\[][ \t]+"),
        "a space parts '{}' from its word",
        "delete the space",
    ),
    _WordingRule(
        "space-follows-punctuation",
        re.compile(
            rf"(?<=[^\W\d_][^\W\d_])[.!?](?=[A-Z][a-z'’]|{OPAQUE}|A )"
            rf"|(?<=[^\W_])[,;:!?](?=[^\W\d_])|(?<=[^\W_{OPAQUE}]),(?={OPAQUE})"
        ),
        "no space follows '{}'",
        "put one",
    ),
    _WordingRule(
        "space-parts-code",
        re.compile(rf"(?<=[^\W_]){OPAQUE}|{OPAQUE}(?=[^\W_])"),
        "what is printed here runs into the word beside it",
        "put a space between the two",
    ),
    _WordingRule(
        "punctuation-is-single",
        re.compile(r",[,.;:]|;[,;.:]|:[,;.]|(?<!\.)\.\.(?!\.)|[?!][.,]|\?{2,}|!{2,}"),
        "'{}' is one mark too many",
        "leave one of them",
    ),
)

_RANGE = _WordingRule(
    "range-has-dash",
    re.compile(r"(?<![\w/–-])(?<!\d )\d{1,4}-\d{1,4}(?![\w/–-])"),
    "the range '{}' has a hyphen",
    "write an en dash (–)",
)
_MARKS_ARE_SINGLE = _WordingRule(
    "quotation-marks-are-single",
    re.compile(r"[\"“”]"),
    "{} is no quotation mark of the house style",
    "write single quotation marks",
)


def _house(
    own: str, foreign: str, dates: Sequence[str], example: str
) -> tuple[_WordingRule, _WordingRule, _WordingRule]:
    """What both styles have a form of their own for: its word for per cent, not the other's, and
    its dates; `dates` are the forms that it does not have."""
    return (
        _RANGE,
        _WordingRule(
            "percentage-is-in-words",
            re.compile(rf"(?<=[\d{OPAQUE}])\s?%|\b[Pp]{foreign[1:]}\b"),
            "'{}' is not house style",
            f"write '{own}', or print the row with `stat`",
        ),
        _WordingRule(
            "date-has-house-form",
            re.compile("|".join(dates)),
            "the date '{}' is not in house form",
            f"write it as {example}",
        ),
    )


_HOUSE: dict[Style, tuple[_WordingRule, ...]] = {
    "none": (),
    "british": (
        *_house("per cent", "percent", _BRITISH_DATES, "12 November 2010"), _MARKS_ARE_SINGLE,
    ),
    "american": _house("percent", "per cent", _AMERICAN_DATES, "November 12, 2010"),
}  # fmt: skip
