"""Everything can be reached, seen and left with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from browsing import TRAINING, WIDTHS, Reader
from thorough import cases

AT = """(given) => {
  const el = given ?? document.activeElement;
  if (!el || el === document.body) return null;
  const box = el.getClientRects()[0], style = getComputedStyle(el);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = box && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
    && box.left < innerWidth;
  const top = seen && document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  const covered = top && !el.contains(top) && !top.contains(el);
  return {name: `${el.localName}.${el.className} ${el.textContent.trim().slice(0, 40)}`,
    ring, seen: Boolean(seen), covered: Boolean(covered)};
}"""
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, [tabindex='0']")]
  .filter((el) => el.checkVisibility() && !el.disabled && !(el.type === "radio" && !el.checked))"""
TAKE_FOCUS = f"""() => ({STOPS})().map((el) => {{
  el.focus();
  return {{...({AT})(el), taken: el === document.activeElement, late: el.tabIndex > 0}};
}})"""


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
    """Tab comes to every link and control once; each is in view, marked and not covered."""
    page = reader.open(path, width)
    expected = page.evaluate(f"({STOPS})().length")
    stops = tab_through(page)
    assert len(stops) == expected
    assert [at["name"] for at in stops if not at["seen"]] == []
    assert [at["name"] for at in stops if not at["ring"]] == []
    assert [at["name"] for at in stops if at["covered"]] == []


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_stop_of_every_page_is_seen(reader: Reader, width: int) -> None:
    """Whatever can have the focus, on any page, takes it, comes into view uncovered and is marked;
    nothing jumps the queue."""
    page = reader.sit_down(width)
    amiss = []
    for path in reader.pages_at(width, all_at=320):
        page.goto(reader.address + path)
        page.keyboard.press("Tab")
        stops = page.evaluate(TAKE_FOCUS)
        assert len(stops) > 5, path
        for at in stops:
            sound = at["taken"] and at["seen"] and at["ring"] and not at["covered"]
            if not sound or at["late"]:
                amiss.append(f"{path}: {at}")
    assert amiss == []


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
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
