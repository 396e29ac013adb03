"""A comparison -> a short text in Markdown, as a pull request or a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imprint.core.numbers import counted
from imprint.core.problems import Place
from imprint.difference.comparison import Comparison, PublicationChange
from imprint.difference.documents import RunChange, WordChange
from imprint.difference.drawings import FigureChange
from imprint.difference.tables import EntryChange

_LONGEST = 300
"""Characters of a text that is told whole."""


def text_lines(comparison: Comparison) -> Iterator[str]:
    """The lines of the text; each change with its file and line."""
    yield f"{comparison.old} compared with {comparison.new}"
    if comparison.is_empty:
        yield from ("", "Nothing that a reader sees has changed.")
        return
    for publication in comparison.publications:
        yield from _publication(comparison, publication)
    yield from _section("Rows of data", (_entry(it, "row") for it in comparison.rows))
    yield from _section("Works", (_entry(it, "work") for it in comparison.works))
    yield from _section("Figures", map(_figure, comparison.figures))


def summary(publication: PublicationChange) -> str:
    """How much has changed in a publication: `2 sentences, 1 number`; empty for nothing."""
    told = publication.difference
    counts = (
        (len(told.words), "sentence"),
        (len(told.floats), "row, caption or alt text", "rows, captions or alt texts"),
        (len(told.numbers), "number or claim", "numbers or claims"),
        (len(told.citations), "citation"),
        (len(told.places), "move"),
        (len(publication.renumbered), "new number of a section or float",
         "new numbers of sections or floats"),
    )  # fmt: skip
    return ", ".join(counted(*it) for it in counts if it[0])


def claims_on(comparison: Comparison, ids: Iterable[str]) -> list[str]:
    """The claims that rest on any of these statistics, with their places."""
    wanted = set(ids)
    return [
        f"‘{claim.words}’ at {claim.place}"
        for claim in comparison.claims
        if not wanted.isdisjoint(claim.ids)
    ]


def _publication(comparison: Comparison, publication: PublicationChange) -> Iterator[str]:
    told = publication.difference
    said = {(False, True): "is new", (True, False): "is gone"}.get(publication.is_in)
    said = said or summary(publication)
    if not said:
        return
    yield from ("", f"## {publication.title}", "", f"{said[0].upper()}{said[1:]}.")
    numbers = (_run(comparison, it) for it in told.numbers)
    yield from _section("Numbers", numbers, 3)
    yield from _section("Citations", (_run(comparison, it) for it in told.citations), 3)
    yield from _section("Words", map(_words, (*told.words, *told.floats)), 3)
    moves = (
        [f"{_at(it.old.place)} -> {_at(it.new.place)}: {short(it.text)}"] for it in told.places
    )
    yield from _section("Moved", moves, 3)
    renumbered = (
        [f"{it.what} {it.old or 'without number'} -> {it.new or 'without number'}: {it.title}"]
        for it in publication.renumbered
    )
    yield from _section("Renumbered", renumbered, 3)


def _section(title: str, items: Iterable[list[str]], level: int = 2) -> Iterator[str]:
    """Each item's first line after a bullet, the others below it; nothing without items."""
    for at, (first, *others) in enumerate(items):
        if not at:
            yield from ("", f"{'#' * level} {title}", "")
        yield f"- {first}"
        yield from (f"  - {line}" for line in others)


def _words(change: WordChange) -> list[str]:
    block = change.new or change.block
    kind = "" if block.kind in ("text", "item") else f" ({block.kind})"
    return [
        f"{_at(change.place)}{kind}",
        *([f"was: {short(change.old_text)}"] if change.old_text else []),
        *([f"now: {short(change.new_text)}"] if change.new_text else []),
    ]


def _run(comparison: Comparison, change: RunChange) -> list[str]:
    named = ", ".join(change.ids)
    said = f"{change.old or 'nothing'} -> {change.new or 'nothing'}"
    if change.old == change.new:
        said = f"{change.new}, which now stands for something else"
    claims = claims_on(comparison, change.ids) if change.kind == "number" else []
    return [f"{_at(change.place)}: {said} ({named})", *(f"claim: {it}" for it in claims)]


def _entry(change: EntryChange, what: str) -> list[str]:
    name = f"{change.table} {change.name}" if change.table else change.name
    if change.kind != "changed":
        return [f"{_at(change.place)}: {what} {name} {change.kind}"]
    cells = (f"{name}: {short(old) or 'empty'} -> {short(new) or 'empty'}"
             for name, old, new in change.cells)  # fmt: skip
    return [f"{_at(change.place)}: {what} {name}", *cells]


def _figure(change: FigureChange) -> list[str]:
    if not change.old or not change.new:
        return [f"{change.name} {'added' if change.new else 'removed'}"]
    rows = (f"{old or 'nothing'} -> {new or 'nothing'}" for old, new in change.rows)
    return [f"{change.name} looks otherwise", *rows]


def _at(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file


def short(text: str) -> str:
    """A text of which no more is told than its beginning, where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
