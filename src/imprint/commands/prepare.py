"""`imprint prepare`: look at a report before Quarto renders it.

Quarto's pre-render hook calls it. Slips of a text in the making warn and let the render go on; the
pages that an author renders alone, as the preview does, show at their head what was found.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from imprint.build.examine import check_report
from imprint.build.plan import Request
from imprint.build.room import require_room
from imprint.check import Checked, while_writing
from imprint.check.problem_forms import problem_lines, summary
from imprint.core.events import ignore_events
from imprint.core.files import SCRATCH, write_json
from imprint.core.problems import problem_to_json
from imprint.core.root import find_root
from imprint.read.report import read_report

EXAMPLES = """\
imprint prepare                              what the hook of `quarto render` does
"""
FOUND = "found.json"
"""What was found, for the filter `state.lua`, in the folder of what builds keep."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options; Quarto says in the environment what it renders."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="stop at every problem, as `imprint: strict: true` and CI=true do",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Check the project and run no code; 1 where Quarto is to stop. Nothing to do within
    `imprint render`. Raises ReportError where the report cannot be read."""
    if os.environ.get("IMPRINT_RENDERS"):
        return 0
    root = find_root(Path.cwd())
    file = root / SCRATCH / FOUND
    file.unlink(missing_ok=True)
    require_room()
    report, problems = read_report(root)
    checked = check_report(report, problems, Request(runs=False), ignore_events, draft=False)
    if not (arguments.strict or report.settings.is_strict or _is_ci()):
        checked = while_writing(checked)
    for line in [*problem_lines(checked.problems), summary(checked)]:
        say(line)
    if checked.problems and not os.environ.get("QUARTO_PROJECT_RENDER_ALL"):
        file.parent.mkdir(exist_ok=True)
        write_json(file, _told(checked))
    return 1 if checked.errors else 0


def _told(checked: Checked) -> list[object]:
    return [problem_to_json(found) for found in checked.problems]


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
