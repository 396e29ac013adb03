"""What a report's documents, and what its chapters were noted to read, tell of uses of its data."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from imprint.core.document import Passage, Run, RunKind
from imprint.core.escaping import one_line
from imprint.core.model import Cell, Chapter, Executed
from imprint.core.problems import Place
from imprint.difference.blocks import Block, blocks
from imprint.read.chapters.mentions import running
from imprint.read.chapters.sentences import sentence_at
from imprint.trace.places import Known, Location, at
from imprint.trace.row_change import TABLE
from imprint.trace.tree import Branch

Use = tuple[Location, Branch]


def printed(known: Known) -> Iterator[tuple[str, Block]]:
    """Every block that readers see, with the name of its publication."""
    for document in known.examined.documents:
        for chapter in document.chapters:
            yield from ((document.publication, block) for block in blocks(chapter))


# --- text and tables ---------------------------------------------------------------------------


def text_uses(known: Known, ids: Collection[str]) -> Iterator[Use]:
    """The sentences that print one of the statistics, or claim something of them."""
    for publication, block in printed(known):
        for passage, run in _runs(block, ids, "number", "claim") if block.kind != "row" else ():
            spot = known.location(publication, block, passage.place(run.start))
            verb = "claims" if run.kind == "claim" else "prints"
            sentence = one_line(sentence_at(passage.text, run.start))
            yield spot, at(spot, f"{verb} '{passage.text[run.start : run.end]}': {sentence}")


def rows_showing(known: Known, ids: Collection[str]) -> Iterator[tuple[Location, Block]]:
    """Rows of tables that print one of the statistics, or words of its row."""
    lines = {row.line for id, row in (known.report.statistics or {}).items() if id in ids}
    for publication, block in printed(known):
        if block.kind != "row":
            continue
        places = (passage.place(0) for passage in block.passages)
        if any(_runs(block, ids, "number", "claim")) or any(
            place.file == TABLE and place.line in lines for place in places
        ):
            yield known.location(publication, block), block


def citations(known: Known, key: str) -> Iterator[tuple[Location, Block]]:
    """Where text, notes and tables cite a work; not what figures say below them."""
    for publication, block in printed(known):
        for passage, run in _runs(block, {key}, "citation") if not block.figure else ():
            start = passage.text.find(f"@{key}", run.start, run.end)
            place = passage.place(start if start >= 0 else run.start)
            yield known.location(publication, block, place), block


def _runs(block: Block, ids: Collection[str], *kinds: RunKind) -> Iterator[tuple[Passage, Run]]:
    """Those of these kinds that stand for one of the ids."""
    for passage, run in block.runs():
        if run.kind in kinds and not set(ids).isdisjoint(run.ids):
            yield passage, run


def table_name(block: Block) -> str:
    """What a row's table is called in messages."""
    name = block.table or block.label
    return f"table '{name}'" if name else "table"


# --- figures -----------------------------------------------------------------------------------


def figure_uses(known: Known, names: Collection[str]) -> Iterator[Use]:
    """Where chapters show one of the figures."""
    for publication, block in printed(known):
        if block.kind == "alt" and block.figure in names:
            spot = known.location(publication, block)
            yield spot, at(spot, f"figure '{block.figure}'")


def figures_of_statistic(known: Known, id: str) -> set[str]:
    """Figures whose drawn rows are the statistic's, or whose module names it and was noted to read
    it."""
    found = {it for it, rows in known.drawn.items() if any(row.get("id") == id for row in rows)}
    executed = known.examined.executed.values()
    showing = [chapter for chapter in executed if reads_row(known, chapter, id)]
    return found | figures_naming(known, id, showing)


def figures_naming(known: Known, name: str, readers: Collection[Executed]) -> set[str]:
    """Figures of chapters among `readers` whose module has a text with the name in it."""
    modules = {read[1] for chapter in readers for read in chapter.reads or () if read[0] == "file"}
    found = set()
    for figure in known.report.figures:
        file = f"figures/{figure}.py"
        if file in modules:
            code = (known.report.project.root / file).read_text(encoding="utf-8")
            if _names(code, name):
                found.add(figure)
    return found


# --- code --------------------------------------------------------------------------------------


def code_uses(known: Known, id: str, told: Collection[Use]) -> Iterator[Use]:
    """Cells that name a statistic which their chapter was noted to read and of which no use is
    told, and, of chapters that were not run, all code that names it."""
    told_of = {spot.chapter for spot, _ in told}
    for publication, chapter in known.report.printed_chapters():
        executed = known.examined.executed[chapter.path]
        is_run = chapter.path not in known.examined.incomplete
        if is_run and not reads_row(known, executed, id):
            continue
        text = "code that reads it" if is_run else "code that names it, not run yet"
        places = [
            place for first, last, place in _naming(chapter, id)
            if not any(first <= spot.place <= last for spot, _ in told)
        ]  # fmt: skip
        if is_run and not places and chapter.path not in told_of:
            places, text = [Place(chapter.path)], "its code reads it"
        for place in places:
            spot = Location(publication.name, chapter.path, place)
            yield spot, at(spot, text)


def reads_row(known: Known, chapter: Executed, id: str) -> bool:
    """Whether a chapter's code was noted to read a row of the statistics, or the whole file."""
    order = list(known.report.statistics or {})
    if chapter.reads is None:
        return True
    return any(
        (kind, name) in (("statistic", id), ("file", TABLE))
        or ((kind, name) == ("cells", "statistics") and [id] == order[json.loads(detail)[0] :][:1])
        for kind, name, detail, _ in chapter.reads
    )


def reads_table(chapter: Executed, names: Collection[str]) -> bool:
    """Whether a chapter's code was noted to read one of the tables."""
    return any(
        (kind in ("table", "cells") and name in names)
        or (kind == "statistic" and "statistics" in names)
        or (kind == "file" and name in {f"data/{table}.csv" for table in names})
        for kind, name, _, _ in chapter.reads or ()
    )


def _naming(chapter: Chapter, name: str) -> Iterator[tuple[Place, Place, Place]]:
    """Cells and inline code that have the name in a text: first and last place, and the name's."""
    for part in chapter.parts:
        if isinstance(part, Cell):
            lines = part.code.split("\n")
            for number, text in enumerate(lines):
                if _names(text, name):
                    here = Place(part.place.file, part.code_line + number, 0, part.place.cell)
                    last = Place(here.file, part.code_line + len(lines), 0, here.cell)
                    yield part.place.at(0), last, here
                    break
            continue
        for line in part.lines:
            for inline in running(line):
                if _names(inline.expression, name):
                    here = line.place.at(inline.start + 1)
                    yield here, here, here


def _names(code: str, name: str) -> bool:
    return re.search(rf"[\"']{re.escape(name)}[\"']", code) is not None
