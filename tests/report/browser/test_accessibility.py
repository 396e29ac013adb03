"""What axe-core can find wrong with a page at WCAG 2.2 AA."""

from __future__ import annotations

import pytest

from accessibility import COLOURS, FEWER_ROWS, look_over, look_over_both
from browsing import Reader

FAULTS = {
    "link-in-text-block": "<p>Whoever reads <a href='#' style='color: var(--accent);"
    " text-decoration: none'>this</a> would not know that it leads elsewhere</p>",
    "color-contrast": "<p style='color: var(--rule)'>Too pale to read in either theme</p>",
    "target-size": "<p><button>i</button><button>j</button></p>"
    "<style>main button { all: unset; font-size: 4px }</style>",
    "image-alt": "<img src='data:,'>",
    "heading-order": "<h6>Too deep</h6>",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_faults_are_found(reader: Reader, scheme: str) -> None:
    """Faults put into a sound page are found: silence means something."""
    page = reader.open("review/chapters/quality.html", 320, color_scheme=scheme)
    for fault in FAULTS.values():
        page.evaluate(
            "fault => document.querySelector('main h1').insertAdjacentHTML('afterend', fault)",
            fault,
        )
    for rules, only in ((FAULTS, None), (COLOURS, COLOURS)):
        found = look_over(page, "main", only)
        assert [rule for rule in rules if not any(f": {rule} at " in one for one in found)] == []


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
    page.evaluate(FEWER_ROWS)
    found += look_over_both(page)
    page.goto(reader.address + "search.html?q=supervision")
    page.locator(".results li").first.wait_for()
    assert found + look_over_both(page) == []
