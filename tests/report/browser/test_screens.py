"""Five typical screens look as they did when someone last looked at them.

The letters are the pages' own, so that no machine's fonts show. How much may differ is said in
tests/pictures.py.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from browsing import TRAINING, WHOLE_BROWSERS, Reader, launched
from pictures import differs


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser that drew the pictures, whatever the other tests read in."""
    with launched(WHOLE_BROWSERS) as started:
        yield started


def picture(page: Page) -> Image.Image:
    """What the window shows, at most its upper 680 pixels, once its faces are there."""
    page.add_style_tag(content="* { caret-color: transparent !important }")
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shown = Image.open(io.BytesIO(page.screenshot()))
    return shown.crop((0, 0, shown.width, min(shown.height, 680)))


def landing(reader: Reader) -> Page:
    """The way in, on a desk."""
    return reader.open("index.html", 1440, color_scheme="light")


def chapter(reader: Reader) -> Page:
    """A chapter on a desk: contents, headings, text with citations."""
    return reader.open(TRAINING, 1440, color_scheme="light")


def panel(reader: Reader) -> Page:
    """A chapter on a phone in the dark, with the panel of a number open."""
    page = reader.open(TRAINING, 320, color_scheme="dark")
    page.add_style_tag(content="a.stat { scroll-margin: 5rem }")
    number = page.locator("article a.stat").first
    number.evaluate("el => el.scrollIntoView()")
    number.click()
    return page


def statistics(reader: Reader) -> Page:
    """The first rows of the page of statistics, on a tablet in the dark."""
    return reader.open("review/statistics.html", 768, color_scheme="dark")


def results(reader: Reader) -> Page:
    """What a search finds, on a tablet."""
    page = reader.open("search.html?q=supervision", 768, color_scheme="light")
    page.locator(".results > li").first.wait_for()
    return page


@pytest.mark.parametrize("screen", [landing, chapter, panel, statistics, results])
def test_screen_looks_as_before(
    reader: Reader, same_picture: Callable[..., None], screen: Callable[[Reader], Page]
) -> None:
    """Nothing on the screen has moved, gone or changed its colour unseen."""
    same_picture(f"screen-{screen.__name__}", picture(screen(reader)))


def test_lost_mark_is_seen(reader: Reader) -> None:
    """A chapter without the mark below its title no longer looks as before."""
    page = chapter(reader)
    page.add_style_tag(content="h1 { border-image: none !important }")
    assert differs("screen-chapter", picture(page))
