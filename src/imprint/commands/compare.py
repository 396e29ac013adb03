"""`imprint compare`: what changed for a reader between two revisions."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imprint.build.revisions import require_no_merge, revision_folder, short_name
from imprint.build.versions import built_version
from imprint.core.files import SCRATCH, write_atomically
from imprint.core.parallel import in_parallel
from imprint.core.root import find_root
from imprint.difference.as_data import as_data
from imprint.difference.as_page import page
from imprint.difference.as_redline import redline
from imprint.difference.as_text import text_lines
from imprint.difference.comparison import compare

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
        with in_parallel(lambda: built_version(*before)) as old:
            new = built_version(*after)
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


def _pdf(source: str) -> bytes:
    """The redline as set; only the fonts of the package, so that every machine sets the same."""
    import typst

    from imprint.write.pdf.typeset import fonts

    compiler = typst.Compiler(font_paths=fonts())
    pdf = compiler.compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])
    assert isinstance(pdf, bytes)
    return pdf
