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


def look_over(page: Page, **options: Any) -> list[str]:
    """What axe finds: rule, place and its own words, one line each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.add_script_tag(path=AXE)
    run = """options => axe.run(document, {resultTypes: ["violations"], ...options}).then(
        found => found.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary}`)))"""
    return [f"{page.url}: {found}" for found in page.evaluate(run, options)]


ALL = {"runOnly": {"type": "tag", "values": STANDARDS}}
COLOUR = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
BUT_COLOUR = ALL | {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}


@pytest.mark.slow
def test_every_page_in_both_themes(reader: Reader) -> None:
    """Wide, light: nothing at all; dark: no colour that is hard to read."""
    found = []
    page = reader.sit_down()
    for path in reader.pages:
        page.goto(reader.address + path)
        found += look_over(page, **ALL)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        found += look_over(page, **COLOUR)
    assert found == []


@pytest.mark.slow
def test_every_page_on_a_phone(reader: Reader) -> None:
    """Narrow: nothing either, where contents fold and wide tables scroll."""
    found = []
    page = reader.sit_down(320)
    for path in reader.pages:
        page.goto(reader.address + path)
        found += look_over(page, **BUT_COLOUR)
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
