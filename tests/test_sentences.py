"""Sentences around a place in a text."""

from __future__ import annotations

import pytest

from imprint.read.chapters.sentences import sentence_at

TEXT = (
    "E. R. Munro and Holmes et al. (2010, p. 32) agree. Do they? ‘Yes.’ "
    "In 2.5 per cent of cases, i.e. Few, nobody knows.\u00a0So it ends"
)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("Holmes", "E. R. Munro and Holmes et al. (2010, p. 32) agree."),
        ("Do", "Do they?"),
        ("Yes", "‘Yes.’"),
        ("Few", "In 2.5 per cent of cases, i.e. Few, nobody knows."),
        ("ends", "So it ends"),
    ],
)
def test_a_sentence_is_cut_where_a_reader_would(word: str, sentence: str) -> None:
    """Initials, abbreviations and decimals end no sentence; closing marks stay with theirs."""
    assert sentence_at(TEXT, TEXT.index(word)) == sentence
