"""`imprint compare`: what changed for a reader between two revisions."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from imprint.build.plan import Request, kernels_ahead, plan_build
from imprint.build.revisions import require_no_merge, revision_folder, short_name
from imprint.compose.stages import Stages
from imprint.core.events import ignore_events
from imprint.core.files import SCRATCH, write_atomically
from imprint.core.parallel import in_parallel
from imprint.core.problems import ReportError
from imprint.core.root import find_root
from imprint.difference.as_data import as_data
from imprint.difference.as_page import page
from imprint.difference.as_redline import redline
from imprint.difference.as_text import text_lines
from imprint.difference.comparison import Version, compare
from imprint.read.report import read_report

EXAMPLES = """\
imprint compare HEAD                         what changed since the last commit
imprint compare v1.0 v1.1                    between two tags
imprint compare main --json                  as data
imprint compare v1.0 --page changes.html     the page for reviewers, to a file of this name
imprint compare v1.0 --redline changes.pdf   struck and added words on paper, too
"""
PAGE = f"{SCRATCH}/compare.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("old", help="a commit, branch or tag")
    parser.add_argument(
        "new", nargs="?", default="", help="another; without it, the files as saved"
    )
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
    parser.add_argument(
        "--redline", type=Path, metavar="FILE", help="write a PDF with struck and added words, too"
    )
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help=f"where to write the page; else to {PAGE}"
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what changed and write the page. Raises ReportError for what cannot be compared."""
    root = find_root(Path.cwd())
    if not arguments.new:
        require_no_merge(root)
    with _folder(root, arguments.old) as before, _folder(root, arguments.new) as after:
        with in_parallel(lambda: _version(*before)) as old:
            new = _version(*after)
            comparison = compare(old(), new)
        if arguments.json:
            say(json.dumps(as_data(comparison), ensure_ascii=False, indent=2))
        else:
            for line in text_lines(comparison):
                say(line)
        target = arguments.page or root / PAGE
        written = [(target, page(comparison).encode())]
        if arguments.redline:
            written.append((arguments.redline, _pdf(redline(comparison))))
        write_atomically(*written)
    if not arguments.json:
        say(f"\npage: {arguments.page or PAGE}")
    return 0


@contextmanager
def _folder(root: Path, revision: str) -> Iterator[tuple[str, Path]]:
    """What a revision is called and where it stands; the working tree where none is named."""
    if revision:
        called = short_name(root, revision)
        with revision_folder(root, revision) as folder:
            yield called, folder
    else:
        yield "the working tree", root


def _version(name: str, root: Path) -> Version:
    """A report as it was run and composed."""
    try:
        report, problems = read_report(root)
        if report.library is None or report.statistics is None:
            raise ReportError(problems)
        with kernels_ahead(report, Request(("html",))) as request:
            plan = plan_build(report, request)
            with Stages(root, request.jobs, request.keeps) as stages:
                executed = plan.execute(ignore_events)
                books = plan.compose(executed, stages, ignore_events)
    except ReportError as error:
        told = (replace(it, message=f"{it.message}, in {name}") for it in error.problems)
        raise ReportError(list(told)) from None
    return Version(name, report, tuple(books))


def _pdf(source: str) -> bytes:
    """The redline as set; only the fonts of the package, so that every machine sets the same."""
    import typst

    from imprint.write.pdf.typeset import fonts

    compiler = typst.Compiler(font_paths=fonts())
    pdf = compiler.compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])
    assert isinstance(pdf, bytes)
    return pdf
