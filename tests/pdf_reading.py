"""A PDF as those read it who cannot see it, by its tags, and as those do who can: letters."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Letter:
    """One glyph on a page; lengths in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    font: str
    size: float


@dataclass(frozen=True)
class Line:
    """Letters that share a line, from left to right."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """The line's words."""
        return "".join(letter.text for letter in self.letters).strip()

    @property
    def left(self) -> float:
        """Where its ink begins, in points."""
        return min(letter.left for letter in self.letters if letter.text.strip())

    @property
    def right(self) -> float:
        """Where its ink ends, in points."""
        return max(letter.right for letter in self.letters if letter.text.strip())

    @property
    def top(self) -> float:
        """Its upper edge, in points."""
        return min(letter.top for letter in self.letters)

    @property
    def bottom(self) -> float:
        """Its lower edge, in points."""
        return max(letter.bottom for letter in self.letters)

    @property
    def size(self) -> float:
        """The size of most of its letters, in points."""
        sizes = [round(letter.size, 1) for letter in self.letters]
        return max(sizes, key=sizes.count)

    @property
    def font(self) -> str:
        """The face of its first letter."""
        return self.letters[0].font


@dataclass(frozen=True)
class Page:
    """A page's size in points, its letters and images."""

    width: float
    height: float
    letters: tuple[Letter, ...]
    images: tuple[tuple[float, float, float, float], ...]
    """Left, top, right and bottom of each picture made of pixels."""

    @property
    def text(self) -> str:
        """All words of the page."""
        return "\n".join(line.text for line in self.lines)

    @property
    def lines(self) -> list[Line]:
        """Letters that stand on one baseline and next to each other, in the order of the page."""
        lines: list[list[Letter]] = []
        for letter in sorted(self.letters, key=lambda it: (round(it.bottom), it.left)):
            last = lines[-1][-1] if lines else None
            gap = letter.left - last.right if last else 0
            if last is None or abs(last.bottom - letter.bottom) > 2 or not -4 < gap < 14:
                lines.append([letter])
            else:
                lines[-1].append(letter)
        made = [Line(tuple(line)) for line in lines if any(it.text.strip() for it in line)]
        return sorted(made, key=lambda line: (line.top, line.left))


@dataclass(frozen=True)
class Run:
    """Letters that one tag marks on one page, counted from 0."""

    page: int
    letters: tuple[Letter, ...] = ()

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(letter.text for letter in self.letters)


@dataclass(frozen=True)
class Tag:
    """A node of the structure tree: its role, what it says instead of a picture, what it holds."""

    role: str
    alt: str = ""
    children: tuple[Tag | Run, ...] = ()
    leads_to: int | None = None
    """The page, counted from 0, that a link within the file opens."""

    def all(self, *roles: str) -> Iterator[Tag]:
        """Every tag of these roles below this one, in reading order."""
        for child in self.children:
            if isinstance(child, Tag):
                if child.role in roles:
                    yield child
                yield from child.all(*roles)

    @property
    def text(self) -> str:
        """What a screen reader reads out, alternative texts aside."""
        return "".join(child.text for child in self.children)

    @property
    def runs(self) -> Iterator[Run]:
        """All that it marks, in reading order."""
        for child in self.children:
            if isinstance(child, Run):
                yield child
            else:
                yield from child.runs

    @property
    def page(self) -> int:
        """The page, counted from 0, on which it begins."""
        return next(self.runs).page

    def lines_by_page(self) -> dict[int, list[float]]:
        """The left edges of its lines on every page, from top to bottom."""
        edges: dict[int, dict[int, float]] = {}
        for run in self.runs:
            for letter in run.letters:
                if letter.text.strip():
                    lines = edges.setdefault(run.page, {})
                    line = next((y for y in lines if abs(y - letter.bottom) < 5), None)
                    line = round(letter.bottom) if line is None else line
                    lines[line] = min(lines.get(line, letter.left), letter.left)
        return {page: [lines[y] for y in sorted(lines)] for page, lines in edges.items()}


@dataclass(frozen=True)
class Reading:
    """A PDF with its pages and tags."""

    pdf: pikepdf.Pdf = field(repr=False)
    pages: tuple[Page, ...]
    tree: Tag

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """Depth, from 1, and title of every bookmark."""

        def walk(items: Any, depth: int) -> Iterator[tuple[int, str]]:
            for item in items:
                yield depth, item.title
                yield from walk(item.children, depth + 1)

        with self.pdf.open_outline() as outline:
            return list(walk(outline.root, 1))


def read_pdf(path: Path) -> Reading:
    """Read a tagged PDF whole; the review takes about three seconds."""
    pages: list[Page] = []
    marked: dict[tuple[int, int], list[Letter]] = {}
    with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
        for number, page in enumerate(document):
            width, height = page.get_size()
            letters = []
            for letter, mark in _letters(page, height):
                letters.append(letter)
                marked.setdefault((number, mark), []).append(letter)
            boxes = [it.get_bounds() for it in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])]
            images = tuple((left, height - top, right, height - low)
                           for left, low, right, top in boxes)  # fmt: skip
            pages.append(Page(width, height, tuple(letters), images))
    pdf = pikepdf.open(path)
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def run(page: int | None, mark: Any) -> Run:
        assert page is not None, "marked content names its page"
        return Run(page, tuple(marked.get((page, int(mark)), ())))

    def tag(element: Any, page: int | None = None) -> Tag:
        page = numbers[element.Pg.objgen] if "/Pg" in element else page
        held = element.get("/K", [])
        children: list[Tag | Run] = []
        leads_to = None
        for child in held if isinstance(held, pikepdf.Array) else [held]:
            if not isinstance(child, pikepdf.Dictionary):
                children.append(run(page, child))
            elif child.get("/Type") == "/MCR":
                children.append(
                    run(numbers[child.Pg.objgen] if "/Pg" in child else page, child.MCID)
                )
            elif child.get("/Type") != "/OBJR":
                children.append(tag(child, page))
            elif target := target_of(pdf, child.Obj):
                leads_to = numbers[target.objgen]
        role, alt = str(element.S).lstrip("/"), str(element.get("/Alt", ""))
        return Tag(role, alt, tuple(children), leads_to)

    root = pdf.Root.StructTreeRoot.K
    return Reading(pdf, tuple(pages), tag(root[0] if isinstance(root, pikepdf.Array) else root))


def target_of(pdf: pikepdf.Pdf, link: Any) -> Any:
    """The page that a link annotation opens; None where it leads out of the file."""
    action = link.get("/A", {})
    if action.get("/S") == "/URI":
        return None
    target = link.Dest if "/Dest" in link else action.D
    if isinstance(target, pikepdf.String | pikepdf.Name):
        target = pikepdf.NameTree(pdf.Root.Names.Dests)[str(target)]
        target = target.D if isinstance(target, pikepdf.Dictionary) else target
    return target[0]


LINE_END_HYPHEN = "\x02"
"""What PDFium calls a hyphen at which a word goes on in the next line."""


def _letters(page: Any, height: float) -> list[tuple[Letter, int]]:
    """The letters of a page in the order in which it draws them, each with the number of its mark,
    which is -1 outside marked content."""
    found: list[tuple[Letter, int]] = []
    textpage = page.get_textpage()  # its text is there as long as this is
    text = textpage.raw
    box, left, line = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    faces: dict[int, _Face] = {}
    face = None
    for index in range(pdfium.FPDFText_CountChars(text)):
        said = chr(pdfium.FPDFText_GetUnicode(text, index))
        added = pdfium.FPDFText_IsGenerated(text, index)
        if added and (said != " " or face is None):
            continue  # the end of a line; a space that is added stands in place of the page's own
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, left, line)
        if not added:
            drawn = pdfium.FPDFText_GetTextObject(text, index)
            key = ctypes.addressof(drawn.contents)
            face = faces.get(key) or faces.setdefault(key, _face(drawn, text, index))
        # The box has the ink too, which may hang below the next letter; by its sign alone, a width
        # may be that of another glyph for it, as of a note's number.
        by_box = said == LINE_END_HYPHEN or said.isdigit()
        bottom, right = height - box.bottom, box.right if by_box else left.value + face.width(said)
        said = said.replace(LINE_END_HYPHEN, "-")
        last = found[-1][0] if found else None
        if last and not added and (last.left, last.bottom) == (left.value, bottom):
            said, right = found.pop()[0].text + said, box.right  # a ligature
        top = bottom - face.size
        found.append(
            (Letter(said, left.value, right, top, bottom, face.name, face.size), face.mark)
        )
    return found


@dataclass
class _Face:
    """What the letters of one text object share."""

    name: str
    size: float
    mark: int
    font: Any
    widths: dict[str, float]

    def width(self, letter: str) -> float:
        """How far the next letter stands from where this one begins, in points."""
        if letter not in self.widths:
            width = ctypes.c_float()
            pdfium.FPDFFont_GetGlyphWidth(self.font, ord(letter), self.size, width)
            self.widths[letter] = width.value
        return self.widths[letter]


def _face(drawn: Any, text: Any, index: int) -> _Face:
    name = ctypes.create_string_buffer(200)
    font = pdfium.FPDFTextObj_GetFont(drawn)
    pdfium.FPDFFont_GetBaseFontName(font, name, 200)
    size = pdfium.FPDFText_GetFontSize(text, index)
    mark = pdfium.FPDFPageObj_GetMarkedContentID(drawn)
    return _Face(name.value.decode().split("+")[-1], size, mark, font, {})


# --- what no page may have -----------------------------------------------------------------------


def outside(page: Page, left: float, right: float, top: float, bottom: float) -> list[str]:
    """Lines of which some ink stands nearer to the paper's edges than so many millimetres."""
    return [
        line.text
        for line in page.lines
        if line.left < left * POINTS_PER_MM
        or line.right > page.width - right * POINTS_PER_MM
        or line.top < top * POINTS_PER_MM
        or line.bottom > page.height - bottom * POINTS_PER_MM
    ]


def overprinted(page: Page) -> list[str]:
    """Pairs of letters that stand on one another."""
    found = []
    rows: dict[int, list[Letter]] = {}
    for letter in page.letters:
        if letter.text.strip():
            rows.setdefault(round(letter.bottom / 3), []).append(letter)
    for number, row in rows.items():
        ordered = sorted([*row, *rows.get(number + 1, [])], key=lambda it: it.left)
        for first, second in pairwise(ordered):
            shared = min(first.right, second.right) - second.left
            narrower = min(first.right - first.left, second.right - second.left)
            if shared > 0.6 * narrower and abs(first.bottom - second.bottom) < 0.4 * first.size:
                found.append(first.text + second.text)
    return found
