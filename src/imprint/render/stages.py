"""What pandoc and Typst made, kept under the digest of all that they make it from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from imprint import digests
from imprint.model import Book, PdfPage, Project
from imprint.render import pdf, store
from imprint.render.current import installed, pandoc
from imprint.render.extension import Extension
from imprint.render.pdf import Pdf, pdf_standards, set_pdf

LUA = Path(__file__).with_name("lua")
OWN = [Path(__file__), Path(pdf.__file__)]
"""Code that decides how a PDF is set and in what form it is kept."""
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)+)"')


def name_composed(job: Mapping[str, Any], project: Project, extension: Extension) -> str:
    """The name under which what pandoc makes of a job is kept."""
    sources = [project.root / file for file in (*project.bibliography, project.csl) if file]
    made_from = [job, _all_below(LUA, extension.folder), _digests(sources), installed(), pandoc()]
    return f"composed/{digests.of_value(made_from)}"


def kept_pdf(book: Book, root: Path, timestamp: int) -> Pdf:
    """The PDF of a book, set only where none is kept. Raises ReportError as `set_pdf` does."""
    # Every file that Typst may read is named in its source, or part of the extension.
    quoted = {root / found.lstrip("/") for found in _QUOTED.findall(book.typst)}
    files = [_digests([*OWN, *sorted(quoted)]), _all_below(root / "_extensions"), installed()]
    made_from = [book.typst, pdf_standards(book), timestamp, files]
    name = f"pdfs/{digests.of_value(made_from)}"
    told = store.get(root, name)
    if told is not None:
        store.touch(root, name)
        told_of, _, content = told.partition(b"\n")
        kept, missing = json.loads(told_of)
        pages = {int(use): PdfPage(*page) for use, page in kept.items()}
        return Pdf(content, pages, tuple(missing))
    made = set_pdf(book, root, timestamp)
    places = {str(use): [page.page, page.label] for use, page in made.pages.items()}
    told_of = json.dumps([places, made.missing]).encode()
    store.put(root, name, told_of + b"\n" + made.content)
    return made


def _all_below(*folders: Path) -> dict[str, str]:
    return _digests(path for folder in folders for path in folder.rglob("*") if path.is_file())


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): digests.of_file(path) for path in paths}
