"""The PDF: Typst source of a composed book -> an accessible PDF (PDF/UA-1), the same bytes each time."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import font_source_sans_pro
import typst

from imprint.model import Book
from imprint.problems import ReportError, problem

FONTS = Path(font_source_sans_pro.__file__).parent
"""Headings, captions and charts; the text's own face is built into Typst."""


def write_pdf(book: Book, target: Path, root: Path, timestamp: int) -> None:
    """Set the book with Typst and write it to `target`.

    `root` is the project's root, from which images are taken; `timestamp` (seconds since 1970, UTC)
    is the only date that gets into the file. System fonts are left out, so that every machine sets
    the same lines.

    Raises ReportError when Typst refuses the text or it breaks the accessibility standard.
    """
    standard = _pdf_standards(book)
    # Typst reads images from below its root, and its main file must stand there too.
    scratch = root / ".imprint"
    scratch.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", suffix=".typ", dir=scratch, encoding="utf-8", delete=False
    ) as main:
        main.write(book.typst)
    try:
        typst.compile(
            main.name,
            output=str(target),
            root=str(root),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=standard,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise ReportError([_typst_problem(book, error)]) from error
    finally:
        Path(main.name).unlink(missing_ok=True)


def _pdf_standards(book: Book) -> list[str]:
    """`pdf-standard` as the project asks for it; accessible PDF where it says nothing."""
    for options in (book.publication.metadata.get("format") or {}).values():
        if isinstance(options, dict) and "pdf-standard" in options:
            wanted = options["pdf-standard"]
            return [wanted] if isinstance(wanted, str) else list(wanted)
    return ["ua-1"]


def _typst_problem(book: Book, error: typst.TypstError):  # type: ignore[no-untyped-def]
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
