"""`imprint render`: all publications, the named ones, or single files.

This module imports little: where nothing has changed since the last render, there is nothing else
to load.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from imprint.build.receipt import Outcome, ReceiptKey, starting_point, unchanged
from imprint.core import store
from imprint.core.model import FORMATS
from imprint.core.root import find_root
from imprint.core.scratch import clear_leftovers
from imprint.terminal.options import add_formats, add_jobs

DRAFT_HELP = "leave out what unfinished text cannot keep; `imprint check --help` lists it"

EXAMPLES = """\
imprint render                               every publication, as pages and as PDF
imprint render summary --to pdf              one publication in one format
imprint render chapters/riding.qmd           one chapter, beside its file
imprint render --to docx                     a Word document for reviewers
imprint render --to review                   one page that takes comments offline, to send
imprint render --draft                       while the text is unfinished
imprint render summary -P town=Milford       with another value for a parameter
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="PUBLICATION or FILE",
        help="publications by name, or .qmd and .ipynb files; everything by default",
    )
    add_formats(parser, ("docx", "review"))
    parser.add_argument("--engine", choices=("auto", "quarto", "embedded"), default="auto")
    add_jobs(parser, "kernels at a time")
    parser.add_argument(
        "-P", dest="parameters", action="append", default=[], metavar="NAME=VALUE",
        help="give a parameter this value; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--execute-params", dest="parameter_file", type=Path, metavar="FILE",
        help="take parameters' values from a YAML file",
    )  # fmt: skip
    parser.add_argument("--draft", action="store_true", help=DRAFT_HELP)
    parser.add_argument(
        "--no-cache", action="store_true", help="run everything, whatever earlier renders have kept"
    )
    parser.add_argument(
        "--timings",
        action="store_true",
        help="write what took how long to .imprint/timings.json, for a browser's trace viewer",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Render and say where the result is. Raises ReportError with every problem found."""
    begun = time.monotonic()
    files = [Path(target) for target in arguments.targets if _is_file(target)]
    names = tuple(target for target in arguments.targets if not _is_file(target))
    point = ""
    if not set(arguments.to) <= set(FORMATS):
        from imprint.terminal.rendering import render_review_copies

        render_review_copies(files, names, arguments, say)
        return 0
    if not files:
        root = find_root(Path.cwd())
        point = starting_point(root, ReceiptKey(names, arguments.to))
        last = _last_outcome(root, point, arguments)
        if last is not None:
            clear_leftovers(root)
            unchanged_lines = ("engine: embedded", "nothing has changed since the last render")
            for line in (*unchanged_lines, *last.warnings, *last.file_lines(root)):
                say(line)
            say(f"rendered in {time.monotonic() - begun:.1f} s")
            return 0
    from imprint.build.room import require_room

    require_room()
    with contextlib.ExitStack() as stack:
        ahead = None
        if not files and _is_embedded(arguments) and store.is_empty(root):
            from imprint.run.kernels import kernel_environment

            # Kernels will be wanted: the process they come from warms up while we load the rest.
            ahead = stack.enter_context(kernel_environment(root))
        from imprint.terminal.rendering import Start, render_targets

        render_targets(files, names, arguments, Start(begun, point, ahead), say)
    return 0


def _is_embedded(arguments: argparse.Namespace) -> bool:
    engine = arguments.engine
    return engine == "embedded" or (engine == "auto" and shutil.which("quarto") is None)


def _last_outcome(root: Path, point: str, arguments: argparse.Namespace) -> Outcome | None:
    """What the last render told, if another would make the same; None where one is needed.

    Who asks for timings wants to see a render.
    """
    if arguments.parameters or arguments.parameter_file:
        return None
    if not _is_embedded(arguments) or arguments.draft or arguments.no_cache or arguments.timings:
        return None
    return unchanged(root, point)


def _is_file(target: str) -> bool:
    return target.lower().endswith((".qmd", ".ipynb", ".md"))
