"""Nothing moves once it is on the screen."""

from __future__ import annotations

import pytest

from browsing import WIDTHS, Reader
from thorough import cases

SHIFTS = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 150);
})"""
PAGES = ("index.html", "review/index.html", "review/chapters/training.html", "summary/index.html")


@pytest.mark.parametrize("width", cases({str(it): it for it in WIDTHS}, ("320", "1440")))
def test_layout_stands_after_load(reader: Reader, width: int) -> None:
    """Fonts, figures and scripts arrive without moving anything."""
    page = reader.sit_down(width, anew=True)
    for path in PAGES:
        page.goto(reader.address + path, wait_until="networkidle")
        assert page.evaluate(SHIFTS) < 0.01, path


def test_images_keep_their_place(reader: Reader) -> None:
    """Every image and drawing has its width and height before it arrives."""
    sizes = reader.in_each_page(
        "(page) => [...page.querySelectorAll('article :is(img, .drawing svg)')].map((image) =>"
        " [image.tagName, image.getAttribute('width'), image.getAttribute('height')])"
    )
    assert sum(map(len, sizes.values())) > 10
    assert [at for images in sizes.values() for at in images if not all(at)] == []
