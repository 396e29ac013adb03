"""Lines written into statistics and citations before pandoc reads them."""

from __future__ import annotations

from imprint.compose.marks import marked, restyled
from imprint.core.model import Line
from imprint.core.problems import Place


def lines(*texts: str) -> list[Line]:
    return [Line(text, Place("a.qmd", number)) for number, text in enumerate(texts, 1)]


def test_uses_carry_their_line() -> None:
    """Statistics and known citations are marked, several on a line too."""
    text = lines("One.", '[5]{.stat data-stat="a"} and [@smith_2010, p. 4; @{jones_2009}] say.')
    assert marked(text, {"smith_2010", "jones_2009"}).split("\n")[1] == (
        '[5]{.stat data-stat="a" data-line="1"} and [@{smith_2010::1}, p. 4; @{jones_2009::1}] say.'
    )


def test_what_is_no_use_stays_as_it_is() -> None:
    """Code, cross-references, addresses, attributes and unknown keys are left alone."""
    text = lines(
        '`[5]{.stat data-stat="a"}`',
        "```",
        "@smith_2010",
        "```",
        "See @fig-answers, @unknown_2010 and me@smith_2010.org.",
        '![Caption](/x.svg){fig-alt="by @smith_2010"}',
    )
    assert marked(text, {"smith_2010"}) == "\n".join(line.text for line in text)


def test_an_authors_marks_are_none() -> None:
    """Characters that would be taken for a stage's marks are shown as ones that mean nothing."""
    assert marked(lines("A \ue0029\ue003 or \ue0079\ue008, \uf0b7."), ()) == (
        "A \ufffd9\ufffd or \ufffd9\ufffd, \uf0b7."
    )


def test_narrow_tables_stay_narrow() -> None:
    """A short table row is not made longer: pandoc would widen the table."""
    row = '| [5]{.stat data-stat="a"} |'
    assert marked(lines(row), ()) == row


def test_american_style_says_percent_where_a_statistic_is_printed() -> None:
    """The author's own words, code and claims stay as they are; so does the place of each line."""
    text = lines(
        '[64\u00a0per cent]{.stat data-stat="a" data-form="words"} and 3 per cent, `per cent`,',
        '[per cent]{.claim data-stat="b"}, [a \\] per cent]{.stat data-stat="c"}.',
    )
    assert restyled(text, "british") is restyled(text, "none") is text
    assert restyled(text, "american") == lines(
        '[64\u00a0percent]{.stat data-stat="a" data-form="words"} and 3 per cent, `per cent`,',
        '[per cent]{.claim data-stat="b"}, [a \\] percent]{.stat data-stat="c"}.',
    )  # fmt: skip
