"""The PDF: Typst source of a composed book -> an accessible PDF (PDF/UA-1 and, if wanted, PDF/A),
and what is where."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from imprint.model import Book, PdfPage
from imprint.problems import Problem, ReportError, problem
from imprint.render.output import SCRATCH

FONTS = Path(font_source_sans_pro.__file__).parent
"""Headings, captions and charts; the text's own face is built into Typst."""


@dataclass(frozen=True)
class Pdf:
    """A publication as set."""

    content: bytes
    pages: Mapping[int, PdfPage]
    """Where its uses came to stand, by their number."""


def set_pdf(book: Book, root: Path, timestamp: int) -> Pdf:
    """Set the book with Typst: the same source gives the same bytes.

    `root` is the project's root, from which images are taken; `timestamp` (seconds since 1970, UTC)
    is the only date that gets into the file. System fonts are left out, so that every machine sets
    the same lines.

    Raises ReportError when Typst refuses the text or it breaks the accessibility standard.
    """
    try:
        with _source_file(book, root) as source:
            compiler = typst.Compiler(
                source, root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True
            )
            content = compiler.compile(pdf_standards=_pdf_standards(book), timestamp=timestamp)
            uses = json.loads(compiler.query("<imprint-use>", field="value"))
    except typst.TypstError as error:
        raise ReportError([_typst_problem(book, error)]) from error
    except ValueError as error:
        mend = "name one of Typst's standards under `pdf-standard:`, such as ua-1"
        found = problem("pdf-standard-is-known", book.publication.file, 0, str(error), mend)
        raise ReportError([found]) from error
    assert isinstance(content, bytes), "without an output file the compiler returns the PDF"
    pages = {use["use"]: PdfPage(use["page"], use["label"]) for use in uses}
    return Pdf(content, pages)


@contextmanager
def _source_file(book: Book, root: Path) -> Iterator[str]:
    """A file below the root: only of a file can Typst be asked again what it has just set."""
    scratch = root / SCRATCH
    scratch.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=".typ", dir=scratch, delete=False) as file:
        file.write(book.typst.encode())
    try:
        yield file.name
    finally:
        Path(file.name).unlink()


def _pdf_standards(book: Book) -> Any:
    """`pdf-standard` as the project asks for it; accessible PDF where it says nothing.

    `imprint: pdf-standard:` goes before the format's: Quarto never sees it, whose Typst (0.14 in
    Quarto 1.9) takes one standard where ours takes several.
    """
    own = book.publication.metadata.get("imprint")
    formats = book.publication.metadata.get("format")
    for options in (own, *(formats.values() if isinstance(formats, Mapping) else ())):
        if isinstance(options, Mapping) and "pdf-standard" in options:
            wanted = options["pdf-standard"]
            return [wanted] if isinstance(wanted, str) else list(wanted)
    return ["ua-1"]


def _typst_problem(book: Book, error: typst.TypstError) -> Problem:
    hints = "; ".join(error.hints)
    where = re.search(r":(\d+):\d+", error.diagnostic)
    excerpt = ""
    if where:
        lines = book.typst.splitlines()
        number = int(where.group(1))
        if 0 < number <= len(lines):
            excerpt = f", near “{lines[number - 1].strip()[:80]}”"
    return problem(
        "pdf-is-set",
        book.publication.file,
        0,
        f"the PDF of '{book.publication.name}' cannot be set: {error.message}{excerpt}",
        hints or "mend the text it names; `--to html` renders the pages meanwhile",
    )
