"""What axe-core finds wrong with a page at WCAG 2.2 AA."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours."""
RUN = """async ([standards, part, colours]) => {
  const known = new Map([[null, ""]]), looks = new Set();
  for (const el of document.querySelectorAll("*")) {
    const {color, backgroundColor, opacity, font} = getComputedStyle(el);
    const look = [el.localName, el.className, color, backgroundColor, opacity, font];
    known.set(el, `${known.get(el.parentElement)} ${look}`);
    const writes = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isText = (writes || el.localName === "a") && !el.closest("svg");
    const shows = isText && el.closest(part ?? "body") && el.checkVisibility();
    el.toggleAttribute("data-looked-at", shows && !looks.has(known.get(el)));
    if (shows) looks.add(known.get(el));
  }
  const found = await axe.run(part ?? document, {
    resultTypes: ["violations", "incomplete"], preload: false,
    runOnly: colours ?? {type: "tag", values: standards}});
  // what is scrolled out of sight is taken for covered by the page
  const scrolled = (why) => why?.data?.messageKey === "elmPartiallyObscured"
    && why.relatedNodes.every(({html}) => html.startsWith("<body"));
  const said = (rules) => rules.flatMap((rule) => rule.nodes.filter((node) =>
    node.any[0]?.data?.messageKey !== "shortTextContent" && !scrolled(node.any[0])).map((node) =>
    `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary}`));
  const unsure = part ? [] : found.incomplete.filter((rule) => rule.id === "color-contrast");
  return said([...found.violations, ...unsure]);
}"""
ONCE = """axe.configure({rules: [
  {id: "color-contrast", selector: "[data-looked-at]:not(.drawing *)"},
  {id: "link-in-text-block", selector: "a[href][data-looked-at]"}]})"""
"""Text of drawings has the colours of the page's text, but axe cannot tell what is behind it."""
BESIDE = """
.hero .band::after { content: none !important }
tr > :first-child { position: static !important }
"""
"""The cover's rings, and the column that stays while a table scrolls, are taken for what is behind
the text that they stand beside."""
FEWER_ROWS = """() => {
  for (const rows of ["article li", "article tbody tr", "article .row"]) {
    const seen = new Map();
    for (const row of document.querySelectorAll(rows)) {
      const kind = [row.parentElement, row, ...row.querySelectorAll("*")].map((el) =>
        [el.localName, el.className, !el.textContent.trim(), ...el.getAttributeNames()].join(" "));
      const count = (seen.get(kind.join()) ?? 0) + 1;
      seen.set(kind.join(), count);
      if (count > 3) row.remove();
    }
  }
}"""
"""Leaves three of all rows and entries that have the same elements, classes and attributes."""


def look_over(page: Page, part: str | None = None, only: list[str] | None = None) -> list[str]:
    """What axe finds in the page, or in a part of it: rule, place and its words, a line each.

    Colours, by far the slowest to look at, are measured once for all text and links that stand in
    the same elements, classes, colours and sizes; every other rule looks at everything. Where
    contrast cannot be told, for a picture behind the text, that is a finding too; the cover's rings
    are beside it. Text of drawings stands on shapes, of which axe tells nothing.
    With `only`, these rules alone are asked.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
        page.evaluate(ONCE)
        page.add_style_tag(content=BESIDE)
    return [f"{page.url}: {found}" for found in page.evaluate(RUN, [STANDARDS, part, only])]


LAID_OUT = """() => [...document.querySelectorAll("*")].map((el) => {
  const {x, y, width, height} = el.getBoundingClientRect();
  return [el.localName, el.checkVisibility(), x, y, width, height].join(" ");
}).join("\\n")"""
GROUND = "getComputedStyle(document.body).backgroundColor"


_LOOKS = 4
"""Times that light and dark are held beside each other, until both are set in the same faces."""


def look_over_both(page: Page, part: str | None = None) -> list[str]:
    """What axe finds in the light and in the dark.

    Dark differs from light in colours and in nothing else, so only the rules that look at them are
    asked again.
    """
    # A face that comes between the two looks would set the second one otherwise.
    page.evaluate("Promise.all([...document.fonts].map((face) => face.load())).then(() => 0)")
    found = look_over(page, part)
    ground = page.evaluate(GROUND)
    for _ in range(_LOOKS):
        light = page.evaluate(LAID_OUT)
        page.emulate_media(color_scheme="dark")
        dark = page.evaluate(LAID_OUT)
        if dark == light:
            break
        # A face that has come meanwhile sets the page anew, in the light as well.
        page.emulate_media(color_scheme="light")
        page.wait_for_timeout(200)
    both = zip(light.split("\n"), dark.split("\n"), strict=False)
    moved = [pair for pair in both if len(set(pair)) > 1]
    assert not moved, f"{page.url}: {moved[:5]}"
    assert page.evaluate(GROUND) != ground, page.url
    found += look_over(page, part, COLOURS)
    page.emulate_media(color_scheme="light")
    return found
