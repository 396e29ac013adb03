"""Pictures of a publication in its colours: the one that links to it show, with title and byline,
and the icon of its pages."""

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


ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="10" fill="{accent}"/>
<g fill="none" stroke="#ffffff" stroke-width="4">
<path d="M24 50a8 8 0 0 1 16 0"/><path d="M15 50a17 17 0 0 1 34 0"/>
<path d="M6 50a26 26 0 0 1 52 0"/>
</g>
<rect y="50" width="64" height="6" fill="{highlight}"/>
</svg>
"""
"""The cover's rings."""


def icon(site: Front) -> bytes:
    """The icon as SVG."""
    colours = {"accent": "#0b4a58", "highlight": "#d9902f"} | dict(site.colours)
    return ICON.format(**colours).encode()


def icon_for_phones(site: Front) -> bytes:
    """The icon as PNG of 180 by 180 pixels, for home screens."""
    source = b"#set page(width: 180pt, height: 180pt, margin: 0pt)\n"
    source += b'#image(bytes(sys.inputs.icon), format: "svg", width: 180pt)'
    square = icon(site).decode().replace(' rx="10"', "")
    compiler = typst.Compiler(source, font_paths=fonts(), sys_inputs={"icon": square})
    content = compiler.compile(format="png", ppi=72)
    assert isinstance(content, bytes), "one page is one picture"
    return content
