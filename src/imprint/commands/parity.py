"""`imprint parity`: what a reader finds otherwise in Quarto's output and in our own engine's."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from imprint.commands import render
from imprint.core.files import OUTPUT, write_atomically
from imprint.core.root import find_root
from imprint.difference.output_forms import form_json, form_of_output, read_form
from imprint.difference.parity import compare_forms, unlike_lines

EXAMPLES = """\
imprint parity                               render with both engines and compare
imprint parity --record quarto.json          keep the form of what Quarto made, too
imprint parity quarto.json                   compare with that record, without Quarto
imprint parity ../quarto/_output             compare with an output that Quarto made
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "theirs", nargs="?", type=Path,
        help="an output folder of Quarto's, or a record of one; without it, Quarto renders",
    )  # fmt: skip
    parser.add_argument(
        "--ours", type=Path, metavar="FOLDER",
        help="an output folder of the embedded engine; without it, that renders",
    )  # fmt: skip
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="write the form of Quarto's output to this file"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """List every difference with its place; 1 where there are any. Raises ReportError where one of
    the two cannot be had."""
    theirs = None if arguments.theirs is None else read_form(arguments.theirs)
    root = Path.cwd() if theirs and arguments.ours else find_root(Path.cwd())
    if theirs is None:
        _render("quarto", say)
        theirs = form_of_output(root / OUTPUT)
        # Nothing of it may be taken for ours.
        shutil.rmtree(root / OUTPUT)
    if arguments.record:
        write_atomically((arguments.record, form_json(theirs)))
    folder = arguments.ours
    if folder is None:
        _render("embedded", say)
        folder = root / OUTPUT
    found = compare_forms(theirs, read_form(folder), folder)
    for line in unlike_lines(found):
        say(line)
    return 1 if found else 0


def _render(engine: str, say: Callable[[str], None]) -> None:
    parser = argparse.ArgumentParser()
    render.add_arguments(parser)
    render.run(parser.parse_args(["--engine", engine]), say)
