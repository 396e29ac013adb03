"""`imprint render`: all publications, the named ones, or single files.

This module imports little: where nothing has changed since the last render, there is nothing else
to load.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from imprint.model import Format
from imprint.render.receipt import Asked, starting_point, unchanged
from imprint.root import find_root

FORMATS: tuple[Format, ...] = ("html", "pdf")
DRAFT_HELP = "leave out what unfinished text cannot keep; `imprint check --help` lists it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="PUBLICATION or FILE",
        help="publications by name, or .qmd and .ipynb files; everything by default",
    )
    parser.add_argument(
        "--to",
        type=_formats,
        default=FORMATS,
        metavar="FORMATS",
        help="html, pdf or both (html,pdf)",
    )
    parser.add_argument("--engine", choices=("auto", "quarto", "embedded"), default="auto")
    parser.add_argument(
        "--jobs", type=_count, default=os.cpu_count() or 1, help="kernels at a time"
    )
    parser.add_argument("--draft", action="store_true", help=DRAFT_HELP)
    parser.add_argument(
        "--no-cache", action="store_true", help="run everything, whatever earlier renders have kept"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Render and say where the result is. Raises ReportError with every problem found."""
    begun = time.monotonic()
    formats: tuple[Format, ...] = arguments.to
    files = [Path(target) for target in arguments.targets if _is_file(target)]
    names = [target for target in arguments.targets if not _is_file(target)]
    if files:
        _render_files(files, formats, arguments, say)
    if names or not files:
        _render_publications(names, formats, arguments, say)
    say(f"rendered in {time.monotonic() - begun:.1f} s")
    return 0


def _render_publications(
    names: Sequence[str],
    formats: tuple[Format, ...],
    arguments: argparse.Namespace,
    say: Callable[[str], None],
) -> None:
    root = find_root(Path.cwd())
    start = starting_point(root, Asked(tuple(names), formats))
    engine = arguments.engine
    is_embedded = engine == "embedded" or (engine == "auto" and shutil.which("quarto") is None)
    if is_embedded and not arguments.draft and not arguments.no_cache:
        said = unchanged(root, start)
        if said is not None:
            for line in ("engine: embedded", "nothing has changed since the last render", *said):
                say(line)
            return
    from imprint.commands.render_anew import render_publications

    render_publications(root, names, formats, arguments, start, say)


def _render_files(
    files: Sequence[Path],
    formats: tuple[Format, ...],
    arguments: argparse.Namespace,
    say: Callable[[str], None],
) -> None:
    from imprint.commands.render_anew import render_files

    render_files(files, formats, arguments, say)


def _is_file(target: str) -> bool:
    return target.endswith((".qmd", ".ipynb"))


def _formats(wanted: str) -> tuple[Format, ...]:
    """Formats of the option `--to`; ArgumentTypeError where one is unknown."""
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names or any(name not in FORMATS for name in names):
        raise argparse.ArgumentTypeError(f"'{wanted}' is not html, pdf or html,pdf")
    return tuple(name for name in FORMATS if name in names)


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"'{written}' is not a number from 1 on")
    return int(written)
