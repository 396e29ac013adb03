"""Five readers, each with something to do and little time: their errands, walked to the end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import TRAINING, Reader
from keyboard import AT
from pdf_reading import Tag, read_pdf
from reports import pdf_words

PHONE = {"width": 390, "has_touch": True}
WORDS_A_MINUTE = 200

Chapter = Callable[..., Page]


def is_on_screen(found: Locator) -> bool:
    """Whether its beginning is seen without scrolling."""
    box = found.bounding_box()
    room = found.page.viewport_size
    return bool(box and room and -1 <= box["y"] < room["height"])


def test_councillor_with_four_minutes(reader: Reader) -> None:
    """On a phone: two taps from the way in to what matters, read in four minutes, with the chapter
    one tap further."""
    page = reader.open("index.html", **PHONE)
    card = page.locator(".publications-list > li").filter(has_text="councillors")
    assert re.search(r"\b[1-9] minutes to read", card.inner_text())
    card.get_by_role("link", name="Read the executive summary").tap()

    glance = page.locator("section:has(> :is(h2, h3):text-is('At a glance'))")
    numbers = glance.locator(".key-figures li strong")
    numbers.first.wait_for()
    assert 5 <= numbers.count() <= 7
    assert glance.locator("figure .drawing").count() == 1
    size = "el => parseFloat(getComputedStyle(el).fontSize)"
    said = glance.locator(".key-figures li").first
    assert numbers.first.evaluate(size) >= 1.15 * said.evaluate(size)
    questions = glance.locator("section:has(> :text-is('What it means for a council')) li")
    assert questions.count() >= 3
    assert all(question.rstrip().endswith("?") for question in questions.all_inner_texts())
    assert len(glance.inner_text().split()) < 4 * WORDS_A_MINUTE

    numbers.first.locator("a").tap()
    panel = page.get_by_role("dialog")
    assert "social work practitioners in England" in panel.inner_text()
    panel.get_by_role("button", name="Close").tap()
    page.locator("article").get_by_role("link", name="Capacity and recruitment").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Capacity and recruitment")
    assert page.locator("article h2").first.inner_text() == "Key findings"


def test_practitioner_looking_for_supervision(reader: Reader) -> None:
    """On a phone, with a slip of the thumb: the section is found, its numbers say of whom they
    speak, and the work behind them is named."""
    page = reader.open("index.html", **PHONE)
    page.get_by_role("searchbox").tap()
    page.keyboard.type("suprvision")
    page.keyboard.press("Enter")
    page.locator(".results > li").first.wait_for()
    assert "Showing “supervision”" in page.get_by_role("status").inner_text()
    page.locator(".results a", has_text="Supervision of social workers").first.tap()
    section = page.locator(":target")
    assert is_on_screen(section)

    claim = section.locator("a.claim, a.stat").first
    claim.tap()
    panel = page.get_by_role("dialog")
    told = panel.inner_text()
    for heading in ("As reported", "Base", "Bounds", "Source"):
        assert heading in told
    assert "social work practitioners" in told
    page.touchscreen.tap(2, 2)
    section.locator(".citation a").first.tap()
    assert "Laming, H. (2009)" in panel.inner_text()
    page.touchscreen.tap(2, 2)
    short = page.locator("article abbr").first
    short.tap()
    assert short.inner_text() in panel.inner_text()


def test_journalist_with_a_number(reader: Reader) -> None:
    """'64 per cent': who was asked, what exactly, in which source, where else it is printed, an
    address to keep, a row to take away and words to cite it by."""
    page = reader.open("search.html")
    page.get_by_role("searchbox").fill("64 per cent")
    first = page.locator(".results > li").filter(has_text="Capacity and recruitment").first
    first.locator("li a").first.click()
    number = page.locator("article a.stat", has_text="64 per cent").first
    number.click()
    panel = page.get_by_role("dialog")
    told = panel.inner_text()
    for fact in ("disagree or strongly disagree", "social work practitioners", "2010", "Ofsted"):
        assert fact in told, fact
    panel.get_by_role("link", name="Row and all its uses").click()

    row = page.locator(":target")
    expect(row).to_be_visible()
    assert is_on_screen(row)
    assert "Executive summary" in row.inner_text()
    row.get_by_role("link", name="Link to this row").click()
    kept = page.url
    page.goto("about:blank")
    page.goto(kept)
    expect(row).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="All rows as data (CSV)").click()
    with started.value.path().open(encoding="utf-8", newline="") as file:
        rows = {it["id"]: it for it in csv.DictReader(file)}
    assert rows[kept.partition("#stat-")[2]]["value"] == "64"
    assert "This page: The Imprint authors (2026)" in page.locator("footer").inner_text()


def press_until(page: Page, key: str, is_there: Callable[[dict[str, Any]], bool]) -> None:
    """Press a key until what has the focus is what was looked for."""
    for _ in range(60):
        page.keyboard.press(key)
        at = page.evaluate(AT)
        if at and is_there(at):
            return
    pytest.fail("the keyboard does not come to it")


def test_blind_analyst_with_the_pdf(reader: Reader) -> None:
    """By the keyboard alone to the PDF; in it headings lead, pictures speak, tables have heads, and
    a link from the list of figures opens the page that holds the figure."""
    page = reader.open("review/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate(AT)["name"].endswith("Skip to main content")
    page.keyboard.press("Enter")
    press_until(page, "Tab", lambda at: at["name"].endswith("Download the PDF"))
    with page.expect_download() as started:
        page.evaluate("document.activeElement.setAttribute('download', '')")
        page.keyboard.press("Enter")
    reading = read_pdf(Path(started.value.path()))

    titles = [title for _, title in reading.bookmarks]
    assert any(title.endswith("Supervision of social workers") for title in titles)
    headings = list(reading.tree.all("H1", "H2", "H3"))
    assert len(headings) > 50
    pictures = [tag.alt for tag in reading.tree.all("Figure")]
    survey = next(alt for alt in pictures if "Time to work as effectively" in alt)
    assert "64\N{NO-BREAK SPACE}per cent" in survey
    assert all(len(alt) > 20 for alt in pictures)
    assert all(any(table.all("TH")) for table in reading.tree.all("Table"))
    listed = next(
        link for link in reading.tree.all("Link") if words_of(link).startswith("Figure 2.1")
    )
    assert listed.leads_to is not None
    assert "Figure 2.1:" in reading.pages[listed.leads_to].text


def words_of(tag: Tag) -> str:
    """What a tag says, on one line."""
    parts = (words_of(it) if isinstance(it, Tag) else it.text for it in tag.children)
    return " ".join("".join(parts).replace("\N{NO-BREAK SPACE}", " ").split())


def test_officer_printing_a_chapter(reader: Reader, site: Path) -> None:
    """From the browser a chapter prints whole, with its figures, its date and how to cite it; in
    the PDF it begins and ends with pages of its own."""
    page = reader.open(TRAINING)
    shown = page.locator("article figure .drawing").count()
    page.emulate_media(media="print")
    assert page.locator("article figure .drawing .wide >> visible=true").count() == shown >= 4
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    words = pdf_words(printed)
    assert "Evidence to October 2010" in words
    assert "This page: The Imprint authors (2026). ‘Training and professional" in words
    for figure in ("2.1", "2.2", "2.3", "2.4"):
        assert f"Figure {figure}:" in words.replace("\N{NO-BREAK SPACE}", " ")
    assert all(len(sheet.extract_text().split()) > 20 for sheet in printed.pages)

    book = pypdf.PdfReader(site / "review" / "safeguarding-children-review.pdf")
    begins = {
        str(it["/Title"]): book.get_destination_page_number(it)
        for it in book.outline
        if not isinstance(it, list)
    }
    order = sorted(begins.values())
    first = next(at for title, at in begins.items() if title.endswith("professional development"))
    after = next(at for at in order if at > first)
    assert "Chapter 2" in book.pages[first].extract_text()
    assert "Chapter 3" in book.pages[after].extract_text()
