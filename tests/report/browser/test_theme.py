"""Light and dark, by preference and by switch."""

from __future__ import annotations

import pytest

from browsing import TRAINING, Reader

DARK = "getComputedStyle(document.body).backgroundColor === 'rgb(17, 25, 28)'"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("javascript", [True, False])
def test_system_preference_holds(reader: Reader, scheme: str, javascript: bool) -> None:
    """Without a choice, a page looks as the reader's system does, with or without JavaScript."""
    page = reader.open(TRAINING, color_scheme=scheme, java_script_enabled=javascript)
    colour = page.locator("body").evaluate("el => getComputedStyle(el).backgroundColor")
    assert (colour == "rgb(17, 25, 28)") is (scheme == "dark")


def test_switch_is_remembered(reader: Reader) -> None:
    """The switch changes the page at once, and the next page stands in the chosen theme."""
    page = reader.open(TRAINING, color_scheme="light")
    switch = page.get_by_role("button", name="Dark")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    assert page.evaluate(DARK)
    page.goto(reader.address + "summary/index.html")
    assert page.evaluate(DARK)
    page.get_by_role("button", name="Dark").click()
    assert not page.evaluate(DARK)


def test_chosen_theme_stands_before_the_first_paint(reader: Reader) -> None:
    """The theme is set before the body is there, so that no page flashes white."""
    page = reader.sit_down(anew=True, color_scheme="light")
    page.add_init_script(
        "localStorage.setItem('theme', 'dark');"
        "new MutationObserver((_, watcher) => { if (document.body) {"
        " window.atFirst = document.documentElement.dataset.theme; watcher.disconnect(); } })"
        ".observe(document, {childList: true, subtree: true});"
    )
    page.goto(reader.address + TRAINING)
    assert page.evaluate("window.atFirst") == "dark"
