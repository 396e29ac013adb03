"""What `imprint render` does where something has changed: check, then render."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imprint.build.examine import Examined, check_examined, check_report
from imprint.build.pipeline import render
from imprint.build.plan import Request, kernels_ahead
from imprint.build.receipt import Outcome, ReceiptKey, disk_time, remember, starting_point
from imprint.build.review_copies import write_review_copies
from imprint.build.single import judge_of, render_file
from imprint.build.stored import stored_results
from imprint.check import Checked
from imprint.check.problem_forms import problem_lines
from imprint.core.commit import build_time, revision, whole_revision
from imprint.core.events import Tell, during
from imprint.core.files import OUTPUT, write_atomically, writing
from imprint.core.model import FORMATS, Format, Publication
from imprint.core.problems import Place, Problem, ReportError, problem
from imprint.core.root import find_root, from_root
from imprint.quarto.engine import LEAST, Quarto, find_quarto
from imprint.read.parameters import (
    Value,
    parameters,
    read_values,
    typed_values,
    with_parameters,
)
from imprint.read.report import Report, of_revision, read_report, saying
from imprint.read.single_file import documents_of, own_formats, read_single_file
from imprint.run.kernels import KernelEnvironment
from imprint.terminal.watching import Say, timed


@dataclass(frozen=True)
class Start:
    """How far the command had come before this module was loaded."""

    began: float
    """When it began, by the monotonic clock."""
    point: str = ""
    """What the publications' render starts from, where that is known."""
    ahead: KernelEnvironment | None = None
    """What kernels need, where it was made ahead of need."""


def render_targets(
    files: Sequence[Path],
    names: Sequence[str],
    arguments: argparse.Namespace,
    start: Start,
    say: Say,
) -> None:
    """Render files beside themselves and publications by name (all, where no file is named).

    Ends by saying how long it took; on a terminal, and where timings are asked for, also what took
    longest. Raises ReportError with every problem found.
    """
    root = Path.cwd()
    with contextlib.suppress(ReportError):  # files may belong to no report
        root = find_root(root)
    if not files and not names:
        files = documents_of(root)
    kind = " ".join([arguments.engine, *arguments.to, *map(str, files), *names])
    kind += " anew" if arguments.no_cache else ""
    kind += " as draft" if arguments.draft else ""
    with timed(root, kind, start.began, say, traces=arguments.timings) as (say_now, tell):
        if files:
            _render_files(files, arguments, say_now, tell)
        if names or not files:
            _render_publications(root, names, arguments, start, say_now, tell)


def _render_publications(
    root: Path,
    names: Sequence[str],
    arguments: argparse.Namespace,
    start: Start,
    say: Say,
    tell: Tell,
) -> None:
    """Check and render publications, and keep a receipt."""
    formats: tuple[Format, ...] = arguments.to
    asked = ReceiptKey(tuple(names), formats)
    point = start.point or starting_point(root, asked)
    quarto = _engine(arguments.engine)
    say(f"engine: quarto {quarto.version}" if quarto else "engine: embedded")
    began = disk_time(root)
    with during(tell, "read"):
        report, problems = read_report(root, names)
        values = _values(report, arguments)
        report = with_parameters(report, values)
    os.environ["SOURCE_DATE_EPOCH"] = str(build_time(root))
    if quarto:
        quarto = replace(quarto, parameters=tuple(f"{name}:{it}" for name, it in values.items()))
    request = Request(formats, quarto, arguments.jobs, not arguments.no_cache, start.ahead)

    def judge(examined: Examined) -> Checked:
        with during(tell, "check"):
            return check_examined(report, problems, examined, draft=arguments.draft)

    if quarto is None and any(it.severity == "error" for it in problems):
        # What is missing of the report cannot be composed; the rest of it is checked all the same.
        checked = check_report(report, problems, request, tell, draft=arguments.draft)
        if checked.errors:
            raise ReportError(checked.problems)
    if arguments.draft:
        printed = saying(report, "draft", revision(root))
    else:
        printed = of_revision(report, whole_revision(root))
    with kernels_ahead(report, request) as request:
        made_from, checked = render(printed, request, tell, judge)
    warnings = tuple(problem_lines(checked.problems))
    for line in warnings:
        say(line)
    files = tuple(file for found in report.publications for file in _files(found, formats))
    outcome = Outcome(warnings, files)
    for line in outcome.file_lines(root):
        say(line)
    if quarto is None and not arguments.draft and not _gives_values(arguments):
        with during(tell, "receipt"):
            remember(root, asked, point, began, made_from, outcome)


def render_review_copies(
    files: Sequence[Path], names: Sequence[str], arguments: argparse.Namespace, say: Say
) -> None:
    """Make what is sent to reviewers. Raises ReportError with what cannot be read or composed."""
    if files:
        message = "reviewers get whole publications, not single files"
        fix = "name a publication, or none for all of them"
        raise ReportError([problem("target-exists", str(files[0]), 0, message, fix)])
    root = find_root(Path.cwd())
    with timed(root, "render", time.monotonic(), say, traces=False) as (say_now, tell):
        report, problems = read_report(root, names)
        if report.library is None or report.statistics is None or not report.publications:
            raise ReportError(problems)
        os.environ["SOURCE_DATE_EPOCH"] = str(build_time(root))
        request = Request(jobs=arguments.jobs, keeps=not arguments.no_cache)
        for path in write_review_copies(report, arguments.to, request, tell):
            say_now(f"made {path}")


def _files(publication: Publication, formats: Iterable[Format]) -> Iterator[tuple[str, str]]:
    """Where a publication has come to stand: its name and a path from the root."""
    files = {"html": "index.html", "pdf": f"{publication.output_file}.pdf"}
    for name in formats:
        yield publication.name, f"{OUTPUT}/{publication.name}/{files[name]}"


def _render_files(
    files: Sequence[Path], arguments: argparse.Namespace, say: Say, tell: Tell
) -> None:
    """Render each file beside itself, once all of them have been checked."""
    request = Request(arguments.to, None, arguments.jobs, not arguments.no_cache)
    made: dict[Path, bytes] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            with during(tell, "read"):
                single, found = read_single_file(file)
                values = _values(single.report, arguments)
                single = replace(
                    single,
                    report=with_parameters(single.report, values),
                    around=with_parameters(single.around, values),
                )
            judge = judge_of(single, found, problems, draft=arguments.draft)
            formats = own_formats(single) if arguments.to is FORMATS else arguments.to
            stored = None if _gives_values(arguments) else stored_results(single)
            asked = replace(request, formats=formats, cached=stored)
            made |= render_file(single, asked, tell, judge, warn=problems.append)
        except ReportError as error:
            problems += error.problems
    if any(problem.severity == "error" for problem in problems):
        raise ReportError(problems)
    for line in problem_lines(problems):
        say(line)
    with writing(Path.cwd()):
        write_atomically(*made.items())
    for path in made:
        say(f"made {from_root(path, Path.cwd())}")


def _gives_values(arguments: argparse.Namespace) -> bool:
    return bool(arguments.parameters or arguments.parameter_file)


def _values(report: Report, arguments: argparse.Namespace) -> Mapping[str, Value]:
    """The values that a report's parameters are given."""
    if not _gives_values(arguments):
        return {}
    given = read_values(arguments.parameters, arguments.parameter_file)
    return typed_values(parameters(report), given, Place("-P"))


def _engine(wanted: str) -> Quarto | None:
    """The Quarto to render with; None for the embedded engine."""
    quarto = find_quarto() if wanted != "embedded" else None
    if quarto or wanted != "quarto":
        return quarto
    least = ".".join(map(str, LEAST))
    message = f"there is no Quarto {least} or newer on the PATH"
    fix = "install it, or use `--engine embedded`"
    raise ReportError([problem("quarto-is-installed", "--engine", 0, message, fix)])
