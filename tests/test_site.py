"""The site: pages around composed chapters, their links, their contents, their words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from imprint.compose.extension import read_extension
from imprint.compose.stages import Stages
from imprint.compose.words.phrases import read_phrases
from imprint.core.document import Book, Heading, Page
from imprint.core.model import Publication
from imprint.write.site.front import front
from imprint.write.site.site import Site, write_site
from reports import phrases_of

METADATA: dict[str, Any] = {
    "lang": "en-GB",
    "book": {
        "title": "Keeping children safe & well",
        "subtitle": "What a year of change achieved",
        "author": ["A. Author", {"name": "B. Writer"}],
        "date": "2010-12-01",
        "page-footer": {"right": "Built in Hull", "left": "Of A & B"},
    },
    "imprint": {
        "series": "Evidence review",
        "citation": "Author, A. and Writer, B. (2010). *Keeping children safe*. https://example.org/x.",
        "licence": "Text: CC BY 4.0.",
    },
}

TRAINING = """\
<section id="sec-training" class="level1">
<h1><span class="header-section-number">2</span> Training</h1>
<p>As <a href="#box-help" class="quarto-xref">Box 2.1</a> says,
<span class="stat" data-stat="a-time">64 per cent</span> agreed
<span class="citation" data-cites="laming_2009">(<a
href="../references.html#ref-laming_2009">Laming, 2009</a>, p.32)</span>.<a href="#fn1"
class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a></p>
<section id="what-helps" class="level2">
<h2><span class="header-section-number">2.1</span> What helps</h2>
<p>Time to reflect helps practitioners, and so does supervision that is planned, regular and kept
apart from the management of cases. Inspectors found both in the stronger areas.</p>
<figure id="box-help" class="quarto-float quarto-float-box">
<figcaption><span class="float-number">Box 2.1:</span> What helps</figcaption>
<p><strong>Support for practitioners</strong></p>
<p>Managers protect the time that courses need.</p>
<ul><li>Planned cover for absent colleagues</li>
<li>Supervision kept apart from case management</li></ul>
<p>Source: Laming (2009)</p>
</figure>
<figure id="fig-time" class="quarto-float quarto-float-fig">
<img src="../figures/drawn/time.svg" alt="Bars: 64 and 58 per cent">
<figcaption><span class="float-number">Figure 2.1:</span> Time for training.
Base: 220 practitioners.</figcaption>
</figure>
<section id="tables" class="level3">
<h3><span class="header-section-number">2.1.1</span> By staff group</h3>
<figure id="tbl-groups" class="quarto-float quarto-float-tbl">
<figcaption><span class="float-number">Table 2.1:</span> Training up to date</figcaption>
<table><thead><tr><th scope="col">Group</th><th scope="col">Where</th>
<th scope="col">Per cent</th></tr></thead>
<tbody><tr><td>Nurses</td><td>Hospitals and community health services</td><td>64</td></tr>
<tr><td>Teachers</td><td>Schools</td><td>58</td></tr></tbody></table>
</figure>
<div class="callout callout-note" role="note"><div class="callout-title">How to read it</div>
<div class="callout-body"><p>The bases differ.</p></div></div>
</section>
</section>
<section id="what-next" class="level2">
<h2><span class="header-section-number">2.2</span> What comes next</h2>
<p>More of the same, and a second study.</p>
</section>
</section>
<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes">
<hr><ol><li id="fn1"><p>A note.<a href="#fnref1" class="footnote-back"
role="doc-backlink">↩</a></p></li></ol>
</section>
"""

REFERENCES = """\
<section id="sec-references" class="level1 unnumbered"><h1>References</h1>
<div id="refs" class="references csl-bib-body hanging-indent">
<div id="ref-laming_2009" class="csl-entry">Laming, W. (2009).
<em>The Protection of Children</em>.</div>
</div></section>
"""


def page(output: str, title: str, body: str, **fields: Any) -> Page:
    values = {"source": "", "role": "chapter", "number": "", "headings": ()} | fields
    return Page(output=output, title=title, plain_title=title, body=body, **values)


PAGES = (
    page(
        "index.html",
        "About this edition",
        '<section id="about" class="level1"><h1>About this edition</h1><p>It is new.</p></section>',
        description="It is new.",
    ),
    page(
        "chapters/introduction.html",
        "Introduction",
        '<section id="sec-introduction" class="level1"><h1>Introduction</h1></section>',
        number="1",
    ),
    page(
        "chapters/training.html",
        "Training",
        TRAINING,
        number="2",
        part="Themes",
        headings=(
            Heading(2, "2.1", "What helps", "what-helps"),
            Heading(3, "2.1.1", "By staff group", "tables"),
            Heading(2, "2.2", "What comes next", "what-next"),
        ),
    ),
    page("references.html", "References", REFERENCES),
)

REVIEW = Publication("review", True, (), METADATA, "review", "_quarto.yml")
SUMMARY = Publication(
    "summary", False, (), METADATA | {"title": "Summary"}, "summary", "_quarto-summary.yml"
)
IMAGES = ("/figures/drawn/time.svg",)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The review's pages, written from pages composed by hand."""
    drawn = tmp_path / "project" / "figures" / "drawn"
    drawn.mkdir(parents=True)
    (drawn / "time.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 160">'
        '<rect x="90" y="20" width="400" height="50" fill="#0b4a58"/>'
        '<rect x="90" y="90" width="330" height="50" fill="#d9902f"/></svg>'
    )
    book = Book(REVIEW, PAGES, "", (), IMAGES, phrases=phrases_of(REVIEW))
    folder = tmp_path / "review"
    write_site(planned(book, tmp_path), folder)
    return folder


def planned(book: Book, folder: Path) -> Site:
    extension = read_extension(folder)
    return Site(book, folder / "project", extension, (REVIEW, SUMMARY), "review.pdf")


def parsed(path: Path) -> Element:
    """The page as a browser reads it; fails on anything that is not valid HTML syntax."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text(encoding="utf-8"))


def texts(root: Element, path: str) -> list[str]:
    return [" ".join("".join(found.itertext()).split()) for found in root.iterfind(path)]


def test_every_page_is_valid_and_says_what_it_is(site: Path) -> None:
    """A page has a language, a title naming chapter and report, a description, one main part."""
    for output in [page.output for page in PAGES]:
        root = parsed(site / output)
        assert root.get("lang") == "en-GB"
        assert len(root.findall(".//main")) == 1
        assert len(root.findall(".//h1")) == 1
        assert root.find(".//meta[@name='description']").get("content")
    root = parsed(site / "chapters" / "training.html")
    assert texts(root, ".//title") == ["Training – Keeping children safe & well"]


def test_links_resolve_from_every_page(site: Path) -> None:
    """Every link and source on a page leads to a file, and to an anchor that is there."""
    (site / "review.pdf").touch()
    (site.parent / "summary").mkdir()
    (site.parent / "summary" / "index.html").write_text("")
    anchors = {
        path.resolve(): {found.get("id") for found in parsed(path).iterfind(".//*[@id]")}
        for path in site.rglob("*.html")
    }
    for path in site.rglob("*.html"):
        for element in parsed(path).iter():
            target = element.get("href") or element.get("src")
            if not target or target.startswith(("http", "data:")):
                continue
            name, _, anchor = target.partition("#")
            file = (path.parent / name).resolve() if name else path.resolve()
            assert file.exists(), f"{path.name}: {target}"
            if anchor:
                assert anchor in anchors[file], f"{path.name}: {target}"


def test_contents_mark_the_current_page_and_name_its_part(site: Path) -> None:
    """A reader sees in the contents where they are: chapter, part and position."""
    root = parsed(site / "chapters" / "training.html")
    contents = root.find(".//nav[@class='contents']")
    assert texts(contents, ".//*[@aria-current='page']") == ["2 Training"]
    assert texts(contents, ".//p[@class='part']") == ["Themes"]
    assert texts(contents, ".//p[@class='position']") == ["Page 3 of 4"]
    sections = root.find(".//nav[@class='sections']")
    assert texts(sections, "ol/li/ol/li") == ["2.1.1 By staff group"]


def test_pages_turn_in_reading_order(site: Path) -> None:
    """Previous and next lead to the neighbours, and stop at either end."""
    turn = parsed(site / "chapters" / "training.html").find(".//nav[@class='turn']")
    links = {found.get("rel"): found.get("href") for found in turn.iterfind("a")}
    assert links == {"prev": "introduction.html", "next": "../references.html"}
    first = parsed(site / "index.html").find(".//nav[@class='turn']")
    assert [found.get("rel") for found in first.iterfind("a")] == ["next"]


def test_colophon_says_how_to_cite(site: Path) -> None:
    """Citation and licence stand on every page."""
    footer = "".join(parsed(site / "references.html").find(".//footer").itertext())
    assert "Author, A. and Writer, B. (2010)." in footer
    assert "CC BY 4.0" in footer


def test_pages_ask_no_other_host_for_anything(site: Path) -> None:
    """What a page loads comes from its own folder."""
    for path in site.rglob("*.html"):
        root = parsed(path)
        loaded = [found.get("src") for found in root.iterfind(".//*[@src]")]
        loaded += [found.get("href") for found in root.iterfind(".//link")]
        assert not [target for target in loaded if target.startswith(("http", "//"))]
    for sheet in (site / "assets").glob("*.css"):
        asked = re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8"))
        assert all((sheet.parent / file).is_file() for file in asked), asked


def test_script_in_metadata_is_shown_not_run(tmp_path: Path) -> None:
    """Markup in a title, an author or a citation is text."""
    evil = "<script>alert(1)</script>"
    metadata = {"title": evil, "author": evil, "imprint": {"citation": evil}}
    publication = Publication("single", False, (), metadata, "single", "_quarto.yml")
    with Stages(tmp_path, 1, keeps=False) as stages:
        phrases = read_phrases(publication, stages)
    pages = (page("index.html", "One", "<p>Text.</p>"),)
    book = Book(publication, pages, "", (), (), phrases=phrases)
    write_site(Site(book, tmp_path, read_extension(tmp_path)), tmp_path)
    root = parsed(tmp_path / "index.html")
    scripts = {str(found.get("src")) for found in root.iterfind(".//script")}
    ours = ("site", "panel", "notes", "links")
    assert scripts == {f"assets/{name}.js" for name in ours}
    assert texts(root, ".//h1") == [evil]


def test_same_book_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Writing a book twice changes nothing."""
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    book = Book(REVIEW, PAGES, "", (), IMAGES, phrases=phrases_of(REVIEW))
    write_site(planned(book, tmp_path), site)
    assert before == {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_every_page_ends_with_the_book_s_own_foot(site: Path) -> None:
    """From left to right."""
    for page in ("index.html", "chapters/training.html"):
        text = (site / page).read_text(encoding="utf-8")
        assert text.index("<p>Of A &amp; B</p>") < text.index("<p>Built in Hull</p>")


def test_front_reads_authors_as_yaml_gives_them() -> None:
    """Authors come as text or as maps, one or several; the date is in the house's form."""
    assert front(REVIEW, phrases_of(REVIEW)).byline == "A. Author and B. Writer, 1 December 2010"
