"""The pages of the real report as HTML: valid, whole, light."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from html5lib.constants import E as MESSAGES

pytestmark = pytest.mark.slow

WITHOUT_FIGURES = 150_000
WITH_FIGURES = 400_000
"""Bytes, compressed, that a chapter's page may weigh."""


@dataclass(frozen=True)
class Parsed:
    """One page, parsed as strictly as the standard asks."""

    path: Path
    tree: Element
    complaints: tuple[str, ...]

    @cached_property
    def anchors(self) -> list[str]:
        return [str(found.get("id")) for found in self.tree.iterfind(".//*[@id]")]

    def addresses(self, *kinds: tuple[str, str]) -> list[str]:
        """Values of attributes that hold addresses within the site: `("img", "src")`."""
        listed = [
            str(found.get(name)) for tag, name in kinds for found in self.tree.iterfind(f".//{tag}")
            if found.get(name)
        ]  # fmt: skip
        return [address for address in listed if not urlsplit(address).scheme]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Parsed]:
    """All pages of the output, by path."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(path.read_text(encoding="utf-8"))
        complaints = tuple(
            f"{path.relative_to(site)}:{place[0]}: {MESSAGES[code] % values}"
            for place, code, values in parser.errors
        )
        found[path] = Parsed(path, tree, complaints)
    assert len(found) > 20
    return found


def test_every_page_is_valid(pages: dict[Path, Parsed]) -> None:
    """A strict parser has nothing to fix on any page."""
    assert [complaint for page in pages.values() for complaint in page.complaints] == []


def test_identifiers_are_unique(pages: dict[Path, Parsed]) -> None:
    """No page names two of its elements alike."""
    for path, page in pages.items():
        twice = {anchor for anchor in page.anchors if page.anchors.count(anchor) > 1}
        assert not twice, path


def test_every_page_has_one_first_heading(pages: dict[Path, Parsed]) -> None:
    """One h1, and no level is left out below it."""
    for path, page in pages.items():
        body = page.tree.find("body")
        assert body is not None
        levels = [int(found.tag[1]) for found in body.iter() if found.tag in HEADINGS]
        assert levels.count(1) == 1, path
        assert all(below <= level + 1 for level, below in pairwise(levels)), path


HEADINGS = {f"h{level}" for level in range(1, 7)}


def test_every_link_leads_somewhere(pages: dict[Path, Parsed], site: Path) -> None:
    """Files that pages name exist, and so do the places in them."""
    lost = []
    links = (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src"))
    for path, page in pages.items():
        for address in page.addresses(*links, ("form", "action")):
            parts = urlsplit(address)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            here = target.is_file() and target.is_relative_to(site)
            if not here or (place and target in pages and place not in pages[target].anchors):
                lost.append(f"{path.relative_to(site)}: {address}")
    assert lost == []


def test_every_image_has_words_and_size(pages: dict[Path, Parsed]) -> None:
    """Images say what they show and how large they are."""
    for path, page in pages.items():
        for image in page.tree.iterfind(".//img"):
            assert len(image.get("alt") or "") > 20, path
            assert image.get("width") and image.get("height"), path


def test_pages_are_light(pages: dict[Path, Parsed], site: Path) -> None:
    """A page with its style and scripts weighs little, and not much more with its figures."""
    weight = {
        path: len(gzip.compress(path.read_bytes(), 6)) for path in site.rglob("*") if path.is_file()
    }
    for path, page in pages.items():
        loaded = page.addresses(("link[@rel='stylesheet']", "href"), ("script", "src"))
        plain = weight[path] + sum(weight[(path.parent / name).resolve()] for name in loaded)
        images = {(path.parent / name).resolve() for name in page.addresses(("img", "src"))}
        assert plain < WITHOUT_FIGURES, path
        assert plain + sum(weight[image] for image in images) < WITH_FIGURES, path


def test_every_page_tells_machines_what_it_is(pages: dict[Path, Parsed], site: Path) -> None:
    """schema.org names report or chapter, authors, licence and the work it is based on; reference
    managers and link previews find their tags."""
    for path, page in pages.items():
        if path.parent == site:
            continue
        named = {
            str(found.get("name") or found.get("property")): found.get("content")
            for found in page.tree.iterfind(".//meta[@content]")
        }
        data = page.tree.find(".//script[@type='application/ld+json']")
        assert data is not None, path
        told = json.loads(data.text or "")
        report = told.get("isPartOf", told)
        assert report["@type"] == "Report"
        assert report["author"] == [{"@type": "Organization", "name": "The Imprint authors"}]
        assert report["isBasedOn"]["publisher"]["name"] == "NFER"
        assert report["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert named["citation_title"] == named["DC.title"] == named["og:title"] == told["name"]
        assert named["citation_author"] == "The Imprint authors"
        assert named["citation_publication_date"] == "2026/11/23"
        assert (path.parent / str(named["og:image"])).resolve().is_file()
        assert len(str(named["description"])) > 20
        canonical = page.tree.find(".//link[@rel='canonical']")
        assert canonical is None or str(canonical.get("href")).startswith("https://")
        assert page.tree.get("lang") == "en-GB"


def test_captions_end_with_a_full_stop(pages: dict[Path, Parsed]) -> None:
    """But for the titles of boxes."""
    for path, page in pages.items():
        for figure in page.tree.iterfind(".//figure"):
            caption = figure.find(".//figcaption")
            if caption is not None and not (figure.get("id") or "").startswith("box-"):
                assert "".join(caption.itertext()).strip().endswith("."), (path, figure.get("id"))
