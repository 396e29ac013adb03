"""Exceptions that authors make from a rule, written where they apply, each with its reason.

chapters    <!-- allow CODE: reason -->   at the end of the line, or alone on the line above
cells, figures, _quarto.yml
            # allow CODE: reason          likewise
bib         % allow CODE: reason          above the entry, for the whole of it
csv         allow CODE: reason            at the end of the row's `editor_note`, for the row
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from imprint.check.prose.printed import file_lines
from imprint.check.prose.roots import holds
from imprint.core.model import Cell, Line
from imprint.core.problems import Place, Problem
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.data.csv_rows import EDITORS, Row, read_csv_file
from imprint.read.data.datapackage import read_package
from imprint.read.report import Report

_ALLOW = r"allow(?:[ \t]+(?P<code>[\w-]*)[ \t]*(?::(?P<reason>[^<]*?))?)?[ \t]*"
_MARKDOWN = re.compile(rf"<!--[ \t]*{_ALLOW}-->")
_HASH = re.compile(rf"#[ \t]*{_ALLOW}$")
_PERCENT = re.compile(rf"^[ \t]*%[ \t]*{_ALLOW}$")
_NOTE = re.compile(rf"(?:^|(?<=[;.,][ \t])){_ALLOW}$")
_BIB_ENTRY = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]")


@dataclass(frozen=True, order=True)
class Excused:
    """A problem that its author allows."""

    problem: Problem
    reason: str


@dataclass(frozen=True)
class Allowance:
    """One exception as written."""

    place: Place
    code: str
    reason: str
    first: int
    """First line of the same file that it speaks for."""
    last: int

    def covers(self, problem: Problem) -> bool:
        """Whether it applies to this problem."""
        place = problem.place
        return (
            problem.code == self.code
            and place.file == self.place.file
            and self.first <= place.line <= self.last
        )


def apply_exceptions(
    report: Report, problems: Iterable[Problem], judge_unused: bool
) -> tuple[list[Problem], list[Excused]]:
    """Split the problems into those that remain and those that an exception allows.

    Of several things on one line, an exception excuses those that its reason names. An exception
    without a reason excuses nothing and is a problem itself
    (`exception-has-reason`); so is one that excuses nothing (`exception-is-used`) where
    `judge_unused` says that every check could see everything.
    """
    allowances = list(dict.fromkeys(read_exceptions(report)))
    reasoned = [allowance for allowance in allowances if allowance.reason and allowance.code]
    stay: list[Problem] = []
    excused: list[Excused] = []
    used: set[Allowance] = set()
    problems = sorted(set(problems))
    meant = {allowance: _meant(allowance, problems) for allowance in reasoned}
    for problem in problems:
        found = [allowance for allowance in reasoned if problem in meant[allowance]]
        used.update(found)
        if found:
            excused.append(Excused(problem, found[0].reason))
        else:
            stay.append(problem)
    for allowance in allowances:
        if allowance not in reasoned:
            message = f"this exception from '{allowance.code or '?'}' gives no reason"
            fix = "write `allow CODE: reason`"
            stay.append(Problem(allowance.place, "exception-has-reason", message, fix))
        elif judge_unused and allowance not in used:
            message = f"nothing here breaks '{allowance.code}', so the exception excuses nothing"
            fix = "delete it, or fix its code or its place"
            stay.append(Problem(allowance.place, "exception-is-used", message, fix))
    return sorted(stay), excused


_SUBJECT = re.compile(r"'(.+?)'")


def _meant(allowance: Allowance, problems: Sequence[Problem]) -> frozenset[Problem]:
    """The problems that an exception excuses: those of its rule in its place. Where they speak of
    several things on one line, it excuses the ones that its reason names."""
    covered = [problem for problem in problems if allowance.covers(problem)]
    named = {problem: _SUBJECT.search(problem.message) for problem in covered}
    subjects = {found[1] for found in named.values() if found}
    if len(subjects) < 2 or allowance.first != allowance.last:
        return frozenset(covered)
    said = {it for it in subjects if holds(allowance.reason, it)}
    return frozenset(problem for problem, found in named.items() if found and found[1] in said)


def read_exceptions(report: Report) -> Iterator[Allowance]:
    """Every exception of the chapters, figure modules, project files, bibliography and data."""
    root = report.project.root
    for chapter in report.chapters.values():
        for part in chapter.parts:
            if isinstance(part, Cell):
                lines = part.code.split("\n")
                yield from _in_lines(_numbered(part.place.file, lines, part.code_line), _HASH)
            else:
                yield from _in_markdown(part.lines)
    files = {publication.file for publication in report.publications}
    files |= {f"figures/{name}.py" for name in report.figures}
    for file in sorted(files):
        yield from _in_lines(_numbered(file, file_lines(root, file)), _HASH)
    for file in report.project.bibliography:
        yield from _in_bibliography(file, file_lines(root, file))
    for table in read_package(root)[0].values() if report.tables else ():
        yield from _in_rows(table.file, read_csv_file(root, table).rows)


def _in_markdown(lines: Sequence[Line]) -> Iterator[Allowance]:
    if not any("<!--" in line.text for line in lines):
        return
    shown = {
        index
        for fence in lay_out([line.text for line in lines]).fences
        for index in range(fence.start, fence.end + 1)
    }
    yield from _in_lines([line for i, line in enumerate(lines) if i not in shown], _MARKDOWN)


def _in_lines(lines: Sequence[Line], pattern: re.Pattern[str]) -> Iterator[Allowance]:
    """Exceptions at the end of lines, and on lines of their own for the next line with text."""
    for index, line in enumerate(lines):
        if "allow" not in line.text:
            continue
        for found in pattern.finditer(line.text):
            if line.text.count("`", 0, found.start()) % 2:
                continue
            target = line.place.line
            if not pattern.sub("", line.text).strip():
                below = (
                    other.place.line
                    for other in lines[index + 1 :]
                    if pattern.sub("", other.text).strip() and other.place.file == line.place.file
                )
                target = next(below, target)
            place = line.place.at(found.start() + 1)
            yield _allowance(found, place, target, target)


def _in_bibliography(file: str, lines: Sequence[str]) -> Iterator[Allowance]:
    entries = [number for number, line in enumerate(lines, 1) if _BIB_ENTRY.match(line)]
    for number, line in enumerate(lines, 1):
        found = _PERCENT.match(line)
        if found:
            first = next((entry for entry in entries if entry > number), number)
            last = next((entry - 1 for entry in entries if entry > first), len(lines))
            yield _allowance(found, Place(file, number, 1), first, last)


def _in_rows(file: str, rows: Iterable[Row]) -> Iterator[Allowance]:
    for row in rows:
        found = _NOTE.search(str(row.get(EDITORS) or ""))
        if found:
            last = row.line + sum(str(cell).count("\n") for cell in row.values())
            yield _allowance(found, Place(file, row.line), row.line, last)


def _allowance(found: re.Match[str], place: Place, first: int, last: int) -> Allowance:
    return Allowance(place, found["code"] or "", (found["reason"] or "").strip(), first, last)


def _numbered(file: str, lines: Sequence[str], first: int = 1) -> list[Line]:
    return [Line(line, Place(file, number)) for number, line in enumerate(lines, first)]
