"""Search over all publications."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote_plus

from playwright.sync_api import expect

from browsing import Reader


def test_results_lead_to_the_section(reader: Reader) -> None:
    """A result names page, publication and section, shows the words, and leads to the section."""
    page = reader.open("search.html?q=supervision")
    page.locator(".results > li").first.wait_for()
    assert re.fullmatch(r"\d+ places on \d+ pages", page.get_by_role("status").inner_text())
    result = page.locator(".results > li").filter(has_text="Training and professional development")
    assert result.locator(".where").first.inner_text() == "Full review"
    assert "supervision" in result.locator("mark").first.inner_text().lower()
    section = result.first.locator("li a", has_text="Supervision").first
    heading = section.inner_text()
    section.click()
    assert "training.html#" in page.url
    assert heading.split(" ", 1)[1] in page.locator(":target").inner_text()


def test_all_publications_are_found(reader: Reader) -> None:
    """The same words are found in all publications, or in the one that is chosen."""
    page = reader.open("search.html?q=safeguarding")
    page.locator(".results > li").first.wait_for()
    while page.locator("button.more").is_visible():
        page.locator("button.more").click()
    found = set(page.locator(".results > li > .where").all_inner_texts())
    assert found == {"Full review", "Five councils, 2011"}, (
        "the summary's text stands in the review, too"
    )
    for label in ("Executive summary", "Five councils, 2011"):
        page.get_by_label(label).check()
        expect(page).to_have_url(re.compile(re.escape(f"in={quote_plus(label)}")))
        assert set(page.locator(".results > li > .where").all_inner_texts()) == {label}


def test_keyboard_is_enough(reader: Reader) -> None:
    """From the landing page: type, Enter, Tab to a result, Enter."""
    page = reader.open("index.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("Haringey")
    page.keyboard.press("Enter")
    page.locator(".results > li").first.wait_for()
    assert "search.html?q=Haringey" in page.url
    first = page.locator(".results a").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("el => el === document.activeElement"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Haringey" in page.locator("main").inner_text()


def test_typing_searches_and_the_address_keeps_it(reader: Reader) -> None:
    """Results come while one types; the address leads back to them."""
    page = reader.open("search.html")
    page.get_by_role("searchbox").fill("Munro")
    page.locator(".results > li").first.wait_for()
    assert page.url.endswith("?q=Munro")
    page.get_by_role("searchbox").fill("zzyzx")
    page.get_by_text("Nothing found for “zzyzx”").wait_for()
    assert page.locator(".results > li").count() == 0


def test_markup_in_words_is_text(reader: Reader) -> None:
    """What looks like HTML is searched for, and never run."""
    page = reader.open("search.html?q=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E")
    page.get_by_role("status").filter(has_text="found").wait_for()
    assert page.locator("main img").count() == 0
    assert page.title().startswith("Search")


def test_numbers_and_words_are_found_as_typed(reader: Reader) -> None:
    """A number beside its words, however written, and never a part of another; chapters first."""
    page = reader.open("search.html?q=64+per+cent")
    page.locator(".results > li").first.wait_for()
    headings = page.locator(".results h2").all_inner_texts()
    assert "3 Capacity and recruitment" in headings
    assert headings[-1] == "Statistics"
    marked = page.locator(".results mark").all_inner_texts()
    assert {text.replace("\N{NO-BREAK SPACE}", " ") for text in marked} == {"64 per cent"}
    found = page.locator(".results").inner_text()
    page.get_by_role("searchbox").fill("64%")
    expect(page).to_have_url(re.compile("64%25"))
    assert page.locator(".results").inner_text() == found
    page.get_by_role("searchbox").fill("section 31")
    expect(page).to_have_url(re.compile("section"))
    assert {text.lower() for text in page.locator(".results mark").all_inner_texts()} == {
        "section 31"
    }


def test_misspelt_words_offer_the_nearest(reader: Reader) -> None:
    """What is nowhere is said, and what is like it is found."""
    page = reader.open("search.html?q=suprvision")
    page.locator(".results > li").first.wait_for()
    status = page.get_by_role("status").inner_text()
    assert status.startswith("Nothing found for “suprvision”. Showing “supervision”: ")


def test_nothing_is_found_twice(reader: Reader) -> None:
    """A section that stands in two publications is told once."""
    page = reader.open("search.html?q=supervision")
    page.locator(".results > li").first.wait_for()
    excerpts = [it for it in page.locator(".results li li").all_inner_texts() if it]
    assert len(excerpts) == len(set(excerpts)) > 1


def test_the_page_does_not_jump(reader: Reader) -> None:
    """While one types at a page that is scrolled, what is seen stays."""
    page = reader.open("search.html?q=children")
    page.locator(".results > li").first.wait_for()
    page.evaluate("scrollTo(0, 400)")
    hear = "new Event('input', {bubbles: true})"
    types = f"(el) => {{ el.value = 'supervision'; el.dispatchEvent({hear}) }}"
    page.get_by_role("searchbox").evaluate(types)
    expect(page).to_have_url(re.compile("supervision"))
    assert page.evaluate("scrollY") == 400


def test_pages_opened_as_files_work_whole(reader: Reader, site: Path) -> None:
    """Opened without a server, the search finds, panels open, and the theme can be chosen."""
    page = reader.sit_down()
    page.goto((site / "search.html").as_uri())
    page.get_by_role("searchbox").fill("supervision")
    page.locator(".results > li").first.wait_for()
    page.goto((site / "review/chapters/training.html").as_uri())
    page.locator("article .citation a").first.click()
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.locator("article a.stat").first.click()
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Colours").select_option("dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
