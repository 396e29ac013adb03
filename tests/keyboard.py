"""What can have the focus on a page, and how it stands there when it has."""

from __future__ import annotations

from playwright.sync_api import Page

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
  .filter((el) => el.checkVisibility() && !el.disabled && el.tabIndex >= 0
    && !(el.type === "radio" && !el.checked))"""
TAKE_FOCUS = f"""() => ({STOPS})().map((el) => {{
  el.focus();
  return {{...({AT})(el), taken: el === document.activeElement, late: el.tabIndex > 0}};
}})"""


def stops_amiss(page: Page) -> list[str]:
    """Whatever can have the focus but does not take it, come into view uncovered and marked, or
    jumps the queue."""
    page.keyboard.press("Tab")
    stops = page.evaluate(TAKE_FOCUS)
    assert len(stops) > 5, page.url
    return [
        f"{page.url}: {at}"
        for at in stops
        if at["late"] or at["covered"] or not (at["taken"] and at["seen"] and at["ring"])
    ]
