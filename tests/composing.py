"""A report as rules look at it: read by pandoc; kernels run its code only where they are asked."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from imprint.author.calls import span
from imprint.author.wording import Form, words
from imprint.build.examine import Examined, check_examined, examine
from imprint.build.plan import Request, plan_build
from imprint.check import Checked
from imprint.check.composed import ComposedReport, composed_report
from imprint.compose.pandoc import Pandocs
from imprint.compose.stages import Stages
from imprint.core.escaping import Markdown
from imprint.core.events import ignore_events
from imprint.core.memo import ValueMemo
from imprint.core.model import Cell
from imprint.core.problems import Problem
from imprint.read.chapters.sentences import OPAQUE
from imprint.read.report import Report
from imprint.run.cache import CachedRun, Changed, RunRequest
from imprint.run.chapter_script import needs_kernel
from imprint.run.current import Current
from imprint.run.execute import CacheLookup, run_request
from imprint.run.kernel_client import Answer
from kept_server import keeping_the_server


class _OnePandoc(Stages):
    """Stages that all tests have run by one process of pandoc."""

    def close(self) -> None:
        """Leave the process to the next test."""
        self._pandocs = Pandocs(Path(), Path())
        super().close()


_pandocs: list[Pandocs] = []
_derived: ValueMemo[Any] = ValueMemo()


def _values(report: Report) -> CacheLookup:
    """What `stat` and `claim` print in chapters without cells, as kernels would have answered."""
    rows = report.statistics or {}

    def stat(id: str, form: Form = "running") -> Markdown:
        return span(words(rows[id], form), "stat", id, form=form)

    def claim(word: str, *ids: str, form: Form = "running") -> Markdown:
        return span(word[0].upper() + word[1:] if form == "sentence" else word, "claim", *ids)

    def value(expression: str) -> dict[str, str]:
        try:
            printed = eval(expression, {"stat": stat, "claim": claim})
        except Exception:
            printed = OPAQUE
        return {"text/markdown": str(printed)}

    found: dict[str, tuple[RunRequest, CachedRun | Changed]] = {}
    for chapter in report.chapters.values():
        if needs_kernel(chapter) and not any(isinstance(part, Cell) for part in chapter.parts):
            request = run_request(report.project.root, chapter, "project")
            answers = (Answer(values=tuple(map(value, asked))) for _, asked in request.questions)
            found[chapter.path] = (request, CachedRun("none", tuple(answers), (), (), {}))
    return CacheLookup(Current(report.project.root, report.statistics), found)


def examined(report: Report, *, runs: bool = False, keeps: bool = False) -> Examined:
    """A report as it was read; values of code are known where it runs or has run, and what `stat`
    and `claim` print in chapters without cells."""
    cached = None if runs or keeps else _values(report)
    plan = plan_build(report, Request(keeps=keeps, runs=runs, cached=cached))
    with stages(report.project.root, keeps=keeps) as composing, keeping_the_server():
        return examine(plan, composing, ignore_events)


def stages(root: Path, *, keeps: bool = False) -> Stages:
    """Stages that the one pandoc runs."""
    if not _pandocs:
        scratch = tempfile.TemporaryDirectory()
        _pandocs.append(Pandocs(Path(scratch.name), Path(scratch.name)))
        atexit.register(scratch.cleanup)
        atexit.register(_pandocs[0].end)
    made = _OnePandoc(root, 1, keeps=keeps, derived=_derived)
    made._pandocs = _pandocs[0]
    return made


def composed(report: Report, *, runs: bool = False, keeps: bool = False) -> ComposedReport:
    """The report with the texts of its publications."""
    found = examined(report, runs=runs, keeps=keeps)
    return composed_report(report, found.documents, found.incomplete)


def check_all(
    report: Report,
    read: Iterable[Problem] = (),
    *,
    runs: bool = False,
    keeps: bool = False,
    draft: bool = False,
) -> Checked:
    """What all rules find in a report; `read` is what was found before."""
    found = examined(report, runs=runs, keeps=keeps)
    return check_examined(report, read, found, draft=draft)
