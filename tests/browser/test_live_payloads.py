"""Payloads in every place of a report, in a browser: none runs, whatever is opened or searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import Reader, reading, served
from imprint import check as checks
from payloads import hostile

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

LIVES = """() => [...document.querySelectorAll("*")].flatMap((it) => [...it.attributes]
  .filter(({name, value}) => /^on|^srcdoc$/i.test(name) ||
    (/^(xlink:)?href$|src$|action$/i.test(name) &&
      /^\\W*(javascript|vbscript|data:text)/i.test(value)))
  .map(({name, value}) => `<${it.localName}> ${name}=${value}`))"""
"""Handlers and addresses that would run something, whether they have run or not."""
HOOK = """for (const name of ["alert", "confirm", "prompt", "open"])
  window[name] = () => { throw new Error(`a payload has called ${name}`) };
addEventListener("securitypolicyviolation", (it) => console.error("policy", it.sample));
"""


TURNS = (0, 7, 13)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Pages of reports with payloads everywhere, made before a browser has its loop."""
    made = {turn: hostile(tmp_path_factory.mktemp("payloads") / "report", turn) for turn in TURNS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "CHECKS", ())
        for report in made.values():
            report.render("review", "--draft", "--to", "html")
    return {turn: report.folder / "_output" for turn, report in made.items()}


@pytest.fixture(params=TURNS)
def reader(
    sites: dict[int, Path], request: pytest.FixtureRequest, browser: Browser
) -> Iterator[Reader]:
    site = sites[request.param]
    with served(site) as address, reading(browser, address, site) as sitting:
        yield sitting


def _opens_everything(page: Page) -> None:
    """Open the panels of all numbers and works, and point at and focus whatever can be."""
    page.evaluate("""() => {
      for (const it of document.querySelectorAll("details")) it.open = true;
      const opens = "a.stat, a.claim, .citation a, button:not(.search *), summary";
      for (const it of document.querySelectorAll(opens)) {
        it.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
        it.focus();
        it.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
      }
    }""")


def test_nothing_runs(reader: Reader) -> None:
    """No handler is called, no script refused, no address asked for, on any page and in search; the
    reader notes whatever a page complains of."""
    page = reader.sit_down(anew=True)
    page.add_init_script(HOOK)
    for path in reader.pages:
        page.goto(reader.address + path)
        assert page.evaluate(LIVES) == [], path
        _opens_everything(page)
        assert page.evaluate(LIVES) == [], path
    for words in ("alert", "passwd", "onerror"):
        page.goto(f"{reader.address}search.html?q={words}")
        page.locator(".results > li").first.wait_for()
        assert page.evaluate(LIVES) == [], words
