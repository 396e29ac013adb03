"""`imprint check`: every check, all problems in one run, nothing rendered."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from imprint.checks import run_checks
from imprint.problems import ReportError
from imprint.project import find_root
from imprint.sources import read_sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Check the project; 1 when there are problems."""
    try:
        sources, problems = read_sources(find_root(Path.cwd()))
        problems = [*problems, *run_checks(sources)]
    except ReportError as error:
        problems = list(error.problems)
    problems = sorted(set(problems))
    if arguments.json:
        say(json.dumps([asdict(found) for found in problems], ensure_ascii=False, indent=1))
        return 1 if problems else 0
    if problems:
        raise ReportError(problems)
    say(f"{len(sources.chapters)} chapters, {len(sources.statistics or ())} statistics: no problems")
    return 0
