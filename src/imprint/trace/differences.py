"""What a report prints before and after a change -> what reads differently, and what breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from imprint.check.code.figure_modules import FigureModule
from imprint.core.problems import Place, Problem
from imprint.trace.evaluation import without_spans
from imprint.trace.prints import Location, Prints


@dataclass(frozen=True)
class Change:
    """Something that would read differently."""

    kind: str
    """`sentence`, `table row`, `table caption`, `caption`, `alt text` or `drawing`."""
    spot: Location
    old: str
    new: str
    name: str = ""
    """The figure or table."""
    words: tuple[tuple[Place, str, str], ...] = ()
    """Of a sentence: each use that changes, with the words that it prints."""
    paragraphs: tuple[str, str] = ("", "")
    """Of a sentence: its paragraph."""


@dataclass(frozen=True)
class Breakage:
    """A claim that would no longer hold, or a statistic that could no longer be printed."""

    spot: Location
    call: str
    message: str
    sentence: str


def sentence_changes(old: Prints, new: Prints) -> Iterator[Change]:
    groups: dict[tuple[Location, str], Change] = {}
    for before, after in zip(old.texts, new.texts, strict=True):
        fails = len(after.value.failures) > len(before.value.failures)
        if before.value.text == after.value.text or fails or not before.sentence:
            continue
        spot = before.spot
        line = replace(spot, place=spot.place.at(0))
        key = (line, before.sentence)
        said = (spot.place, before.value.text, after.value.text)
        if key in groups:
            groups[key] = replace(groups[key], words=(*groups[key].words, said))
        else:
            pair = (before.paragraph, after.paragraph)
            sentences = (before.sentence, after.sentence)
            groups[key] = Change("sentence", line, *sentences, words=(said,), paragraphs=pair)
    yield from groups.values()


def table_changes(old: Prints, new: Prints) -> Iterator[Change]:
    falling = {fault.spot for fault in new.faults}
    for before, after in zip(old.tables, new.tables, strict=False):
        if before.spot in falling:
            continue
        name = before.name or before.caption
        if before.caption != after.caption:
            yield Change("table caption", before.spot, before.caption, after.caption, name)
        for was, becomes in _row_pairs(before.rows, after.rows):
            yield Change("table row", before.spot, was, becomes, name)


def figure_changes(
    old: Prints, before: Sequence[FigureModule], after: Sequence[FigureModule]
) -> Iterator[Change]:
    changed = {figure.name: figure for figure in after}
    for figure in before:
        new = changed.get(figure.name)
        if new is None or new == figure:
            continue
        captions = without_spans(figure.caption), without_spans(new.caption)
        pairs = [("caption", *captions), ("alt text", figure.alt, new.alt)]
        pairs += [("drawing", *pair) for pair in _drawn_rows(figure, new)]
        for use in old.figures:
            if use.name == figure.name:
                for kind, was, becomes in pairs:
                    if was != becomes:
                        yield Change(kind, use.spot, " ".join(was.split()),
                                     " ".join(becomes.split()), figure.name)  # fmt: skip


def _drawn_rows(old: FigureModule, new: FigureModule) -> Iterator[tuple[str, str]]:
    """The rows that differ, each as its label and the columns that differ in it."""
    if len(old.rows) != len(new.rows):
        yield f"{len(old.rows)} rows", f"{len(new.rows)} rows"
    for before, after in zip(old.rows, new.rows, strict=False):
        columns = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        texts = [
            ", ".join(
                f"{name} {'empty' if row.get(name) is None else row[name]}" for name in columns
            )
            for row in (before, after)
        ]
        if columns:
            yield (
                f"{before.get('label', 'row')}: {texts[0]}",
                f"{after.get('label', 'row')}: {texts[1]}",
            )


def _row_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Rows that differ; a row that comes or goes is paired with an empty text."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            most = max(b - a, d - c)
            was = [*old[a:b], *[""] * (most - (b - a))]
            yield from zip(was, [*new[c:d], *[""] * (most - (d - c))], strict=True)


def figures_that_fail(
    old: Prints, before: Sequence[FigureModule], broken: Sequence[Problem]
) -> Iterator[Breakage]:
    """Figures that could be read and no longer can."""
    sound = {f"figures/{figure.name}.py": figure.name for figure in before}
    for found in broken:
        name = sound.get(found.place.file)
        for use in old.figures if name else ():
            if use.name == name:
                yield Breakage(use.spot, f"figure '{name}'", f"{found.place}: {found.message}", "")


def claims_that_fail(old: Prints, new: Prints) -> Iterator[Breakage]:
    for before, after in zip(old.texts, new.texts, strict=True):
        for failure in after.value.failures[len(before.value.failures) :]:
            yield Breakage(before.spot, failure.call, failure.message, before.sentence)
    known = {(fault.spot, fault.failure) for fault in old.faults}
    for fault in new.faults:
        if (fault.spot, fault.failure) not in known:
            yield Breakage(fault.spot, fault.failure.call, fault.failure.message, "")
