"""What `imprint render` does where something has changed: check, then render."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imprint.build.manifest import read_last
from imprint.build.pipeline import render
from imprint.build.plan import Request
from imprint.build.receipt import ReceiptKey, disk_time, named_elsewhere, remember, starting_point
from imprint.build.single import render_file
from imprint.check import run_checks
from imprint.check.problem_forms import problem_lines
from imprint.core.commit import build_time, revision
from imprint.core.events import Tell, during
from imprint.core.model import Format, Publication
from imprint.core.problems import Problem, ReportError, problem
from imprint.core.root import find_root
from imprint.quarto.engine import LEAST, Quarto, find_quarto
from imprint.read.report import Report, as_draft, read_report
from imprint.read.single_file import read_single_file
from imprint.run.execute import cached_dependencies, runs_code
from imprint.run.kernels import KernelEnvironment, kernel_environment
from imprint.terminal.estimates import past_durations, save_durations
from imprint.terminal.timings import Timings, summary_lines
from imprint.terminal.trace_file import write_trace
from imprint.terminal.watching import Say, shows_display, watching


@dataclass(frozen=True)
class Start:
    """How far the command had come before this module was loaded."""

    began: float
    """When it began, by the monotonic clock."""
    point: str = ""
    """What the publications' render starts from, where that is known."""
    ahead: KernelEnvironment | None = None
    """What kernels need, where it was made ahead of need."""


def render_anew(
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
    record = Timings(start.began)
    root = _root(Path.cwd())
    kind = " ".join([arguments.engine, *arguments.to, *map(str, files), *names])
    kind += " anew" if arguments.no_cache else ""
    kind += " as draft" if arguments.draft else ""
    file = None
    try:
        with watching(record, past_durations(root, kind), say) as (say_now, tell):
            if files:
                _render_files(files, arguments, say_now, tell)
            if names or not files:
                _render_publications(root, names, arguments, start, say_now, tell)
        save_durations(root, kind, record.spans())
    finally:
        if arguments.timings:
            file = write_trace(root, record)
    seconds = record.now()
    say(f"rendered in {seconds:.1f} s")
    if file or shows_display():
        for line in summary_lines(record.spans(), seconds):
            say(line)
    if file:
        say(f"timings: {_shown(file)}")


def _root(folder: Path) -> Path:
    """The report's folder; of files that belong to none, the one that we are in."""
    try:
        return find_root(folder)
    except ReportError:
        return folder


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
    point = start.point or starting_point(root, ReceiptKey(tuple(names), formats))
    quarto = _engine(arguments.engine, draft=arguments.draft)
    say(f"engine: quarto {quarto.version}" if quarto else "engine: embedded")
    began = disk_time(root)
    with during(tell, "read"):
        report, problems = read_report(root, names)
    os.environ["SOURCE_DATE_EPOCH"] = str(build_time(root))
    request = Request(formats, quarto, arguments.jobs, not arguments.no_cache)
    with _ahead(start, report, request) as ahead:
        with during(tell, "check"):
            checked = run_checks(report, problems, draft=arguments.draft)
        if checked.errors:
            raise ReportError(checked.problems)
        said = list(problem_lines(checked.problems))
        for line in said:
            say(line)
        if arguments.draft:
            report = as_draft(report, revision(report.project.root))
        folder = render(report, replace(request, ahead=ahead), tell)
    made = [line for p in report.publications for line in _made(p, folder / p.name, formats)]
    for line in made:
        say(line)
    if quarto is None and not arguments.draft:
        with during(tell, "receipt"):
            _keep_receipt(report, ReceiptKey(tuple(names), formats), point, began, [*said, *made])


@contextlib.contextmanager
def _ahead(start: Start, report: Report, request: Request) -> Iterator[KernelEnvironment | None]:
    """Have libraries imported for kernels while the checks run, where there is code to run."""
    if start.ahead:
        yield start.ahead
        return
    root, execute_dir = report.project.root, report.project.execute_dir
    chapters = list(report.chapters.values())
    if request.quarto or not runs_code(root, chapters, execute_dir, keeps=request.keeps):
        yield None
        return
    with kernel_environment(root) as ahead:
        yield ahead


def _made(publication: Publication, folder: Path, formats: tuple[Format, ...]) -> Iterator[str]:
    """Where a publication has come to stand."""
    if "html" in formats:
        yield f"{publication.name}: {_shown(folder / 'index.html')}"
    if "pdf" in formats:
        yield f"{publication.name}: {_shown(folder / f'{publication.output_file}.pdf')}"


def _keep_receipt(
    report: Report, asked: ReceiptKey, point: str, began: float, said: Sequence[str]
) -> None:
    """Keep a receipt, unless something has changed since `began` or cannot be known."""
    root, execute_dir = report.project.root, report.project.execute_dir
    made = read_last(root, "manifest.json")["publications"]
    inputs = {
        path: digest
        for publication in report.publications
        for path, digest in made[publication.name]["inputs"].items()
    }
    named = named_elsewhere(root, inputs, began)
    reads = cached_dependencies(root, list(report.chapters.values()), execute_dir)
    if reads is None or named is None:
        return
    if starting_point(root, asked) == point:
        remember(root, point, said, reads, named)


def _render_files(
    files: Sequence[Path], arguments: argparse.Namespace, say: Say, tell: Tell
) -> None:
    """Render each file beside itself, once all of them have been checked."""
    singles = []
    found: list[Problem] = []
    for file in files:
        try:
            with during(tell, "read"):
                single, problems = read_single_file(file)
        except ReportError as error:
            found += error.problems
            continue
        with during(tell, "check"):
            checked = run_checks(single.around, problems, draft=arguments.draft)
        found += [problem for problem in checked.problems if single.concerns(problem)]
        singles.append(single)
    if any(problem.severity == "error" for problem in found):
        raise ReportError(found)
    for line in problem_lines(found):
        say(line)
    for single in singles:
        for made in render_file(
            single, arguments.to, jobs=arguments.jobs, tell=tell, keeps=not arguments.no_cache
        ):
            say(f"made {_shown(made)}")


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _engine(wanted: str, *, draft: bool) -> Quarto | None:
    """The Quarto to render with; None for the embedded engine, which alone marks drafts."""
    if draft and wanted == "quarto":
        raise ReportError(
            [
                problem(
                    "draft-is-marked",
                    "--engine",
                    0,
                    "pages that Quarto makes do not say that they are a draft",
                    "leave out `--engine quarto` or `--draft`",
                )
            ]
        )
    quarto = find_quarto() if wanted in {"auto", "quarto"} and not draft else None
    if wanted == "quarto" and quarto is None:
        least = ".".join(str(number) for number in LEAST)
        raise ReportError(
            [
                problem(
                    "quarto-is-installed",
                    "--engine",
                    0,
                    f"there is no Quarto {least} or newer on the PATH",
                    "install it, or use `--engine embedded`",
                )
            ]
        )
    return quarto
