"""`imprint parity` tells every difference between what the two engines made of a report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from imprint.difference.output_forms import form_json, form_of_output, read_form
from imprint.difference.page_forms import read_page
from imprint.difference.parity import compare_forms, unlike_lines
from reports import ReportFolder

QUARTO = """\
<body><nav>Menu</nav><main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block default"><div class="quarto-title">
<h1 class="title"><span class="chapter-number">2</span>&nbsp; <span class="chapter-title">Answers</span></h1>
</div></header>
<section id="sec-time" class="level2" data-number="2.1">
<h2 data-number="2.1" class="anchored" data-anchor-id="sec-time"><span
class="header-section-number">2.1</span> Time<a class="anchorjs-link" href="#sec-time">#</a></h2>
<p>As <a href="#fig-a" class="quarto-xref">Figure&nbsp;2.1</a> shows, <span class="stat"
data-stat="time">64&nbsp;per cent</span> agreed <span class="citation"
data-cites="laming_2009">(<a href="x.html#ref-laming_2009" role="doc-biblioref">Laming 2009</a>)</span>.<a
href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a></p>
<div id="fig-a" class="quarto-float quarto-figure quarto-figure-center anchored">
<figure class="quarto-float quarto-float-fig figure">
<div aria-describedby="fig-a-caption"><img src="a.svg" class="img-fluid figure-img" alt="Two bars"></div>
<figcaption class="quarto-float-caption-bottom quarto-float-caption quarto-float-fig"
id="fig-a-caption-0ceaefa1">Figure&nbsp;2.1: Bars of time</figcaption></figure></div>
<table class="caption-top table"><tbody><tr class="odd"><td>Nurses</td><td>64</td></tr></tbody></table>
<ul><li>One</li></ul>
</section>
<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr>
<ol><li id="fn1"><p>A note.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol>
</section></main><footer>Foot</footer></body>
"""  # noqa: E501
OURS = """\
<main id="content"><article><section id="sec-answers" class="level1"><h1 id="sec-answers"><span
class="number">2</span> Answers</h1><section id="sec-time" class="level2">
<h2 id="sec-time"><span class="header-section-number">2.1</span> Time</h2>
<p id="p-1"><a href="#p-1" class="permalink" aria-label="Link"></a>As <a href="#fig-a"
class="quarto-xref">Figure 2.1</a> shows, <span class="stat"
data-stat="time">64&nbsp;per cent</span> agreed <span class="citation"
data-cites="laming_2009">(<a href="#">Laming 2009</a>)</span>.<a
class="footnote-ref" href="#fn1"><sup>1</sup></a></p>
<figure id="fig-a" class="quarto-float quarto-float-fig"><img alt="Two bars" src="b.svg">
<figcaption>Figure 2.1: Bars of time</figcaption></figure>
<div class="figure-data"><ul><li><a href="a.csv">CSV</a></li></ul></div>
<table><tr><td>Nurses</td><td>64</td></tr></table><ul><li>One</li></ul></section></section>
<section id="footnotes" role="doc-endnotes"><ol><li id="fn1"><p>A note.</p></li></ol></section>
</article></main>
"""


def test_pages_of_both_engines_have_one_form() -> None:
    """What each adds for use or lays out in its own way is no difference."""
    theirs, ours = read_page(QUARTO), read_page(OURS)
    words = [(it["kind"], it["text"]) for it in ours]
    assert [(it["kind"], it["text"]) for it in theirs] == words
    assert words == [
        ("heading", "2 Answers"), ("heading", "2.1 Time"),
        ("text", "As Figure 2.1 shows, 64 per cent agreed (Laming 2009).1"),
        ("alt", "Two bars"), ("caption", "Figure 2.1: Bars of time"), ("cell", "Nurses"),
        ("cell", "64"), ("item", "One"), ("note", "A note."),
    ]  # fmt: skip
    runs = [["number", 21, 32, ["time"]], ["citation", 40, 53, ["laming_2009"]]]
    assert theirs[2]["runs"] == ours[2]["runs"] == runs


SEEDED: dict[str, tuple[str, str, str]] = {
    "word": ("In one survey", "In one small survey", "words"),
    "heading": ("Findings</h1>", "Results</h1>", "heading"),
    "identifier": ('id="sec-findings"', 'id="findings"', "identifier of"),
    "caption": ("Table 1.1:", "Table 1.2:", "caption"),
    "alternative text": ('role="img" aria-label="', 'role="img" aria-label="Not ', "alt"),
    "cell": ("<tbody><tr>", "<tbody><tr><td>More</td>", "row"),
    "citation": ('data-cites="', 'data-cites="other_', "citation"),
    "number": ('data-stat="', 'data-stat="other-', "number"),
}
"""What is put into a page, and as what it is told."""


@pytest.mark.parametrize(("old", "new", "what"), SEEDED.values(), ids=SEEDED)
def test_difference_is_told_with_its_place(
    rendered: ReportFolder, old: str, new: str, what: str
) -> None:
    """A difference of any kind in one page, at the author's file; nothing without one."""
    output = rendered.folder / "_output"
    ours = form_of_output(output)
    assert compare_forms(json.loads(form_json(ours)), ours, output) == []
    page = "chapters/findings.html"
    html = re.sub(r"\s+", " ", (output / "review" / page).read_text(encoding="utf-8"))
    html = re.sub(r"(<tbody>|<main[^>]*>) ", r"\1", html)
    at = html.index(old, html.index('id="tbl-answers"' if what == "row" else "<main"))
    seeded = read_page(html[:at] + html[at:].replace(old, new, 1))
    theirs = json.loads(form_json(ours))
    theirs["publications"]["review"]["pages"][page] = seeded
    found = compare_forms(theirs, ours, output)
    assert found and any(it.what.startswith(what) for it in found), found
    assert all(it.place.file.endswith((".qmd", ".csv", ".py")) for it in found), found


def test_pages_and_bookmarks_that_are_missing_are_told(rendered: ReportFolder) -> None:
    output = rendered.folder / "_output"
    ours = form_of_output(output)
    theirs = json.loads(form_json(ours))
    review = theirs["publications"]["review"]
    del review["pages"]["chapters/method.html"], theirs["publications"]["summary"]
    level, title = review["pdf"]["bookmarks"].pop()
    lines = list(unlike_lines(compare_forms(theirs, ours, output)))
    assert "review/chapters/method.html: page" in lines and "summary: publication" in lines
    assert f"      embedded: {level} {title}" in lines and lines[-1] == "3 differences"


def test_command_compares_with_a_record(
    report: Callable[[str], ReportFolder], rendered: ReportFolder, tmp_path: Path
) -> None:
    """A record stands in for Quarto; the command fails where anything is unlike."""
    record = tmp_path / "quarto.json"
    record.write_bytes(form_json(form_of_output(rendered.folder / "_output")))
    made = report("minimal")
    assert read_form(record) == form_of_output(rendered.folder / "_output")
    alike = made.run("parity", str(record))
    assert alike.code == 0 and alike.said.endswith("the two are alike\n")
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey")
    unlike = made.run("parity", str(record))
    assert unlike.code == 1 and "chapters/_finding.qmd:" in unlike.said
    record.write_text('{"publications": {}}')
    for none in (tmp_path / "none.json", record):
        refused = made.run("parity", str(none))
        assert refused.code == 1 and "no record of" in refused.problems
