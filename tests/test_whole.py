"""A publication in one piece: on one page, and as EPUB."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imprint.core.document import Page, PageFigure, Phrase
from imprint.core.model import Publication
from imprint.write.site.front import Front, front
from imprint.write.site.whole import epub, whole_page
from test_titles import phrases_of


def part(name: str, *blocks: Any) -> Page:
    """A page as the embedded engine hands it over."""
    page = {"t": "Div", "c": [[f"page-{name}", [], []], list(blocks)]}
    whole = json.dumps({"pandoc-api-version": [1, 23, 1, 1], "meta": {}, "blocks": [page]})
    return Page("", f"{name}.html", "chapter", "", name, name, "", (), whole=whole)


def heading(text: str, id: str) -> Any:
    return {"t": "Header", "c": [1, [id, [], []], [{"t": "Str", "c": text}]]}


def link(target: str, text: str) -> Any:
    content = [["", [], []], [{"t": "Str", "c": text}], [target, ""]]
    return {"t": "Para", "c": [{"t": "Link", "c": content}]}


PAGES = (
    part("one", heading("One", "top"), link("statistics.html#stat-a", "row")),
    part("two", heading("Two", "top"), link("#top", "own"), link("#page-one", "other")),
)


@pytest.fixture
def said() -> Front:
    metadata = {"title": "Roads", "author": "A", "date": "2026-01-01"}
    publication = Publication("brief", False, (), metadata, "brief", "_quarto.yml")
    return front(publication, phrases_of(publication) | {"title": Phrase("Roads", "Roads")})


def test_identifiers_are_unique_and_links_find_them() -> None:
    """Where two pages have one of the same name, a link means that of its own page."""
    page = whole_page(PAGES)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "<h1" not in page and page.count("<h2") == 2, "the page's own title stands over them"
    assert 'href="#top-1">own' in page and 'id="top-1"' in page
    assert 'href="#page-one">other' in page
    assert 'href="statistics.html#stat-a">row' in page


def test_drawings_of_all_pages_stand_in_the_whole(said: Front, tmp_path: Path) -> None:
    """Marks around images count through all pages, where the drawings are put; an EPUB has none."""

    def raw(text: str) -> Any:
        return {"t": "RawBlock", "c": ["html", text]}

    def drawn(name: str) -> Page:
        page = part(name, raw(f"\ue00a1\ue008<b>{name}</b>\ue00b\ue0071\ue008"))
        return replace(page, figures=(PageFigure("Figure", f"figures/drawn/{name}.svg", name),))

    pages = (drawn("one"), part("between", heading("Two", "two")), drawn("three"))
    page = whole_page(pages)
    assert re.findall("\ue00a(\\d+)\ue008<b>(\\w+)</b>\ue00b", page) == [
        ("1", "one"),
        ("2", "three"),
    ]
    assert "\ue007" not in page
    book = zipfile.ZipFile(io.BytesIO(epub(pages, said, tmp_path)))
    texts = "".join(book.read(it).decode() for it in book.namelist() if it.endswith(".xhtml"))
    assert "<b>three</b>" in texts and not re.search("[\ue000-\uf8ff]", texts)


def test_a_book_apart_leads_nowhere_or_to_the_site(said: Front, tmp_path: Path) -> None:
    """What stands elsewhere is linked by its whole address, where that is known."""
    for address, shown in (("", "row"), ("https://example.org/a/", "https://example.org/a/stat")):
        book = zipfile.ZipFile(io.BytesIO(epub(PAGES, replace(said, address=address), tmp_path)))
        texts = [book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")]
        (first,) = (text for text in texts if ">One<" in text and "row" in text)
        assert shown in first
        assert ("statistics.html" in first) is bool(address)


def test_the_same_publication_gives_the_same_book(
    said: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, whenever it is made."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert epub(PAGES, said, tmp_path) == epub(PAGES, said, tmp_path)
