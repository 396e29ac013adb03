"""What a reader of a small report sees on paper, page by page."""

from __future__ import annotations

from pathlib import Path

import pytest

from imprint.compose.settings import format_date
from pdf_reading import Reading, read_pdf
from reports import ReportFolder, copy_report

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
