"""Every page reads without JavaScript; nothing shows that needs it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browsing import TRAINING, WIDTHS, Reader
from thorough import cases


@pytest.fixture(params=cases({str(width): width for width in WIDTHS}, ("320",)))
def plain(reader: Reader, request: pytest.FixtureRequest) -> Page:
    """The chapter on training without JavaScript, at each width."""
    return reader.open(TRAINING, request.param, java_script_enabled=False)


def test_text_and_contents_are_there(plain: Page) -> None:
    """The whole text shows, and the contents are open or beside it."""
    assert plain.locator("#fig-practitioner-survey svg >> visible=true").is_visible()
    assert plain.locator("#contents a").first.is_visible()
    assert "Key findings" in plain.locator("article").inner_text()


def test_no_dead_controls(plain: Page) -> None:
    """No button shows that nothing would answer."""
    assert plain.locator("button:visible").count() == 0


def test_links_lead_to_notes_works_and_rows(plain: Page, reader: Reader) -> None:
    """A note's sign leads to the note, a citation to its entry, a number to its row."""
    plain.locator("a.footnote-ref").first.click()
    assert plain.url.endswith("#fn1")
    plain.locator("article .citation a").first.click()
    assert "references.html#ref-" in plain.url
    expect(plain.locator(":target")).to_be_visible()
    plain.goto(reader.address + TRAINING)
    plain.locator("a.stat, a.claim").first.click()
    assert "statistics.html#stat-" in plain.url
    expect(plain.locator(":target")).to_be_visible()


def test_data_of_figures_open(plain: Page) -> None:
    """The rows behind a figure open without a script."""
    plain.locator(".figure-data summary").first.click()
    assert plain.locator(".figure-data table").first.is_visible()


def test_search_says_what_it_needs(reader: Reader) -> None:
    """The page of search says that it needs JavaScript, and what to do without."""
    page = reader.open("search.html", java_script_enabled=False)
    assert "Search needs JavaScript" in page.locator("main").inner_text()
