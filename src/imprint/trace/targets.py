"""`stat:ID`, a source's key or `file:PATH` -> the tree of all that depends on it; of
`statement:FILE:LINE`, of what it rests on."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from imprint.build.examine import examine
from imprint.build.plan import Request, plan_build
from imprint.compose.stages import Stages
from imprint.core.events import ignore_events
from imprint.core.problems import ReportError, nearest, problem
from imprint.core.root import PROJECT_FILE
from imprint.read.report import Report
from imprint.trace.file_tree import file_tree
from imprint.trace.places import Known
from imprint.trace.row_change import TABLE
from imprint.trace.source_tree import source_tree
from imprint.trace.statement_tree import statement_tree
from imprint.trace.statistic_tree import statistic_tree
from imprint.trace.tree import Branch

_LEFT_OUT = ("_output", "_site", "drawn", "__pycache__", "node_modules")


def trace(known: Known, target: str) -> Branch:
    """The tree of everything that depends on the target.

    A bare word is a source, else a statistic, else a file. Raises ReportError for a target that
    does not exist, with the nearest names.
    """
    kind, name = split_target(known.report, target)
    if kind == "statement":
        return statement_tree(known, name)
    if kind == "source":
        return source_tree(known, name)
    return statistic_tree(known, name) if kind == "stat" else file_tree(known, name)


def look_up(report: Report) -> Known:
    """A report and what is known of it without running code."""
    request = Request(runs=False)
    with Stages(report.project.root, request.jobs, request.keeps) as stages:
        return Known(report, examine(plan_build(report, request), stages, ignore_events))


def split_target(report: Report, target: str) -> tuple[str, str]:
    """Kind of the target (`source`, `stat`, `file` or `statement`) and its name.

    Raises ReportError where there is no such thing; `statement_tree` looks for statements.
    """
    statistics = report.statistics or {}
    references = report.library.references if report.library else {}
    kind, colon, name = target.partition(":")
    if not colon:
        kind, name = "", target
    if kind in ("", "source") and name in references:
        return "source", name
    if kind in ("", "stat") and name in statistics:
        return "stat", name
    if kind == "statement":
        return "statement", name
    path = Path(os.path.normpath(name)).as_posix()
    if kind in ("", "file") and _is_file(report, path):
        return "file", path
    words = {"source": "source", "stat": "statistic", "file": "file"}
    place = PROJECT_FILE
    if not kind:
        near = nearest(name, [*references, *(f"stat:{id}" for id in statistics)])
        message, fix = f"no source, statistic or file is named '{name}'", near or _FORMS
    elif kind not in words:
        message, fix = f"'{target}' is no target", _FORMS
    else:
        known: Collection[str] = list(_files(report)) if kind == "file" else references
        if kind == "stat":
            known, place = statistics, TABLE
        elif kind == "source":
            place = next(iter(report.project.bibliography), PROJECT_FILE)
        message = f"there is no {words[kind]} '{name}'"
        fix = nearest(name, known) or f"there are {len(known)} others: fix the name"
    raise ReportError([problem("target-exists", place, 0, message, fix)])


_FORMS = "write a source's key, stat:ID, file:PATH or statement:FILE:LINE"


def _is_file(report: Report, path: str) -> bool:
    """Whether a path from the project's root names a file inside it."""
    outside = not path or path.startswith("../") or Path(path).is_absolute()
    return not outside and (report.project.root / path).is_file()


def _files(report: Report) -> Iterator[str]:
    """Files of the project that an author may name; what is hidden or built is left out."""
    root = report.project.root
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if name[0] != "." and name not in _LEFT_OUT)
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()
