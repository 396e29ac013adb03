"""`imprint trace`: where a source, statistic or file goes; with `--if`, what would change."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from imprint.core.problems import ReportError, problem
from imprint.core.root import find_root
from imprint.read.report import read_report
from imprint.run.kernels import KernelEnvironment, kernel_environment
from imprint.terminal.timings import Timings

EXAMPLES = """\
imprint trace stat:survey-distance           where a statistic is printed and what rests on it
imprint trace hall_2024                       where a work is cited
imprint trace file:data/statistics.csv        what a file has a hand in
imprint trace statement:chapters/riding.qmd:20   the rows that a sentence was aligned with, and why
imprint trace stat:survey-distance --if value=6.2
imprint trace stat:survey-distance --if value=6.2 --pdf      and on which pages of the PDFs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("target", help="a source's key, stat:ID, file:PATH or statement:FILE:LINE")
    parser.add_argument(
        "--if",
        dest="settings",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="what would change if the statistic's row had this value; may be given several times",
    )
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="with --if: lay the PDFs out, too, and say which pages change and what moves",
    )
    parser.add_argument("--json", action="store_true", help="print the tree as JSON")


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print the tree of the target. Raises ReportError when it does not exist."""
    timings = Timings(time.monotonic())
    root = find_root(Path.cwd())
    # Chapters will run, most likely: libraries are imported for them while the report is read.
    with kernel_environment(root) if arguments.settings else nullcontext() as ahead:
        return _traced(root, arguments, say, timings, ahead)


def _traced(
    root: Path,
    arguments: argparse.Namespace,
    say: Callable[[str], None],
    timings: Timings,
    ahead: KernelEnvironment | None,
) -> int:
    from imprint.trace.impact import predict
    from imprint.trace.impact_tree import impact_tree
    from imprint.trace.targets import look_up, split_target, trace
    from imprint.trace.tree import as_data, tree_lines

    report, problems = read_report(root)
    if report.library is None or report.statistics is None:
        raise ReportError(problems)
    if arguments.pdf and not arguments.settings:
        message = "--pdf tells what a change does to the pages, and no change is given"
        fix = "add one: --if value=46"
        raise ReportError([problem("setting-is-allowed", "data/statistics.csv", 0, message, fix)])
    if arguments.settings:
        kind, id = split_target(report, arguments.target)
        if kind != "stat":
            message = f"'{arguments.target}' is no statistic, and only a statistic has values"
            fix = "write it as stat:ID"
            raise ReportError([problem("target-exists", "data/statistics.csv", 0, message, fix)])
        tell = timings.note if arguments.pdf else None
        impact = predict(report, problems, id, arguments.settings, ahead=ahead, tell=tell)
        known, tree = impact.before, impact_tree(impact)
    else:
        known = look_up(report)
        tree = trace(known, arguments.target)
    if arguments.json:
        say(json.dumps(as_data(tree), ensure_ascii=False, indent=1))
    else:
        for line in tree_lines(tree):
            say(line)
    entries = {entry.path for p in report.publications for entry in p.entries if entry.path}
    missing = sorted(entries - set(report.chapters))
    unknown = sorted(known.examined.incomplete)
    for what, paths in (("left out, as they cannot be read", missing),
                        ("not all is known of what is not run, or fails", unknown)):  # fmt: skip
        if paths and not arguments.json:
            say(f"{what} (run imprint check): {', '.join(paths)}")
    if arguments.pdf and not arguments.json:
        laid_out = sum(span.seconds for span in timings.spans() if span.stage == "set")
        rest = timings.now() - laid_out
        say(f"traced in {rest:.1f} s" + (f"; laid out in {laid_out:.1f} s" if laid_out else ""))
    return 0
