"""The text of a chapter that pandoc reads for a publication."""

from __future__ import annotations

from imprint.compose.reading import markdown
from imprint.core.model import Line
from imprint.core.problems import Place


def lines(*texts: str) -> list[Line]:
    return [Line(text, Place("a.qmd", number)) for number, text in enumerate(texts, 1)]


def test_an_authors_marks_are_none() -> None:
    """Characters that would be taken for a stage's marks are shown as ones that mean nothing."""
    assert markdown(lines("A \ue0029\ue003 or \ue0079\ue008, \uf0b7."), "none") == (
        "A \ufffd9\ufffd or \ufffd9\ufffd, \uf0b7."
    )


def test_american_style_says_percent_where_a_statistic_is_printed() -> None:
    """The author's own words, code and claims stay as they are; so does the place of each line."""
    text = lines(
        '[64\u00a0per cent]{.stat data-stat="a" data-form="words"} and 3 per cent, `per cent`,',
        '[per cent]{.claim data-stat="b"}, [a \\] per cent]{.stat data-stat="c"}.',
    )
    assert markdown(text, "british") == "\n".join(line.text for line in text)
    assert markdown(text, "american").split("\n") == [
        '[64\u00a0percent]{.stat data-stat="a" data-form="words"} and 3 per cent, `per cent`,',
        '[per cent]{.claim data-stat="b"}, [a \\] percent]{.stat data-stat="c"}.',
    ]
