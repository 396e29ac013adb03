"""Claims: words such as most, rose or almost hold for the rows they speak of.

Said with `claim`, they are judged as they will be when the chapter runs. Said in plain words, they
are judged where they stand right beside a `stat`; a `most` that counts people or cases without a
row is named too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from imprint.author.claims import CLAIMS, ClaimError, why_not
from imprint.author.wording import WordingError, is_vague, words
from imprint.check.code.calls import Call, calls_in_text, calls_of
from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.check.rules.numbers.quantities import unbound_quantities
from imprint.core.model import Cell, Statistic
from imprint.core.problems import Place, Problem, nearest
from imprint.read.chapters.sentences import OPAQUE


def check_claims(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every claim that is unknown (`claim-is-known`) or that its rows do not
    bear out (`claim-holds`), for hedges said twice (`hedge-is-single`), and for every `most` and
    `majority` that no row stands behind (`claim-is-bound`)."""
    rows = report.statistics or {}
    for chapter in report.chapters.values():
        for part in chapter.parts:
            if not isinstance(part, Cell) or part.options.get("eval", True) is False:
                continue
            for call in filter(_is_written_out, calls_of(part.code)):
                line, column = part.code_line + call.place.line - 1, call.place.column
                yield from _judge(call, rows, replace(part.place, line=line, column=column))
        for paragraph in report.written(chapter):
            yield from _check_paragraph(paragraph, rows, report.settings.words.kinds)


def _check_paragraph(
    paragraph: Paragraph, rows: Mapping[str, Statistic], kinds: tuple[str, ...]
) -> Iterator[Problem]:
    printed = {offset: call for offset, call in calls_in_text(paragraph) if _is_written_out(call)}
    for offset, call in printed.items():
        if call.name == "claim":
            yield from _judge(call, rows, paragraph.place(offset))
        elif call.ids[0] in rows:
            row = rows[call.ids[0]]
            yield from _hedges(paragraph, offset, row)
            yield from _neighbours(paragraph, offset, row)
    yield from _changes(paragraph, printed, rows)
    yield from unbound_quantities(paragraph, rows, kinds)


# --- stat and claim in code ------------------------------------------------------------------


def _is_written_out(call: Call) -> bool:
    """Say whether this is `stat` or `claim` with literal text alone."""
    return call.name in ("stat", "claim") and bool(call.arguments) and None not in call.arguments


def _judge(call: Call, rows: Mapping[str, Statistic], place: Place) -> Iterator[Problem]:
    if call.name != "claim" or not all(id in rows for id in call.ids):
        return  # `statistic-exists` names the id.
    word, known = str(call.arguments[0]), [rows[id] for id in call.ids]
    try:
        complaint = why_not(word, *known)
    except ClaimError as error:
        hint = nearest(word.lower(), CLAIMS)
        fix = (
            hint or "use a word of imprint.author.claims.CLAIMS, or give it as many ids as it needs"
        )
        yield Problem(place, "claim-is-known", str(error).partition(":")[0], fix)
        return
    if complaint:
        yield Problem(place, "claim-holds", complaint, _words_that_hold(known))


_VAGUE = ("almost ", "just over ", "about ")
_OTHER_WORDS = (
    "nearly ", "just under ", "only ", "exactly ", "over ", "under ", "less than ", "at most ",
    "at least ", "a majority", "majority",
)  # fmt: skip
"""Claims that say what others say better."""


def _words_that_hold(known: list[Statistic]) -> str:
    """Name a few words that the rows do bear out, the tightest first."""
    holding = []
    for word in CLAIMS:
        try:
            if not word.startswith(_OTHER_WORDS) and not why_not(word, *known):
                holding.append(word)
        except ClaimError:
            continue
    if not holding:
        return "put it otherwise, or look the row up in its source"
    holding.sort(key=lambda word: 2 * (" than " in word) + word.startswith(_VAGUE))
    listed = " or ".join(f"'{word}'" for word in holding[:3])
    return f"say {listed}, or look the row up in its source"


# --- plain words beside a statistic ----------------------------------------------------------

_SAME = {
    "nearly": "almost", "just under": "almost", "approximately": "about", "around": "about",
    "roughly": "about", "over": "more than", "under": "fewer than", "less than": "fewer than",
}  # fmt: skip
_HEDGE = (
    r"(almost|nearly|just under|just over|approximately|about|around|roughly|more than|over|"
    r"under|fewer than|less than|at least|at most|up to)"
)
_HEDGE_BEFORE = re.compile(rf"(?<![\w-]){_HEDGE}\s\Z", re.IGNORECASE)
_HEDGE_FIRST = re.compile(rf"{_HEDGE}\b", re.IGNORECASE)
_PREPOSITIONS = ("about", "around", "over", "under")
_NEARNESS = ("almost", "nearly", "just under", "just over", "approximately", "roughly")


def _hedges(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    found = _HEDGE_BEFORE.search(paragraph.text, max(0, offset - 20), offset)
    if not found:
        return
    hedge = found[1].lower()
    try:
        said = words(row)
    except WordingError:
        return
    place = paragraph.place(found.start(1))
    own = _HEDGE_FIRST.match(said)
    if own:
        again = own[1].lower()
        if hedge not in _PREPOSITIONS or _SAME.get(hedge, hedge) == _SAME.get(again, again):
            yield Problem(
                place,
                "hedge-is-single",
                f"'{hedge}' stands before '{row.id}', which already prints '{said}'",
                f"delete '{found[1]}'",
            )
        return
    # A bare amount may be a limit: `took more than four months`. A share is none.
    strict = row.unit == "percent" and hedge not in _PREPOSITIONS[:2]
    if not is_vague(row) and (hedge in _NEARNESS or strict):
        said = row.as_reported or said
        yield Problem(
            place,
            "claim-holds",
            f"'{hedge}' is not what '{row.id}' says: it is reported as '{said}'",
            f"delete '{found[1]}', or look the row up in its source",
        )


_QUANTIFIERS = r"(most|the majority|a majority|a minority|almost all|nearly all)"
_QUANTIFIER_BEFORE = re.compile(
    rf"\b{_QUANTIFIERS}(?: of (?:them|these|those|the \w+))?(?:,| \(|:| –) ?\Z", re.IGNORECASE
)
_QUANTIFIER_AFTER = re.compile(
    rf"(?:, | \(| – )(?:or |that is, )?{_QUANTIFIERS}(?! of| \w+s\b)(?=[,.;)]| –)", re.IGNORECASE
)


def _neighbours(paragraph: Paragraph, offset: int, row: Statistic) -> Iterator[Problem]:
    """`The majority, 64 per cent, ...` and `64 per cent, a majority, ...`."""
    text = paragraph.text
    for found in (
        _QUANTIFIER_BEFORE.search(text, max(0, offset - 50), offset),
        _QUANTIFIER_AFTER.match(text, offset + 1),
    ):
        if found:
            word = found[1].lower().replace("nearly all", "almost all")
            complaint = why_not(word, row)
            if complaint:
                place = paragraph.place(found.start(1))
                yield Problem(place, "claim-holds", complaint, _words_that_hold([row]))


_ROSE = r"rose|risen|increased|grew|grown|climbed|went up|gone up"
_FELL = r"fell|fallen|decreased|dropped|declined|shrank|went down|gone down"
_CHANGE = re.compile(
    rf"\b(?:(?P<rose>{_ROSE})|(?P<fell>{_FELL}))(?: \w+ly)? from (?P<a>{OPAQUE})"
    rf"(?: [\w']+){{0,5}} to (?P<b>{OPAQUE})"
    rf"|(?P<later>{OPAQUE}),? (?:(?P<up>up)|(?P<down>down)) from (?P<earlier>{OPAQUE})"
)


def _changes(
    paragraph: Paragraph, printed: Mapping[int, Call], rows: Mapping[str, Statistic]
) -> Iterator[Problem]:
    """`rose from ... to ...` and `..., up from ...`, where both ends are statistics."""
    for found in _CHANGE.finditer(paragraph.text):
        first, last = ("a", "b") if found["a"] else ("earlier", "later")
        ends = [printed.get(found.start(end)) for end in (first, last)]
        ids = [end.ids[0] for end in ends if end and end.name == "stat" and end.ids[0] in rows]
        if len(ids) == 2:
            word = "rose" if found["rose"] or found["up"] else "fell"
            complaint = why_not(word, rows[ids[0]], rows[ids[1]])
            if complaint:
                fix = "turn the sentence round, or look the rows up in their source"
                yield Problem(paragraph.place(found.start()), "claim-holds", complaint, fix)
