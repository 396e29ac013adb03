"""One changed row of `data/statistics.csv` -> what a build would print, draw and refuse then.

The report is built twice as far as its documents: as it is, and in a copy with the row changed.
What neither build has to run again is taken from the report's cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import starmap
from pathlib import Path

from imprint.build.examine import Examined, check_examined, examine
from imprint.build.plan import Request, kernels_ahead, look_up_results, plan_build
from imprint.build.versions import layouts
from imprint.compose.stages import Stages
from imprint.core.document import Document
from imprint.core.events import Tell, during, ignore_events
from imprint.core.files import DRAWN
from imprint.core.model import Statistic
from imprint.core.parallel import in_parallel
from imprint.core.problems import Problem, ReportError
from imprint.difference.blocks import Block, blocks
from imprint.difference.documents import Difference, difference
from imprint.difference.drawings import FigureChange, figure_changes
from imprint.read.data.constraints import check_data
from imprint.read.data.tables import read_statistics
from imprint.read.report import Report
from imprint.run.kernels import KernelEnvironment
from imprint.trace.layout_change import LayoutChange, layout_change
from imprint.trace.overlay import overlay
from imprint.trace.places import Known
from imprint.trace.row_change import (
    TABLE,
    CellChange,
    cell_changes,
    changed_table,
    table_text,
)


@dataclass(frozen=True)
class Impact:
    """What a change would do."""

    statistic: Statistic
    cells: tuple[CellChange, ...]
    before: Known
    after: Known
    new_problems: tuple[Problem, ...]
    """What running, reading and checking would tell and do not tell now."""
    gone_problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    """Of each publication."""
    redrawn: tuple[FigureChange, ...]
    """Figures that look otherwise."""
    laid_out: tuple[LayoutChange, ...] | None = None
    """Of each publication: none where a build would stop, None where nobody asked for them."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Chapters of which not all is known, for they would fail."""
        return tuple(sorted(self.after.examined.incomplete - self.before.examined.incomplete))


def predict(
    report: Report,
    problems: Sequence[Problem],
    id: str,
    settings: Sequence[str],
    *,
    ahead: KernelEnvironment | None = None,
    tell: Tell | None = None,
) -> Impact:
    """What would change if the row `id` had other values, given as `column=value`; `problems` are
    those found while the report was read, and `ahead` is what kernels need, where it was made ahead
    of need. Where PDFs are to be laid out as well, `tell` hears when.

    Raises ReportError for an unknown column or a value of the wrong type.
    """
    root = report.project.root
    row = (report.statistics or {})[id]
    cells = cell_changes(root, row, settings)
    content = changed_table(table_text(root), row.line, cells)
    cached = look_up_results(report)
    with overlay(report, cached, TABLE, content) as copy:
        changed, wrong = _changed(report, problems, copy)
        as_it_is = partial(_judged, report, problems, Request(cached=cached))
        with in_parallel(as_it_is) as now, kernels_ahead(changed, Request(ahead=ahead)) as request:
            after, told = _judged(changed, wrong, request)
            before, told_before = now()
        figures = figure_changes(root / DRAWN, copy / DRAWN, _figures(before.documents))
        redrawn = tuple(it for it in figures if it.old and it.new)
        stops = any(found.severity == "error" for found in (*told, *told_before))
        laid_out: tuple[LayoutChange, ...] | None = () if tell else None
        if tell and not stops:
            with during(tell, "set"):
                laid_out = _laid_out((report, before), (changed, after))
    new = {document.publication: document for document in after.documents}
    differences = tuple(
        difference(old, new[old.publication]) for old in before.documents if old.publication in new
    )
    return Impact(
        row, cells, Known(report, before), Known(changed, after),
        tuple(it for it in told if it not in told_before),
        tuple(it for it in told_before if it not in told),
        differences, redrawn, laid_out,
    )  # fmt: skip


def _laid_out(
    old: tuple[Report, Examined], new: tuple[Report, Examined]
) -> tuple[LayoutChange, ...]:
    with in_parallel(partial(layouts, *old)) as was:
        becomes = layouts(*new)
        return tuple(starmap(layout_change, zip(was(), becomes, strict=True)))


def _changed(
    report: Report, problems: Sequence[Problem], root: Path
) -> tuple[Report, list[Problem]]:
    """The report with its data read anew from its copy, and the problems of reading it: chapters
    and bibliography are the same."""
    keys = report.library.references if report.library else None
    of_data = set(check_data(report.project.root, keys)) if problems else set()
    wrong = [found for found in problems if found not in of_data] + check_data(root, keys)
    statistics: Mapping[str, Statistic] | None = None
    try:
        statistics = read_statistics(root)
    except ReportError as error:
        wrong += error.problems
    project = replace(report.project, root=root)
    return replace(report, project=project, statistics=statistics), wrong


def _judged(
    report: Report, problems: Sequence[Problem], request: Request
) -> tuple[Examined, tuple[Problem, ...]]:
    """The report run and read, and what is to be told of it."""
    plan = plan_build(report, request)
    with Stages(report.project.root, request.jobs, request.keeps) as stages:
        examined = examine(plan, stages, ignore_events, partial(plan.read_ahead, stages=stages))
    return examined, check_examined(report, problems, examined).problems


def _figures(documents: Sequence[Document]) -> list[str]:
    """Names of the drawn figures that publications show."""
    shown: Iterator[Block] = (
        block for document in documents for chapter in document.chapters
        for block in blocks(chapter)
    )  # fmt: skip
    return sorted({block.figure for block in shown} - {""})
