"""Pages that Quarto made -> the same with what readers want of them: the way to the PDF and to the
other publications, and one first heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from imprint.core.model import Publication

_LINKS = 'class="imprint-links"'
_TITLE = re.compile(r'<header id="title-block-header".*?</header>', re.DOTALL)
_MAIN = re.compile(r"<main\b[^>]*>")
_FIRST = re.compile(r"<(/?)h1\b")


def complete_pages(folder: Path, publications: Sequence[Publication]) -> None:
    """Complete all pages in an output folder; done twice, it changes nothing."""
    made = [it for it in publications if (folder / it.name).is_dir()]
    for publication in made:
        others = [it for it in made if it is not publication]
        for file in sorted((folder / publication.name).rglob("*.html")):
            html = file.read_text(encoding="utf-8")
            if _LINKS in html or 'http-equiv="refresh"' in html:
                continue
            up = "../" * (len(file.relative_to(folder).parts) - 2)
            found = _TITLE.search(html) or _MAIN.search(html)
            if found:
                links = _links(folder, publication, others, up)
                html = html[: found.end()] + links + html[found.end() :]
            file.write_text(_one_first_heading(html), encoding="utf-8", newline="\n")


def _links(folder: Path, publication: Publication, others: Sequence[Publication], up: str) -> str:
    pdf = f"{publication.output_file}.pdf"
    items = []
    if (folder / publication.name / pdf).is_file():
        items.append((f"{up}{pdf}", "PDF"))
    items += [(f"{up}../{it.name}/index.html", it.label) for it in others]
    if not items:
        return ""
    listed = " · ".join(f'<a href="{escape(to)}">{escape(name)}</a>' for to, name in items)
    opening = f'<nav {_LINKS} aria-label="PDF and other publications">'
    return f"\n{opening}<p>{listed}</p></nav>\n"


def _one_first_heading(html: str) -> str:
    """All headings of level 1 but the first as of level 2, for whoever listens."""
    opened = 0

    def level(tag: re.Match[str]) -> str:
        nonlocal opened
        opened += not tag[1]
        return f"<{tag[1]}h1" if opened < 2 else f"<{tag[1]}h2"

    return _FIRST.sub(level, html)
