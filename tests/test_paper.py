"""What a reader of a small report sees on paper, page by page."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from float_pages import captions, listed
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
    assert [(plain(link.text), link.leads_to) for link in row.all("Link")] == [
        (str(pdf.pdf.pages[used.page].label), used.page)
    ]


# --- what keeps together ---------------------------------------------------------------------

WORDS = "Teachers were asked what they thought of it, and said so at some length. "
ITEMS = "\n".join(
    f"- Item {n} of what the teachers who were asked had to say of it" for n in range(9)
)
BOX = f"**Who said it**\n\n{WORDS * 3}\n\n**What it was**\n\nThey said these:\n\n{ITEMS}"
QUARTER = 842 / 4
"""Of the height of a page, in points."""


def chapters(count: int) -> str:
    """Chapters whose pages end a line later each, somewhere within each of their parts."""
    text = []
    for n in range(count):
        filled = "\n\n".join(
            [WORDS * 7] * 3 + [f"{WORDS * (n % 5)}A line.\n\n"] + ["A line."] * (n // 2)
        )
        text += [f"# Chapter {n}", filled, f"Lead-in {n} names these:", ITEMS]
        text += [WORDS * 4, f"Lead-in to box {n}.", float_("box", f"b{n}", f"Box {n}", BOX)]
        text += [f"## Section {n}", *[WORDS * 3] * 5]
    return "\n\n".join(text)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """A book of such chapters, in which a page ends wherever it can."""
    return set_pages(chapters(16), tmp_path_factory.mktemp("long"))


def test_lists_and_boxes_stay_with_what_leads_in_to_them(long: Reading) -> None:
    """The page that ends a lead-in has two items of its list, or the title of its box."""
    paragraphs = list(long.tree.all("P", "L", "Caption"))
    split = 0
    for before, after in pairwise(paragraphs):
        words = plain(before.text)
        if re.fullmatch(r"(Lead-in \d+ names these:)", words):
            assert after.role == "L", words
            pages = [item.page for item in after.all("LI")]
            split += len(set(pages)) > 1
            assert pages[:2] == [list(before.runs)[-1].page] * 2, words
        if re.fullmatch(r"Lead-in to box \d+\.", words):
            assert after.role == "Caption", words
            assert after.page == before.page, words
    assert split


def test_a_list_that_ends_a_chapter_stays_with_its_lead_in(tmp_path: Path) -> None:
    """It is kept with what follows it, and what leads in to it with both."""
    items = "\n".join(f"- Item {n}" for n in range(7))
    text = []
    for n in range(0, 30, 2):
        text += [f"# Chapter {n}", "\n\n".join([WORDS * 7] * 3 + ["A line."] * n)]
        text += [f"Lead-in {n} names these:", items, WORDS * 2]
    lists = [
        (before, after)
        for before, after in pairwise(set_pages("\n\n".join(text), tmp_path).tree.all("P", "L"))
        if before.text.startswith("Lead-in")
    ]
    assert len(lists) == 15
    for before, after in lists:
        assert after.role == "L"
        assert after.page == before.page, before.text


def test_no_page_holds_a_few_lines(long: Reading) -> None:
    """The last page of a chapter has more than six lines below its head."""
    openings = [tag.page for tag in long.tree.all("H1")]
    begun = [page for page in openings if page > 3]
    for page in begun[1:]:
        lines = [line for line in long.pages[page - 1].lines if 70 < line.top < 770]
        assert len(lines) > 6, long.pages[page - 1].text


def test_boxes_leave_no_quarter_of_a_page_empty(long: Reading) -> None:
    """Where a box begins a page, the one before is more than three quarters full."""
    captions = {tag.page: tag for tag in long.tree.all("Caption")}
    first = 0
    for page, tag in captions.items():
        lines = [line for line in long.pages[page].lines if line.top > 70]
        if plain(lines[0].text).startswith(("Box", "Lead-in to box")):
            first += 1
            above = [line.bottom for line in long.pages[page - 1].lines if line.bottom < 770]
            assert max(above) > 757 - QUARTER, tag.text
    assert first


def test_what_goes_on_says_so(tmp_path: Path) -> None:
    """A long box repeats its title, a long table its head, each marked as continued."""
    rows = ", ".join(f"[Place {n}], [{n}]" for n in range(90))
    table = f"#table(columns: 2, table.header([Place], [Number],), table.hline(), {rows})"
    text = f"# Method\n\n{float_('tbl', 'places', 'All places', table)}\n\n"
    text += float_("tbl", "groups", "Groups", TABLE) + "\n\n"
    box = "\n\n".join([WORDS * 9] * 9)
    text += float_("box", "said", "What was said. And by whom", box)
    pdf = set_pages(text, tmp_path)
    begins = {plain(tag.text): tag.page for tag in pdf.tree.all("Caption")}
    for name, words, head in (
        ("Table 1.1: All places", "Table 1.1, continued", "Place Number"),
        (
            "Box 1.1: What was said. And by whom",
            "And by whom (continued)",
            "Box 1.1: What was said.",
        ),
    ):
        shown = [plain(page.text) for page in pdf.pages]
        going_on = [n for n, page in enumerate(shown) if words in page]
        assert begins[name] not in going_on and len(going_on) >= 1
        assert going_on == list(range(begins[name] + 1, begins[name] + 1 + len(going_on)))
        assert all(head in shown[n] for n in going_on)
    assert plain(pdf.tree.text).count("continued") == 0  # heard once
    assert not any("Table 1.2, continued" in page for page in shown)
    listed = plain(" ".join(entry.text for entry in pdf.tree.all("TOCI")))
    assert "What was said. And by whom" in listed


def test_lists_name_the_page_of_a_table_with_a_high_first_row(tmp_path: Path) -> None:
    """Its caption does not stay behind, wherever the page ends."""
    cell = "said at some length " * 30
    table = (
        f"#table(columns: 2, table.header([A], [B],), table.hline(), [{cell}], [{cell}], [1], [2])"
    )
    text = []
    for n in range(12):
        text += [f"# Chapter {n}", "\n\n".join([WORDS * 7] * 3 + ["A line."] * n)]
        text += [float_("tbl", f"t{n}", "What was said", table)]
    pdf = set_pages("\n\n".join(text), tmp_path)
    labels = [str(page.label) for page in pdf.pdf.pages]
    stands = captions(pdf)
    assert {name: page for name, (page, _) in listed(pdf).items()} == stands
    assert {name: shown for name, (_, shown) in listed(pdf).items()} == {
        name: labels[page] for name, page in stands.items()
    }


def test_bold_lines_in_boxes_are_headings_for_ears(tmp_path: Path) -> None:
    """One level below the section's, and no bookmark."""
    inner = "**Who said it**\n\nTeachers.\n\n**What it was**\n\nMuch."
    text = f"# Method\n\n## Sample\n\n::: {{.note}}\n{inner}\n:::\n"
    pdf = set_pages(text, tmp_path)
    assert [plain(tag.text) for tag in pdf.tree.all("H3")] == ["Who said it", "What it was"]
    assert "Who said it" not in [title for _, title in pdf.bookmarks]


def test_works_and_colophon_share_a_page(tmp_path: Path) -> None:
    """However many works a leaflet lists, its last page is not for its colophon alone."""
    for count in (38, 39, 40):
        works = "\n\n".join(
            f"::: {{#ref-w{n}}}\nWriter {n} (2009). {WORDS}\n:::" for n in range(count)
        )
        text = f"# Summary\n\n{WORDS}\n\n## References\n\n::: {{#refs}}\n{works}\n:::\n"
        pdf = set_pages(text, tmp_path, kind="leaflet", citation="How it is cited.")
        assert f"Writer {count - 1} " in plain(pdf.pages[-1].text)


def test_a_leaflet_is_not_taken_for_the_book_that_it_sums_up(tmp_path: Path) -> None:
    """With one title they have two identifiers."""
    told = set()
    for kind in ("book", "leaflet"):
        with set_pages("# Summary\n\nWords.", tmp_path, kind=kind).pdf.open_metadata() as metadata:
            told.add((metadata["dc:title"], metadata["xmpMM:DocumentID"]))
    (one, first), (other, second) = sorted(told)
    assert other == f"{one}. What a year of change achieved"
    assert first != second


def test_isbns_stay_on_one_line(tmp_path: Path) -> None:
    """However narrow what is left of the line."""
    text = "\n\n".join(f"{'word ' * n}ISBN 978 1 906792 72 5 is it." for n in range(8, 24))
    lines = [
        plain(line.text)
        for page in set_pages(f"# A\n\n{text}", tmp_path).pages
        for line in page.lines
    ]
    assert sum("978 1 906792 72 5" in line for line in lines) == 16
