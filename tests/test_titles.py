"""A title in Markdown is read once, as pandoc reads it, for pages and PDF alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from imprint.compose.extension import read_extension
from imprint.core.document import Phrase
from imprint.core.model import Publication
from imprint.write.site.front import front
from imprint.write.site.landing import landing_files
from imprint.write.site.planned import write
from reports import ReportFolder, copy_report, pdf_words, phrases_of

TITLE = "Roads & *verges* <3"
PLAIN, HTML, ESCAPED = (
    "Roads & verges <3",
    "Roads &amp; <em>verges</em> &lt;3",
    "Roads &amp; verges &lt;3",
)
BOOK = f"""title: '{TITLE}'
  subtitle: "2010. A *year* of 'change'"
  description: See <https://example.org> & *more*."""
SUMMARY = f"""title: '{TITLE}: the [summary](https://example.org)'
subtitle: '- *Short*'"""
COLOPHON = """imprint:
  series: Roads & *rails*
  citation: A. Writer (2010). *Roads*. https://example.org/x.
  licence: "Text: CC BY 4.0; see <https://example.org/y>."

lang: en-GB"""
PART = """    - part: "Why & *how*"
      chapters:
        - chapters/outlook.qmd
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """The minimal report under such titles, rendered."""
    made = copy_report("minimal", tmp_path_factory.mktemp("titles") / "report")
    made.edit("_quarto.yml", 'title: "A small report"', BOOK)
    made.edit("_quarto.yml", "    - chapters/outlook.qmd\n", PART)
    made.edit("_quarto.yml", "lang: en-GB", COLOPHON)
    made.edit("_quarto-summary.yml", 'title: "A small report: summary"', SUMMARY)
    made.render()
    return made


def shown(html: str, tag: str, of: str = "") -> list[str]:
    """The HTML in elements of a class, or in all of this kind."""
    named = f' class="{of}"[^>]*' if of else "[^>]*"
    return re.findall(rf"<{tag}{named}>(.*?)</{tag}>", html, re.DOTALL)


def test_pages_show_the_title_as_it_is_marked_up(report: ReportFolder) -> None:
    """On the cover, over every page and in its breadcrumbs; a link within it is its words."""
    cover, chapter = report.page("review/index.html"), report.page("review/chapters/findings.html")
    assert shown(cover, "p", "title") == shown(cover, "a", "name") == [HTML]
    assert shown(cover, "p", "subtitle") == ["2010. A <em>year</em> of ‘change’"]
    assert f'<a href="../index.html">{HTML}</a>' in chapter
    leaflet = report.page("summary/index.html")
    assert shown(leaflet, "h1", "title") == [f"{HTML}: the summary"]
    assert shown(leaflet, "p", "subtitle") == ["- <em>Short</em>"]


def test_parts_are_shown_as_they_are_marked_up(report: ReportFolder) -> None:
    """In the contents, and over the chapters of the part."""
    page = report.page("review/chapters/outlook.html")
    part = "Why &amp; <em>how</em>"
    assert part in shown(page, "p", "part")
    assert f"<li>{part}</li>" in page


def test_the_colophon_is_shown_as_it_is_marked_up(report: ReportFolder) -> None:
    """Emphasis is set as such, and addresses lead where they say."""
    page = report.page("review/chapters/findings.html")
    address = '<a href="https://example.org/{0}" class="uri">https://example.org/{0}</a>.'
    assert f"<p>A. Writer (2010). <em>Roads</em>. {address.format('x')}</p>" in page
    assert f"<p>Text: CC BY 4.0; see {address.format('y')}</p>" in page
    assert "licenses/by/4.0/" in page
    assert shown(report.page("review/index.html"), "p", "series") == ["Roads &amp; <em>rails</em>"]


def test_machines_get_the_words(report: ReportFolder) -> None:
    """The browser's title, tags, JSON and reference managers."""
    page = report.page("review/index.html")
    assert shown(page, "title") == [ESCAPED]
    assert f'<meta property="og:title" content="{ESCAPED}">' in page
    assert '<meta name="description" content="See https://example.org &amp; more.">' in page
    (schema,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(schema)["name"] == PLAIN
    chapter = report.page("review/chapters/findings.html")
    assert shown(chapter, "title") == [f"Findings – {ESCAPED}"]
    assert r"title = {{Roads \& verges <3}}" in report.page("review/cite.bib")


def test_the_landing_page_lists_the_titles(report: ReportFolder) -> None:
    """Each as it is marked up; over them the words that all begin with."""
    page = report.page("index.html")
    assert shown(page, "h1", "title") == ["Roads &amp; verges"]
    assert f'<a href="review/index.html">{HTML}</a>' in page
    assert f'<a href="summary/index.html">{HTML}: the summary<' in page


def test_a_title_alone_stands_over_the_landing_page_as_it_is(tmp_path: Path) -> None:
    """Of one publication."""
    publication = Publication("review", True, (), {"book": {"title": TITLE}}, "a", "_quarto.yml")
    phrases = phrases_of(publication) | {"title": Phrase(HTML, PLAIN)}
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "index.html").touch()
    write(
        landing_files(tmp_path, [front(publication, phrases)], read_extension(tmp_path), {}),
        tmp_path,
    )
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert shown(page, "h1", "title") == [HTML]
    assert shown(page, "title") == [ESCAPED]


def test_the_pdf_says_and_shows_the_words(report: ReportFolder) -> None:
    """Its metadata and its cover; what begins as a list does is none."""
    pdf = report.pdf("review/small-report.pdf")
    assert pdf.metadata and pdf.metadata.title == PLAIN
    assert "Roads & verges <3 2010. A year of ‘change’" in pdf_words(pdf)
    leaflet = report.pdf("summary/small-summary.pdf")
    assert leaflet.metadata and leaflet.metadata.title == f"{PLAIN}: the summary. - Short"
    assert "- Short" in pdf_words(leaflet)
