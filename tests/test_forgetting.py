"""A large document is set as any other while Typst is made to forget."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import typst

from imprint.core.document import Book, PdfPage
from imprint.read.project.publications import read_project
from imprint.write.pdf import eviction
from imprint.write.pdf.typeset import set_pdf
from reports import copy_report

TEXT = """#set document(title: "Trial", date: none)
#set text(lang: "en")
#set page(width: 80mm, height: 60mm, numbering: "I")
#metadata(none)<imprint-text>
#outline()
#let use(number) = [#metadata(number)<imprint-use>]
#for chapter in range(9) {
  [= Chapter #chapter]
  [See @last, page #context counter(page).at(<last>).first(): #use(chapter) #lorem(80)]
}
#set heading(numbering: "1")
= The last <last>
#use(9) again #use(0)
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Text whose pages depend on each other."""
    report = copy_report("minimal", tmp_path / "report")
    (publication, *_) = read_project(report.folder).publications
    return Book(publication, (), TEXT, (), ())


def test_a_large_document_comes_out_as_ever(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, and each use has its page; the helper ends with it."""
    usual = set_pdf(book, tmp_path, 0)
    monkeypatch.setattr(eviction, "_LARGE", 0)
    monkeypatch.setattr(eviction, "_PAUSE", 0.0)
    monkeypatch.setattr(eviction, "_TRIMMED", 0.0)
    begun: list[str] = []
    forget = eviction._forget

    def noting(done: threading.Event) -> None:
        begun.append(threading.current_thread().name)
        forget(done)

    monkeypatch.setattr(eviction, "_forget", noting)
    assert set_pdf(book, tmp_path, 0) == usual
    assert begun == ["forgetting"]
    assert "forgetting" not in [thread.name for thread in threading.enumerate()]


def test_a_mistake_in_a_large_document_ends_the_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens within the block, nothing runs on."""
    monkeypatch.setattr(eviction, "_LARGE", 0)
    with pytest.raises(typst.TypstError), eviction.forgetting(b"#nothing"):
        typst.compile(b"#nothing")
    assert "forgetting" not in [thread.name for thread in threading.enumerate()]


def test_uses_are_reported_with_their_pages_as_printed(book: Book, tmp_path: Path) -> None:
    """Labels of pages keep their capitals; the first place of a use counts."""
    pages = set_pdf(book, tmp_path, 0).pages
    assert sorted(pages) == list(range(10))
    assert [it.label for it in pages.values() if it.page == 2][:1] == ["II"]
    assert pages[0].page < pages[1].page <= pages[9].page
    assert all(isinstance(it, PdfPage) and it.label.isupper() for it in pages.values())


GROWS = """
import sys, typst
from imprint.write.pdf.eviction import forget_earlier
held = []
for number in range(12):
    text = f"#for page in range(60) [= {number} #page \\n #lorem(400) #pagebreak()]"
    typst.Compiler(b"").compile(text.encode())
    if sys.argv[1] == "forget":
        forget_earlier(1)
    pages = int(open("/proc/self/statm").read().split()[1])
    held.append(pages)
print(held[-1] / held[2])
"""


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a process holds")
def test_a_process_that_sets_again_and_again_does_not_grow() -> None:
    """After a dozen documents it holds what it held after three; otherwise it would hold more."""

    def growth(how: str) -> float:
        command = [sys.executable, "-c", GROWS, how]
        return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    assert growth("forget") < 1.1
    assert growth("keep") > 1.2
