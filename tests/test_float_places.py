"""Floats that move to other pages: everything finds them there."""

from __future__ import annotations

from pathlib import Path

from float_pages import assert_figures_break_nothing, assert_pages_agree, captions
from pdf_reading import read_pdf
from reports import copy_report

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="{height}">'
    '<rect width="400" height="{height}" fill="#0b4a58"/></svg>'
)

TURNED = f"""\
|{"responsibilities|" * 14}
|{"---|" * 14}
|{"shared|" * 14}

: Too wide for an upright page {{#tbl-turned}}
"""


def test_floats_are_found_where_they_stand(tmp_path: Path) -> None:
    """More tall figures, tables and boxes are called on a page than it can hold."""
    made = copy_report("minimal", tmp_path / "report")
    words = "Teachers were asked what they thought of it, and said so at some length. " * 30
    text = ["# Method {#sec-method}", "A survey was made.", "## Sample {#sec-sample}"]
    for n, height in enumerate((300, 560, 420, 200, 620, 350, 500)):
        made.write(f"figures/tall-{n}.svg", PICTURE.format(height=height))
        text += [f"As @fig-tall-{n}, @tbl-rows-{n} and @box-more-{n} show, it is so."]
        text += [f'![Height {height} px](/figures/tall-{n}.svg){{#fig-tall-{n} fig-alt="A bar"}}']
        rows = "".join(f"| {row} | teachers asked in place {row} |\n" for row in range(4 + 3 * n))
        text += [f"| Row | Whom |\n|---|---|\n{rows}\n: Rows {n} and so on {{#tbl-rows-{n}}}"]
        text += [f"::: {{#box-more-{n}}}\n{words}\n\nMore, of kind {n}, said\n:::"]
        text += [words] if n in (2, 4) else []
    text += ["@Tbl-turned has its own page, turned on its side.", TURNED, words]
    text += ["## What has no label", '![Without a label](/figures/tall-1.svg){fig-alt="A bar"}']
    made.edit("_quarto.yml", "    citeproc: true\n", "    citeproc: true\n    toc: true\n")
    made.write("chapters/method.qmd", "\n\n".join([*text, words]))
    made.render("review", "--to", "pdf", "--draft")
    output = made.folder / "_output"
    pdf = read_pdf(output / "review" / "small-report.pdf")
    assert_pages_agree(pdf, output)
    assert_figures_break_nothing(pdf)
    (turned,) = (n for n, page in enumerate(pdf.pages) if page.width > page.height)
    assert turned == captions(pdf)["Table A.8"]
    page = pdf.pages[turned]
    assert [line.text for line in page.lines[:2]] == ["AMethod", "A small report"]
    assert page.lines[-1].text == str(pdf.pdf.pages[turned].label)
    last = max(letter.bottom for letter in pdf.pages[turned - 1].letters)
    assert last > 600, "text goes on to the foot of the page before"
