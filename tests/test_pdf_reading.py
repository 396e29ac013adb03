"""What the tests read PDFs with sees what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import typst

from pdf_reading import Reading, overprinted, read_pdf


def reading(folder: Path, text: str) -> Reading:
    source = folder / "page.typ"
    source.write_text(f'#set document(title: "Words")\n{text}\n', encoding="utf-8")
    (folder / "page.pdf").write_bytes(typst.compile(str(source)))
    return read_pdf(folder / "page.pdf")


def test_letters_that_stand_on_others_are_found(tmp_path: Path) -> None:
    """One word set over the end of another is a finding; letters that only meet are none."""
    apart = reading(tmp_path, "#box[staff]#box[Quality]")
    assert overprinted(apart.pages[0]) == []
    over = reading(tmp_path, "#box(width: 8pt)[staff]#box[Quality]")
    assert overprinted(over.pages[0]) != []


def test_words_are_read_whole_by_their_tags(tmp_path: Path) -> None:
    """Ligatures, hyphens at the ends of lines and spaces between words all come out."""
    text = '#set page(width: 6cm)\n#set text(hyphenate: true, lang: "en")\n' + "official staff " * 9
    words = reading(tmp_path, text).tree.text
    assert "-" in words or "\u00ad" in words
    assert words.replace("-", "").replace("\u00ad", "").split() == ["official", "staff"] * 9
