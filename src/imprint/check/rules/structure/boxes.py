"""Boxes that say what they hold: `::: {#box-audits data-holds="Wales; Sheffield"}`.

The names are words of the box's own text; a sentence that refers to the box and gives a number
must give theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from imprint.check.composed import ComposedReport
from imprint.check.prose.paragraphs import Paragraph
from imprint.core.document import ChapterText, Holder
from imprint.core.model import Statistic
from imprint.core.numbers import number_words
from imprint.core.problems import Place, Problem
from imprint.read.chapters.sentences import sentences

ALIKE = 0.55
"""Likeness of letters from which a name is another form of one of the same first letter."""


@dataclass(frozen=True)
class Box:
    """A labelled div and the things it declares to hold."""

    label: str
    holds: tuple[str, ...]
    text: str
    place: Place


def check_boxes(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every box that lacks something it declares
    (`box-holds-what-it-declares`) and every sentence that counts its contents wrongly
    (`box-holds-what-is-said`)."""
    for document in report.documents:
        known = {box.label: box for chapter in document.chapters for box in boxes(chapter)}
        for box in known.values():
            yield from _missing(box)
        for chapter in document.chapters if known else ():
            paragraphs = report.written(report.chapters[chapter.path])
            yield from _miscounted(paragraphs, known, report.statistics or {})


def boxes(chapter: ChapterText) -> Iterator[Box]:
    """The boxes of a chapter that declare what they hold."""
    places = {it.name: it.place for it in chapter.mentions if it.kind == "label"}
    words: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, Holder] = {}
    for passage in chapter.passages:
        for holder in passage.within:
            if holder.id in places and "data-holds" in holder.attributes:
                words[holder.id].append(passage.text)
                found.setdefault(holder.id, holder)
    for label, holder in found.items():
        names = (name.strip() for name in holder.attributes["data-holds"].split(";"))
        yield Box(label, tuple(filter(None, names)), "\n".join(words[label]), places[label])


def _missing(box: Box) -> Iterator[Problem]:
    code = "box-holds-what-it-declares"
    if not box.holds:
        message = "the box declares nothing in `data-holds`"
        yield Problem(box.place, code, message, "name what it holds, or delete `data-holds`")
    for name in dict.fromkeys(name for name in box.holds if box.holds.count(name) > 1):
        message = f"the box declares '{name}' more than once"
        yield Problem(box.place, code, message, "name it once in `data-holds`")
    for name in box.holds:
        if name not in box.text:
            message = f"the box declares '{name}' and does not hold it"
            fix = "write about it, or take it out of `data-holds`"
            yield Problem(box.place, "box-holds-what-it-declares", message, fix)


_NUMBERS = {number_words(number): number for number in range(2, 21)} | {
    "both": 2, "a pair of": 2, "a couple of": 2, "a single": 1, "one": 1, "only one": 1,
}  # fmt: skip
_NUMBER = re.compile(
    rf"\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|[2-9]|1\d|20)\b"
    r"(?!\s+(?:of|per|another|in|or)\b)"
)
_SEVERAL = re.compile(r"\b(?:several|numerous|many)\b(?=\s+\w)")
_LEAST = 3
"""Fewest things that are several."""
_POINTING = re.compile(
    r"\b(?:the|this)\s+(?:(?P<next>following|next)\s+|(?P<last>last|previous|preceding)\s+)?"
    r"box\b(?:\s+(?P<side>below|above|opposite))?",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)*(?:,\s[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)*)*,?"
    r"\sand\s(?:from\s|in\s)?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)*"
)


def _miscounted(
    paragraphs: Sequence[Paragraph], known: dict[str, Box], statistics: Mapping[str, Statistic]
) -> Iterator[Problem]:
    for paragraph in paragraphs:
        for start, end in sentences(paragraph.text):
            box = _meant(paragraph, start, end, known)
            if box is None:
                continue
            for offset, said, least in _counts(paragraph, start, end, statistics):
                number = _NUMBERS.get(said.lower()) or (int(said) if said.isdigit() else least)
                fits = len(box.holds) >= least if least else number == len(box.holds)
                if not fits:
                    message = f"'{box.label}' holds {', '.join(box.holds)}, which is not {said}"
                    fix = "fix the number, or what the box declares in `data-holds`"
                    yield Problem(paragraph.place(offset), "box-holds-what-is-said", message, fix)
            yield from _unheld(paragraph, start, end, box)


def _meant(paragraph: Paragraph, start: int, end: int, known: dict[str, Box]) -> Box | None:
    """The one box that a sentence refers to, by its label or as `the box below`."""
    named = {m.text for m in paragraph.marks if m.text in known and start <= m.offset < end}
    if named:
        return known[named.pop()] if len(named) == 1 else None
    pointing = _POINTING.search(paragraph.text, start, end)
    if pointing is None or paragraph.kind == "heading":
        return None
    here = paragraph.place(pointing.start())
    own = [box for box in known.values() if box.place.file == here.file]
    before = [box for box in own if box.place.line < here.line]
    after = [box for box in own if box.place.line > here.line]
    above = (pointing["side"] or "").lower() == "above" or pointing["last"]
    if above:
        return max(before, key=lambda box: box.place.line, default=None)
    if pointing["side"] or pointing["next"]:
        return min(after, key=lambda box: box.place.line, default=None)
    return None


def _counts(
    paragraph: Paragraph, start: int, end: int, statistics: Mapping[str, Statistic]
) -> Iterator[tuple[int, str, int]]:
    """Numbers of a sentence: where, how they are said, and for `several` the least it means."""
    for found in _NUMBER.finditer(paragraph.text, start, end):
        yield found.start(), found[0], 0
    for found in _SEVERAL.finditer(paragraph.text, start, end):
        yield found.start(), found[0], _LEAST
    for offset, printed in paragraph.printed:
        for id in printed.ids if not printed.is_claim and start <= offset < end else ():
            row = statistics.get(id)
            if row and row.unit == "count" and row.value:
                yield offset, f"{row.value:g}", 0


def _unheld(paragraph: Paragraph, start: int, end: int, box: Box) -> Iterator[Problem]:
    """A name in a series of which the box holds others: `Kent, Surrey and Essex`."""
    for found in _SERIES.finditer(paragraph.text, start, end):
        names = [re.sub(r"^(?:from|in)\s", "", n) for n in re.split(r",?\sand\s|,\s", found[0])]
        if any(name in box.text or _is_like(name, box.holds) for name in names):
            for name in names:
                if name not in box.text and not _is_like(name, box.holds):
                    message = f"'{box.label}' does not speak of '{name}'"
                    place = paragraph.place(found.start())
                    fix = "take it out, or write about it in the box"
                    yield Problem(place, "box-holds-what-is-said", message, fix)


def _is_like(name: str, holds: Sequence[str]) -> bool:
    """Whether it is another form of a name that the box declares: Wales, of what is Welsh."""
    return any(it[0] == name[0] and SequenceMatcher(None, it, name).ratio() > ALIKE for it in holds)
