"""A chapter fits the screen however its text is set."""

from __future__ import annotations

import pytest

from browsing import STICKING_OUT, WIDTHS, Reader


def test_text_may_be_set_twice_as_large(reader: Reader) -> None:
    """At twice the size of letters a chapter still fits (WCAG 1.4.4)."""
    page = reader.open("review/chapters/training.html", 768)
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate(STICKING_OUT) == []


def test_lines_may_be_set_apart(reader: Reader) -> None:
    """With the spacing of WCAG 1.4.12 nothing is cut off or runs out of the page."""
    page = reader.open("review/chapters/training.html", 320)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    assert page.evaluate(STICKING_OUT) == []


BESIDE = """() => [...document.querySelectorAll(".key-figures li")].map((item) => {
  const number = item.querySelector("strong");
  const [box, own] = [item.getBoundingClientRect(), number.getBoundingClientRect()];
  return [number.innerText, own.left >= box.left, own.bottom <= box.bottom];
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_key_figures_stand_beside_what_they_say(reader: Reader, width: int) -> None:
    """Each within its item, and not over what is beside the list."""
    shown = reader.open("summary/index.html", width).evaluate(BESIDE)
    assert len(shown) > 3
    assert [number for number, *is_within in shown if not all(is_within)] == []
