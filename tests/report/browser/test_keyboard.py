"""Everything can be reached, seen and left with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from browsing import TRAINING, Reader
from faults import WAIT, wait_for
from keyboard import AT, STOPS
from thorough import cases


def tab_through(page: Any, most: int = 700) -> list[dict[str, Any]]:
    """Press Tab from the start of the page to its end; what had the focus, in order."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(AT)
        if at is None:
            break
        stops.append(at)
    return stops


TABBED = {
    f"{path}-{width}": (path, width)
    for path in (TRAINING, "index.html", "search.html", "developments/index.html")
    for width in (320, 1440)
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "width"), cases(TABBED, (f"{TRAINING}-1440", "index.html-320", "search.html-320"))
)
def test_all_is_reached_and_seen(reader: Reader, path: str, width: int) -> None:
    """Tab comes to every control and paragraph with links once; each is in view, marked and not
    covered."""
    page = reader.open(path, width)
    expected = page.evaluate(f"({STOPS})().length")
    stops = tab_through(page)
    assert len(stops) == expected
    assert [at["name"] for at in stops if not at["seen"]] == []
    assert [at["name"] for at in stops if not at["ring"]] == []
    assert [at["name"] for at in stops if at["covered"]] == []


def test_a_paragraph_is_one_stop(reader: Reader) -> None:
    """However many links stand in it; the arrow keys go through all links of the text."""
    page = reader.open(TRAINING)
    paragraphs = """() => [...document.querySelectorAll("article :is(p, li)")].map((paragraph) =>
      [...paragraph.querySelectorAll("a")].filter((link) => link.tabIndex === 0).length)"""
    counts = page.evaluate(paragraphs)
    assert max(counts) == 1 and sum(counts) > 20
    links = page.locator("article p:has(> a.stat, .citation a) a:not(.permalink)")
    links.first.focus()
    assert page.evaluate(AT)["ring"]
    before = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tabIndex") == 0
    assert page.evaluate("document.activeElement.outerHTML") != before
    page.keyboard.press("ArrowLeft")
    assert links.first.evaluate("el => el === document.activeElement")
    assert max(page.evaluate(paragraphs)) == 1


def test_skip_link_leads_to_the_text(reader: Reader) -> None:
    """The first stop leads past masthead and contents."""
    page = reader.open(TRAINING)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_contents_open_and_close_on_a_phone(reader: Reader) -> None:
    """The contents open with Enter, close with Escape, and the focus is back on their button."""
    page = reader.open(TRAINING, 320)
    button = page.locator(".contents .toggle")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#contents").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.locator("#contents").is_visible()
    assert button.evaluate("el => el === document.activeElement")


def test_wide_tables_scroll_by_keyboard(reader: Reader) -> None:
    """A table that is wider than a phone takes the focus and moves with the arrow keys."""
    page = reader.open("review/chapters/data-appendix.html", 320)
    table = page.locator(".quarto-float-tbl[tabindex='0']").first
    table.focus()

    def has_scrolled() -> bool:
        # A busy browser may lose a key that comes before the page has been laid out.
        page.keyboard.press("ArrowRight")
        return bool(page.evaluate("document.activeElement.scrollLeft > 0"))

    # A wait within the page would be a script that the page's policy refuses.
    assert wait_for(has_scrolled, WAIT)
