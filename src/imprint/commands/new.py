"""`imprint new`: a small complete report in a new folder, ready to render."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from pathlib import Path

from imprint.core.problems import ReportError, problem
from imprint.read.packaged import DISTRIBUTION
from imprint.scaffold.report import plan_report, write_report
from imprint.scaffold.wheel import WHEEL

EXAMPLES = """\
imprint new cycling                          a report in the new folder `cycling`
imprint new cycling --title "Cycling in towns" --example
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("folder", metavar="FOLDER", help="where; it must be new or empty")
    parser.add_argument("--title", help="of the report; by default the folder's name")
    parser.add_argument(
        "--example",
        action="store_true",
        help="with a chapter more that shows what else there is",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Make the report and say what to do next. Raises ReportError before anything is written."""
    if not arguments.folder.strip():
        fix = "write its name: imprint new cycling"
        raise ReportError([problem("folder-has-name", "FOLDER", 0, "the folder has no name", fix)])
    folder = Path(arguments.folder)
    files = plan_report(folder, arguments.title, example=arguments.example)
    write_report(folder.resolve(), files)
    say(f"{folder}: a new report, {len(files)} files")
    say(
        f"It installs Imprint from vendor/{WHEEL}, by the hash in its uv.lock: commit both.\n"
        f"Do not ask an index for {DISTRIBUTION}; nobody has registered the name."
    )
    say(f"next:\n  cd {shlex.quote(str(folder))}\n  scripts/render\n  scripts/check")
    return 0
