"""`imprint convert`: a chapter as a Jupyter notebook, or a notebook as a chapter's text."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from imprint.build.documents import present_chapter
from imprint.core.files import write_atomically
from imprint.core.problems import Problem, ReportError, problem
from imprint.core.root import find_root
from imprint.read.chapters.convert import Conversion, plan_conversion
from imprint.read.chapters.sentences import OPAQUE
from imprint.read.chapters.shown import with_values
from imprint.read.project.contents import near_files

EXAMPLES = """\
imprint convert chapters/riding.qmd          write chapters/riding.ipynb
imprint convert --show chapters/riding.qmd   the same, with what it printed when it last ran
imprint convert chapters/riding.ipynb        write the .qmd back
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a .qmd file to turn into an .ipynb beside it, or the other way round",
    )
    parser.add_argument("--force", action="store_true", help="overwrite a newer file")
    parser.add_argument(
        "--show",
        action="store_true",
        help="let the notebook show values, figures and boxes as the last run printed them",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Convert all files or, with ReportError, none."""
    plans: list[Conversion] = []
    problems: list[Problem] = []
    for file in arguments.files:
        try:
            plans.append(_plan(Path(file), arguments, say))
        except ReportError as error:
            problems += error.problems
    if problems:
        raise ReportError(problems)
    for plan in plans:
        if plan.is_new:
            _write(plan)
        say(f"{plan.target}: {'written' if plan.is_new else 'as it was'}")
    return 0


def _plan(source: Path, arguments: argparse.Namespace, say: Callable[[str], None]) -> Conversion:
    root, name = _named(source)
    if not source.is_file():
        fix = near_files(root, name, (".qmd", ".ipynb")) if root else ""
        message = f"chapter '{name}' does not exist"
        raise ReportError([problem("chapter-exists", name, 0, message, fix or "fix its name")])
    if not arguments.show or source.suffix != ".qmd":
        return plan_conversion(source, name, arguments.force)
    executed = present_chapter(source)
    if any(OPAQUE in line.text for line in executed.lines):
        say(f"{name}: its code has not run as it stands, so some values are not known: render it")
    place = (root or source.parent).resolve()
    return plan_conversion(
        source, name, arguments.force, lambda made, text: with_values(made, text, executed, place)
    )


def _named(source: Path) -> tuple[Path | None, str]:
    """The project's root and the file's path from there; as typed where it is in no project."""
    try:
        root = find_root(source.parent)
    except ReportError:
        return None, source.as_posix()
    return root, (source.parent.resolve() / source.name).relative_to(root).as_posix()


def _write(plan: Conversion) -> None:
    try:
        write_atomically((plan.target, plan.text.encode("utf-8")))
    except OSError as error:
        message = f"cannot be written: {(error.strerror or str(error)).lower()}"
        name = _named(plan.target)[1]
        fix = "make room, or see that you may write there"
        raise ReportError([problem("file-is-writable", name, 0, message, fix)]) from error
