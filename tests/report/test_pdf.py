"""The report's own PDFs: looked at page by page, read out tag by tag, held against the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pikepdf
import pytest
import yaml

from float_pages import assert_figures_break_nothing, assert_pages_agree
from pdf_reading import (
    POINTS_PER_MM,
    Line,
    Page,
    Reading,
    Run,
    Tag,
    outside,
    overprinted,
    read_pdf,
    target_of,
)
from reports import ROOT

pytestmark = pytest.mark.slow

FILES = {
    "review": "safeguarding-children-review.pdf",
    "summary": "safeguarding-children-executive-summary.pdf",
    "developments": "council-developments-summary.pdf",
}
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
FRONT_AND_BACK = ("Contents", "Boxes, figures and tables", "Not in print")
"""Pages that the site has elsewhere, or needs not."""


@pytest.fixture(scope="module")
def pdfs(site: Path) -> dict[str, Reading]:
    return {name: read_pdf(site / name / file) for name, file in FILES.items()}


@pytest.fixture(params=FILES)
def pdf(request: pytest.FixtureRequest, pdfs: dict[str, Reading]) -> Reading:
    """Each publication in turn."""
    return pdfs[request.param]


@pytest.fixture
def review(pdfs: dict[str, Reading]) -> Reading:
    return pdfs["review"]


# --- what the file says of itself ----------------------------------------------------------------


def test_keeps_both_standards(pdf: Reading) -> None:
    """It claims PDF/UA-1 and PDF/A-2a; Typst sets nothing that it finds to break them."""
    with pdf.pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
    assert pdf.pdf.Root.MarkInfo.Marked


def test_says_title_author_language_and_keywords(pdf: Reading) -> None:
    """Libraries and readers' software find out what it is, and show its title in the window."""
    with pdf.pdf.open_metadata() as metadata:
        assert metadata["dc:title"].startswith("Safeguarding children")
        assert metadata["dc:creator"] == ["The Imprint authors"]
        assert "child protection" in metadata["pdf:Keywords"]
    assert pdf.pdf.Root.Lang == "en-GB"
    assert pdf.pdf.Root.ViewerPreferences.DisplayDocTitle


def test_no_two_files_are_taken_for_one(pdfs: dict[str, Reading]) -> None:
    """Each has a title and identifiers of its own."""
    for name in ("dc:title", "xmpMM:DocumentID", "xmpMM:InstanceID"):
        told = set()
        for pdf in pdfs.values():
            with pdf.pdf.open_metadata() as metadata:
                told.add(metadata[name])
        assert len(told) == len(pdfs), name


def test_fonts_are_in_the_file(pdf: Reading) -> None:
    """Every machine prints the same letters."""
    names = set()
    for font in (it for it in pdf.pdf.objects if _is(it, "/Font") and it.Subtype != "/Type0"):
        descriptor = font.FontDescriptor
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        names.add(str(descriptor.FontName).split("+")[-1].split("-")[0])
    assert {"SourceSansPro", "SourceSerifPro"} <= names
    assert names <= {"SourceSansPro", "SourceSerifPro", "DejaVuSansMono"}


def _is(thing: Any, kind: str) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == kind


def test_link_targets_exist(pdf: Reading) -> None:
    """No link leads nowhere: to a page of the file, to the web or to a letter box."""
    pages = {page.obj.objgen for page in pdf.pdf.pages}
    links = [note for page in pdf.pdf.pages for note in page.get("/Annots", [])]
    assert len(links) > 10
    assert any(link.get("/A", {}).get("/S") == "/URI" for link in links)
    for link in links:
        action = link.get("/A", {})
        if action.get("/S") == "/URI":
            assert re.match(r"https?://[^/\s]+|mailto:\S+@\S+", str(action.URI))
        else:
            assert target_of(pdf.pdf, link).objgen in pages


# --- tags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_pictures_are_described(name: str, site: Path, pdfs: dict[str, Reading]) -> None:
    """Each figure says in words what it shows, the same as on the pages, and none is missing."""
    pages = [html5lib.parse((site / name / page).read_text("utf-8")) for page in pages_of(name)]
    shown = [
        it for page in pages for it in page.find(f".//{XHTML}article").iter() if is_drawing(it)
    ]
    described = [" ".join(drawing_words(it).split()) for it in shown]
    assert len(described) >= {"review": 9, "summary": 0, "developments": 0}[name]
    assert [" ".join(it.alt.split()) for it in pdfs[name].tree.all("Figure")] == described
    assert all(len(words) > 60 for words in described)


def test_headings_skip_no_level(pdf: Reading) -> None:
    """A heading is at most one level below the one before it, and the first is of the first."""
    levels = [int(tag.role[1]) for tag in pdf.tree.all(*HEADINGS)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", FILES)
def test_bookmarks_are_the_headings(name: str, site: Path, pdfs: dict[str, Reading]) -> None:
    """The bookmarks name every heading outside boxes, in order, each at its level."""
    pdf = pdfs[name]
    headings = [(int(tag.role[1]), plain(heading_words(tag))) for tag in pdf.tree.all(*HEADINGS)]
    bookmarks = [(depth, plain(bookmark_words(depth, title))) for depth, title in pdf.bookmarks]
    assert bookmarks == [heading for heading in headings if heading in bookmarks]
    missing = [heading for heading in headings if heading not in bookmarks]
    minor = {
        plain(words) for page in pages_of(name) for words in minor_headings(site / name / page)
    }
    assert {words for _, words in missing} <= {"Boxes", "Figures", "Tables", *minor}
    assert name != "review" or len(minor) > 10


def minor_headings(page: Path) -> Iterator[str]:
    """The headings of a page within boxes."""
    for element in html5lib.parse(page.read_text(encoding="utf-8")).iter():
        if re.fullmatch(rf"{XHTML}h[2-6]", str(element.tag)) and element.get("class") == "minor":
            yield "".join(element.itertext())


def test_tables_have_headers(review: Reading) -> None:
    """Each table names its columns in header cells, one for each cell of a row."""
    tables = list(review.tree.all("Table"))
    assert len(tables) >= 4
    for table in tables:
        head, *rows = table.all("TR")
        headers = list(head.all("TH"))
        assert headers
        assert all(header.text for header in headers)
        assert all(len(list(row.all("TD", "TH"))) == len(headers) for row in rows)


def test_boxes_figures_and_tables_are_there(site: Path, review: Reading) -> None:
    """Each of the site's has its number and title in print, and stands in the lists in front."""
    captions = {plain(caption.text) for caption in review.tree.all("Caption")}
    lists = plain("".join(entry.text for entry in review.tree.all("TOCI")))
    expected = [plain(caption) for page in pages_of("review") for caption in floats(site, page)]
    assert len(expected) > 20
    for caption in expected:
        assert caption in captions
        assert re.match(r"(Box|Figure|Table)[A-Z]?\.?[\d.]+(?=:)", caption)[0] in lists


def test_boxes_figures_and_tables_are_found_where_they_stand(site: Path, review: Reading) -> None:
    """Lists, links and provenance.json name the page that holds the caption."""
    assert_pages_agree(review, site)
    assert_figures_break_nothing(review)


# --- reading order -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_reads_out_as_the_pages_do(name: str, site: Path, pdfs: dict[str, Reading]) -> None:
    """A screen reader says the same words in the same order in the PDF and on the pages.

    Notes are read where they are called; a figure's caption before its description (Typst's order).
    Figures come in their order, too, but in print some blocks of text later.
    """
    on_pages, figures = without_figures(
        "".join(page_words(site / name / it) for it in pages_of(name))
    )
    in_print, printed = without_figures(printed_words(pdfs[name].tree))
    assert printed == figures
    at = next((n for n, (a, b) in enumerate(zip(on_pages, in_print, strict=False)) if a != b), None)
    if at is not None or len(on_pages) != len(in_print):
        at = min(len(on_pages), len(in_print)) if at is None else at
        excerpts = [words[max(0, at - 60) : at + 60] for words in (on_pages, in_print)]
        pytest.fail("pages: …{}…\nPDF: …{}…".format(*excerpts))


FIGURE = re.compile("\ue000(.*?)\ue001", re.DOTALL)
"""A figure's caption and description among the words around it."""


def without_figures(words: str) -> tuple[str, list[str]]:
    """The words around figures, and the letters of each; pages give its source below it."""
    figures = [sorted(plain(found)) for found in FIGURE.findall(words)]
    return plain(FIGURE.sub("", words)), ["".join(letters) for letters in figures]


def pages_of(name: str) -> list[str]:
    """A publication's pages in their order."""
    if name != "review":
        return ["index.html"]
    book = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    return [path.replace(".qmd", ".html") for path in [*book["chapters"], *book["appendices"]]]


XHTML = "{http://www.w3.org/1999/xhtml}"
ONLY_ON_PAGES = {
    *("breadcrumbs", "permalink", "figure-data", "header-section-number"),
    *("footnotes", "footnote-back", "for-readers", "register", "hint", "dates"),
}


def page_words(path: Path) -> str:
    """The words of a page's article, with notes where they are called and captions first."""
    document = html5lib.parse(path.read_text(encoding="utf-8"))
    notes = {it.get("id"): it for it in document.iter(f"{XHTML}li") if it.get("id")}

    def within(element: Any) -> str:
        children = list(element)
        is_figure = element.tag == f"{XHTML}figure" and any(map(is_drawing, element.iter()))
        if element.tag == f"{XHTML}figure":
            children.sort(key=lambda child: child.tag != f"{XHTML}figcaption")
        said = "".join(words(child) + (child.tail or "") for child in children)
        said = (element.text or "") + said
        return f"\ue000{said}\ue001" if is_figure else said

    def words(element: Any) -> str:
        classes = set(element.get("class", "").split()) if isinstance(element.tag, str) else set()
        if not isinstance(element.tag, str) or classes & ONLY_ON_PAGES:
            return ""
        tag = element.tag.removeprefix(XHTML)
        if tag in ("nav", "script", "style", "button"):
            return ""
        if "footnote-ref" in classes:
            return within(notes[element.get("href")[1:]])
        return f"[{drawing_words(element)}]" if is_drawing(element) else within(element)

    return within(next(document.iter(f"{XHTML}article")))


def is_drawing(element: Any) -> bool:
    """Whether an element is a picture, drawn or of pixels, with words of its own."""
    return element.tag == f"{XHTML}img" or element.get("role") == "img"


def drawing_words(element: Any) -> str:
    """What is said instead of a picture."""
    return element.get("alt") or element.get("aria-label") or ""


def floats(site: Path, page: str) -> Iterator[str]:
    """The captions of a page's boxes, figures and tables."""
    document = html5lib.parse((site / "review" / page).read_text(encoding="utf-8"))
    registers = [it for it in document.iter() if "register" in str(it.get("class")).split()]
    elsewhere = {it for register in registers for it in register.iter(f"{XHTML}figcaption")}
    for element in document.iter(f"{XHTML}figcaption"):
        text = "".join(element.itertext())
        if element not in elsewhere and re.match(r"\s*(Box|Figure|Table)\s", text):
            yield text


def printed_words(tree: Tag) -> str:
    """The words of the chapters: no cover, contents, colophon."""
    said, begun = [], False
    for child in tree.children:
        assert isinstance(child, Tag)
        if child.role == "H1":
            begun = child.text not in FRONT_AND_BACK
        if begun:
            said.append(tag_words(child))
    words = "".join(said)
    end = (
        words.rfind("The Imprint authors (2026).")
        if tree.text.count("About this edition") == 0
        else -1
    )
    return words if end < 0 else words[:end]


def tag_words(tag: Tag) -> str:
    if tag.role in ("Lbl", "TOC"):
        return ""
    if tag.role == "Figure":
        return f"[{tag.alt}]"
    if tag.role in HEADINGS:
        return heading_words(tag)
    text = "".join(it.text if isinstance(it, Run) else tag_words(it) for it in tag.children)
    is_float = any(isinstance(it, Tag) and it.role == "Caption" for it in tag.children)
    if is_float and next(tag.all("Figure"), None):
        return f"\ue000{text}\ue001"
    return re.sub(r"^\d+", "", text) if tag.role == "Note" else text


def heading_words(tag: Tag) -> str:
    return without_number(tag.text)


def without_number(title: str) -> str:
    """A heading without its number; a letter that stands alone may be a word."""
    return re.sub(r"^(Chapter \d+|Appendix [A-Z]|\d+|[A-Z](?=\.\d))(\.\d+)*\s*", "", title)


def bookmark_words(depth: int, title: str) -> str:
    """A bookmark without its number: that of an appendix is a letter that stands alone."""
    return without_number(re.sub(r"^(?=[A-Z] )", "Appendix ", title) if depth == 1 else title)


def plain(text: str) -> str:
    """Text without spaces and hyphens, by which two settings of the same words may differ."""
    return re.sub(r"[\s\u00ad-]+", "", text)


# --- pages ---------------------------------------------------------------------------------------


def test_nothing_stands_outside_the_margins(pdfs: dict[str, Reading]) -> None:
    """All letters keep to the type area; figures and wide tables hang to its left."""
    sides = {"review": (20.5, 28), "summary": (12, 21), "developments": (23, 23)}
    for name, pdf in pdfs.items():
        for number, page in enumerate(pdf.pages):
            if name == "review" and number == 0:
                assert outside(page, 20, 20, 20, 20) == []
            else:
                assert outside(page, *sides[name], 9, 10) == [], f"{name}, page {number + 1}"


def test_no_line_is_overfull(review: Reading) -> None:
    """Lines of running text end with the column, but for a comma that hangs."""
    edge = (210 - 29 + 1) * POINTS_PER_MM
    set_full = 0
    for tag in review.tree.all("P", "LBody"):
        for run in tag.runs:
            inked = [letter.right for letter in run.letters if letter.text.strip()]
            assert not inked or max(inked) <= edge, run.text
            set_full += bool(inked) and max(inked) > edge - 2 * POINTS_PER_MM
    assert set_full > 400


def test_no_letter_stands_on_another(pdf: Reading) -> None:
    """No cell runs into the next, no heading into its number."""
    assert {n: found for n, page in enumerate(pdf.pages) if (found := overprinted(page))} == {}


def test_pages_are_numbered_roman_then_arabic(review: Reading) -> None:
    """The page that software names is the number printed at its foot: i, ii, iii …, 1, 2, 3 …"""
    labels = [str(page.label) for page in review.pdf.pages]
    first = labels.index("1")
    assert labels[:5] == ["i", "ii", "iii", "iv", "v"]
    assert labels[first:] == [str(n) for n in range(1, len(labels) - first + 1)]
    for label, page in list(zip(labels, review.pages, strict=True))[1:]:
        assert label in [line.text for line in page.lines[-2:]]


def test_running_heads_name_the_chapter(review: Reading) -> None:
    """Every page says whose it is, but one that opens a chapter says so in its heading."""
    openings = {tag.page: heading_words(tag) for tag in review.tree.all("H1")}
    chapter = ""
    for number, page in list(enumerate(review.pages))[min(openings) :]:
        if number in openings:
            chapter = openings[number]
            assert "Safeguarding children: a review" not in page.lines[0].text
        else:
            assert chapter in page.text.splitlines()[0]
            assert "Safeguarding children: a review of the literature" in page.text


def test_chapters_open_on_pages_of_their_own(review: Reading) -> None:
    """A chapter's heading is the first thing on its page."""
    openings = [tag for tag in review.tree.all("H1") if not tag.text.startswith("Boxes, figures")]
    assert len({tag.page for tag in openings}) == len(openings)
    for tag in openings:
        first = review.pages[tag.page].lines[0]
        assert plain(first.text) in plain(tag.text)


def body_lines(page: Page) -> list[Line]:
    """The lines between the running head and the notes or the page's number."""
    lines = [line for line in page.lines if line.top > 25 * POINTS_PER_MM and line.size > 8.9]
    return [line for line in lines if line.bottom < page.height - 26 * POINTS_PER_MM]


def test_no_heading_is_left_at_the_foot_of_a_page(pdf: Reading) -> None:
    """Headings, within boxes too, stand above what they head."""
    seen, (begun, *_) = (
        0,
        (tag.page for tag in pdf.tree.all("H1") if tag.text not in FRONT_AND_BACK),
    )
    for number, page in list(enumerate(pdf.pages))[begun:]:
        if lines := body_lines(page):
            seen += sum(line.font in HEADING_FONTS and line.size >= 9.5 for line in lines)
            fonts = {letter.font for letter in lines[-1].letters if letter.text.strip()}
            bold = fonts <= HEADING_FONTS
            assert not (bold and lines[-1].size >= 9.5), f"page {number + 1}: {lines[-1].text}"

    assert seen >= len(list(pdf.tree.all("H2", "H3")))


HEADING_FONTS = {"SourceSansPro-Semibold", "SourceSansPro-Bold", "SourceSerifPro-Bold"}


def test_no_paragraph_leaves_a_line_alone(pdf: Reading) -> None:
    """At least two lines of a paragraph stand on each page that it has a share of."""
    broken = [tag.lines_by_page() for tag in pdf.tree.all("P", "LBody")]
    broken = [lines for lines in broken if len(lines) > 1]
    assert len(broken) >= len(pdf.pages) // 12
    assert all(min(map(len, lines.values())) > 1 for lines in broken)


def test_table_rows_are_not_broken(review: Reading) -> None:
    """A row of a table stands on one page."""
    rows = [row for table in review.tree.all("Table") for row in list(table.all("TR"))[1:]]
    assert len(rows) > 40
    for row in rows:
        assert len({run.page for run in row.runs if run.letters}) == 1, row.text


def entries(pdf: Reading) -> list[Tag]:
    """The works in the list of references."""
    found, within = [], False
    for tag in pdf.tree.children:
        assert isinstance(tag, Tag)
        if tag.role in HEADINGS:
            within = tag.text == "References"
        elif within and tag.role == "P":
            # what follows the list in a leaflet, its colophon, is sans serif
            serif = next(tag.runs).letters[0].font.startswith("SourceSerif")
            found += [tag] if serif else []
    return found


def test_references_hang_and_stay_whole(pdf: Reading) -> None:
    """A work's name stands out to the left of its other lines, all of them on one page."""
    works = entries(pdf)
    assert len(works) > 7
    for work in works:
        ((first, *others),) = work.lines_by_page().values()
        assert all(15 < line - first < 25 for line in others), work.text


def test_addresses_break_at_their_marks(review: Reading) -> None:
    """A line that ends within a web address ends at one of its marks or before a capital."""
    broken = 0
    for work in entries(review):
        for before, after in pairwise(lines_of(work)):
            if re.search(r"https?://\S+$", before) and not after.startswith("["):
                broken += 1
                assert before[-1] in "/?=&" or re.match(r"[._-]|[A-Z]", after), before + "|" + after
    assert broken > 5


def lines_of(tag: Tag) -> list[str]:
    """The words of a tag, line by line."""
    lines: dict[tuple[int, int], str] = {}
    for run in tag.runs:
        for letter in run.letters:
            at = (run.page, round(letter.bottom))
            at = next((it for it in lines if it[0] == at[0] and abs(it[1] - at[1]) < 4), at)
            lines[at] = lines.get(at, "") + letter.text
    return [line.strip() for line in lines.values()]


# --- leaflets ------------------------------------------------------------------------------------


def test_leaflets_fill_their_pages(pdfs: dict[str, Reading]) -> None:
    """A summary has two to five pages; the last is no page for the colophon alone."""
    assert 2 <= len(pdfs["summary"].pages) <= 5
    assert len(pdfs["developments"].pages) == 2
    for name in ("summary", "developments"):
        assert len(body_lines(pdfs[name].pages[-1])) > 15


def test_summary_opens_with_a_page_at_a_glance(pdfs: dict[str, Reading]) -> None:
    """Findings with their numbers, the chart and what it means for a council, and no more."""
    first, second = (page.text for page in pdfs["summary"].pages[:2])
    for told in ("At a glance", "64 per cent", "Figure 1: ", "every point of referral"):
        assert told in first.replace("\u00a0", " ")
    assert "Background and aims" in second and "Background and aims" not in first
