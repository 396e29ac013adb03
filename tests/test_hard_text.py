"""Text that no designer thought of: laid out within the page, escaped, never run, in both forms."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import html5lib
import pytest

from imprint.write.pdf.typeset import STAND_IN
from pdf_reading import Reading, Tag, outside, overprinted, read_pdf
from reports import ReportFolder, copy_report, made_once

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert('run')</script><img src=x onerror=alert(1)>"
TITLE = "What teachers said when they were asked about many things at once " * 4
WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle" * 3
ADDRESS = "https://example.org/" + "a1b2c3d4" * 40
NAME = "The Standing Conference of Everyone Who Ever Sat on a Committee about Schools " * 3
SENTENCE = "Teachers said that the time for training had grown since the year before. "
WIDE = [f"Column {letter}" for letter in "ABCDEFGHIJKL"]
ROWS = [f"{a}{b} of many" for a in "abcdefghij" for b in "abcdefghijklmnopqrst"]

CAPTION = 'A figure taller than a page, and *more* <b onclick="alert(1)">words</b> & signs < >.'

CHAPTERS = {
    "titles": f"""# {TITLE}

Text of the chapter.

## {TITLE}

### {WORD}

{WORD} stands in the text, and {ADDRESS} too, linked as <{ADDRESS}>.

::: {{#box-title}}
{WORD} {ADDRESS}

{TITLE}
:::

See @box-title, and what @long_2010 and @eastern_2010 wrote.
""",
    "boxes": f"""# Boxes

A long box is @box-long.

::: {{#box-long}}
{(SENTENCE * 6 + chr(10) * 2) * 32}
- {f"{chr(10)}- ".join([SENTENCE] * 9)}

A box of several pages
:::

What follows the box.
""",
    "tables": f"""# Tables

A table is long in @tbl-long and wide in @tbl-wide.

| Row | Said |
|-----|------|
{chr(10).join(f"| row {row} | {SENTENCE} |" for row in ROWS)}

: A long table {{#tbl-long}}

| {" | ".join(WIDE)} |
|{"---|" * 12}
{chr(10).join(f"| {' | '.join(['measured again'] * 12)} |" for n in range(4))}

: A wide table {{#tbl-wide}}
""",
    "length": "# Length\n\n" + (SENTENCE * 4 + "\n\n") * 193,
    "figures": f"""# Figures

Before @fig-tall.

![{CAPTION}](/tall.png){{#fig-tall fig-alt="A tall grey picture"}}

After it.
""",
    "scripts": """# Scripts

```{python}
from imprint import stat, table
```

```{python}
table(
    "statistics",
    columns={"measure": "Measured", "note": "Note"},
    where={"id": "smith-script"},
    caption="Scripts in data",
    label="tbl-scripts",
)
```

In `{python} stat("smith-script")` cases [@script_2010; @smith_2010_survey], as @tbl-scripts shows.
""",
}

WORKS = f"""
@book{{long_2010, author = {{{{{NAME.strip()}}}}}, title = {{{TITLE.strip()}}}, year = {{2010}},
  publisher = {{Press}}, address = {{Leeds}}, url = {{{ADDRESS}}}, urldate = {{2010-09-08}}}}

@book{{eastern_2010, author = {{李, 四 and גוריון, דוד and حسن, أحمد}},
  title = {{学校の研究 😀 and 👩‍👩‍👧}},
  year = {{2010}}, publisher = {{出版社}}, address = {{Leeds}}}}

@book{{script_2010, author = {{Script, Ann}}, title = {{{SCRIPT} \\& more}}, year = {{2010}},
  publisher = {{#eval("1") *x* $y$ `z`}}, address = {{Leeds}}}}
"""

ROW = (
    'smith-script,smith_2010_survey,Survey,teachers,"{script}",,3,,,count,exact,three,p. 2,2010,'
    'views,"#panic() {script} ${{7*7}} {{{{7*7}}}}"\n'
)


TOLD = "told.txt"


def picture(width: int, height: int) -> bytes:
    """A grey PNG of so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x99" * width for _ in range(height)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def hard_report(folder: Path) -> ReportFolder:
    """The minimal report with all this in it, not rendered yet."""
    made = copy_report("minimal", folder)
    for name, text in CHAPTERS.items():
        made.write(f"chapters/{name}.qmd", text)
    (made.folder / "tall.png").write_bytes(picture(400, 3000))
    listed = "".join(f"    - chapters/{name}.qmd\n" for name in CHAPTERS)
    made.edit(
        "_quarto.yml", "    - chapters/references.qmd\n", listed + "    - chapters/references.qmd\n"
    )
    made.edit("_quarto.yml", '"A. Writer"', f'"{NAME.strip()}"')
    made.edit("_quarto.yml", '"A small report"', f'"{TITLE.strip()}"')
    works = (made.folder / "references.bib").read_text(encoding="utf-8") + WORKS
    made.write("references.bib", works)
    rows = (made.folder / "data" / "statistics.csv").read_text(encoding="utf-8")
    return made.write("data/statistics.csv", rows + ROW.format(script=SCRIPT))


def hard_draft(factory: pytest.TempPathFactory) -> ReportFolder:
    """A draft of it, rendered once for all that look at it; TOLD holds what the render said."""

    def make(folder: Path) -> None:
        made = hard_report(folder)
        outcome = made.render("review", "--draft")
        made.write(TOLD, outcome.said + outcome.problems)

    return ReportFolder(made_once("hard-text", make))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    return hard_draft(tmp_path_factory)


@pytest.fixture(scope="module")
def pdf(report: ReportFolder) -> Reading:
    return read_pdf(report.folder / "_output" / "review" / "small-report.pdf")


def chapter(pdf: Reading, title: str) -> list[Tag]:
    """The tags of one chapter."""
    found, within = [], False
    for tag in pdf.tree.children:
        assert isinstance(tag, Tag)
        if tag.role == "H1":
            within = tag.text.endswith(title)
        if within:
            found.append(tag)
    return found


def page(report: ReportFolder, name: str) -> Any:
    """A page as a browser reads it."""
    return html5lib.parse(report.page(f"review/chapters/{name}.html"), namespaceHTMLElements=False)


def test_nothing_leaves_the_page(pdf: Reading) -> None:
    """However long the words, the letters stay on the paper and off one another."""
    for number, sheet in enumerate(pdf.pages):
        assert outside(sheet, 12, 12, 8, 8) == [], f"page {number + 1}"
        assert overprinted(sheet) == [], f"page {number + 1}"


def test_long_box_says_on_each_page_what_it_is(pdf: Reading) -> None:
    """A box of several pages repeats its title."""
    titled = [sheet for sheet in pdf.pages if "Box 4.1: A box of several pages" in sheet.text]
    assert len(titled) >= 3


def test_long_table_has_all_rows_and_repeats_its_head(pdf: Reading) -> None:
    """Two hundred rows, none broken, stand below the columns' names on every page."""
    table = next(it for it in pdf.tree.all("Table") if f"row {ROWS[0]}" in it.text)
    rows = list(table.all("TR"))[1:]
    assert len(rows) == 200
    assert all(len({run.page for run in row.runs}) == 1 for row in rows)
    for number in {row.page for row in rows}:
        assert "Row" in [line.text for line in pdf.pages[number].lines]


def test_mark_of_a_draft_is_not_read_aloud(pdf: Reading) -> None:
    """It stands on every page, those within the long table too, and in none of their tags."""
    assert all("Draft of revision" in sheet.text for sheet in pdf.pages)
    assert "Draft of revision" not in pdf.tree.text


def test_wide_table_keeps_its_columns_apart(report: ReportFolder, pdf: Reading) -> None:
    """Twelve columns fit on the page; on the site they scroll within the table."""
    table = next(it for it in pdf.tree.all("Table") if WIDE[0] in it.text)
    assert [cell.text.strip() for cell in table.all("TH")] == WIDE
    headers = [cell.text for cell in page(report, "tables").iter("th")]
    assert set(WIDE) <= set(headers)


def test_long_chapter_is_there_to_its_end(report: ReportFolder, pdf: Reading) -> None:
    """A chapter of ten thousand words loses none of them in either form."""
    printed = " ".join(tag.text for tag in chapter(pdf, "Length"))
    assert printed.count("Teachers said that") == 193 * 4
    assert report.page("review/chapters/length.html").count("Teachers said that") >= 193 * 4


def test_tall_figure_is_made_to_fit(pdf: Reading) -> None:
    """A figure taller than a page stands on one page with its caption."""
    sheet = next(it for it in pdf.pages if "Figure 7.1: A figure taller" in it.text)
    (left, top, right, bottom) = max(sheet.images, key=lambda it: it[3] - it[1])
    assert top > 0
    caption = next(line for line in sheet.lines if line.text.startswith("Figure 7.1"))
    assert bottom <= caption.top
    assert abs((bottom - top) / (right - left) - 3000 / 400) < 0.01


def test_scripts_are_shown_and_never_run(report: ReportFolder, pdf: Reading) -> None:
    """Markup in data, works and captions is words like others, in print and on every page."""
    printed = " ".join(tag.text for tag in pdf.tree.all("P", "TD", "Caption"))
    for words in (SCRIPT.replace("'run'", "‘run’"), '#eval("1")', "#panic()", "{{7*7}}"):
        assert words in printed
    assert "more words & signs < >" in printed
    for path in sorted((report.folder / "_output" / "review").rglob("*.html")):
        document = html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        for element in document.iter():
            assert not [name for name in element.attrib if name.startswith("on")], path
            assert not (element.tag == "img" and element.get("src") == "x"), path
            if element.tag == "script" and element.get("type") != "application/json":
                assert "alert" not in (element.text or ""), path


def test_every_script_is_written_in_works(report: ReportFolder, pdf: Reading) -> None:
    """Hebrew and Arabic are printed; what no font has is a square there and itself on the site."""
    works = " ".join(tag.text for tag in chapter(pdf, "References"))
    assert "דוד" in works
    assert "أحمد"[::-1] in works or "أحمد" in works
    assert STAND_IN in works
    assert "李" not in works
    listed = report.page("review/chapters/references.html")
    assert all(words in listed for words in ("李", "学校の研究 😀", "גוריון", "أحمد"))


def test_what_no_font_has_is_reported(report: ReportFolder) -> None:
    """Whoever renders is told which characters the PDF cannot show."""
    told = (report.folder / TOLD).read_text(encoding="utf-8")
    assert re.search(rf"review: no font has .*李.*😀.*: the PDF prints {STAND_IN}", told)
