"""A report as rules look at it: read by pandoc, its code not run."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from imprint.build.examine import Examined, examine
from imprint.build.plan import Request, plan_build
from imprint.check import Checked, run_checks
from imprint.check.composed import ComposedReport
from imprint.compose.pandoc import Pandocs
from imprint.compose.stages import Stages
from imprint.core.events import ignore_events
from imprint.core.problems import Problem
from imprint.read.report import Report


class _OnePandoc(Stages):
    """Stages that all tests have run by one process of pandoc."""

    def close(self) -> None:
        """Leave the process to the next test."""
        self._pandocs = Pandocs(Path(), Path())
        super().close()


_pandocs: list[Pandocs] = []


def examined(report: Report, *, runs: bool = False, keeps: bool = False) -> Examined:
    """A report as it was read; values of code are known where it runs or has run."""
    if not _pandocs:
        scratch = tempfile.TemporaryDirectory()
        _pandocs.append(Pandocs(Path(scratch.name), Path(scratch.name)))
        atexit.register(scratch.cleanup)
        atexit.register(_pandocs[0].end)
    plan = plan_build(report, Request(keeps=keeps, runs=runs))
    with _OnePandoc(report.project.root, 1, keeps=keeps) as stages:
        stages._pandocs = _pandocs[0]
        return examine(plan, stages, ignore_events)


def composed(report: Report, *, runs: bool = False) -> ComposedReport:
    """The report with the texts of its publications."""
    values = {field.name: getattr(report, field.name) for field in fields(Report)}
    return ComposedReport(**values, documents=examined(report, runs=runs).documents)


def check_all(
    report: Report, read: Iterable[Problem] = (), *, keeps: bool = False, draft: bool = False
) -> Checked:
    """What all rules find in a report whose code is not run; `read` is what was found before."""
    found = examined(report, keeps=keeps)
    return run_checks(report, [*read, *found.problems], found.documents, draft=draft)
