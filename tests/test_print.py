"""What a reader of a small report sees on paper, page by page."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.compose.words.dates import format_date
from pdf_reading import Reading, read_pdf
from reports import ReportFolder, copy_report
from test_typst_template import METADATA, TABLE, float_, typeset

COVER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200">'
    '<rect width="400" height="200" fill="#d9902f"/></svg>'
)
SETTINGS = """\
imprint:
  evidence-to: "2009-10"
  based-on: "B. Other (2009), *An earlier* report"
  cover: {image: figures/the_cover.svg, alt: "A plain “orange” ground"}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """A small report whose pages are full."""
    report = copy_report("minimal", tmp_path_factory.mktemp("print") / "report")
    report.write("figures/the_cover.svg", COVER)
    report.edit("_quarto.yml", "number-sections: true\n", f"number-sections: true\n{SETTINGS}")
    report.render("--to", "pdf")
    return report


@pytest.fixture(scope="module")
def pdf(made: ReportFolder) -> Reading:
    """The PDF of the report, read once."""
    return read_pdf(made.folder / "_output" / "review" / "small-report.pdf")


@pytest.fixture(scope="module")
def leaflet(made: ReportFolder) -> Reading:
    """The PDF of its summary."""
    return read_pdf(made.folder / "_output" / "summary" / "small-summary.pdf")


def plain(text: str) -> str:
    """Text with spaces that may break alone."""
    return " ".join(text.split())


# --- when, by whom, and the cover ------------------------------------------------------------


def test_paper_says_what_the_evidence_dates_from(pdf: Reading, leaflet: Reading) -> None:
    """Cover and imprint page name month and authors, every foot the month."""
    front = plain(pdf.tree.text.partition("Welcome")[0])
    assert front.count("Evidence to October 2009 · this edition 12 November 2010") == 2
    assert front.count("A. Writer") == 2
    assert front.count("Based on B. Other (2009), An earlier report") == 2
    assert all("Evidence to October 2009" in plain(page.text) for page in pdf.pages[1:])
    assert "Evidence to October 2009" in plain(leaflet.tree.text)


def test_cover_has_a_picture_in_words_too(pdf: Reading) -> None:
    """The picture stands on the first page, and is read out."""
    first = next(pdf.tree.all("Figure"))
    assert first.alt == "A plain “orange” ground"


@pytest.mark.parametrize(
    ("date", "printed"),
    [("2010", "2010"), ("2010-10", "October 2010"), ("2010-10-05", "5 October 2010")],
)
def test_dates_are_printed_as_they_are_known(date: str, printed: str) -> None:
    """A year, a month or a day."""
    assert format_date(date) == printed


def test_a_missing_cover_is_told_with_its_place(tmp_path: Path) -> None:
    """The author is told the line; nothing is set."""
    report = copy_report("minimal", tmp_path / "report")
    report.edit("_quarto.yml", "number-sections: true\n", f"number-sections: true\n{SETTINGS}")
    told = report.run("check", "--no-run").said
    assert "imprint cover image file 'figures/the_cover.svg' does not exist" in told


# --- registers -------------------------------------------------------------------------------

WITH_REGISTERS = f"""
# Findings {{#sec-findings}}

See `#ref(<tbl-rows>)`{{=typst}}, `#ref(<tbl-after>)`{{=typst}} and [the notes](#sec-notes).

::: {{.register}}
Every row of it.

{float_("tbl", "rows", "All rows of the survey. Sorted by place", TABLE)}
:::

{float_("tbl", "after", "What is printed", TABLE)}

## Words {{#sec-words .register}}

Each word and what it means.

### Short ones {{#sec-short}}

## Outlook {{#sec-outlook}}

In [64 per cent]{{.stat data-stat="a-time"}} of places.

::: {{.register}}
| Row | Value |
|---|---|
| [a-time]{{.stat-row data-stat="a-time"}} | [64 per cent]{{.stat data-stat="a-time"}} |
:::

```{{=typst}}
#show: appendices
```

# Notes {{#sec-notes .register}}

Slips that were put right.

{float_("tbl", "slips", "Slips", TABLE)}

# Method {{#sec-method}}

A survey was made.
"""


def set_pages(text: str, folder: Path, **own: object) -> Reading:
    """A book of these chapters as a reader has it."""
    metadata = METADATA | {"imprint": own}
    file = folder / "pages.pdf"
    file.write_bytes(typeset(text, metadata, folder))
    return read_pdf(file)


def test_registers_are_no_part_of_the_paper(tmp_path: Path) -> None:
    """One page names them; numbers of what is printed stay, and what refers to them is no link."""
    pdf = set_pages(WITH_REGISTERS, tmp_path)
    text = plain(pdf.tree.text)
    assert "Every row of it" not in text
    assert "Each word" not in text
    assert "Slips that" not in text
    titles = [title for _, title in pdf.bookmarks]
    assert titles[-4:] == ["1 Findings", "1.2 Outlook", "B Method", "Not in print"]
    assert "See Table 1.1, Table 1.2 and the notes." in text
    links = {plain(link.text) for link in pdf.tree.all("Link")}
    assert "Table 1.2" in links and not {"Table 1.1", "the notes"} & links
    last = plain(pdf.pages[-1].text)
    assert "Table 1.1 All rows of the survey" in last
    assert "Sorted by place" not in last
    assert "Appendix A Notes" in last and "Table A.1 Slips" in last
    assert "Appendix B" in plain(pdf.pages[-2].text)
    assert "1.2 Outlook" in plain(pdf.pages[-3].text)


def test_registers_are_printed_where_the_report_asks_for_them(tmp_path: Path) -> None:
    """In their places, with links to them."""
    pdf = set_pages(WITH_REGISTERS, tmp_path, print={"registers": True})
    text = plain(pdf.tree.text)
    assert "Every row of it." in text and "Slips that were put right." in text
    assert "Not in print" not in text
    links = {plain(link.text): link for link in pdf.tree.all("Link")}
    assert {"Table 1.1", "the notes"} <= set(links)
    used, (row,) = links["64 per cent"], (it for it in pdf.tree.all("TR") if "a-time" in it.text)
    assert used.leads_to == row.page
    assert [(plain(link.text), link.leads_to) for link in row.all("Link")] == [("iv", used.page)]
