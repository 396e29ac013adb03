"""A printed page is a handout: the text, dark on white, without what only a screen can do."""

from __future__ import annotations

import io

import pypdf

from browsing import TRAINING, Reader
from reports import pdf_words


def test_handout_holds_the_text_alone(reader: Reader) -> None:
    """Text, notes and how to cite are printed; contents, downloads and page turns are not."""
    page = reader.open(TRAINING, color_scheme="dark")
    words = pdf_words(pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))))
    for printed in ("Key findings", "National Qualifications Framework", "How to cite"):
        assert printed in words
    for left_out in ("On this page", "Enlarge", "BibTeX", "Previous", "Page 4 of"):
        assert left_out not in words


def test_handout_is_dark_on_white(reader: Reader) -> None:
    """The dark theme does not reach the paper."""
    page = reader.open(TRAINING, color_scheme="dark")
    page.get_by_label("Colours").select_option("dark")
    page.emulate_media(media="print")
    style = "el => [getComputedStyle(el).color, getComputedStyle(el).backgroundColor]"
    assert page.locator("body").evaluate(style) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_printed_pages_end_well(reader: Reader) -> None:
    """Every printed page has its number at the foot, and no heading stands alone above it."""
    page = reader.open("summary/index.html")
    headings = page.locator("article :is(h2, h3, h4)").all_inner_texts()
    assert len(headings) > 10
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) > 4
    for number, sheet in enumerate(printed.pages, 1):
        lines = [line.strip() for line in sheet.extract_text().splitlines() if line.strip()]
        assert str(number) in (lines[0], lines[-1]), number
        last = next(line for line in reversed(lines) if line != str(number))
        assert last not in headings, number


def test_printed_list_repeats_its_head(reader: Reader) -> None:
    """Every page of a printed list names its columns, without the marks by which one sorts."""
    printed = reader.open("developments/statistics.html").pdf(prefer_css_page_size=True, scale=2)
    heads = 0
    for sheet in pypdf.PdfReader(io.BytesIO(printed)).pages:
        words = " ".join(sheet.extract_text().split())
        heads += "Number What it measures" in words
        assert "↕" not in words
    assert heads > 1
