"""A comparison -> plain values for JSON."""

from __future__ import annotations

from typing import Any

from imprint.core.problems import Place
from imprint.difference.comparison import Comparison, PublicationChange
from imprint.difference.documents import Move, RunChange, WordChange
from imprint.difference.drawings import FigureChange
from imprint.difference.tables import EntryChange

VERSION = 1


def as_data(comparison: Comparison) -> dict[str, Any]:
    """Everything that the comparison tells, but for the drawings themselves."""
    return {
        "version": VERSION,
        "old": comparison.old,
        "new": comparison.new,
        "publications": [_publication(it) for it in comparison.publications],
        "rows": [_entry(it) for it in comparison.rows],
        "works": [_entry(it) for it in comparison.works],
        "figures": [_figure(it) for it in comparison.figures],
        "claims": [
            {"words": it.words, "ids": it.ids, "place": _place(it.place)}
            for it in comparison.claims
        ],
    }


def _publication(publication: PublicationChange) -> dict[str, Any]:
    told = publication.difference
    return {
        "name": publication.name,
        "title": publication.title,
        "in_old": publication.is_in[0],
        "in_new": publication.is_in[1],
        "words": [_words(it) for it in told.words],
        "floats": [_words(it) for it in told.floats],
        "numbers": [_run(it) for it in told.numbers],
        "citations": [_run(it) for it in told.citations],
        "moves": [_move(it) for it in told.places],
        "renumbered": [
            {"what": it.what, "title": it.title, "old": it.old, "new": it.new}
            for it in publication.renumbered
        ],
    }


def _words(change: WordChange) -> dict[str, Any]:
    block = change.new or change.block
    return {
        "kind": block.kind,
        "section": block.section,
        "chapter": block.chapter,
        "place": _place(change.place),
        "old": change.old_text,
        "new": change.new_text,
    }


def _run(change: RunChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "ids": change.ids,
        "old": change.old,
        "new": change.new,
        "place": _place(change.place),
        "sentence": change.part.text,
        "section": change.part.block.section,
    }


def _move(move: Move) -> dict[str, Any]:
    return {"text": move.text, "old": _place(move.old.place), "new": _place(move.new.place)}


def _entry(change: EntryChange) -> dict[str, Any]:
    cells = {name: {"old": old, "new": new} for name, old, new in change.cells}
    told = {"kind": change.kind, "name": change.name, "place": _place(change.place)}
    return told | ({"table": change.table} if change.table else {}) | {"cells": cells}


def _figure(change: FigureChange) -> dict[str, Any]:
    kind = "changed" if change.old and change.new else "added" if change.new else "removed"
    rows = [{"old": old, "new": new} for old, new in change.rows]
    return {"name": change.name, "kind": kind, "rows": rows}


def _place(place: Place) -> dict[str, Any]:
    told = {"file": place.file, "line": place.line, "column": place.column, "cell": place.cell}
    return {name: value for name, value in told.items() if value}
