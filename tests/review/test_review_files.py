"""Comments in files: what is read, what is told of rubbish, and that no writer loses anything."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from imprint.core.document import ChapterText, Document, Holder, Mention, Passage, Piece, Run
from imprint.core.problems import Place, ReportError
from imprint.review.anchoring import Anchoring, anchor_at
from imprint.review.comments import Anchor, Comment, Reply, from_line, to_line
from imprint.review.files import append, read_reviews, read_seen, seen_files
from imprint.review.placed import Placed, lines
from imprint.review.seen import to_seen

ANCHOR = Anchor("review", "text.qmd", "rain", "the ", " fell", 12, 16, "Then the rain fell.", 9)
COMMENT = Comment("urn:uuid:1", "Ada", "2026-03-01T09:30:00Z", "How much?", ANCHOR)


def passage(text: str, *runs: Run, within: tuple[Holder, ...] = ()) -> Passage:
    """A paragraph on one line."""
    return Passage(
        "text", text, runs, (Piece(0, Place("text.qmd", 3, 1), is_written=True),), within
    )


def document(*passages: Passage, labels: tuple[str, ...] = ()) -> Document:
    """A publication of one chapter."""
    mentions = tuple(Mention("label", it, Place("text.qmd", 9, 1)) for it in labels)
    return Document("review", (ChapterText("text.qmd", passages, mentions),))


@pytest.mark.parametrize(
    "entry",
    [
        COMMENT,
        replace(COMMENT, proposed="", is_blocking=True, text="Take this out.\nPlease."),
        replace(COMMENT, anchor=Anchor("review", "a.qmd", label="fig-rain", seen="0" * 16)),
        replace(COMMENT, anchor=Anchor("review", "")),
        Reply("urn:uuid:2", "Bo “the\u2028second”", "2026-03-01T10:30:00Z", "urn:uuid:1", "Done."),
        Reply("urn:uuid:3", "Bo", "2026-03-01T10:30:00Z", "urn:uuid:1", state="resolved"),
    ],
)
def test_entries_are_lines_and_back(entry: Comment | Reply) -> None:
    """Each is one line of JSON that says `Annotation`."""
    line = to_line(entry)
    assert "\n" not in line
    assert json.loads(line)["type"] == "Annotation"
    assert from_line(line.encode()) == entry


def test_rubbish_is_told_line_by_line_and_nothing_else_is_lost(tmp_path: Path) -> None:
    """Each line that is no comment is a problem with its place; the others are read."""
    good = to_line(COMMENT)
    other = to_line(replace(COMMENT, text="Again?"))
    rubbish = [
        "{", "[]", "null", "\x00\xff", "[" * 100_000, good.replace("urn:uuid:1", "../x y"),
        good.replace("text.qmd", "../../etc/passwd"), good.replace('"start": 12', '"start": true'),
        good.replace("How much?", "x" * 10_001), good.replace("2026-03-01T09:30:00Z", "today"),
        "x" * 200_000,
    ]  # fmt: skip
    lost = to_line(Reply("urn:uuid:9", "Bo", "2026-03-01T10:30:00Z", "urn:uuid:none", "Yes."))
    lines = [good, "", *rubbish, good, other, lost]
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "ada.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "reviews" / "folder.jsonl").mkdir()
    (tmp_path / "reviews" / "link.jsonl").symlink_to("/etc/passwd")
    found = read_reviews(tmp_path)
    assert [it.comment.text for it in found.threads] == ["How much?", "Again?"]
    told = [(it.code, it.place.line) for it in found.problems]
    assert told[: len(rubbish)] == [("comment-is-read", n) for n in range(3, 3 + len(rubbish))]
    assert told[len(rubbish) :] == [
        ("comment-id-is-unique", 14), ("comment-id-is-unique", 15), ("comment-is-read", 0),
        ("comment-is-read", 0),
        ("reply-has-its-comment", 0),
    ]  # fmt: skip
    assert "'Yes.' of Bo" in found.problems[-1].message


def test_what_could_not_be_shown_is_read_all_the_same(tmp_path: Path) -> None:
    """Half a character is a question mark; what would write over a terminal is left out there."""
    line = to_line(COMMENT).replace('"exact": "rain"', r'"exact": "ra\ud83din\u001b[2J"')
    line = line.replace('"scope": "review"', r'"scope": "re\u001bview"')
    entry = from_line(line.encode())
    append(tmp_path, [entry], {})
    (thread,) = read_reviews(tmp_path).threads
    assert thread.comment.anchor.words == "ra?in\x1b[2J"
    said = "\n".join(lines(Placed(thread, None)))
    assert "‘ra?in[2J’" in said
    assert said.encode().find(b"\x1b") < 0
    assert thread.comment.anchor.publication == "review"


def test_ten_thousand_comments_are_placed_quickly(tmp_path: Path) -> None:
    """The text that they were made on is compared once, however many they are."""
    old = document(passage("Then the rain fell."), passage("It was late."))
    new = document(passage("At last the rain fell."), passage("It was late."))
    seen = to_seen(old)
    anchor = replace(anchor_at(old, "text.qmd", 0, (9, 13)), seen=seen.digest)
    many = [replace(COMMENT, id=f"urn:uuid:{n}", anchor=anchor) for n in range(10_000)]
    append(tmp_path, many, seen_files(seen))
    threads = read_reviews(tmp_path).threads
    asked: list[str] = []

    def text(digest: str) -> Document | None:
        asked.append(digest)
        return read_seen(tmp_path, digest)

    anchoring = Anchoring([new], text)
    assert len(threads) == 10_000
    found = [anchoring.position(thread.comment.anchor) for thread in threads]
    assert {it and it.words for it in found} == {"rain"}
    assert asked == [seen.digest]


def _write(root: Path, name: str) -> None:
    for n in range(40):
        append(root, [replace(COMMENT, id=f"urn:uuid:{name}{n}", author="Ada")], {})


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    """Neither does one that was killed in the middle of its line."""
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "ada.jsonl").write_text(to_line(COMMENT) + '\n{"half', encoding="utf-8")
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = read_reviews(tmp_path)
    assert len(found.threads) == 81
    assert [it.place.line for it in found.problems] == [2]


def test_what_is_no_file_of_ours_is_not_written(tmp_path: Path) -> None:
    """A link in the place of an author's file leads nowhere."""
    (tmp_path / "reviews").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    (tmp_path / "reviews" / "ada.jsonl").symlink_to(elsewhere)
    with pytest.raises(ReportError, match="comments cannot be written"):
        append(tmp_path, [COMMENT], {})
    assert elsewhere.read_text(encoding="utf-8") == "mine"
    (tmp_path / ".imprint" / "reviews.lock").unlink(missing_ok=True)
    (tmp_path / ".imprint").rmdir()
    (tmp_path / ".imprint").write_text("a file", encoding="utf-8")
    with pytest.raises(ReportError, match="comments cannot be written"):
        append(tmp_path, [replace(COMMENT, author="Bo")], {})


def test_a_thread_is_open_until_somebody_settles_it(tmp_path: Path) -> None:
    """And again once it is opened; an id may be begun."""
    append(tmp_path, [COMMENT], {})
    states = []
    for hour, state in enumerate(("resolved", "", "open"), 10):
        time = f"2026-03-01T{hour}:30:00Z"
        append(tmp_path, [Reply(f"urn:uuid:r{hour}", "Bo", time, COMMENT.id, state=state)], {})
        states.append(len(read_reviews(tmp_path).open))
    assert states == [0, 0, 1]
    assert read_reviews(tmp_path).thread("1").comment == COMMENT
    with pytest.raises(ReportError, match="there is no comment '7'"):
        read_reviews(tmp_path).thread("7")


def test_numbers_figures_and_cells_are_anchored_as_such() -> None:
    """A number by its statistic, whatever it reads now; a figure by its label."""
    old = document(
        passage("Of all, 54 agreed and 54 did not.", Run("number", 8, 10, ("yes",)),
                Run("number", 22, 24, ("no",))), labels=("fig-rain",),
    )  # fmt: skip
    new = document(
        passage("Of all, 46 did not and 61 agreed.", Run("number", 8, 10, ("no",)),
                Run("number", 23, 25, ("yes",))), labels=("fig-rain",),
    )  # fmt: skip
    seen = to_seen(old)
    anchoring = Anchoring([new], lambda _: old)
    number = replace(anchor_at(old, "text.qmd", 0, (8, 10), "yes"), seen=seen.digest)
    found = anchoring.position(number)
    assert found and (found.words, found.is_edited) == ("61", True)
    figure = Anchor("review", "text.qmd", label="fig-rain")
    assert str(anchoring.position(figure).place) == "text.qmd:9:1"  # type: ignore[union-attr]
    assert anchoring.position(replace(figure, label="fig-gone")) is None
    assert anchoring.position(replace(figure, label="", chapter="gone.qmd")) is None


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (["Then the rain fell."], True),
        (["Then, at last, the rain fell."], True),
        (["All of it was about the rain that others saw."], False),
        (["Then the rain fell.", "Then the rain fell."], False),
        ([], False),
    ],
)
def test_a_paragraph_alone_holds_words_only_where_it_is_itself(now: list[str], holds: bool) -> None:
    """What a reviewer saw may not be kept: then the paragraph must be there, or much like it."""
    anchoring = Anchoring([document(*map(passage, now))], lambda _: None)
    found = anchoring.position(replace(ANCHOR, seen="0" * 16))
    assert (found.words if found else "") == ("rain" if holds else "")


def test_a_damaged_text_is_as_good_as_none(tmp_path: Path) -> None:
    """It is known by its digest."""
    seen = to_seen(document(passage("Then the rain fell.")))
    append(tmp_path, [], seen_files(seen))
    assert read_seen(tmp_path, seen.digest)
    for file in (tmp_path / "reviews" / "seen").iterdir():
        file.write_bytes(file.read_bytes().replace(b"rain", b"snow"))
    assert read_seen(tmp_path, seen.digest) is None
    assert read_seen(tmp_path, "../../secret") is None
