"""A sentence -> the rows of evidence that it was aligned with, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from imprint.check.composed import composed_report
from imprint.check.prose.roots import COMMON
from imprint.check.rules.evidence.alignment import Match, Statement, statements
from imprint.core.problems import Place, Problem, ReportError, nearest, problem
from imprint.trace.places import Known
from imprint.trace.tree import Branch

ROWS = 5
"""Rows of a statement that are shown, the nearest first."""


def statement_tree(known: Known, name: str) -> Branch:
    """The tree of the statements on the line FILE:LINE. Raises ReportError where there is none."""
    file, _, line = name.rpartition(":")
    report = composed_report(known.report, known.examined.documents, known.examined.incomplete)
    told = statements(report)
    if not told:
        message = f"no sentence is aligned with rows of '{report.settings.tables.evidence}'"
        fix = "cite works in the text, and fill the table's columns `source` and `statement`"
        raise ReportError([problem("target-exists", "_quarto.yml", 0, message, fix)])
    on_line = [it for it in told if f"{it.sentence.place.file}:{it.sentence.place.line}" == name]
    if not on_line:
        at = int(line) if line.isdecimal() else 0
        raise ReportError([_no_statement(told, file or name, at)])
    return Branch(f"statement:{name}", None, tuple(_statement(it) for it in on_line))


def _no_statement(told: Sequence[Statement], file: str, line: int) -> Problem:
    """That nothing begins there, with what does nearest to it."""
    lines = {it.sentence.place.line for it in told if it.sentence.place.file == file}
    nearby = sorted(sorted(lines, key=lambda it: abs(it - line))[:3])
    if nearby:
        fix = f"there are some on lines {', '.join(map(str, nearby))}"
    else:
        files = sorted({it.sentence.place.file for it in told})
        fix = nearest(file, files) or "write statement:FILE:LINE"
    message = "no sentence that begins here cites works or stands beside one that does"
    return problem("target-exists", file, line, message, fix)


def _statement(statement: Statement) -> Branch:
    said = " ".join(statement.sentence.text.replace("\ufffc", "…").split())
    cited, near = sorted(statement.sentence.cited), sorted(statement.sentence.near)
    works = ", ".join(cited) if cited else f"none; its paragraph cites {', '.join(near)}"
    shown = [_row(it, statement) for it in statement.matches[:ROWS]]
    return Branch(
        said,
        statement.sentence.place,
        (Branch(f"cites {works}"), *(shown or [Branch("no row is near")])),
    )


def _row(match: Match, statement: Statement) -> Branch:
    row = match.row
    whose = "a work cited here" if row.works & statement.sentence.works else "another work"
    shared = sorted((row.words & statement.sentence.words) - COMMON)
    words = re.findall(r"[\w’'-]+", statement.sentence.text)
    told = [_word_of(it, words) for it in shared]
    lines = [
        f"of {' and '.join(sorted(row.works))}, {whose}",
        f"shares: {', '.join(told) or 'common words alone'}",
        *([f"says: {row.statement}"] if row.statement else []),
        *([f"page: {row.locator}"] if row.locator else []),
    ]
    text = f"{match.score:.2f}  {row.id}"
    place = row.place if row.place.line else Place(row.place.file)
    return Branch(text, place, tuple(Branch(line) for line in lines))


def _word_of(root: str, words: list[str]) -> str:
    """A word of the sentence as it stands there, by its root."""
    return next((it.lower() for it in words if it.lower().startswith(root.lower())), root)
