"""PDFs kept under the digest of all that Typst makes them from."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

from imprint.core import digests, store
from imprint.core.document import Book, PdfPage
from imprint.read.packaged import installed
from imprint.write.pdf import typeset
from imprint.write.pdf.typeset import Pdf, pdf_standards, set_pdf

OWN = [Path(__file__), Path(typeset.__file__)]
"""Code that decides how a PDF is set and in what form it is kept."""
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)+)"')


def cached_pdf(book: Book, root: Path, timestamp: int, folder: Path | None = None) -> Pdf:
    """The PDF of a book, set only where none is kept: see `set_pdf`, also for what it raises."""
    # Every file that Typst may read is named in its sources, or part of the extension.
    named = _named(book.typst, root, root)
    named |= {path for path in (root / "_extensions").rglob("*") if path.is_file()}
    files = [
        digests.file_digests(named, root),
        [digests.file_digest(it) for it in OWN],
        installed(),
    ]
    made_from = [book.typst, book.is_plain, pdf_standards(book), timestamp, files]
    name = f"pdfs/{digests.value_digest(made_from)}"

    def made() -> bytes:
        pdf = set_pdf(book, root, timestamp, folder)
        places = {use: [page.page, page.label] for use, page in pdf.pages.items()}
        told = json.dumps([places, pdf.missing, pdf.borrowed])
        return told.encode() + b"\n" + pdf.content

    told, _, content = store.get_or_make(root, name, made).partition(b"\n")
    places, missing, borrowed = json.loads(told)
    pages = {int(use): PdfPage(*page) for use, page in places.items()}
    return Pdf(content, pages, tuple(missing), tuple(borrowed))


def _named(text: str, root: Path, folder: Path) -> set[Path]:
    """What may be a file among the quoted words of a Typst source in `folder`, and of the Typst
    sources that it names."""
    found: set[Path] = set()
    waiting = [(text, folder)]
    while waiting:
        source, inside = waiting.pop()
        quoted = [it.replace("\\", "") for it in _QUOTED.findall(source)]
        paths = {root / it[1:] if it.startswith("/") else inside / it for it in quoted} - found
        found |= paths
        for path in sorted(paths):
            if path.suffix == ".typ":
                with contextlib.suppress(OSError, ValueError):
                    waiting.append((path.read_text(encoding="utf-8"), path.parent))
    return found
