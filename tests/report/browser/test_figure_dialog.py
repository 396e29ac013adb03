"""Figures fit their column and its colours, say what they show, open large, and give their data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Chapter = Callable[..., Page]


@pytest.mark.parametrize("width", [320, 1440])
def test_figure_opens_large_and_closes(chapter: Chapter, width: int) -> None:
    """Enlarge opens a dialog with the figure, larger than in the text; Escape returns."""
    page = chapter(width)
    small = page.locator("#fig-practitioner-survey .drawing").bounding_box()
    button = page.get_by_role("button", name="Enlarge Figure 2.1")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    large = dialog.locator("svg").bounding_box()
    assert small and large and large["width"] > small["width"] * 1.2
    assert dialog.locator(".drawing").get_attribute("aria-label")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert button.evaluate("el => el === document.activeElement")


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1440, "wide")])
def test_the_drawing_that_fits_is_shown(chapter: Chapter, width: int, shown: str) -> None:
    """Type in it is as large as can be read, in the colours of the page."""
    ink = "el => getComputedStyle(el.querySelector('.fill-ink')).fill"
    page = chapter(width, color_scheme="light")
    drawing = page.locator("#fig-practitioner-survey .drawing")
    assert [it.get_attribute("class") for it in drawing.locator("> span:visible").all()] == [shown]
    label = drawing.locator(f".{shown} text").first
    assert label.evaluate("el => el.getBoundingClientRect().height") > 12
    light = drawing.evaluate(ink)
    dark = chapter(width, color_scheme="dark").locator("#fig-practitioner-survey .drawing")
    assert dark.evaluate(ink) != light


def test_marks_say_what_they_show(chapter: Chapter) -> None:
    """To a pointer and to the arrow keys, after one stop of Tab; Escape puts it away."""
    page = chapter()
    drawing = page.locator("#fig-training-up-to-date .drawing")
    words = drawing.locator(".told-words")
    drawing.locator(".wide .told").first.hover(force=True)
    assert "65\u00a0per cent" in words.inner_text()
    page.mouse.move(0, 0)
    assert not words.is_visible()
    page.get_by_role("button", name="Enlarge Figure 2.3").focus()
    page.keyboard.press("Shift+Tab")
    while not drawing.evaluate("el => el === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "General practitioners" in words.inner_text()
    page.keyboard.press("Escape")
    assert not words.is_visible()


def test_table_says_what_the_figure_shows(chapter: Chapter) -> None:
    """The rows behind a figure are a table with headings, in words, with their source linked."""
    page = chapter()
    page.locator("#fig-practitioner-survey + .figure-data summary").click()
    table = page.locator("#fig-practitioner-survey + .figure-data table")
    assert table.locator("thead th").all_inner_texts()[:2] == ["Shown", "Value"]
    assert "the majority" in table.inner_text()
    table.get_by_role("link", name="Ofsted (2010a)").first.click()
    assert page.url.endswith("sources.html#source-ofsted_2010_practitioners")
