"""What axe-core can find wrong with a page at WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from conftest import WIDTHS, Reader

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours."""
RUN = """async ([standards, part, colours]) => {
  const options = {resultTypes: ["violations"], preload: false};
  const known = new Map([[null, ""]]), different = new Map();
  for (const el of document.querySelectorAll("*")) {
    const {color, backgroundColor, opacity, font} = getComputedStyle(el);
    const look = [el.localName, el.className, color, backgroundColor, opacity, font];
    known.set(el, `${known.get(el.parentElement)} ${look}`);
    const writes = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (writes && el.closest(part ?? "body") && el.checkVisibility()) {
      if (!different.has(known.get(el))) different.set(known.get(el), el);
    }
  }
  const found = colours ? {violations: []} : await axe.run(part ?? document, {...options,
    runOnly: {type: "tag", values: standards}, rules: {"color-contrast": {enabled: false}}});
  const contrast = await axe.run({include: [...different.values()]}, {...options,
    runOnly: colours ?? ["color-contrast"], resultTypes: ["violations", "incomplete"]});
  const said = (rules) => rules.flatMap((rule) => rule.nodes.filter((node) =>
    node.any[0]?.data?.messageKey !== "shortTextContent").map((node) =>
    `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary}`));
  const unsure = part ? [] : contrast.incomplete.filter((rule) => rule.id === "color-contrast");
  return said([...found.violations, ...contrast.violations, ...unsure]);
}"""


def look_over(page: Page, part: str | None = None, only: list[str] | None = None) -> list[str]:
    """What axe finds in the page, or in a part of it: rule, place and its words, a line each.

    Contrast, by far the slowest rule, is measured once for all text that stands in the same
    elements, classes, colours and sizes; every other rule looks at everything. Where it cannot
    tell, for a picture behind the text, that is a finding too; the cover's rings are beside it.
    With `only`, rules that look at colours, these alone are asked, in the way contrast is.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
        page.add_style_tag(content=".hero .band::after { content: none !important }")
    return [f"{page.url}: {found}" for found in page.evaluate(RUN, [STANDARDS, part, only])]


LAID_OUT = """() => [...document.querySelectorAll("*")].map((el) => {
  const {x, y, width, height} = el.getBoundingClientRect();
  return [el.localName, el.checkVisibility(), x, y, width, height].join(" ");
}).join("\\n")"""
GROUND = "getComputedStyle(document.body).backgroundColor"


def look_over_both(page: Page, part: str | None = None) -> list[str]:
    """What axe finds in the light and in the dark.

    Dark differs from light in colours and in nothing else, so only the rules that look at them are
    asked again.
    """
    found = look_over(page, part)
    light, ground = page.evaluate(LAID_OUT), page.evaluate(GROUND)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(LAID_OUT) == light, page.url
    assert page.evaluate(GROUND) != ground, page.url
    found += look_over(page, part, COLOURS)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page(reader: Reader, width: int) -> None:
    """Nothing is found on any page, from a phone to a desk, light or dark."""
    found = []
    page = reader.sit_down(width, color_scheme="light")
    for path in reader.pages:
        page.goto(reader.address + path)
        found += look_over_both(page)
    assert found == []


FAULTS = {
    "color-contrast": "<p style='color: var(--rule)'>Too pale to read in either theme</p>",
    "target-size": "<p><button>i</button><button>j</button></p>"
    "<style>main button { all: unset; font-size: 4px }</style>",
    "image-alt": "<img src='data:,'>",
    "heading-order": "<h6>Too deep</h6>",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rule", FAULTS)
def test_faults_are_found(chapter: Callable[..., Page], rule: str, scheme: str) -> None:
    """A fault put into a sound page is found: silence means something."""
    page = chapter(320, color_scheme=scheme)
    page.evaluate(
        "fault => document.querySelector('main h1').insertAdjacentHTML('afterend', fault)",
        FAULTS[rule],
    )
    assert any(f": {rule} at " in found for found in look_over(page, "main"))
    if rule in COLOURS:
        assert any(f": {rule} at " in found for found in look_over(page, "main", COLOURS))


@pytest.mark.slow
def test_what_opens(reader: Reader) -> None:
    """Panels, data of figures, the enlarged figure, open contents and results are as sound, and
    so are places that cite a work, light or dark."""
    page = reader.open("review/chapters/training.html", 320, color_scheme="light")
    page.locator(".contents .toggle").click()
    page.locator(".figure-data summary").first.click()
    found = look_over_both(page)
    page.locator(".contents .toggle").click()
    for link in ("a.stat", "a.claim", ".citation a", "a.footnote-ref"):
        page.locator(f"article {link}").first.click()
        found += look_over_both(page, ".panel")
        page.keyboard.press("Escape")
    page.locator(".enlarge button").first.click()
    found += look_over_both(page, "dialog")
    page.keyboard.press("Escape")
    page.goto(reader.address + "developments/sources.html")
    page.locator("summary").evaluate_all("all => all.forEach((it) => it.click())")
    found += look_over_both(page)
    page.goto(reader.address + "search.html?q=supervision")
    page.locator(".results li").first.wait_for()
    assert found + look_over_both(page) == []
