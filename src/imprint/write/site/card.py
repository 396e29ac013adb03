"""The picture that a link to a publication shows: title and byline on the cover's colours."""

from __future__ import annotations

from pathlib import Path

import typst

from imprint.write.pdf.typeset import fonts
from imprint.write.site.front import Front

SOURCE = Path(__file__).with_name("card.typ")


def draw_card(site: Front) -> bytes:
    """Draw 1200 by 630 pixels as PNG; the same words give the same bytes."""
    words = {"title": site.plain_title, "subtitle": site.plain_subtitle, "byline": site.byline}
    words |= site.colours
    compiler = typst.Compiler(SOURCE, font_paths=fonts(), sys_inputs=words)
    content = compiler.compile(format="png", ppi=72)
    assert isinstance(content, bytes), "one page is one picture"
    return content
