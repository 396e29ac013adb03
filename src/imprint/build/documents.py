"""A report's folder -> the texts of its publications as they stand, no code run."""

from __future__ import annotations

from pathlib import Path

from imprint.build.examine import examine
from imprint.build.plan import Request, plan_build
from imprint.compose.stages import Stages
from imprint.core.document import Document
from imprint.core.events import ignore_events
from imprint.core.problems import ReportError
from imprint.read.report import read_report


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
