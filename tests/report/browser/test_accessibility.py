"""What axe-core can find wrong with a page at WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accessibility import COLOURS, look_over, look_over_both
from browsing import EACH_TEMPLATE, WIDTHS, Reader
from thorough import THOROUGH


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page(reader: Reader, width: int) -> None:
    """Nothing is found on any page, and on one of each template neither from a phone to a desk nor
    in the dark."""
    found = []
    page = reader.sit_down(width, color_scheme="light")
    for path in reader.pages_at(width, all_at=1440):
        page.goto(reader.address + path)
        found += look_over_both(page) if THOROUGH or path in EACH_TEMPLATE else look_over(page)
    assert found == []


FAULTS = {
    "color-contrast": "<p style='color: var(--rule)'>Too pale to read in either theme</p>",
    "target-size": "<p><button>i</button><button>j</button></p>"
    "<style>main button { all: unset; font-size: 4px }</style>",
    "image-alt": "<img src='data:,'>",
    "heading-order": "<h6>Too deep</h6>",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rule", FAULTS)
def test_faults_are_found(chapter: Callable[..., Page], rule: str, scheme: str) -> None:
    """A fault put into a sound page is found: silence means something."""
    page = chapter(320, color_scheme=scheme)
    page.evaluate(
        "fault => document.querySelector('main h1').insertAdjacentHTML('afterend', fault)",
        FAULTS[rule],
    )
    assert any(f": {rule} at " in found for found in look_over(page, "main"))
    if rule in COLOURS:
        assert any(f": {rule} at " in found for found in look_over(page, "main", COLOURS))


@pytest.mark.slow
def test_what_opens(reader: Reader) -> None:
    """Panels, data of figures, the enlarged figure, open contents and results are as sound, and
    so are places that cite a work, light or dark."""
    page = reader.open("review/chapters/training.html", 320, color_scheme="light")
    page.locator(".contents .toggle").click()
    page.locator(".figure-data summary").first.click()
    found = look_over_both(page)
    page.locator(".contents .toggle").click()
    for link in ("a.stat", "a.claim", ".citation a", "a.footnote-ref"):
        page.locator(f"article {link}").first.click()
        found += look_over_both(page, ".panel")
        page.keyboard.press("Escape")
    page.locator(".enlarge button").first.click()
    found += look_over_both(page, "dialog")
    page.keyboard.press("Escape")
    page.goto(reader.address + "developments/sources.html")
    page.locator("summary").evaluate_all("all => all.forEach((it) => it.click())")
    found += look_over_both(page)
    page.goto(reader.address + "search.html?q=supervision")
    page.locator(".results li").first.wait_for()
    assert found + look_over_both(page) == []
