"""Text that no designer thought of, in a browser: it fits the screen, and never runs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page, expect

from accessibility import FEWER_ROWS, look_over
from browsing import STICKING_OUT, WIDTHS, Reader, reading, served
from test_hard_text import hard_draft
from thorough import THOROUGH, cases

pytestmark = pytest.mark.slow
EACH_WIDTH = cases({str(width): width for width in WIDTHS}, ("320",))


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft with long titles, boxes and tables, a tall figure, scripts in data and works."""
    return hard_draft(tmp_path_factory).folder / "_output"


@pytest.fixture
def odd(odd_site: Path, browser: Browser) -> Iterator[Reader]:
    """A reader of that draft, which is rendered before a browser keeps its event loop running."""
    with served(odd_site) as address, reading(browser, address, odd_site) as sitting:
        yield sitting


@pytest.mark.parametrize(
    ("width", "scheme"),
    cases({"phone": (320, "dark"), "tablet": (768, "dark"), "desk": (1440, "light")}, ("phone",)),
)
def test_every_page_fits_and_is_sound(odd: Reader, width: int, scheme: str) -> None:
    """No page scrolls sideways: long titles, words, addresses and names break. Axe finds nothing.

    A reviewer sees on each that it is a draft.
    """
    page = odd.sit_down(width, color_scheme=scheme)
    found = []
    for path in odd.pages:
        page.goto(odd.address + path)
        found += page.evaluate(STICKING_OUT)
        if path.startswith("review/"):
            notice = page.locator(".draft-notice")
            assert "Draft of revision" in notice.inner_text(), path
            assert notice.is_visible(), path
        if not THOROUGH:
            page.evaluate(FEWER_ROWS)
        found += look_over(page)
    assert len(odd.pages) > 12
    assert found == []


def chapter(odd: Reader, name: str, width: int = 1440) -> Page:
    return odd.open(f"review/chapters/{name}.html", width)


def test_scripts_are_words_where_they_open(odd: Reader) -> None:
    """A number's panel, a work's panel and the rows show markup as words, and nothing runs."""
    page = chapter(odd, "scripts")
    page.locator("article a.stat").first.click()
    panel = page.get_by_role("dialog")
    assert "<script>alert(" in panel.inner_text()
    panel.get_by_role("link", name="Row and all its uses").click()
    # The row opens once its page's script has run.
    expect(page.locator("#stat-smith-script")).to_contain_text("<script>alert(")
    page = chapter(odd, "scripts")
    page.locator("article .citation a[href$='script_2010']").click()
    assert "<script>alert(" in page.get_by_role("dialog").inner_text().lower()
    page.goto(odd.address + "search.html?q=alert")
    page.locator(".results > li").first.wait_for()
    assert "alert(" in page.locator(".results").inner_text()
    assert page.locator("main script, main img[src='x']").count() == 0


@pytest.mark.parametrize("width", EACH_WIDTH)
def test_tall_figure_keeps_its_proportions(odd: Reader, width: int) -> None:
    """A figure taller than the window is as wide as there is room, to be scrolled past."""
    page = chapter(odd, "figures", width)
    box = page.locator("#fig-tall img").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert abs(box["height"] / box["width"] - 3000 / 400) < 0.1


def test_tall_figure_is_printed_whole(odd: Reader) -> None:
    """On paper it fits a page, with the caption below it."""
    handout = pdfplumber.open(io.BytesIO(chapter(odd, "figures").pdf(prefer_css_page_size=True)))
    shown = [(sheet, image) for sheet in handout.pages for image in sheet.images]
    assert len(shown) == 1
    sheet, image = shown[0]
    assert image["top"] > 0 and image["bottom"] < sheet.height
    assert abs(image["height"] / image["width"] - 3000 / 400) < 0.1
    assert "A figure taller than a page" in sheet.extract_text()


@pytest.mark.parametrize("width", EACH_WIDTH)
def test_long_panel_can_be_read_to_its_end(odd: Reader, width: int) -> None:
    """The panel of a work with a long name stays on the screen and can be closed."""
    page = chapter(odd, "titles", width)
    page.locator("article .citation a[href$='long_2010']").click()
    panel = page.get_by_role("dialog")
    box = panel.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert panel.evaluate("el => el.scrollWidth <= el.clientWidth")
    panel.get_by_role("button", name="Close").click()
    assert not panel.is_visible()


def test_draft_numbers_its_paragraphs(odd: Reader) -> None:
    """Each paragraph of a draft shows its number, which is its address."""
    page = chapter(odd, "length", 320)
    links = page.locator("article p > .permalink")
    assert links.count() == 193
    shown = links.evaluate_all(
        "all => all.filter((it) => getComputedStyle(it).opacity === '1' &&"
        " getComputedStyle(it, '::before').content === `\"${it.id}\"`).length"
    )
    assert shown == 193
    assert len(set(links.evaluate_all("all => all.map((it) => it.hash)"))) == 193
