"""Five typical pages of the PDFs look as they did when someone last looked at them.

Pages are found by what stands on them, whatever their number. How much may differ is said in
tests/pictures.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from pictures import differs

pytestmark = pytest.mark.slow

REVIEW = "review/safeguarding-children-review.pdf"
COUNCILS = "developments/council-developments-summary.pdf"
RESOLUTION = 60
"""Dots per inch."""

PAGES = {
    "page-cover": (REVIEW, ("The Imprint authors", "a review of the literature")),
    "page-chapter-opening": (REVIEW, ("Chapter 2", "Training and professional")),
    "page-figures": (REVIEW, ("Figure 2.3: ", "Figure 2.4: ")),
    "page-box": (REVIEW, ("Box 5.3: ", "Records of emergency departments")),
    "page-table": (REVIEW, ("Table A.1, continued", "Table A.2: ")),
    "page-leaflet": (COUNCILS, ("how five councils", "How the study was done")),
}


def picture(file: Path, words: tuple[str, ...]) -> Image.Image:
    """The first page that says all of these words."""
    # PDFium, which pdfplumber draws with, finds a page in a hundredth of the time it takes itself.
    with contextlib.closing(pypdfium2.PdfDocument(file)) as pdf:
        said = (" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
        found = (number for number, page in enumerate(said, 1) if all(it in page for it in words))
        number = next(found, None)
    if number is None:
        raise AssertionError(f"no page of {file.name} says all of {words}: choose another one")
    with pdfplumber.open(file, pages=[number]) as plumbed:
        shown: Image.Image = plumbed.pages[0].to_image(resolution=RESOLUTION).original
        return shown.convert("RGB")


@pytest.mark.parametrize("name", PAGES)
def test_page_looks_as_before(name: str, site: Path, same_picture: Callable[..., None]) -> None:
    """Nothing on the page has moved, gone or changed its colour unseen."""
    file, words = PAGES[name]
    same_picture(name, picture(site / file, words))


def test_lost_mark_is_seen(site: Path) -> None:
    """A chapter without the mark below its title no longer looks as before."""
    file, words = PAGES["page-chapter-opening"]
    shown = picture(site / file, words)
    marks = [
        (x, y) for y in range(shown.height) for x in range(shown.width) if is_saffron(shown, x, y)
    ]
    left, top = (min(values) for values in zip(*marks, strict=True))
    right, bottom = (max(values) for values in zip(*marks, strict=True))
    ImageDraw.Draw(shown).rectangle((left, top - 1, right, bottom + 1), fill="white")
    assert differs("page-chapter-opening", shown)


def is_saffron(shown: Image.Image, x: int, y: int) -> bool:
    """Whether a pixel has the colour of the mark below a chapter's title."""
    red, green, blue = shown.getpixel((x, y))  # type: ignore[misc]
    return red > 200 and green < 220 and blue < 180
