"""The text of a chapter that pandoc reads for a publication."""

from __future__ import annotations

from imprint.compose.reading import markdown
from imprint.core.model import Line
from imprint.core.problems import Place


def lines(*texts: str) -> list[Line]:
    return [Line(text, Place("a.qmd", number)) for number, text in enumerate(texts, 1)]


def test_an_authors_marks_are_none() -> None:
    """Characters that would be taken for a stage's marks are shown as ones that mean nothing."""
    assert markdown(lines("A \ue0029\ue003 or \ue0079\ue008, \uf0b7.")) == (
        "A \ufffd9\ufffd or \ufffd9\ufffd, \uf0b7."
    )
