"""Five typical screens look as they did when someone last looked at them.

The letters come from the locked packages, so that no machine's own fonts show. How much may differ
is said in tests/pictures.py.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import font_source_sans_pro
import matplotlib
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from browsing import TRAINING, WHOLE_BROWSERS, Reader, launched
from pictures import differs

SOURCE_SANS = Path(font_source_sans_pro.__file__).with_name("files")
MATPLOTLIB = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FACES = {
    ("sans", 400, "normal"): SOURCE_SANS / "SourceSansPro-Regular.ttf",
    ("sans", 400, "italic"): SOURCE_SANS / "SourceSansPro-It.ttf",
    ("sans", 650, "normal"): SOURCE_SANS / "SourceSansPro-Semibold.ttf",
    ("serif", 400, "normal"): MATPLOTLIB / "STIXGeneral.ttf",
    ("serif", 400, "italic"): MATPLOTLIB / "STIXGeneralItalic.ttf",
    ("serif", 700, "normal"): MATPLOTLIB / "STIXGeneralBol.ttf",
    ("mono", 400, "normal"): MATPLOTLIB / "DejaVuSansMono.ttf",
}
RULES = "".join(
    f"@font-face {{ font-family: 'fixed {kind}'; font-weight: {weight}; font-style: {style};"
    f" src: url('/faces/{file.name}'); }}\n"
    for (kind, weight, style), file in FACES.items()
) + (
    ":root { --sans: 'fixed sans'; --serif: 'fixed serif'; --mono: 'fixed mono'; }"
    "* { caret-color: transparent !important }"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser that drew the pictures, whatever the other tests read in."""
    with launched(WHOLE_BROWSERS) as started:
        yield started


def serve(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    route.fulfill(path=next(file for file in FACES.values() if file.name == name))


def picture(page: Page) -> Image.Image:
    """What the window shows, at most its upper 680 pixels, with letters that every machine has."""
    page.route("**/faces/*", serve)
    page.add_style_tag(content=RULES)
    page.evaluate("Promise.all([...document.fonts].map((face) => face.load()))")
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
