"""`imprint check`: every problem in one run, nothing rendered. Chapters run where they changed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from imprint.build.examine import check_report
from imprint.build.plan import Request
from imprint.build.room import require_room
from imprint.check import UNFINISHED, Checked, while_writing
from imprint.check.problem_forms import (
    allowed_lines,
    as_github,
    as_json,
    as_json_list,
    as_sarif,
    problem_lines,
    summary,
)
from imprint.core.events import ignore_events
from imprint.core.files import SCRATCH, write_json
from imprint.core.numbers import counted
from imprint.core.problems import Problem, ReportError
from imprint.core.root import find_root
from imprint.read.report import read_report
from imprint.read.single_file import documents_of
from imprint.review.files import Reviews, read_reviews
from imprint.terminal.watching import is_ci

FOUND = f"{SCRATCH}/found.json"
"""What was found, for the filter `state.lua` of pages that Quarto renders alone."""
FORMS: dict[str, Callable[[Checked], str]] = {
    "json": as_json,
    "json-list": as_json_list,
    "github": as_github,
    "sarif": as_sarif,
}
DRAFT_HELP = f"leave out what unfinished text cannot keep: {', '.join(sorted(UNFINISHED))}"

EXAMPLES = """\
imprint check                                every problem, with its line and its fix
imprint check owls.qmd                       one document by itself
imprint check --allowed                      what the report allows too, with the reasons
imprint check --no-run                       run no code, as editors want it
imprint check --draft                        leave out what unfinished text cannot keep
imprint check --format sarif > problems.sarif
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="documents, each by itself; the whole report by default",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format", choices=("text", *FORMS), default="text", help="how to print the problems"
    )
    form.add_argument(
        "--json",
        action="store_const",
        const="json-list",
        dest="format",
        help="same as --format json-list: the problems alone",
    )
    parser.add_argument(
        "--allowed", action="store_true", help="list what the report allows, with the reasons"
    )
    parser.add_argument("--draft", action="store_true", help=DRAFT_HELP)
    parser.add_argument(
        "--no-run",
        action="store_true",
        help="run no code: check what earlier runs have printed, and the rest of the text",
    )
    parser.add_argument(
        "--for-quarto",
        action="store_true",
        help="as --no-run, and let slips of a text in the making pass with a warning, unless"
        " `imprint: strict: true` or CI=true; pages rendered alone then show what was found",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Check the project; 1 when there are errors. Warnings and exceptions are reported only."""
    read = waiting = ""
    if arguments.for_quarto and os.environ.get("IMPRINT_RENDERS"):
        return 0
    try:
        require_room()
        if arguments.files:
            return _check_documents(arguments.files, arguments, say)
        root = find_root(Path.cwd())
        if documents := documents_of(root):
            return _check_documents(documents, arguments, say)
        report, problems = read_report(root)
        reviews = read_reviews(root)
        problems = [*problems, *reviews.problems]
        request = Request(runs=not (arguments.no_run or arguments.for_quarto))
        checked = check_report(report, problems, request, ignore_events, draft=arguments.draft)
        if arguments.for_quarto:
            checked = _for_quarto(root, checked, is_strict=report.settings.is_strict)
        read = f"{len(report.chapters)} chapters, {len(report.statistics or ())} statistics: "
        waiting = _waiting(reviews)
    except ReportError as error:
        checked = Checked(error.problems, ())
    return _told(checked, arguments, say, read, waiting)


def _check_documents(
    documents: Sequence[Path], arguments: argparse.Namespace, say: Callable[[str], None]
) -> int:
    """Check documents, each by itself."""
    # What sets pages is of no use to a whole report, which is only checked.
    from imprint.build.single import check_file

    problems: list[Problem] = []
    request = Request(runs=not (arguments.no_run or arguments.for_quarto))
    for document in documents:
        try:
            problems += check_file(document, request, draft=arguments.draft).problems
        except ReportError as error:
            problems += error.problems
    checked = Checked(tuple(dict.fromkeys(problems)), ())
    return _told(checked, arguments, say, f"{counted(len(documents), 'document')}: ")


def _told(
    checked: Checked,
    arguments: argparse.Namespace,
    say: Callable[[str], None],
    read: str,
    waiting: str = "",
) -> int:
    """Say what was found in the form that is asked for; 1 when there are errors."""
    if arguments.format in FORMS:
        text = FORMS[arguments.format](checked)
        if text:
            say(text)
    else:
        allowed = allowed_lines(checked) if arguments.allowed else ()
        for line in [*problem_lines(checked.problems), *allowed, read + summary(checked) + waiting]:
            say(line)
    return 1 if checked.errors else 0


def _waiting(reviews: Reviews) -> str:
    """Says how many comments wait for an answer; nothing where none does."""
    count = len(reviews.open)
    blocking = sum(thread.comment.is_blocking for thread in reviews.open)
    said = f"; {counted(count, 'open comment')}" if count else ""
    return said + (f", {blocking} of them blocking" if blocking else "")


def _for_quarto(root: Path, checked: Checked, *, is_strict: bool) -> Checked:
    """What stops Quarto, and what warns: slips of a text in the making. For pages that are rendered
    alone, as the preview's are, it is left where they show it."""
    if not (is_strict or is_ci()):
        checked = while_writing(checked)
    file = root / FOUND
    file.unlink(missing_ok=True)
    if checked.problems and not os.environ.get("QUARTO_PROJECT_RENDER_ALL"):
        file.parent.mkdir(exist_ok=True)
        write_json(file, [asdict(found) for found in checked.problems])
    return checked
