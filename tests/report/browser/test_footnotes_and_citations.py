"""Notes and works open where they are cited, and close again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Chapter = Callable[..., Page]
LINKS = {
    "note": "a.footnote-ref",
    "citation": "article .citation a",
    "number": "article a.stat",
    "abbreviation": "article abbr[title] >> nth=3",
    "term": "article .term[title]",
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_click_opens_and_escape_returns(chapter: Chapter, link: str) -> None:
    """A click opens the panel with the focus in it; Escape closes it and returns the focus."""
    page = chapter()
    opener = page.locator(link).first
    opener.click()
    panel = page.get_by_role("dialog")
    assert panel.is_visible()
    assert panel.evaluate("el => el === document.activeElement")
    assert opener.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert opener.evaluate("el => el === document.activeElement")
    assert opener.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_focus_alone_opens_nothing_and_enter_enters(chapter: Chapter, link: str) -> None:
    """Nothing opens for who passes by; Enter opens and goes in, Tab comes out behind it."""
    page = chapter()
    opener = page.locator(link).first
    page.keyboard.press("Tab")
    opener.focus()
    panel = page.get_by_role("dialog")
    assert not panel.is_visible()
    page.keyboard.press("Enter")
    assert panel.evaluate("el => el === document.activeElement")
    for _ in range(8):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('.panel')"):
            break
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_touch_opens_and_a_tap_beside_closes(chapter: Chapter, link: str) -> None:
    """On a phone a tap opens the panel within the screen; a tap beside it closes it."""
    page = chapter(320, has_touch=True)
    page.locator(link).first.tap()
    panel = page.get_by_role("dialog")
    box = panel.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320
    page.touchscreen.tap(2, 2)
    assert not panel.is_visible()


def test_citation_shows_its_work(chapter: Chapter) -> None:
    """The panel of a citation is the entry of the reference list, with a way to it."""
    page = chapter()
    page.locator("article .citation a[href$='#ref-laming_2009']").first.click()
    panel = page.get_by_role("dialog")
    assert "Protection of Children in England" in panel.inner_text()
    panel.get_by_text("In the list of references").click()
    assert page.url.endswith("references.html#ref-laming_2009")


def test_every_citation_has_its_work(chapter: Chapter) -> None:
    """No citation of the chapter opens an empty panel."""
    page = chapter()
    count = page.locator("article .citation a").count()
    assert count > 20
    for index in range(count):
        page.locator("article .citation a").nth(index).evaluate("el => el.click()")
        assert len(page.get_by_role("dialog").inner_text()) > 40


def test_note_shows_its_text(chapter: Chapter) -> None:
    """The panel of a note says what the note at the chapter's end says."""
    page = chapter()
    text = page.locator("#fn1").inner_text().removesuffix("↩︎").strip()
    page.locator("a.footnote-ref").first.click()
    assert text in page.get_by_role("dialog").inner_text()


def test_second_click_closes(chapter: Chapter) -> None:
    """A click on what is open closes it."""
    page = chapter()
    opener = page.locator("article .citation a").first
    opener.click()
    opener.click()
    assert not page.get_by_role("dialog").is_visible()
