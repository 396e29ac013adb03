"""`imprint render`: all publications, the named ones, or single files."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from imprint.checks import run_checks
from imprint.commands.check import DRAFT_HELP
from imprint.commands.problem_forms import problem_lines
from imprint.documents import read_document
from imprint.model import Format
from imprint.problems import Problem, ReportError, problem
from imprint.project import find_root
from imprint.render.pipeline import Request, render
from imprint.render.quarto import LEAST, Quarto, find_quarto
from imprint.render.single import render_file
from imprint.revision import revision
from imprint.sources import as_draft, read_sources

FORMATS: tuple[Format, ...] = ("html", "pdf")


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
    quarto = _engine(arguments.engine)
    say(f"engine: quarto {quarto.version}" if quarto else "engine: embedded")
    sources, problems = read_sources(find_root(Path.cwd()), names)
    checked = run_checks(sources, problems, draft=arguments.draft)
    if checked.errors:
        raise ReportError(checked.problems)
    for line in problem_lines(checked.problems):
        say(line)
    if arguments.draft:
        sources = as_draft(sources, revision(sources.project.root))
    folder = render(sources, Request(formats, quarto, arguments.jobs, not arguments.no_cache), say)
    for publication in sources.publications:
        made = folder / publication.name
        if "html" in formats:
            say(f"{publication.name}: {_shown(made / 'index.html')}")
        if "pdf" in formats:
            say(f"{publication.name}: {_shown(made / (publication.output_file + '.pdf'))}")


def _render_files(
    files: Sequence[Path],
    formats: tuple[Format, ...],
    arguments: argparse.Namespace,
    say: Callable[[str], None],
) -> None:
    """Render each file beside itself, once all of them have been checked."""
    documents = []
    found: list[Problem] = []
    for file in files:
        try:
            document, problems = read_document(file)
        except ReportError as error:
            found += error.problems
            continue
        checked = run_checks(document.around, problems, draft=arguments.draft)
        found += [problem for problem in checked.problems if document.concerns(problem)]
        documents.append(document)
    if any(problem.severity == "error" for problem in found):
        raise ReportError(found)
    for line in problem_lines(found):
        say(line)
    for document in documents:
        for made in render_file(
            document, formats, jobs=arguments.jobs, progress=say, keeps=not arguments.no_cache
        ):
            say(f"made {_shown(made)}")


def _is_file(target: str) -> bool:
    return target.endswith((".qmd", ".ipynb"))


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


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


def _engine(wanted: str) -> Quarto | None:
    """The Quarto to render with; None for the embedded engine."""
    quarto = find_quarto() if wanted in {"auto", "quarto"} else None
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
