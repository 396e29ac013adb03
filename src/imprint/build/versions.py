"""A report -> what comparisons take: its version, and how its PDFs are laid out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from imprint.build.examine import Examined
from imprint.build.plan import Request, kernels_ahead, plan_build
from imprint.compose.stages import Stages
from imprint.core.events import ignore_events
from imprint.core.problems import ReportError
from imprint.difference.comparison import Version
from imprint.read.report import Report, read_report
from imprint.write.pdf.typeset import Layout, lay_out


def built_version(name: str, root: Path) -> Version:
    """A report, run and composed; `name` is what readers of the comparison know it by.

    Raises ReportError with the problems of a report that cannot be built, each with that name.
    """
    try:
        report, problems = read_report(root)
        if report.library is None or report.statistics is None:
            raise ReportError(problems)
        with kernels_ahead(report, Request(("html",))) as request:
            plan = plan_build(report, request)
            with Stages(root, request.jobs, request.keeps) as stages:
                executed = plan.execute(ignore_events)
                books = plan.compose(executed, stages, ignore_events)
    except ReportError as error:
        told = (replace(it, message=f"{it.message}, in {name}") for it in error.problems)
        raise ReportError(list(told)) from None
    return Version(name, report, tuple(books))


def layouts(report: Report, examined: Examined) -> tuple[Layout, ...]:
    """How the PDFs would be laid out, publication by publication.

    Raises ReportError where one cannot be composed or set.
    """
    plan = plan_build(report, Request(("pdf",)))
    with Stages(report.project.root, plan.request.jobs, plan.request.keeps) as stages:
        books = plan.compose(examined.executed, stages, ignore_events)
    return tuple(lay_out(book, report.project.root) for book in books)
