"""References to figures, tables and boxes: what the sentence says of one is what that one holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from imprint.check.composed import ComposedReport
from imprint.check.prose.roots import roots
from imprint.core.document import ChapterText, Passage, Run
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import OPAQUE, sentence_span

NEARNESS = 0.3
"""What it tells for a float that it is the next after a reference; words tell from -1 to 1."""
LONGEST = 60
"""Characters of a title that a message shows."""


@dataclass(frozen=True)
class _Float:
    """A labelled figure, table or box with the words of its title and of all that it holds."""

    label: str
    title: str
    words: frozenset[str]
    position: int
    """Of its first passage in the chapter."""


@dataclass(frozen=True)
class _Pointer:
    """A reference, with the words around it."""

    label: str
    passage: Passage
    run: Run
    sentence: frozenset[str]
    paragraph: frozenset[str]
    before: str
    """The float that follows it."""


def check_pointers(report: ComposedReport) -> Iterator[Problem]:
    """Yield a problem for every reference to a figure, table or box in a sentence that speaks of
    another one of its chapter, to which nothing there refers (`reference-fits-title`)."""
    texts: dict[str, ChapterText] = {}
    for document in report.documents:
        for chapter in document.chapters:
            texts.setdefault(chapter.path, chapter)
    floats = {path: _floats(text) for path, text in texts.items()}
    weights = _weights([it for found in floats.values() for it in found.values()])
    everywhere = {label: it for found in floats.values() for label, it in found.items()}
    pointers = {path: list(_pointers(text, floats[path])) for path, text in texts.items()}
    pointed = Counter(it.label for found in pointers.values() for it in found)
    for path, own in floats.items():
        for orphan in (it for label, it in own.items() if label not in pointed):
            rivals = [
                it
                for it in pointers[path]
                if _kind(it.label) == _kind(orphan.label)
                and it.label in everywhere
                # Where nothing else refers to what it points at, it is no more wrong than right.
                and (pointed[it.label] > 1 or it.label not in own)
            ]
            yield from _judged(orphan, rivals, everywhere, weights)


def _kind(label: str) -> str:
    return label.partition("-")[0]


def _floats(text: ChapterText) -> dict[str, _Float]:
    titles: dict[str, str] = {}
    words: defaultdict[str, set[str]] = defaultdict(set)
    positions: dict[str, int] = {}
    for position, passage in enumerate(text.passages):
        holder = next((it for it in passage.within if it.id and "float" in it.classes), None)
        if holder:
            words[holder.id] |= roots(passage.text)
            positions.setdefault(holder.id, position)
            if passage.kind == "caption":
                titles.setdefault(holder.id, passage.text)
    return {
        label: _Float(
            label, " ".join(titles.get(label, "").split()), frozenset(found), positions[label]
        )
        for label, found in words.items()
    }


def _weights(floats: Sequence[_Float]) -> Mapping[str, float]:
    """Of each word of the floats, the more the fewer have it."""
    held = Counter(word for it in floats for word in it.words)
    return {word: log((len(floats) + 1) / count) for word, count in held.items()}


def _pointers(text: ChapterText, floats: Mapping[str, _Float]) -> Iterator[_Pointer]:
    ordered = sorted(floats.values(), key=lambda it: it.position)
    for position, passage in enumerate(text.passages):
        within = {it.id for it in passage.within}
        for run in passage.runs_of("reference"):
            if len(run.ids) != 1 or run.ids[0] in within:
                continue
            label = run.ids[0][:1].lower() + run.ids[0][1:]
            # A key begins a sentence as what it prints does.
            start, end = sentence_span(passage.text.replace("@", OPAQUE), run.start)
            said = passage.text[start : run.start] + " " + passage.text[run.end : end]
            paragraph = passage.text[: run.start] + " " + passage.text[run.end :]
            following = next((it.label for it in ordered if it.position > position), "")
            yield _Pointer(label, passage, run, roots(said), roots(paragraph), following)


def _judged(
    orphan: _Float,
    pointers: Sequence[_Pointer],
    floats: Mapping[str, _Float],
    weights: Mapping[str, float],
) -> Iterator[Problem]:
    """The reference that speaks most of the orphan, and less of what it points at; above all where
    that has been announced before."""
    announced = {it.label for it in pointers if it.before == it.label}

    def ahead(pointer: _Pointer) -> float:
        target = floats[pointer.label]
        gains = (
            _share(words, orphan, weights) - _share(words, target, weights)
            for words in (pointer.sentence, pointer.paragraph)
        )
        nearness = NEARNESS if pointer.before == orphan.label else 0.0
        if nearness and pointer.label in announced:
            nearness *= 2
        return next((gain for gain in gains if gain), 0.0) + nearness

    found = max(pointers, key=ahead, default=None)
    if found and ahead(found) > 0:
        said = floats[found.label].title
        title = f"'{said}'" if len(said) <= LONGEST else f"'{said[:LONGEST].rsplit(' ', 1)[0]} …'"
        message = (
            f"'{found.label}' is {title}, and this speaks of what '{orphan.label}' holds, to which "
            "nothing refers"
        )
        place = found.passage.place(found.run.start)
        yield Problem(place, "reference-fits-title", message, f"write `@{orphan.label}`")


def _share(words: frozenset[str], held: _Float, weights: Mapping[str, float]) -> float:
    """How much of the weight of words a float holds, from 0 to 1."""
    whole = sum(weights.get(word, 0.0) for word in words)
    return sum(weights.get(word, 0.0) for word in words & held.words) / whole if whole else 0.0
