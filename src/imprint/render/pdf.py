"""The PDF: Typst source of a composed book -> the bytes of an accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from imprint.model import Book
from imprint.problems import Problem, ReportError, problem

FONTS = Path(font_source_sans_pro.__file__).parent
"""Headings, captions and charts; the text's own face is built into Typst."""


def set_pdf(book: Book, root: Path, timestamp: int) -> bytes:
    """Set the book with Typst: the same source gives the same bytes.

    `root` is the project's root, from which images are taken; `timestamp` (seconds since 1970, UTC)
    is the only date that gets into the file. System fonts are left out, so that every machine sets
    the same lines.

    Raises ReportError when Typst refuses the text or it breaks the accessibility standard.
    """
    try:
        pdf: bytes = typst.compile(  # type: ignore[misc] # its stubs cannot choose among inputs
            book.typst.encode(),
            root=str(root),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=_pdf_standards(book),
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise ReportError([_typst_problem(book, error)]) from error
    except ValueError as error:
        mend = "name one of Typst's standards under `pdf-standard:`, such as ua-1"
        found = problem("pdf-standard-is-known", book.publication.file, 0, str(error), mend)
        raise ReportError([found]) from error
    return pdf


def _pdf_standards(book: Book) -> Any:
    """`pdf-standard` as the project asks for it; accessible PDF where it says nothing."""
    formats = book.publication.metadata.get("format")
    for options in formats.values() if isinstance(formats, Mapping) else ():
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
