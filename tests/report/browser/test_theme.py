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


def test_choice_is_remembered(reader: Reader) -> None:
    """The choice changes the page at once, the next page stands in it, and can follow the system
    again."""
    page = reader.open(TRAINING, color_scheme="light")
    page.get_by_label("Colours").select_option("dark")
    assert page.evaluate(DARK)
    page.goto(reader.address + "summary/index.html")
    assert page.evaluate(DARK)
    assert page.get_by_label("Colours").input_value() == "dark"
    page.get_by_label("Colours").select_option("auto")
    assert not page.evaluate(DARK)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(DARK)
    page.get_by_label("Colours").select_option("light")
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


FORCED = """() => [...document.querySelectorAll(".contents li > a, .sections li > a")].map((el) =>
  [el.getAttribute("aria-current") !== null,
   getComputedStyle(el).borderLeftColor !== getComputedStyle(document.body).backgroundColor])"""


def test_forced_colours_mark_the_current_item_alone(reader: Reader) -> None:
    """Where the system sets the colours, no other item of the contents has a mark."""
    page = reader.open(TRAINING, forced_colors="active")
    marks = page.evaluate(FORCED)
    assert len(marks) > 20
    assert all(current == marked for current, marked in marks)


RINGS = """() => {
  const part = (value) => { const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; };
  const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b); };
  const ground = (el) => { for (let at = el.parentElement; at; at = at.parentElement) {
    const found = getComputedStyle(at).backgroundColor;
    if (!/, 0\\)$|transparent/.test(found)) return found; } return "rgb(255, 255, 255)"; };
  const found = [];
  for (const el of document.querySelectorAll("a[href], button, select, input, summary")) {
    if (!el.checkVisibility()) continue;
    el.focus({focusVisible: true});
    const [one, other] = [light(getComputedStyle(el).outlineColor), light(ground(el))].sort();
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 3) found.push(`${el.outerHTML.slice(0, 80)}: ${contrast}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_seen_on_every_ground(reader: Reader, scheme: str) -> None:
    """The ring has a contrast of three and more with what is around it."""
    page = reader.sit_down(color_scheme=scheme)
    for path in ("index.html", "search.html", "review/index.html", TRAINING):
        page.goto(reader.address + path)
        page.keyboard.press("Tab")
        assert page.evaluate(RINGS) == [], path
