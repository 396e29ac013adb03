"""A report run and read, whatever goes wrong on the way: what checks look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from imprint.author.figure_record import read_record
from imprint.build.plan import Plan, Request, plan_build
from imprint.check import Checked, run_checks
from imprint.compose.reading import document_of, read_text
from imprint.compose.stages import Stages
from imprint.core.document import Document
from imprint.core.events import Tell, during
from imprint.core.model import Executed
from imprint.core.problems import Place, Problem, ReportError
from imprint.read.chapters.mentions import possible_labels
from imprint.read.report import Report

_NEED_ALL = frozenset({"reference-resolves", "link-resolves"})
"""Problems that cannot be told while some chapter is not known."""


@dataclass(frozen=True)
class Examined:
    """What came of running and reading a report."""

    executed: Mapping[str, Executed]
    """By path; of a chapter that failed, the text without what is not known."""
    documents: tuple[Document, ...]
    """Of the publications that pandoc can read."""
    problems: tuple[Problem, ...]
    incomplete: frozenset[str]
    """Paths of the chapters that failed or were not run."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems by which nothing can be written."""
        return tuple(found for found in self.problems if found.severity == "error")


NOT_EXAMINED = Examined({}, (), (), frozenset())
"""Of a report that another engine runs."""


def examine(
    plan: Plan, stages: Stages, tell: Tell, done: Callable[[Executed], None] = lambda _: None
) -> Examined:
    """Run every chapter and read every publication; `done` gets each chapter that has run well."""
    report = plan.report
    ran = plan.run(tell, done)
    executed = {chapter.path: chapter for chapter in ran.chapters}
    problems = [*ran.problems, *_gone(report)]
    unknown = [report.chapters[path] for path in sorted(ran.incomplete)]
    labels = (label for chapter in unknown for label in possible_labels(chapter))
    options = replace(
        plan.options,
        labels_elsewhere={*plan.options.labels_elsewhere, *labels},
    )
    documents = []
    for publication in report.publications:
        chapters = [executed[it.path] for it in report.chapters_of(publication)]
        try:
            read = read_text(report.project, publication, chapters, options, stages)
        except ReportError as error:
            problems += error.problems
            continue
        is_whole = len(chapters) == sum(1 for entry in publication.entries if entry.path)
        problems += [
            it for it in read.problems if _can_be_told(it, report, is_whole, ran.incomplete)
        ]
        root = report.project.root
        documents.append(document_of(root, publication, chapters, read, stages))
    return Examined(executed, tuple(documents), tuple(problems), ran.incomplete)


def _gone(report: Report) -> Iterator[Problem]:
    """Files of chapters that were there to be read and that their code, or somebody, has taken
    away since."""
    files = {file for chapter in report.chapters.values() for file in chapter.files}
    for file in sorted(files):
        if not (report.project.root / file).is_file():
            message = "it is not there any more: a chapter's code, or somebody, has taken it away"
            fix = "restore it, and let code delete and move nothing but what it has made"
            yield Problem(Place(file), "file-exists", message, fix)


def check_report(
    report: Report, problems: Iterable[Problem], request: Request, tell: Tell, *, draft: bool
) -> Checked:
    """Run and read a report and check all of it; `problems` are those found while its files were
    read."""
    try:
        plan = plan_build(report, request)
    except ReportError as error:
        return run_checks(report, [*problems, *error.problems], draft=draft)
    with Stages(report.project.root, request.jobs, request.keeps) as stages:
        examined = examine(plan, stages, tell)
    with during(tell, "check"):
        found = [*problems, *_unrun(report, request, examined)]
        return check_examined(report, found, examined, draft=draft)


def check_examined(
    report: Report, problems: Iterable[Problem], examined: Examined, *, draft: bool = False
) -> Checked:
    """Run the checks on what was examined; `problems` are those found before."""
    told = [*problems, *examined.problems]
    read = {chapter.path for document in examined.documents for chapter in document.chapters}
    incomplete = examined.incomplete | (report.chapters.keys() - read)
    return run_checks(report, told, examined.documents, incomplete=incomplete, draft=draft)


def _unrun(report: Report, request: Request, examined: Examined) -> Iterator[Problem]:
    """A warning where code was not to be run, that nobody takes for checked what it would print."""
    paths = [path for path in report.chapters if path in examined.incomplete]
    if not request.runs and paths:
        chapters = f"of {len(paths)} chapters" if len(paths) > 1 else "of this chapter"
        message = f"the code {chapters} has not run as it stands: what it prints is not checked"
        yield Problem(Place(paths[0]), "code-has-run", message, _RUN, "warning")
    for name in sorted(report.figures) if not request.runs else ():
        if read_record(report.project.root, name) is None:
            message = "this figure has not been drawn as its module stands: it is not checked"
            yield Problem(Place(f"figures/{name}.py"), "code-has-run", message, _RUN, "warning")


_RUN = "run `scripts/check`"


_MADE_BY_CODE = re.compile(r"'(?:fig|tbl)-")


def _can_be_told(
    found: Problem, report: Report, is_whole: bool, incomplete: Collection[str]
) -> bool:
    """Whether a problem does not follow from what could not be read or run; `is_whole` where all
    chapters of its publication could be read."""
    if found.code == "citation-resolves":
        return report.library is not None
    if incomplete and found.code == "reference-resolves" and _MADE_BY_CODE.search(found.message):
        return False
    return is_whole or found.code not in _NEED_ALL
