"""Two documents: what a reader finds otherwise in the second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from imprint.core.document import ChapterText, Document, Holder, Passage, PassageKind, Piece, Run
from imprint.core.problems import Place
from imprint.difference.blocks import blocks
from imprint.difference.documents import Difference, difference
from imprint.difference.drawings import figure_changes
from imprint.difference.pairing import common_words, paired

TABLE = (
    Holder("tbl-answers", ("float",), {"kind": "tbl", "data-table": "answers"}),
    Holder("", ("table",), {}),
)


def passage(text: str, line: int = 1, kind: PassageKind = "text") -> Passage:
    """A passage that the author wrote on one line of `text.qmd`."""
    return Passage(kind, text, (), (Piece(0, Place("text.qmd", line, 1), True),))


def with_run(found: Passage, run: Run) -> Passage:
    """The passage with one more run."""
    return replace(found, runs=(*found.runs, run))


def cell(text: str, row: int, column: int) -> Passage:
    """A cell of the table."""
    return replace(passage(text, row, "cell"), row=row, column=column, within=TABLE)


def document(*passages: Passage, path: str = "text.qmd") -> Document:
    """A publication of one chapter."""
    return Document("review", (ChapterText(path, passages),))


def words(found: Difference) -> list[tuple[str, str]]:
    """What the difference says of words of the text."""
    return [(change.old_text, change.new_text) for change in found.words]


def test_alike_documents_have_no_difference() -> None:
    """A line broken elsewhere is none, for a reader."""
    old = document(passage("One sentence\nin two lines."))
    assert difference(old, document(passage("One sentence in\ntwo lines."))) == Difference("review")


def test_a_changed_sentence_is_told_alone_with_its_place() -> None:
    """Of a paragraph only the sentence that reads otherwise is told, under its heading."""
    heading = passage("Answers", 1, "heading")
    old = document(heading, passage("It rained. Then 64 agreed. It was late.", 3))
    new = document(heading, passage("It rained. Then 66 agreed. It was late.", 3))
    found = difference(old, new)
    assert words(found) == [("Then 64 agreed.", "Then 66 agreed.")]
    assert found.words[0].block.section == "Answers"
    assert found.words[0].block.place == Place("text.qmd", 3, 1)


def test_numbers_and_citations_are_told_by_what_they_stand_for() -> None:
    """A number that prints otherwise, one of another row, and a work that is cited no more."""
    number = Run("number", 0, 2, ("agree",))
    work = Run("citation", 10, 16, ("smith",))
    old = document(with_run(with_run(passage("64 agree, (@smit)."), number), work))
    new = document(with_run(passage("66 agree, (all of)."), number))
    found = difference(old, new)
    assert [(it.ids, it.old, it.new, it.place.column) for it in found.numbers] == [
        (("agree",), "64", "66", 1)
    ]
    assert [(it.ids, it.old, it.new) for it in found.citations] == [(("smith",), "(@smit", "")]
    other = document(with_run(passage("64 agree."), replace(number, ids=("other",))))
    same_words = difference(document(with_run(passage("64 agree."), number)), other)
    assert words(same_words) == []
    assert [(it.old, it.new) for it in same_words.numbers] == [("64", "64")]


def test_rows_of_tables_are_told_whole() -> None:
    """A row is one thing for a reader; a row more moves no others."""
    head = [cell("Answer", 1, 1), cell("Share", 1, 2)]
    old = document(*head, cell("yes", 2, 1), cell("64", 2, 2), cell("no", 3, 1), cell("36", 3, 2))
    new = document(
        *head, cell("yes", 2, 1), cell("60", 2, 2), cell("maybe", 3, 1), cell("4", 3, 2),
        cell("no", 4, 1), cell("36", 4, 2),
    )  # fmt: skip
    found = difference(old, new)
    assert [(it.old_text, it.new_text, it.block.table) for it in found.floats] == [
        ("yes | 64", "yes | 60", "answers"),
        ("", "maybe | 4", "answers"),
    ]
    assert found.words == ()


def test_a_moved_passage_is_a_change_of_place_alone() -> None:
    """Within a chapter and from one to another."""
    texts = [passage(f"Paragraph {name} says {name}.", line) for line, name in enumerate("abc", 1)]
    found = difference(document(*texts), document(texts[1], texts[2], texts[0]))
    assert words(found) == []
    assert [(it.old.text, it.old.chapter, it.new.chapter) for it in found.places] == [
        ("Paragraph a says a.", "text.qmd", "text.qmd")
    ]
    both = Document("review", (ChapterText("text.qmd", tuple(texts[:2])),
                               ChapterText("more.qmd", ())))  # fmt: skip
    moved = Document("review", (ChapterText("text.qmd", tuple(texts[:1])),
                                ChapterText("more.qmd", tuple(texts[1:2]))))  # fmt: skip
    assert [(it.new.chapter, it.new.text) for it in difference(both, moved).places] == [
        ("more.qmd", "Paragraph b says b.")
    ]


def test_what_comes_and_goes_has_no_partner() -> None:
    """A chapter that goes is told passage by passage, and so is a new one."""
    old, new = document(passage("Gone.")), document(passage("New."), path="new.qmd")
    found = difference(old, new)
    assert words(found) == [("Gone.", ""), ("", "New.")]
    assert [(change.old is None, change.new is None) for change in found.words] == [
        (False, True), (True, False),
    ]  # fmt: skip


def test_two_tables_in_a_row_are_two() -> None:
    """Rows with the same number belong to their own table."""
    second = (replace(TABLE[0], id="tbl-more"), Holder("", ("table",), {}))
    first_row, other_row = cell("one", 1, 1), replace(cell("two", 1, 1), within=second)
    found = [it.text for it in blocks(ChapterText("text.qmd", (first_row, other_row)))]
    assert found == ["one", "two"]


def test_pairs_keep_the_order_of_both() -> None:
    """The most alike in between are paired, however many come or go around them."""
    old, new = ["a b c", "d e f", "x"], ["q", "a b z", "d e f", "y y"]
    assert list(paired(old, new, str, common_words)) == [
        (None, "q"), ("a b c", "a b z"), ("d e f", "d e f"), ("x", None), (None, "y y"),
    ]  # fmt: skip


def test_a_figure_that_comes_or_goes_is_told_once(tmp_path: Path) -> None:
    """Its drawings for pages go with it; of one that stays, the columns that differ are told."""
    drawn = {
        "old": {"goes.csv": "", "goes.svg": "<a/>", "goes.narrow.svg": "<b/>",
                "stays.csv": "label,value\nBus,1\n", "stays.svg": "<c/>"},
        "new": {"comes.csv": "", "comes.svg": "<d/>", "comes.wide.svg": "<e/>",
                "stays.csv": "label,value\nBus,2\n", "stays.svg": "<f/>"},
    }  # fmt: skip
    for folder, files in drawn.items():
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text, encoding="utf-8")
    found = list(figure_changes(tmp_path / "old", tmp_path / "new"))
    assert [(it.name, bool(it.old), bool(it.new), it.rows) for it in found] == [
        ("comes", False, True, ()),
        ("goes", True, False, ()),
        ("stays", True, True, (("Bus: value 1", "Bus: value 2"),)),
    ]
