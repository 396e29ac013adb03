"""The look on paper: the extension's Typst template with metadata and chapters put in."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypandoc
import pytest
import typst
import yaml
from pypdf import PdfReader

from imprint.compose.extension import read_extension
from imprint.compose.settings import typst_template
from imprint.read.packaged import FONTS

METADATA: dict[str, Any] = {
    "title": "Keeping children safe",
    "subtitle": "What a year of change achieved",
    "author": ["A. Author", "B. Writer"],
    "date": "1 December 2010",
    "lang": "en-GB",
    "keywords": ["safeguarding", "evidence"],
    "toc": True,
    "toc-depth": 2,
    "section-numbering": "1.1",
    "imprint": {"citation": "Author, A. and Writer, B. (2010). *Keeping children safe*."},
}

FLOAT = """\
```{{=typst}}
#figure([{body}], caption: figure.caption(position: top, [{title}]),
  kind: "quarto-float-{kind}", supplement: "{name}") <{kind}-{key}>
```
"""

TABLE = (
    "#table(columns: 2, table.header([Group], [Per cent],), table.hline(), [Nurses], [64],"
    " [Teachers], [58],)"
)


def float_(kind: str, key: str, title: str, body: str = "Text of the float.") -> str:
    name = {"box": "Box", "tbl": "Table", "fig": "Figure"}[kind]
    return FLOAT.format(kind=kind, key=key, title=title, body=body, name=name)


CHAPTERS = f"""
# About this edition {{#sec-about .unnumbered}}

It is new.

{float_("box", "about", "Before the chapters")}

```{{=typst}}
#show: main-matter
```

# Introduction {{#sec-introduction}}

In [64 per cent]{{.stat data-stat="a-time"}} of areas, see `#ref(<box-second>)`{{=typst}}.[^1]

[^1]: A note.

## Background {{#sec-background}}

Term
:   What it means.

> What was said.

```{{=typst}}
#part[Themes]
```

# Training {{#sec-training}}

{float_("box", "first", "What helps")}
{float_("box", "second", "What hinders")}
{float_("tbl", "groups", "Training up to date", TABLE)}

`#callout(title: [How to read it], kind: "note", body: [The bases differ.])`{{=typst}}

# References {{.unnumbered}}

::: {{#refs}}
::: {{#ref-laming_2009}}
Laming, W. (2009). *The Protection of Children*.
:::
:::

```{{=typst}}
#show: appendices
```

# Search strategy {{#sec-search}}

{float_("box", "search", "Where we looked")}
"""


def typst_source(text: str, metadata: dict[str, Any], scratch: Path) -> str:
    """The Markdown as Typst in the template, filters run, as the embedded engine writes it."""
    extension = read_extension(scratch)
    template = scratch / "template.typ"
    template.write_text(typst_template(extension), encoding="utf-8")
    return pypandoc.convert_text(
        f"---\n{yaml.safe_dump(metadata)}---\n{text}",
        "typst-smart-citations",
        "markdown",
        extra_args=[
            f"--template={template}",
            *(f"--lua-filter={path}" for path in extension.typst_filters),
        ],
    )


def typeset(text: str, metadata: dict[str, Any], scratch: Path) -> bytes:
    """Set the Markdown as PDF/UA-1; Typst refuses what breaks the standard."""
    source = scratch / "report.typ"
    source.write_text(typst_source(text, metadata, scratch), encoding="utf-8")
    pdf: bytes = typst.compile(
        str(source),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=1291161600,
    )
    return pdf


def typeset_reader(text: str, metadata: dict[str, Any], scratch: Path) -> PdfReader:
    """The same, to be read."""
    return PdfReader(io.BytesIO(typeset(text, metadata, scratch)))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return typeset_reader(CHAPTERS, METADATA, tmp_path_factory.mktemp("report"))


def page_with(report: PdfReader, text: str) -> str:
    """Text of the first page that says so."""
    pages = [page.extract_text().replace("\N{NO-BREAK SPACE}", " ") for page in report.pages]
    return next(page for page in pages if text in page)


def test_document_says_what_it_is(report: PdfReader) -> None:
    """A reader's software finds title, authors, keywords and language."""
    assert report.metadata.title == "Keeping children safe"
    assert "A. Author" in report.metadata.author
    assert "safeguarding" in report.metadata["/Keywords"]
    assert report.trailer["/Root"]["/Lang"] == "en-GB"


def test_bookmarks_are_the_headings(report: PdfReader) -> None:
    """Bookmarks lead to the contents, the parts, every chapter and its sections."""
    titles = [
        item.title if not isinstance(item, list) else [inner.title for inner in item]
        for item in report.outline
    ]
    assert [title for title in titles if isinstance(title, str)] == [
        "Contents",
        "Boxes, figures and tables",
        "About this edition",
        "1 Introduction",
        "Themes",
        "2 Training",
        "References",
        "A Search strategy",
    ]
    assert ["1.1 Background"] in titles


def test_pages_are_numbered_roman_before_the_first_chapter(report: PdfReader) -> None:
    """Front matter counts i, ii, iii; the first numbered chapter begins on page 1."""
    labels = report.page_labels
    chapter = next(n for n, page in enumerate(report.pages) if "Chapter 1" in page.extract_text())
    assert labels[chapter] == "1"
    assert labels[chapter - 1] in ("iv", "v")


def test_floats_are_numbered_by_chapter(report: PdfReader) -> None:
    """Boxes count anew in every chapter; appendices are lettered, unnumbered chapters are bare."""
    assert "Box 1: Before the chapters" in page_with(report, "It is new.")
    training = page_with(report, "Chapter 2")
    assert "Box 2.1: What helps" in training
    assert "Box 2.2: What hinders" in training
    assert "Table 2.1: Training up to date" in training
    assert "Box A.1: Where we looked" in page_with(report, "Appendix A")


def test_references_to_floats_say_their_number(report: PdfReader) -> None:
    """A cross-reference and the caption agree."""
    assert "see Box 2.2" in page_with(report, "Chapter 1")


def test_references_and_lists_lead_to_where_a_figure_stands(tmp_path: Path) -> None:
    """As Quarto writes them: a figure that floats to a later page is there, labelled or not."""
    tall = '#image(bytes(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="11"/>`.text), '
    tall += 'format: "svg", alt: "Nothing", height: 150mm)'
    text = "# One\n\nSee `#ref(<fig-b>, supplement: [Figure])`{=typst} and `@fig-b`{=typst}.\n\n"
    text += float_("fig", "a", "The first", tall) + "\n\n" + float_("fig", "b", "The next", tall)
    text += "\n\n" + float_("fig", "c", "Without a label", tall).replace("<fig-c>", "")
    report = typeset_reader(text, METADATA, tmp_path)
    texts = [page.extract_text().replace("\N{NO-BREAK SPACE}", " ") for page in report.pages]
    listed = next(n for n, text in enumerate(texts) if "Figures\n" in text)
    called = next(n for n, text in enumerate(texts) if "See Figure 1.2 and Figure 1.2." in text)
    stands = [
        next(n for n, text in enumerate(texts) if f"Figure 1.{number}: " in text)
        for number in (1, 2, 3)
    ]
    assert len({called, *stands[1:]}) == 3
    assert targets(report, called) == {stands[1]}
    assert targets(report, listed) >= set(stands)
    for number, page in zip((1, 2, 3), stands, strict=True):
        assert re.search(rf"Figure 1\.{number}.*{report.page_labels[page]}\n", texts[listed])


def targets(report: PdfReader, page: int) -> set[int]:
    """The pages to which links on a page lead."""
    named = {
        name: report.get_destination_page_number(at)
        for name, at in report.named_destinations.items()
    }
    links = [note.get_object()["/Dest"] for note in report.pages[page].get("/Annots", [])]
    found = {
        named.get(link) if isinstance(link, str) else report.get_page_number(link[0].get_object())
        for link in links
    }
    return {number for number in found if number is not None}


def test_contents_and_lists_name_chapters_and_boxes(report: PdfReader) -> None:
    """Contents hold sections with their numbers, the lists every box and table."""
    assert "Search strategy" in page_with(report, "Contents")
    listed = page_with(report, "Boxes, figures and tables")
    assert "Box 2.2" in listed
    assert "Table 2.1" in listed
    assert "\nFigures\n" not in listed


def test_box_of_several_pages_repeats_its_title(tmp_path: Path) -> None:
    """A long box breaks across pages and says on each what it is."""
    body = "Practitioners said that time for training had grown. \n\n" * 150
    report = typeset_reader(
        "# One\n\n" + float_("box", "long", "A long box", body), METADATA, tmp_path
    )
    titled = [page for page in report.pages if "Box 1.1: A long box" in page.extract_text()]
    assert len(titled) >= 3


def test_statistic_keeps_its_id_and_its_words(tmp_path: Path) -> None:
    """A statistic reads as plain words and carries its id in the source."""
    source = typst_source("[most]{.claim data-stat='a b'}(so).\n", METADATA, tmp_path)
    assert '#stat("a", "b")[most];' in source


def test_bold_paragraph_is_a_minor_heading(tmp_path: Path) -> None:
    """A paragraph in bold alone stays with what follows; bold words within one are words."""
    source = typst_source("**Bureaucracy**\n\n**Not** all of it.\n", METADATA, tmp_path)
    assert "#minor-heading(2)[Bureaucracy]" in source
    assert source.count("#minor-heading(2)[") == 1


@pytest.mark.parametrize("columns", [1, 2])
def test_leaflet_has_a_title_block_and_no_cover(tmp_path: Path, columns: int) -> None:
    """A summary begins on its first page, below its title, without contents or chapter numbers."""
    metadata = METADATA | {"imprint": {"kind": "leaflet", "columns": columns}, "toc": False}
    text = f"# What we found\n\nIt helped.\n\n{float_('box', 'a', 'What helps')}"
    report = typeset_reader(text, metadata, tmp_path)
    first = report.pages[0].extract_text()
    assert len(report.pages) == 1
    assert "Keeping children safe" in first
    assert "Box 1: What helps" in first
    assert "Chapter" not in first


@pytest.mark.parametrize("kind", ["book", "leaflet"])
def test_report_without_metadata_is_set_all_the_same(tmp_path: Path, kind: str) -> None:
    """A title is all that a report needs."""
    metadata = {"title": "Bare", "imprint": {"kind": kind}}
    assert typeset_reader("# One\n\nText.\n", metadata, tmp_path).metadata.title == "Bare"


def test_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs write one and the same PDF."""
    one, two = (typeset_reader("# One\n\nText.\n", METADATA, tmp_path) for _ in range(2))
    assert one.stream.getvalue() == two.stream.getvalue()
