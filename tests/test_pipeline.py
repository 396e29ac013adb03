"""The main job on a small report: what a reader finds in `_output/`, and where it is from."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag

import pikepdf
import pytest
from markupsafe import escape
from syrupy.assertion import SnapshotAssertion

from imprint.write.site.policy import policy
from reports import ReportFolder, pdf_words, plain_words

CopyReport = Callable[[str], ReportFolder]
PAGES = ("index", "summary", "findings", "outlook", "references", "method")


def review_page(name: str) -> str:
    """Path of a page of the minimal report's review."""
    return f"review/{'' if name == 'index' else 'chapters/'}{name}.html"


def read_json(report: ReportFolder, name: str) -> Any:
    return json.loads(report.page(name))


def words(report: ReportFolder, path: str) -> str:
    """Words of a page with non-breaking spaces made plain."""
    return report.words(path).replace("\u00a0", " ")


class Links(HTMLParser):
    """Gathers a page's link targets and identifiers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.identifiers: set[str] = set()
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.targets.append(value)
            elif name == "id" and value:
                self.identifiers.add(value)


# --- what readers see --------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_pages_read_as_before(
    rendered: ReportFolder, name: str, snapshot: SnapshotAssertion
) -> None:
    """The words of each page are those last agreed on."""
    assert words(rendered, review_page(name)) == snapshot


@pytest.mark.parametrize("pdf", ["review/small-report.pdf", "summary/small-summary.pdf"])
def test_pdfs_read_as_before(rendered: ReportFolder, pdf: str, snapshot: SnapshotAssertion) -> None:
    """The words of each PDF are those last agreed on."""
    assert pdf_words(rendered.pdf(pdf)).replace("\u00a0", " ") == snapshot


def test_numbers_agree_on_every_page_and_in_the_pdf(rendered: ReportFolder) -> None:
    """A float has one number wherever it stands or is referred to, in both formats."""
    pdf = pdf_words(rendered.pdf("review/small-report.pdf")).replace("\u00a0", " ")
    findings, outlook = (words(rendered, review_page(name)) for name in ("findings", "outlook"))
    for text in (findings, pdf):
        assert "Box 1.1: Why answers matter" in text
        assert "as Figure 1.1 and Table 1.1 show" in text
        assert "1.1 Why it matters" in text
    for text in (outlook, pdf):
        assert "Box 2.1: What comes next" in text
        assert "After Box 1.1, Box 2.1 looks ahead" in text
    for text in (words(rendered, review_page("method")), pdf):
        assert "A.1 Sample" in text
        assert "as Chapter 1 says" in text


def test_year_suffixes_agree_in_all_publications(rendered: ReportFolder) -> None:
    """Two works of one year keep their letters, also where only one of them is cited."""
    for text in (
        words(rendered, review_page("findings")),
        words(rendered, review_page("summary")),
        words(rendered, "summary/index.html"),
        pdf_words(rendered.pdf("review/small-report.pdf")),
        pdf_words(rendered.pdf("summary/small-summary.pdf")),
    ):
        assert "(Smith, 2010a, p.4)" in text
    references = words(rendered, review_page("references"))
    assert re.search(r"2010a\W+A survey of teachers.*2010b\W+Notes on teachers", references)


def test_all_links_lead_somewhere(rendered: ReportFolder) -> None:
    """Every link and image of every page is in `_output/`, anchors included."""
    output = rendered.folder / "_output"
    pages = {
        path.relative_to(output).as_posix(): Links(path.read_text(encoding="utf-8"))
        for path in output.rglob("*.html")
    }
    followed = 0
    for page, links in pages.items():
        for target in links.targets:
            if re.match(r"[a-z]+:", target):
                continue
            path, anchor = urldefrag(target)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
            path = page if target.startswith("#") else path
            assert (output / path).is_file(), f"{page} links to {target}"
            if anchor:
                assert anchor in pages[path].identifiers, f"{page} links to {target}"
            followed += 1
    assert followed > 50


def test_summary_holds_what_its_profile_shows(rendered: ReportFolder) -> None:
    """Text for one profile stands in that publication alone."""
    own = "Only the summary says this."
    assert own in words(rendered, "summary/index.html")
    assert own in pdf_words(rendered.pdf("summary/small-summary.pdf"))
    assert own not in words(rendered, review_page("summary"))
    assert own not in pdf_words(rendered.pdf("review/small-report.pdf"))
    assert "Notes on teachers" not in words(rendered, "summary/index.html"), "it is not cited there"


def test_figures_come_with_their_rows(rendered: ReportFolder) -> None:
    """Each figure lies in `figures/` as drawn, with the rows behind it and alt text from them."""
    svg, rows = rendered.page("figures/answers.svg"), rendered.page("figures/answers.csv")
    assert svg == rendered.page("review/figures/drawn/answers.svg")
    assert rows.splitlines()[0].startswith("id,label,value,low,high")
    assert "smith-agree,Agree,64" in rows
    assert (rendered.folder / "_output/figures/answers.png").read_bytes()[:4] == b"\x89PNG"
    alt = "agree, 64 per cent; disagree, almost a third."
    assert alt in rendered.page(review_page("findings")).replace("\u00a0", " ")


def test_files_that_the_text_links_to_come_along(report: CopyReport) -> None:
    """A linked file of the project stands in the site, and a link into a page finds its heading."""
    made = report("minimal")
    made.edit(
        "chapters/outlook.qmd",
        "looks ahead.",
        "looks ahead: [rows](/data/statistics.csv), [sample](method.qmd#sample).",
    ).render("review", "--to", "html")
    page = made.page(review_page("outlook"))
    assert 'href="../data/statistics.csv"' in page
    assert 'href="../chapters/method.html#sample"' in page
    assert "smith-agree" in made.page("review/data/statistics.csv")


# --- the PDF -----------------------------------------------------------------------------------


def test_pdf_is_accessible(rendered: ReportFolder) -> None:
    """The PDF says it is PDF/UA-1: tagged, in a language, with a title that readers show."""
    with pikepdf.open(rendered.folder / "_output/review/small-report.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "A small report"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:creator"] == ["A. Writer"]


def test_bookmarks_are_the_headings(rendered: ReportFolder) -> None:
    """Bookmarks are numbered and nested as the headings are."""

    def listed(items: list[pikepdf.OutlineItem], depth: int = 0) -> list[str]:
        return [
            line
            for item in items
            for line in ("  " * depth + item.title, *listed(item.children, depth + 1))
        ]

    with (
        pikepdf.open(rendered.folder / "_output/review/small-report.pdf") as pdf,
        pdf.open_outline() as outline,
    ):
        assert listed(outline.root) == [
            "Welcome",
            "Summary",
            "1 Findings",
            "  1.1 Why it matters",
            "2 Outlook",
            "References",
            "A Method",
            "  A.1 Sample",
        ]


# --- what says where it is from ----------------------------------------------------------------


def test_manifest_names_every_file_and_its_sum(rendered: ReportFolder) -> None:
    """The manifest lists each output and input with its SHA-256, and the versions that made it."""
    output, manifest = rendered.folder / "_output", read_json(rendered, "manifest.json")
    made = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert set(manifest["outputs"]) == made - {"manifest.json"}
    inputs = manifest["publications"]["review"]["inputs"]
    assert {
        "_quarto.yml",
        "_quarto-summary.yml",
        "chapters/_finding.qmd",
        "data/statistics.csv",
        "figures/answers.py",
        "references.bib",
        "styles/imprint.csl",
    } <= set(inputs)
    assert not [path for path in inputs if "drawn" in path or "__pycache__" in path]
    for folder, listed in ((output, manifest["outputs"]), (rendered.folder, inputs)):
        for path, digest in listed.items():
            assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
    assert {"imprint", "pandoc", "python", "typst"} <= set(manifest["versions"])
    assert manifest["engine"] == {"name": "embedded"}


def test_provenance_lists_uses(rendered: ReportFolder) -> None:
    """Every printed statistic and citation is noted with the page and section it stands in."""
    publications = read_json(rendered, "provenance.json")["publications"]
    review = {
        (
            (use.get("statistics") or use["sources"])[0].get("id") or use["sources"][0]["key"],
            use["page"],
            use["section"]["number"],
            use["words"].replace("\u00a0", " "),
        )
        for use in publications["review"]["statistics"] + publications["review"]["citations"]
    }
    findings = "chapters/findings.html"
    assert ("smith-agree", findings, "1", "64 per cent") in review
    assert ("smith-agree", findings, "1", "most") in review
    assert ("smith-asked", findings, "1", "120") in review
    assert ("smith_2010_notes", findings, "1", "(Smith, 2010b)") in review
    assert {use["page"] for use in publications["summary"]["statistics"]} == {"index.html"}


# --- asking for a part -------------------------------------------------------------------------


def test_rendering_one_publication_keeps_the_others(report: Callable[[str], ReportFolder]) -> None:
    """`render summary` renews the summary; the review, its uses and its inputs stay."""
    made = report("minimal")
    made.render("--to", "html")
    review, before = made.page(review_page("findings")), read_json(made, "manifest.json")
    made.edit("chapters/_finding.qmd", "In one survey", "In a survey").render("summary")
    assert "In a survey" in made.words("summary/index.html")
    assert made.page(review_page("findings")) == review
    after = read_json(made, "manifest.json")
    assert set(read_json(made, "provenance.json")["publications"]) == {"review", "summary"}
    assert after["publications"]["review"] == before["publications"]["review"]
    assert after["publications"]["summary"] != before["publications"]["summary"]
    assert {"review/index.html", "figures/answers.csv"} <= set(after["outputs"])


def test_what_the_report_no_longer_has_goes_from_the_output(
    report: Callable[[str], ReportFolder],
) -> None:
    """A publication that is gone, and a figure that nothing shows, leave no traces."""
    made = report("minimal")
    made.render("--to", "html")
    (made.folder / "_quarto-summary.yml").unlink()
    made.edit("_quarto.yml", "    - [review, summary]", "    - [review]")
    made.edit("chapters/findings.qmd", '```{python}\nfigure("answers")\n```\n', "")
    (made.folder / "figures/answers.py").unlink()
    made.edit("chapters/findings.qmd", "@fig-answers and ", "").render("--to", "html")
    left = {path.name for path in (made.folder / "_output").iterdir()}
    whole = {"index.html", "search.html", "assets", "manifest.json", "provenance.json"}
    assert left == {"review", *whole}


def test_html_alone(report: Callable[[str], ReportFolder]) -> None:
    """`--to html` makes pages that offer no PDF, and nothing leads to what was not rendered."""
    made = report("minimal")
    made.render("summary", "--to", "html")
    assert not list((made.folder / "_output").rglob("*.pdf"))
    for page in ("summary/index.html", "index.html"):
        assert "review/index.html" not in made.page(page), "it is not there yet"
        assert ".pdf" not in made.page(page)


def test_pdf_alone(report: Callable[[str], ReportFolder]) -> None:
    """`--to pdf` makes no pages."""
    made = report("minimal")
    made.render("summary", "--to", "pdf")
    made_files = {path.name for path in (made.folder / "_output/summary").iterdir()}
    assert made_files == {"small-summary.pdf", "document.json"}


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["render", "sumary"], 1, "there is no publication 'sumary'"),
        (["render", "--to", "odt"], 2, "'odt' is not html, pdf or html,pdf; or docx; or review"),
        (["render", "--jobs", "0"], 2, "'0' is not a number from 1 on"),
        (["rendre"], 2, "invalid choice: 'rendre'"),
    ],
)
def test_what_cannot_be_asked_for(
    rendered: ReportFolder, asked: list[str], code: int, said: str
) -> None:
    """A name or option that does not exist is told, with the nearest name where there is one."""
    outcome = rendered.run(*asked)
    assert outcome.code == code
    assert said in outcome.problems
    assert "did you mean 'summary'" in outcome.problems or code == 2


# --- one file alone ----------------------------------------------------------------------------


def test_one_chapter_of_a_book_alone(report: CopyReport) -> None:
    """A chapter is rendered beside itself as one file; other chapters' labels stay open and their
    faults do not matter."""
    made = report("minimal").write("chapters/method.qmd", "# Method\n\n{{< nothing >}}\n")
    outcome = made.run("render", "chapters/findings.qmd")
    assert outcome.code == 0, outcome.problems
    page = (made.folder / "chapters/findings.html").read_text(encoding="utf-8")
    assert "(Smith, 2010a, p.4)" in plain_words(page)
    scripts = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    assert scripts and f'content="{escape(policy(scripts))}"' in page
    beside = {target for target in Links(page).targets if re.match(r"(?!#|data:)", target)}
    assert beside == {"findings.html", "findings.pdf"}
    assert (made.folder / "chapters/findings.pdf").stat().st_size > 10_000
    assert not (made.folder / "_output").exists()


def test_references_to_other_chapters_stay_open_in_one_alone(report: CopyReport) -> None:
    """`@box-reasons` of another chapter is no mistake, a label of none is."""
    made = report("minimal")
    assert made.run("render", "chapters/outlook.qmd", "--to", "html").code == 0
    made.edit("chapters/outlook.qmd", "@box-reasons", "@box-raisins")
    outcome = made.run("render", "chapters/outlook.qmd", "--to", "html")
    assert "chapters/outlook.qmd:9:7: nothing in the report is labelled" in outcome.problems
