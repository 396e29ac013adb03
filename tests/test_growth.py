"""Twice the text takes no more than two and a half times the work, whatever the text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from imprint.check.rules.structure import addresses
from imprint.core.escaping import escape, escape_opening, is_safe_address
from imprint.core.problems import Place
from imprint.read.bibtex import parse
from imprint.read.chapters.attempts import attempted_code, attribute_problems, fence_problem
from imprint.read.chapters.markdown_source import lay_out
from imprint.read.chapters.shortcodes import inline_code_problems, shortcode_problems

AT = Place("a.qmd", 1)
LETTERS = 10_000
QUICK, MOST_GROWTH = 0.05, 2.5
"""Seconds of work that are not worth a comparison; how much more work twice the text may be."""

PIECES = (
    " ", "a", "a ", "\t", "`", "``", "{", "}", "{{", "{{<", "{{< ", "{{‹ ", "{a", "{a ", "{meta ",
    ">}}", "[", "]", "[a](", "[](", "![", "[^a]", "[@a", "]{", "]{a", "*", "**a ", "_", "~",
    "<", "<a", "<a href=", "<!--", "-->", "> ", "- ", "::: ", ":::", ": {", "$", "$$", "|", "\\",
    "\\url{", "&", "&a", "&#1", "'", '"', "“", "('", "python", "{python", "`{python} ", "stat(\"",
    "#", "# ", "=", "a=\"", "1", "1.", "1,", "a:", "://", "http://", "javascript:", "%", "\u200b",
)  # fmt: skip

READERS: dict[str, Callable[[str], object]] = {
    "layout": lambda text: lay_out([text]),
    "shortcodes": lambda text: list(shortcode_problems(text, AT)),
    "attributes": lambda text: list(attribute_problems(text, AT)),
    "inline code": lambda text: list(inline_code_problems(text, AT)),
    "code spans": attempted_code,
    "fences": lambda text: fence_problem(text, False, AT),
    "addresses": lambda text: list(addresses._unsafe(text, AT)),
    "address": is_safe_address,
    "escapes": lambda text: (escape(text), escape_opening(text)),
    "bibliography": lambda text: list(parse("a.bib", f"@misc{{a, note = {{{text}")),
}


def work(read: Callable[[str], object], text: str) -> float:
    """Seconds of the processor's time, however busy the machine is."""
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


@pytest.mark.parametrize("reader", READERS)
def test_work_grows_with_the_text(reader: str) -> None:
    """For one piece over and over, at the end of a word and of a line."""
    read = READERS[reader]
    slow = []
    for piece in PIECES:
        for text in (piece * (LETTERS // len(piece)), "{a" + piece * (LETTERS // len(piece)) + "x"):
            took = work(read, text)
            if took > QUICK and (more := work(read, text + text)) > MOST_GROWTH * took:
                slow.append((piece, round(took, 2), round(more, 2)))
    assert slow == []
