"""The PDF: Typst source of a composed book -> an accessible PDF (PDF/UA-1 and, if wanted, PDF/A),
and what is where."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import category

import typst

from imprint.core.digests import bytes_digest
from imprint.core.document import Book, PdfPage
from imprint.core.files import SCRATCH
from imprint.core.problems import Place, Problem, ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.read.packaged import FONTS
from imprint.read.project.pdf_standards import VERSIONS
from imprint.write.pdf.eviction import forgetting
from imprint.write.pdf.source_places import source_place

K = TypeVar("K")


@cache
def fonts(*, of_machine: bool = False) -> typst.Fonts:
    """Those and Typst's own, read once for all that is set; none of the system's, so that every
    machine sets the same lines, but where they are asked for."""
    return typst.Fonts(include_system_fonts=of_machine, font_paths=list(map(str, FONTS)))


@dataclass(frozen=True)
class Pdf:
    """A publication as set."""

    content: bytes
    pages: Mapping[int, PdfPage]
    """Where its uses came to stand, by their number."""
    missing: tuple[str, ...] = ()
    """Characters that none of the fonts has; the PDF prints `STAND_IN` for each."""
    borrowed: tuple[str, ...] = ()
    """Characters that a font of this machine alone has."""

    def told(self, name: str) -> Iterator[str]:
        """What whoever renders has to know of characters."""
        if self.missing:
            yield f"{name}: no font has {_some(self.missing)}: the PDF prints {STAND_IN}"
        if self.borrowed:
            yield f"{name}: fonts of this machine alone have {_some(self.borrowed)}"


def _some(pieces: tuple[str, ...]) -> str:
    return " ".join(pieces[:10]) + (" …" if len(pieces) > 10 else "")


@dataclass(frozen=True)
class Layout:
    """What only setting a publication's PDF tells."""

    publication: str
    pages: tuple[tuple[str, str], ...]
    """The number printed on each page, and a digest of how it looks."""
    places: Mapping[str, PdfPage]
    """On which page each labelled heading and float begins, by its label in the document."""


STAND_IN = "□"
"""Printed where no font has a character: East Asian scripts and emoji, above all."""


def set_pdf(book: Book, root: Path, timestamp: int, folder: Path | None = None) -> Pdf:
    """Set the book with Typst: the same source gives the same bytes.

    `root` is the project's root, from which images are taken; `timestamp` (seconds since 1970, UTC)
    is the only date that gets into the file. `folder`, below the root, is where Typst reads the
    source: who sets a book again from the same folder, in the same process, gets what has not
    changed in it for nothing.

    A character that none of the fonts has is printed as `STAND_IN` and named in the result: the
    accessibility standard forbids to leave it to the reader's fonts. A plain document takes it from
    the machine's fonts where they have it.

    Raises ReportError when Typst refuses the text or it breaks the accessibility standard.
    """
    text, missing, faces = book.typst, dict[str, int](), fonts()
    borrowed: list[str] = []
    while True:
        try:
            made = _compiled(text, book, root, timestamp, folder, faces)
            seen = tuple(filter(_is_seen, missing))
            return Pdf(*made, seen, tuple(it for it in borrowed if it not in missing))
        except typst.TypstError as error:
            lacking = _lacking(error)
            if lacking and book.is_plain and not borrowed:
                borrowed, faces = lacking, fonts(of_machine=True)
                continue
            # once where text is printed, once more everywhere; then only a picture can hold it
            if not lacking or any(missing.get(it, 0) == 2 for it in lacking):
                raise ReportError([_typst_problem(book, error)]) from error
            for it in lacking:
                missing[it] = missing.get(it, 0) + 1
                text = _replaced(text, it, everywhere=missing[it] == 2)


def _compiled(
    text: str, book: Book, root: Path, timestamp: int, folder: Path | None, faces: typst.Fonts
) -> tuple[bytes, Mapping[int, PdfPage]]:
    try:
        with _compiler(text, book, root, folder, faces) as compiler:
            content, warnings = compiler.compile_with_warnings(
                pdf_standards=pdf_standards(book), timestamp=timestamp
            )
    except ValueError as error:
        fix = "name one of Typst's standards under `pdf-standard:`, such as ua-1"
        found = problem("pdf-standard-is-known", book.publication.file, 0, str(error), fix)
        raise ReportError([found]) from error
    assert isinstance(content, bytes), "without an output file the compiler returns the PDF"
    return content, _places(_told(warnings)["uses"])


def lay_out(book: Book, root: Path) -> Layout:
    """How the book would be set, without a PDF of it; `root` is the project's root.

    Raises ReportError when Typst refuses the text.
    """
    try:
        with _compiler(book.typst, book, root, None, fonts()) as compiler:
            content, warnings = compiler.compile_with_warnings(format="svg")
    except typst.TypstError as error:
        raise ReportError([_typst_problem(book, error)]) from error
    told = _told(warnings)
    assert content is not None, "without an output file the compiler returns the pages"
    looks = map(bytes_digest, [content] if isinstance(content, bytes) else content)
    labels = {page: _text(label) for page, label in told["pages"]}
    pages = tuple((labels.get(n, str(n)), look) for n, look in enumerate(looks, 1))
    places = _places((_text(name), page, label) for name, page, label in told["labels"])
    return Layout(book.publication.name, pages, places)


@contextlib.contextmanager
def _compiler(
    text: str, book: Book, root: Path, folder: Path | None, faces: typst.Fonts
) -> Iterator[typst.Compiler]:
    """What sets the text; it tells as a warning what is where."""
    with contextlib.nullcontext(folder) if folder else source_folder(root) as below:
        # what is set again from the same file is laid out again only where it has changed
        file = below / f"{book.publication.name}.typ"
        source = (text + _TELL_PLACES).encode()
        file.write_bytes(source)
        compiler = typst.Compiler(str(file), root=str(root), font_paths=faces)
        with forgetting(source):
            yield compiler


_MARK = "imprint-places:"
_TELL_PLACES = f"""
#context {{
  let points(said) = said.codepoints().map(str.to-unicode)
  let told(key, it) = {{
    let place = it.location()
    let style = place.page-numbering()
    let label = if style != none {{ numbering(style, ..counter(page).at(place)) }}
    (key, place.page(), points(if label == none {{ str(place.page()) }} else {{ label }}))
  }}
  let all(kind) = query(selector(kind).after(<imprint-text>))
  let labelled = all(selector(heading).or(figure)).filter(it => it.has("label"))
  let said = (
    uses: all(<imprint-use>).map(it => told(it.value, it)),
    labels: labelled.map(it => told(points(str(it.label)), it)),
    pages: query(<imprint-page>).map(it => told(none, it).slice(1)),
  )
  let _ = text(font: "{_MARK}" + json.encode(said, pretty: false), "")
}}
"""
"""The page and page's label of every use, labelled heading and float outside the lists in front,
and the labels of all pages.

All that Typst gives back beside a document is warnings, so that they come as one: that there is no
font of this name. To ask it afterwards would lay out a large document a second time. Words come
in code points, for a font's name is put in small letters.
"""


def _told(warnings: Iterable[typst.TypstWarning]) -> dict[str, Any]:
    told = [it.message.partition(_MARK)[2] for it in warnings if _MARK in it.message]
    assert len(told) == 1, "every document tells where its uses stand"
    found: dict[str, Any] = json.loads(told[0])
    return found


def _places(told: Iterable[tuple[K, int, list[int]]]) -> dict[K, PdfPage]:
    found: dict[K, PdfPage] = {}
    for key, page, label in told:
        # the first place counts: a running head or a box that goes on says a title again
        found.setdefault(key, PdfPage(page, _text(label)))
    return found


def _text(points: Iterable[int]) -> str:
    return "".join(map(chr, points))


_LACKING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_NOT_PRINTED = r'(?:image\(|alt: |link\()"(?:[^"\\]|\\.)*"'
"""Paths, addresses and descriptions of pictures need no font."""


def _lacking(error: typst.TypstError) -> list[str]:
    """The pieces of text for which Typst found no font, each once."""
    pieces = (
        re.sub(r"\\u\{(\w+)\}|\\(.)", lambda it: it[2] or chr(int(it[1], 16)), found)
        for found in _LACKING.findall(error.diagnostic)
    )
    return list(dict.fromkeys(pieces))


def _replaced(text: str, piece: str, everywhere: bool) -> str:
    """The Typst source with the stand-in for a piece of its text."""
    stand_in = STAND_IN if _is_seen(piece) else ""
    if everywhere:
        return text.replace(piece, stand_in)
    return re.sub(f"({_NOT_PRINTED})|{re.escape(piece)}", lambda found: found[1] or stand_in, text)


def _is_seen(piece: str) -> bool:
    """Whether a reader would see these characters; what joins others has no form of its own."""
    return any(category(it) != "Cf" and not "\ufe00" <= it <= "\ufe0f" for it in piece)


@contextlib.contextmanager
def source_folder(root: Path) -> Iterator[Path]:
    """A throwaway folder below the root, for sources that Typst reads."""
    scratch = root / SCRATCH
    scratch.mkdir(exist_ok=True)
    with scratch_folder(scratch) as folder:
        yield folder


def pdf_standards(book: Book) -> Any:
    """`pdf-standard` as the project asks for it; accessible PDF where it says nothing.

    `imprint: pdf-standard:` goes before the format's: Quarto never sees it, whose Typst (0.14 in
    Quarto 1.9) takes one standard where ours takes several.
    """
    formats = book.publication.metadata.get("format")
    every = formats.values() if isinstance(formats, Mapping) else ()
    for options in (book.publication.own, *every, book.publication.metadata):
        if isinstance(options, Mapping) and "pdf-standard" in options:
            wanted = options["pdf-standard"]
            names = map(str, wanted) if isinstance(wanted, list | tuple) else [str(wanted)]
            # what Typst does not know has been told
            return [name for name in names if name in VERSIONS]
    return ["ua-1"]


def _typst_problem(book: Book, error: typst.TypstError) -> Problem:
    hints = "; ".join(error.hints)
    if _lacking(error):
        hints = "a picture says it: draw its text as paths, or without what the fonts lack"
    spots = [(int(line), int(column)) for line, column in _SPOT.findall(error.diagnostic)]
    excerpt = ""
    if spots and 0 < spots[0][0] <= len(lines := book.typst.splitlines()):
        excerpt = f", near “{lines[spots[0][0] - 1].strip()[:80]}”"
    return Problem(
        source_place(book, spots) or Place(book.publication.file),
        "pdf-is-set",
        f"the PDF of '{book.publication.name}' cannot be set: {error.message}{excerpt}",
        hints or "fix the text it names; `--to html` renders the pages meanwhile",
    )


_SPOT = re.compile(r"\.typ:(\d+):(\d+)")
"""Where in the source an error is, and then the calls that led to it."""
