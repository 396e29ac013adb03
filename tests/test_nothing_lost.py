"""What an author writes or a cell displays is on page and in print, or is reported at its line."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from composing import examined
from imprint.compose.pandoc import Pandocs
from imprint.compose.words.labels import numbered_words
from imprint.core.model import Cell, Publication
from imprint.core.problems import Place
from imprint.read.chapters.notebooks import survey_chapter
from imprint.read.file_names import named_file
from imprint.read.report import read_report
from imprint.run.chapter_script import show_inline
from imprint.run.display import MOST_LINES, show_cell
from pdf_reading import overprinted, read_pdf
from reports import ReportFolder, copy_report, made_once
from test_hard_text import picture

OUTLOOK = "chapters/outlook.qmd"
SETTINGS = {
    "book": True, "text_width": 391, "profile": "review",
    "number_sections": True, "number_depth": 6,
    "floats": {"fig": {"name": "Figure", "prefix": "Figure", "caption_location": "bottom"}},
    "section_prefix": "", "equation_prefix": "Equation",
    "section_words": {"section": "Section", "chapter": "Chapter", "appendix": "Appendix"},
    **numbered_words(Publication("review", True, (), {}, "review", "_quarto.yml")),
}  # fmt: skip


# --- what is told ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pandocs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pandocs]:
    folder = tmp_path_factory.mktemp("pandoc")
    running = Pandocs(folder, folder)
    yield running
    running.end()


def told(pandocs: Pandocs, markdown: str) -> list[tuple[str, str, str]]:
    """Rule, severity and words of every problem in a text."""
    chapter = {"path": OUTLOOK, "role": "chapter", "markdown": markdown, "metadata": {}}
    request = {"stage": "read", "settings": SETTINGS, "chapter": chapter}
    problems: Any = json.loads(pandocs.answer(json.dumps(request).encode()))["problems"]
    return [(it["code"], it["severity"], it["needle"]) for it in problems or ()]


HTML, TEX, MATHS, RAW = "html-is-text", "tex-is-maths", "maths-is-set", "raw-is-for-both"
TAG = "html-tag-is-known"


@pytest.mark.parametrize(
    ("markdown", "problem"),
    {
        r"A class \d matches a digit.": (TEX, "error", r"\d"),
        r"It is \textbf{bold}.": (TEX, "error", r"\textbf"),
        "\\begin{tabular}{l}\na\n\\end{tabular}\n": (TEX, "error", r"\begin{tabular}"),
        r"See \ref{fig:a}.": (TEX, "error", r"\ref"),
        r"Water is $\ce{H2O}$.": (MATHS, "error", r"\ce{H2O}"),
        "$$\na \\tag{7}\n$$\n": (MATHS, "error", r"a \tag{7}"),
        "A List<String> of words.": (TAG, "error", "<String"),
        "Where a<b and c>d holds.": (TAG, "error", "<b"),
        'Look: <video src="a.mp4"></video>': (HTML, "error", "<video"),
        '<iframe src="https://example.org"></iframe>\n': ("nothing-is-fetched", "error", "<iframe"),
        '<iframe src="a.html"></iframe>\n': (HTML, "error", "<iframe"),
        "A <svg width='9'><circle r='4'/><text>b</text></svg>.": (HTML, "error", "<svg"),
        "A\n\n---\nNote: b\n---\n\nC\n": ("text-is-printed", "error", "Note: b"),
        "A\n\n---\nNote: a: b\n---\n\nC\n": ("text-is-printed", "error", "Note: a: b"),
        "## One\n\n##\n\nText.\n": ("heading-has-words", "error", ""),
        "## One\n\n#### Two *of it*\n": ("headings-are-in-order", "error", "Two"),
        "<table>\n<tr><td>never closed\n": (HTML, "error", "<table>"),
        "<style>p { margin: 0 }</style>\n": (RAW, "warning", "<style>p { margin: 0 }</style>"),
        "```{=html}\n<b>x</b>\n```\n": (RAW, "warning", "<b>x</b>"),
        "Only `#h(1cm)`{=typst} here.": (RAW, "warning", "#h(1cm)"),
        "```{=html-output}\n<canvas></canvas>\n```\n": (HTML, "error", "<canvas></canvas>"),
        "```{=html-output}\n<style>i {}</style><i>a</i>\n```\n": (
            HTML, "warning", "<style>i {}</style><i>a</i>"),
        "![A tree](https://example.org/a.png)": (
            "nothing-is-fetched", "error", "https://example.org/a.png"),
        "![A tree](attachment:a.png)": ("address-is-safe", "error", "attachment:a.png"),
        f"|{'word|' * 40}\n|{'---|' * 40}\n|{'b|' * 40}\n": ("table-fits", "error", "word"),
        f"> |{'responsibilities|' * 16}\n> |{'---|' * 16}\n> |{'b|' * 16}\n": (
            "table-fits", "error", "responsibilities"),
        "![A tree](sandbox:/a.png)": ("address-is-safe", "error", "sandbox:/a.png"),
    }.items(),
)  # fmt: skip
def test_what_one_form_would_lose_is_reported(
    pandocs: Pandocs, markdown: str, problem: tuple[str, str, str]
) -> None:
    """Each is reported once, by words that stand in the source."""
    assert told(pandocs, f"# Title\n\n{markdown}") == [problem]


@pytest.mark.parametrize(
    "markdown",
    [
        "H~2~O, `\\d` and `<String>` as code, 1 < 2, a <https://example.org> and a \\<b>.",
        "\\newcommand{\\R}{\\mathbb{R}}\n\nIn $\\R$.",
        "```{=html}\n<i>a</i>\n```\n\n```{=typst}\n_a_\n```\n",
        "::: {.content-visible when-format=\"html\"}\n<video src='a.mp4'></video>\n:::\n",
        "````md\n```{=html}\n<b>\n```\n````\n",
        "<!-- a comment -->\n\nText <!-- another -->.",
        "A sum <math><mi>x</mi><mo>+</mo><mn>1</mn></math> of MathML",
        "## Deep\n\n### Deeper\n\n# Up again\n",
        "<p>A paragraph that HTML need not close\n",
        f"|{'responsibilities|' * 16}\n|{'---|' * 16}\n|{'b|' * 16}\n",
        "$x < y$ and $$\\begin{cases} a & b \\end{cases}$$",
    ],
)
def test_what_both_forms_show_is_not_told(pandocs: Pandocs, markdown: str) -> None:
    """Code, escapes, definitions, pairs of raw blocks and blocks for one form are right."""
    assert told(pandocs, f"# Title\n\n{markdown}") == []


# --- what is printed ---------------------------------------------------------------------------

CHAPTER = r"""# Outlook {#sec-outlook}

<table>
<tr><th>head of it</th><th>*second* head</th></tr>
<tr>
<td>first cell</td>
<td>second **cell**</td>
</tr>
</table>

After the table. H<sub>2</sub>O, x<sup>3</sup>, <kbd>Ctrl</kbd>, <mark>marked</mark>,
<abbr title="a">abbreviated</abbr>, one<br>two, <code>in *code*</code>,
<font color="red">red</font>.

<details>
<summary>Summary of it</summary>

What it hides.

</details>

<ul>
<li>an item</li>
</ul>

<figure>
<img src="plain.png" alt="A grey box">
<figcaption>Caption of it</figcaption>
</figure>

The sum follows.

\begin{align}
p &= q + r \label{eq:sum}
\end{align}

So it ends.

![Spaced](<my box.png>){fig-alt="spaced"}

![Hash](box#2.png){fig-alt="hash"}

![Per cent](100%.png){fig-alt="per cent"}

![Question](what?.png){fig-alt="question"}

![Umlaut](NFC){fig-alt="umlaut"}

![Encoded](my%20box.png){fig-alt="encoded"}

![In itself](data:image/png;base64,DATA){fig-alt="in itself"}

A [file](<my data#1.csv>), [another](my%20data%231.csv), a [chapter](<my chapter.qmd>)
and a [section](my%20chapter.qmd#sec-spaced).

```{python}
from IPython.display import HTML, display

class Model:
    def __repr__(self): return "Model of trees"
    def _repr_html_(self): return "<p>Model of trees</p>"

class Chart:
    def __repr__(self): return "Chart in words"
    def _repr_html_(self): return "<svg></svg><script>draw()</script>"

display(Model(), Chart(), HTML("<p>The answer is none</p>"))
display(HTML("<div><style>td { color: red }</style><table><tr><td>styled</td></tr></table></div>"))
```

| Name | What it does |
|------|---------------------------------------------------------------------|
| `beginswith()` | Says whether a text begins with another text that is handed to it as well |
"""
LONG = "Donaudampfschifffahrtsgesellschaftskapitaen"
CHAPTER += f"""
| Function | What it does |
|----|------------------------------------------------------------------------------------|
| `a_name_of_a_function_that_nobody_can_break(and, another, argument)` | It calls {LONG} |

| {" | ".join(f"`column_{name}`" for name in ("one", "two", "three", "four", "five", "six"))} |
|{"---|" * 6}
| {" | ".join([LONG[:17]] * 6)} |

<table><tr><td><code>another_name_of_a_function_without_end</code></td>
<td rowspan="2">
It says what the cells beside it, of which
there are two, say in one word each</td></tr><tr><td>{LONG}</td></tr></table>
"""
BOXES = ("plain.png", "my box.png", "box#2.png", "100%.png", "what?.png")
UMLAUT = normalize("NFD", "Übersicht.png")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    def make(folder: Path) -> None:
        made = copy_report("minimal", folder)
        data = base64.b64encode(picture(4, 4)).decode()
        text = CHAPTER.replace("NFC", normalize("NFC", UMLAUT)).replace("DATA", data)
        made.write(OUTLOOK, text)
        made.write("chapters/my chapter.qmd", "# Spaced {#sec-spaced}\n\nText.\n")
        made.write("chapters/my data#1.csv", "a\n1\n")
        made.edit(
            "_quarto.yml", f"    - {OUTLOOK}\n", f"    - {OUTLOOK}\n    - chapters/my chapter.qmd\n"
        )
        for size, name in enumerate((*BOXES, UMLAUT), start=5):
            (made.folder / "chapters" / name).write_bytes(picture(size, size))
        made.render("review", "--draft")

    return ReportFolder(made_once("nothing-lost", make))


SHOWN = (
    "head of it", "second head", "first cell", "second cell", "After the table. H2O, x3, Ctrl",
    "marked", "abbreviated", "in code", "red.", "Summary of it", "What it hides.", "an item",
    "Caption of it", "The sum follows.", "So it ends.", "Model of trees", "The answer is none",
    "styled", "beginswith()",
)  # fmt: skip


def test_both_forms_have_the_same_words(report: ReportFolder) -> None:
    """HTML among text and out of cells, and maths of TeX, are read as text."""
    page = report.words("review/chapters/outlook.html")
    printed = " ".join(
        " ".join(
            sheet.extract_text() for sheet in report.pdf("review/small-report.pdf").pages
        ).split()
    )
    for words in SHOWN:
        assert words in page, words
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", printed), words
    assert "Chart in words" in printed
    assert "draw()" in report.page("review/chapters/outlook.html")
    assert re.search(r"[p𝑝]\s*=\s*[q𝑞]\s*\+\s*[r𝑟]", printed)
    assert "<details><summary>" in report.page("review/chapters/outlook.html").replace("\n", "")


def test_a_chapter_that_is_taken_away_while_code_runs_is_told(tmp_path: Path) -> None:
    """Its pages would be of a text that is nowhere any more."""
    report = copy_report("minimal", tmp_path / "report")
    parsed, _ = read_report(report.folder)
    assert [it for it in examined(parsed).problems if it.code == "file-exists"] == []
    (report.folder / "chapters/_finding.qmd").unlink()
    (found,) = (it for it in examined(parsed).problems if it.code == "file-exists")
    assert str(found).startswith("chapters/_finding.qmd: it is not there any more")


def test_files_are_found_by_any_name(report: ReportFolder) -> None:
    """Addresses in pages are encoded, lead to a file each, and the PDF holds every image."""
    page = report.page("review/chapters/outlook.html")
    folder = report.folder / "_output" / "review" / "chapters"
    for name in ("my%20box.png", "box%232.png", "100%25.png", "what%3F.png", UMLAUT):
        assert f'src="../chapters/{name}"' in page
    for name in (*BOXES, UMLAUT, "my data#1.csv", "my chapter.html"):
        assert (folder / name).is_file(), name
    assert page.count('href="../chapters/my%20data%231.csv"') == 2
    assert 'href="../chapters/my%20chapter.html#sec-spaced"' in page
    assert 'href="chapters/my%20chapter.html"' in report.page("review/index.html")
    pages = report.pdf("review/small-report.pdf").pages
    assert {image.image.size for page in pages for image in page.images if image.image} >= {
        (size, size) for size in range(4, 11)
    }


# --- what Typst says ---------------------------------------------------------------------------


def test_what_typst_refuses_is_reported_at_its_line(report: ReportFolder, tmp_path: Path) -> None:
    """The line is the author's, among words that stand in the text more than once."""
    made = copy_report("minimal", tmp_path / "report")
    repeated = "The same words stand here again and again.\n\n"
    block = '```{=html}\n<i>x</i>\n```\n\n```{=typst}\n#panic("the same words")\n```\n\n'
    made.write(OUTLOOK, f"# Outlook {{#sec-outlook}}\n\n{repeated * 9}{block}{repeated * 9}")
    outcome = made.run("render", "review", "--draft", "--engine", "embedded")
    assert outcome.code == 1
    assert re.search(rf"^{OUTLOOK}:26: .*panicked.*\[pdf-is-set\]", outcome.problems, re.M)


# --- parts -------------------------------------------------------------------------------------


def test_files_are_named_by_addresses(tmp_path: Path) -> None:
    """A name is found encoded, as it is, in either of Unicode's forms; none outside the root."""
    root = tmp_path / "report"
    (root / "chapters").mkdir(parents=True)
    for name in ("a b.png", "50%25.png", "50%.png", UMLAUT):
        (root / "chapters" / name).touch()
    (tmp_path / "secret.png").touch()
    assert named_file(root, "chapters/a%20b.png") == "chapters/a b.png"
    assert named_file(root, "chapters/50%.png") == "chapters/50%.png"
    assert named_file(root, "chapters/50%2525.png") == "chapters/50%25.png"
    assert named_file(root, f"chapters/{normalize('NFC', UMLAUT)}") == f"chapters/{UMLAUT}"
    for address in ("../secret.png", "%2e%2e/secret.png", "%2Fetc/passwd", "a%00b", "chapters"):
        assert named_file(root, address) is None, address


def notebook(root: Path, *cells: dict[str, Any]) -> None:
    """A notebook of Markdown cells."""
    made = [{"cell_type": "markdown", "metadata": {}, **cell} for cell in cells]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": made})
    (root / "a b.ipynb").write_text(text, encoding="utf-8")


def test_attached_images_are_taken_from_their_cell(tmp_path: Path) -> None:
    """Two cells may each hold an `image.png`; one that none holds is told with cell and name."""
    images = [picture(2, size) for size in (2, 3)]
    attached = [{"image.png": {"image/png": base64.b64encode(it).decode()}} for it in images]
    notebook(
        tmp_path,
        {"source": "# One\n\n![A](attachment:image.png)", "attachments": attached[0]},
        {"source": "![A](<attachment:image.png>)", "attachments": attached[1]},
        {"source": '<img src="attachment:my%20image.png" alt="A">'},
    )
    chapter, problems = survey_chapter(tmp_path, "a b.ipynb", {})
    assert list(chapter.media.values()) == images
    text = "\n".join(line.text for line in chapter.parts[0].lines)  # type: ignore[union-attr]
    assert "![A](/figures/cells/a%20b-attached-1-1.png)" in text
    assert "![A](/figures/cells/a%20b-attached-2-1.png)" in text
    (problem,) = problems
    assert str(problem.place) == "a b.ipynb:1:11"
    assert "'my image.png'" in problem.message
    assert problem.message.endswith("in cell 3")


def cell_problems(output: dict[str, Any]) -> list[str]:
    shown = show_cell(OUTLOOK, Cell("x", {"echo": False}, Place(OUTLOOK, 3), 1, 4), [output])
    assert shown.lines == ()
    assert {str(problem.place) for problem in shown.problems} == {f"{OUTLOOK}:3"}
    return [problem.message for problem in shown.problems]


def test_outputs_have_a_bound() -> None:
    """A cell that prints more than a publication holds is named, at once."""
    printed = {"output_type": "stream", "name": "stdout", "text": "line\n" * (MOST_LINES + 1)}
    (message,) = cell_problems(printed)
    assert message.startswith("cell 1 prints 5,001 lines")
    shown = {"output_type": "display_data", "data": {"text/plain": "x" * 400_001}}
    assert "400,001 characters" in cell_problems(shown)[0]
    table = {"output_type": "display_data", "data": {"text/html": "<td>" * 600_000}}
    assert "2,400,000 characters" in cell_problems(table)[0]
    odd = {"output_type": "display_data", "data": {"application/geo+json": {}}}
    assert "displays application/geo+json" in cell_problems(odd)[0]


def test_values_of_inline_code_that_are_html_are_text() -> None:
    """They are handed on as what a cell displayed, to be read for both forms."""
    assert show_inline({"text/html": "<b>x</b>", "text/plain": "x"}) == "`<b>x</b>`{=html-output}"


def test_nothing_stands_over_its_neighbour(report: ReportFolder) -> None:
    """Columns are as wide as their longest word, or the word breaks, in code as in text."""
    pdf = read_pdf(report.folder / "_output" / "review" / "small-report.pdf")
    for sheet in pdf.pages:
        assert overprinted(sheet) == []
    printed = "".join(pdf.tree.text.split())
    for words in ("beginswith()", "a_name_of_a_function_that_nobody_can_break", LONG):
        assert words in printed


def test_a_chapter_has_a_title(pandocs: Pandocs) -> None:
    """Else it is printed as part of the one before it."""
    chapter = {"path": OUTLOOK, "role": "chapter", "markdown": "Words.\n", "metadata": {}}
    request = {"stage": "read", "settings": SETTINGS, "chapter": chapter}
    answer: Any = json.loads(pandocs.answer(json.dumps(request).encode()))
    assert [it["code"] for it in answer["problems"]] == ["chapter-has-title"]
