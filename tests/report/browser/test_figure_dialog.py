"""Figures open large, and give their data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Chapter = Callable[..., Page]


@pytest.mark.parametrize("width", [320, 1440])
def test_figure_opens_large_and_closes(chapter: Chapter, width: int) -> None:
    """Enlarge opens a dialog with the figure, larger than in the text; Escape returns."""
    page = chapter(width)
    small = page.locator("#fig-practitioner-survey img").bounding_box()
    button = page.get_by_role("button", name="Enlarge Figure 2.1")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    large = dialog.locator("img").bounding_box()
    assert small and large and large["width"] > small["width"] * 1.2
    assert dialog.locator("img").get_attribute("alt")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert button.evaluate("el => el === document.activeElement")


def test_click_on_a_figure_enlarges_it(chapter: Chapter) -> None:
    """The figure itself opens too, and a click on Close ends it."""
    page = chapter()
    page.locator("#fig-practitioner-survey img").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert not page.get_by_role("dialog").is_visible()


def test_table_says_what_the_figure_shows(chapter: Chapter) -> None:
    """The rows behind a figure are a table with headings, in words, with their source linked."""
    page = chapter()
    page.locator("#fig-practitioner-survey + .figure-data summary").click()
    table = page.locator("#fig-practitioner-survey + .figure-data table")
    assert table.locator("thead th").all_inner_texts()[:2] == ["Shown", "Value"]
    assert "the majority" in table.inner_text()
    table.get_by_role("link", name="Ofsted (2010a)").first.click()
    assert page.url.endswith("sources.html#source-ofsted_2010_practitioners")
