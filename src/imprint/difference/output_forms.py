"""An output, or what was recorded of one -> its normal form: plain values that JSON can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imprint.core.document import ChapterText, Document, Passage, Piece, Run
from imprint.core.problems import Place, ReportError, problem
from imprint.difference.page_forms import read_page
from imprint.read.schema import load_schema, read_back

Form = Mapping[str, Any]
"""`publications`: by name `pages`, passages by the page's path, and `pdf`, its bookmarks."""
VERSION = 1
_SCHEMA = load_schema(Path(__file__).with_name("output.schema.json"))
OWN_PAGES = frozenset({"statistics.html", "sources.html", "whole.html", "search.html", "404.html"})
"""Pages that the embedded engine makes beside those of the text."""


def read_form(path: Path) -> Form:
    """The form of an output folder, or one that was recorded in a file.

    Raises ReportError where there is neither.
    """
    try:
        if path.is_dir():
            return form_of_output(path)
        form: Form = read_back(path.read_bytes(), _SCHEMA)
    except (OSError, ValueError) as error:
        fix = "name an output folder, or a file that `imprint parity --record` wrote"
        message = f"there is no output and no record of one: {error}"
        raise ReportError([problem("target-exists", str(path), 0, message, fix)]) from None
    return form


def form_of_output(folder: Path) -> Form:
    """The normal form of every publication in an output folder."""
    names = sorted(it.name for it in folder.iterdir() if any(it.glob("**/*.html")))
    names = [it for it in names if it not in ("figures", "assets", "site_libs")]
    publications = {name: _publication(folder / name) for name in names}
    return {"version": VERSION, "publications": publications}


def form_json(form: Form) -> bytes:
    """The form as it is recorded, a passage on each line."""
    text = json.dumps(form, ensure_ascii=False, sort_keys=True)
    return (re.sub(r"(?<=[}\]]), (?=\{\"(id|kind|row))", ",\n", text) + "\n").encode()


def document_of(
    name: str, pages: Mapping[str, list[dict[str, Any]]], places: Mapping[str, list[Place]]
) -> Document:
    """A publication's pages as a document; `places` are those of their passages, where they are
    known, and the pages themselves otherwise."""
    chapters = []
    for path, passages in pages.items():
        known = places.get(path) or [Place(path)] * len(passages)
        read = (_passage(it, place) for it, place in zip(passages, known, strict=True))
        chapters.append(ChapterText(path, tuple(read)))
    return Document(name, tuple(chapters))


def _passage(written: Mapping[str, Any], place: Place) -> Passage:
    runs = tuple(Run(kind, a, b, tuple(ids)) for kind, a, b, ids in written.get("runs", ()))
    return Passage(
        kind=written["kind"], text=written["text"], runs=runs,
        pieces=(Piece(0, place, is_written=False),), id=written.get("id", ""),
        row=written.get("row", 0),
    )  # fmt: skip


def _publication(folder: Path) -> dict[str, Any]:
    pages = dict(_pages(folder))
    if len(pages) == 1:
        pages = {"index.html": next(iter(pages.values()))}
    bookmarks = [_bookmarks(pdf) for pdf in sorted(folder.glob("*.pdf"))[:1]]
    return {"pages": pages, "pdf": {"bookmarks": bookmarks[0]} if bookmarks else {}}


def _pages(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for file in sorted(folder.rglob("*.html")):
        path = file.relative_to(folder).as_posix()
        html = file.read_text(encoding="utf-8", errors="replace")
        leads_on = 'http-equiv="refresh"' in html
        if path not in OWN_PAGES and not leads_on and (passages := read_page(html)):
            yield path, passages


def _bookmarks(pdf: Path) -> list[list[Any]]:
    """Level and title of each; empty where no reader of PDFs is installed."""
    try:
        import pypdf
    except ModuleNotFoundError:
        return []

    def listed(outline: list[Any], level: int) -> Iterator[list[Any]]:
        for entry in outline:
            if isinstance(entry, list):
                yield from listed(entry, level + 1)
            else:
                yield [level, " ".join(str(entry.title).split())]

    return list(listed(pypdf.PdfReader(pdf).outline, 1))
