"""What axe-core can find wrong with a page at WCAG 2.2 AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from conftest import Reader

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
OF_NARROW_PAGES = ["target-size", "scrollable-region-focusable", "region", "button-name"]
OF_NARROW_PAGES += ["link-name", "aria-hidden-focus", "landmark-unique", "list", "heading-order"]


def look_over(page: Page, **options: Any) -> list[str]:
    """What axe finds: rule, place and its own words, one line each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.add_script_tag(path=AXE)
    run = """options => axe.run(document, {resultTypes: ["violations"], preload: false, ...options})
        .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary}`)))"""
    return [f"{page.url}: {found}" for found in page.evaluate(run, options)]


def shortened(page: Page) -> None:
    """Leave out most rows of long lists and tables: they all look like the first."""
    page.evaluate(
        "document.querySelectorAll('article.row:nth-of-type(n+4), tbody tr:nth-child(n+7)')"
        ".forEach((row) => row.remove())"
    )


ALL = {"runOnly": {"type": "tag", "values": STANDARDS}}
COLOUR = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
NARROW = {"runOnly": {"type": "rule", "values": OF_NARROW_PAGES}}


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_every_page(reader: Reader, half: int) -> None:
    """Nothing is found on any page."""
    found = []
    page = reader.sit_down()
    for path in reader.pages[half::2]:
        page.goto(reader.address + path)
        if not path.startswith("review/"):
            shortened(page)
        found += look_over(page, **ALL)
    assert found == []


@pytest.mark.slow
def test_every_page_in_the_dark(reader: Reader) -> None:
    """No colour of the dark theme is hard to read."""
    found = []
    page = reader.sit_down(color_scheme="dark")
    for path in reader.pages:
        page.goto(reader.address + path)
        shortened(page)
        found += look_over(page, **COLOUR)
    assert found == []


@pytest.mark.slow
def test_every_page_on_a_phone(reader: Reader) -> None:
    """Nothing is found where contents fold, links stand close and wide tables scroll."""
    found = []
    page = reader.sit_down(320)
    for path in reader.pages:
        page.goto(reader.address + path)
        shortened(page)
        found += look_over(page, **NARROW)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens(reader: Reader, scheme: str) -> None:
    """Panels, data of figures, the enlarged figure, open contents and results are as sound."""
    page = reader.open("review/chapters/training.html", 320, color_scheme=scheme)
    page.locator(".contents .toggle").click()
    page.locator(".figure-data summary").first.click()
    found = look_over(page, **ALL)
    page.locator(".contents .toggle").click()
    for link in ("a.stat", "a.claim", ".citation a", "a.footnote-ref"):
        page.locator(f"article {link}").first.click()
        found += look_over(page, include=[[".panel"]], **ALL)
        page.keyboard.press("Escape")
    page.locator(".enlarge button").first.click()
    found += look_over(page, include=[["dialog"]], **ALL)
    page.keyboard.press("Escape")
    page.goto(reader.address + "search.html?q=supervision")
    page.locator(".results li").first.wait_for()
    assert found + look_over(page, **ALL) == []
