"""Documents of the kinds that authors bring: every word that a page shows, its PDF prints too.

`tests/documents/` holds Markdown made by Word, HTML and TeX among text, and what cells display; the
words that each page shows stand beside it, looked at once and kept (`--update-docs` writes them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import html5lib
import pypdfium2
import pytest

from reports import ReportFolder, copy_report, made_once
from test_hard_text import picture

pytestmark = pytest.mark.slow

DOCUMENTS = sorted(Path(__file__).parent.joinpath("documents").glob("*.qmd"))
_LEFT_OUT = ("script", "style", "template", "math", "nav")
_BROKEN = re.compile("[\ufffe\u00ad\x02](?:\r?\n)?")
"""Where a line ends within a word."""
_UNPRINTED = re.compile("[\u2e80-\U0001ffff\u0e00-\u0e7f\u0900-\u097f]")
"""Letters that none of the PDF's fonts has."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportFolder:
    """All documents as the chapters of one report, rendered once."""

    def make(folder: Path) -> None:
        made = copy_report("minimal", folder)
        for document in DOCUMENTS:
            made.write(f"chapters/{document.name}", document.read_text(encoding="utf-8"))
        (made.folder / "chapters" / "box.png").write_bytes(picture(40, 40))
        listed = "".join(f"    - chapters/{document.name}\n" for document in DOCUMENTS)
        last = "    - chapters/references.qmd\n"
        made.edit("_quarto.yml", last, listed + last)
        made.render("review", "--draft")

    return ReportFolder(made_once("documents", make))


def shown(report: ReportFolder, document: Path) -> list[str]:
    """The words of a document's page, formulas left out."""
    page = report.page(f"review/chapters/{document.stem}.html")
    main = html5lib.parse(page, namespaceHTMLElements=False).find(".//main")
    return re.findall(r"[^\W_]+", normalize("NFKC", " ".join(_text(main))))


def _text(node: Any) -> Iterator[str]:
    if not isinstance(node.tag, str) or node.tag.rpartition("}")[2] in _LEFT_OUT:
        return
    if "header-section-number" in (node.get("class") or ""):
        return  # another document before it would change it
    yield node.text or ""
    for child in node:
        yield from _text(child)
        yield child.tail or ""


@pytest.fixture(scope="module")
def printed(report: ReportFolder) -> str:
    """The letters of the PDF, one after another."""
    pdf = pypdfium2.PdfDocument(report.folder / "_output" / "review" / "small-report.pdf")
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    return _letters(_BROKEN.sub("", text))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", normalize("NFKC", text)).lower()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_page_and_pdf_have_every_word(
    report: ReportFolder, printed: str, document: Path, pytestconfig: pytest.Config
) -> None:
    """What is lost on the page is missed by who has looked; what is lost in print, by the page."""
    words = shown(report, document)
    # Numbers of chapters and figures change with the documents before.
    said = [it for it in words if not it.isdigit()]
    kept = document.with_suffix(".txt")
    if pytestconfig.getoption("--update-docs"):
        kept.write_text("\n".join(said) + "\n", encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8").split("\n")[:-1]
    lost = [it for it in words if not _UNPRINTED.search(it) and _letters(it) not in printed]
    assert lost == []
