"""A report's folder -> the texts of its publications as they stand, no code run."""

from __future__ import annotations

from pathlib import Path

from imprint.build.examine import examine
from imprint.build.plan import Request, plan_build
from imprint.compose.stages import Stages
from imprint.core.document import Document
from imprint.core.events import ignore_events
from imprint.core.model import Executed
from imprint.core.problems import ReportError
from imprint.read.report import read_report
from imprint.read.single_file import read_single_file


def present_documents(root: Path) -> tuple[Document, ...]:
    """The documents; of what has not run since it was edited, the text without what is not known.

    Raises ReportError where no publication can be read.
    """
    report, problems = read_report(root)
    request = Request(runs=False)
    plan = plan_build(report, request)
    with Stages(root, request.jobs, request.keeps) as stages:
        found = examine(plan, stages, ignore_events)
    if not found.documents:
        raise ReportError([*problems, *found.problems])
    return found.documents


def present_chapter(file: Path) -> Executed:
    """One chapter as it was printed when it last ran; of what has changed since, without what is
    not known. Raises ReportError where it cannot be read."""
    single, _ = read_single_file(file)
    ran = plan_build(single.report, Request(runs=False)).run(ignore_events)
    return ran.chapters[0]
