"""Five typical pages of the PDFs look as they did when someone last looked at them.

Pages are found by what stands on them, whatever their number. How much may differ is said in
tests/pictures.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
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
    "page-figure-and-box": (REVIEW, ("Figure 7.1: ", "Box 7.2: ", "Serious case reviews")),
    "page-table": (REVIEW, ("Practice examples", "Table C.3: ", "Organisation")),
    "page-leaflet": (COUNCILS, ("council developments", "How the study was done")),
}


def picture(file: Path, words: tuple[str, ...]) -> Image.Image:
    """The first page that says all of these words."""
    with pdfplumber.open(file) as pdf:
        for page in pdf.pages:
            said = page.extract_text()
            if all(it in said for it in words):
                shown: Image.Image = page.to_image(resolution=RESOLUTION).original
                return shown.convert("RGB")
            page.close()
    raise AssertionError(f"no page of {file.name} says all of {words}: choose another one")


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
