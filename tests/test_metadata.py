"""What machines read of a page: JSON-LD, tags of reference managers, BibTeX."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pybtex.database import parse_string

from imprint.core.document import Page
from imprint.core.model import Publication
from imprint.core.settings import Settings
from imprint.write.site.front import Front, front
from imprint.write.site.metadata import bibtex, cite_page, page_tags
from imprint.write.site.page_context import page_context
from imprint.write.site.planned import environment
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


def made(of: Front, page: Page = CHAPTER) -> dict[str, Any]:
    """What a page's template is told, with the tags of its head."""
    pages = (HOME, CHAPTER)
    context = page_context(pages, page, of, "a.pdf", (), ()) | {"description": "Words."}
    return context | {"tags": page_tags(context, pages, ORIGINAL)}


def told_by(of: Front, page: Page = CHAPTER) -> Any:
    """What the page's JSON-LD says."""
    return json.loads(made(of, page)["tags"]["schema"])


def head(of: Front, page: Page = CHAPTER) -> dict[str, str]:
    """The tags of a page's head by their names, and its own address where it gives one."""
    html = environment().get_template("head.html").render(made(of, page))
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    return dict([*found, *re.findall(r'<link rel="(canonical)" href="([^"]+)">', html)])


def test_a_chapter_is_part_of_the_report() -> None:
    """A chapter's page says which report it is part of, and what that is based on."""
    told = told_by(site())
    assert (told["@type"], told["name"], told["position"]) == ("Chapter", "Training", "2")
    report = told["isPartOf"]
    assert report["author"] == [{"@type": "Organization", "name": "Ministry of Examples"}]
    assert report["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert report["isBasedOn"]["author"] == [{"@type": "Person", "name": "William Laming"}]


def test_home_lists_its_chapters() -> None:
    """The first page of a publication is the report itself, with its parts."""
    told = told_by(site(), HOME)
    assert told["@type"] == "Report"
    assert [part["name"] for part in told["hasPart"]] == ["Training"]


def test_addresses_are_relative_until_one_is_known() -> None:
    """Without an address on the web links are relative; with one they are whole."""
    found = head(site())
    assert not {"canonical", "og:url"} & found.keys()
    assert found["og:image"] == "../assets/card.png"
    found = head(site("https://example.org/review/"))
    assert found["canonical"] == "https://example.org/review/chapters/training.html"
    assert found["og:url"] == found["canonical"]
    assert found["citation_pdf_url"] == "https://example.org/review/a.pdf"


def test_reference_managers_are_told_of_the_page_and_its_report() -> None:
    """A chapter names the book that it is in; a first page is the book; what is empty is left
    out."""
    found = head(site())
    assert (found["citation_title"], found["citation_book_title"]) == ("Training", "A report")
    assert (found["citation_author"], found["DC.creator"]) == ("Ministry of Examples",) * 2
    assert found["citation_publication_date"] == "2010/12/01"
    source = "William Laming (2009). The Protection of Children. TSO"
    assert (found["DC.source"], found["og:type"]) == (source, "article")
    home = head(site(), HOME)
    assert (home["citation_title"], home["og:type"]) == ("A report", "website")
    assert "citation_book_title" not in home


def test_a_leaflet_stands_beside_the_book() -> None:
    """A publication of one page has its own folder beside that of the book."""
    metadata = {"title": "Short", "book": {"site-url": "https://example.org/review"}}
    leaflet = Publication("summary", False, (), metadata, "short", "_quarto-summary.yml")
    assert front(leaflet, phrases_of(leaflet)).address == "https://example.org/summary/"


def test_nothing_ends_the_script_element() -> None:
    """A title that looks like markup stays within the JSON."""
    title = "</script><script>alert(1)</script>"
    of = site(title=title)
    assert "<" not in made(of)["tags"]["schema"]
    assert told_by(of)["isPartOf"]["name"] == title


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
