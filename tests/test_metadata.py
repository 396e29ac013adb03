"""What machines read of a page: JSON-LD, tags of reference managers, BibTeX."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pybtex.database import parse_string

from imprint.core.document import Page
from imprint.core.model import Publication
from imprint.core.settings import Settings
from imprint.write.site.front import Front, front
from imprint.write.site.metadata import Subject, Tags, bibtex, cite_page, tags
from reports import phrases_of

ORIGINAL = {
    "fields": {"title": "The Protection of Children", "year": "2009", "publisher": "TSO"},
    "people": {"author": [{"given": "William", "family": "Laming"}]},
}
HOME = Page("", "index.html", "chapter", "", "About", "About", "", ())
CHAPTER = Page("", "chapters/training.html", "chapter", "2", "Training", "Training", "", ())


def site(address: str = "", **book: Any) -> Front:
    """A report by a group, with anything else its project file may say."""
    about = {"title": "A report", "author": "Ministry of Examples", "date": "2010-12-01"}
    about |= {"site-url": address} if address else {}
    metadata = {"book": about | book, "imprint": {"licence": "Text: CC BY-SA 4.0."}}
    settings = Settings(organisations=frozenset({"Ministry of Examples"}))
    report = Publication("review", True, (), metadata, "a-report", "_quarto.yml", settings)
    return front(report, phrases_of(report))


def made(of: Front, page: Page = CHAPTER) -> Tags:
    up = "../" * page.output.count("/")
    subject = Subject(of, (HOME, CHAPTER), "a.pdf", ORIGINAL)
    return tags(subject, page, up=up, description="Words.")


def test_a_chapter_is_part_of_the_report() -> None:
    """A chapter's page says which report it is part of, and what that is based on."""
    told = json.loads(made(site()).schema)
    assert (told["@type"], told["name"], told["position"]) == ("Chapter", "Training", "2")
    report = told["isPartOf"]
    assert report["author"] == [{"@type": "Organization", "name": "Ministry of Examples"}]
    assert report["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert report["isBasedOn"]["author"] == [{"@type": "Person", "name": "William Laming"}]


def test_home_lists_its_chapters() -> None:
    """The first page of a publication is the report itself, with its parts."""
    told = json.loads(made(site(), HOME).schema)
    assert told["@type"] == "Report"
    assert [part["name"] for part in told["hasPart"]] == ["Training"]


def test_addresses_are_relative_until_one_is_known() -> None:
    """Without an address on the web links are relative; with one they are whole."""
    found = made(site())
    assert found.canonical == ""
    assert dict(found.graph)["og:image"] == "../assets/card.png"
    found = made(site("https://example.org/review/"))
    assert found.canonical == "https://example.org/review/chapters/training.html"
    assert dict(found.named)["citation_pdf_url"] == "https://example.org/review/a.pdf"


def test_a_leaflet_stands_beside_the_book() -> None:
    """A publication of one page has its own folder beside that of the book."""
    metadata = {"title": "Short", "book": {"site-url": "https://example.org/review"}}
    leaflet = Publication("summary", False, (), metadata, "short", "_quarto-summary.yml")
    assert front(leaflet, phrases_of(leaflet)).address == "https://example.org/summary/"


def test_nothing_ends_the_script_element() -> None:
    """A title that looks like markup stays within the JSON."""
    title = "</script><script>alert(1)</script>"
    found = made(site(title=title))
    assert "<" not in found.schema
    assert json.loads(found.schema)["isPartOf"]["name"] == title


@pytest.mark.parametrize(
    ("author", "printed"),
    [
        ("Ministry of Examples", "{Ministry of Examples}"),
        ("A. Author", "Author, A."),
        ("The Edge", "Edge, The"),  # who is not set to be a body is a person
    ],
)
def test_bibtex_is_read_by_others(author: str, printed: str) -> None:
    """The entry parses, names group and person rightly and keeps special characters."""
    text = bibtex(site(author=author, title="Care & cost: 50% {more}"), ORIGINAL)
    (entry,) = parse_string(text, "bibtex").entries.values()
    assert [str(person) for person in entry.persons["author"]] == [printed]
    assert entry.fields["title"] == r"{Care \& cost: 50\% more}"
    assert (entry.fields["year"], entry.fields["month"]) == ("2010", "12")
    assert entry.fields["note"] == "Based on William Laming (2009), The Protection of Children"


def test_page_citation_is_escaped() -> None:
    """The words for citing a page are text, whatever the title holds."""
    assert "<b>" not in cite_page(site(title="<b>Bold</b>"), CHAPTER)
