"""The preview's server takes comments from its own pages, within bounds, and tells all of them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imprint.core.document import ChapterText, Document, Passage, Piece, Run
from imprint.core.problems import Place
from imprint.preview import commenting, server
from imprint.preview.admission import Reach
from imprint.preview.board import Board
from imprint.preview.commenting import Commenting
from imprint.preview.pages import Pages
from imprint.review import standalone
from imprint.review.comments import Anchor
from imprint.review.files import append, read_reviews
from imprint.review.pages import Texts

PAGE = "review/chapters/text.html"
OWN = {"origin": "http://localhost:4300", "content-type": "application/json"}
PRINTED = "Of all, 54 agreed (Smith, 2010), as the survey said."
SAID = {
    "page": PAGE, "author": "Ada", "text": "Which <survey>?", "paragraph": PRINTED, "nth": 0,
    "start": 40, "end": 51, "label": "", "proposed": None, "blocking": False,
}  # fmt: skip


def texts() -> Texts:
    """A document of two paragraphs, and its page."""
    piece = (Piece(0, Place("chapters/text.qmd", 3, 1), is_written=True),)
    runs = (Run("number", 8, 10, ("agree",)), Run("citation", 18, 31, ("smith",)))
    passages = Passage("text", PRINTED, runs, piece), Passage("text", "It was late.", (), piece)
    document = Document("review", (ChapterText("chapters/text.qmd", passages),))
    return Texts((document,), {PAGE: ("review", "chapters/text.qmd")})


class Visited:
    """A preview whose readers comment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told = 0
        found = texts()
        asked = Commenting(root, lambda: found, self._hear)
        self.application = server.application(
            Pages(root), Board(), Reach(4300), {}, commenting=asked
        )

    def _hear(self) -> None:
        self.told += 1

    def ask(
        self,
        told: Any = None,
        headers: Mapping[str, str] = OWN,
        body: bytes = b"",
        ends: bool = True,
    ) -> tuple[int, Any]:
        """The status of what a page asks for, or sends without an end, and the answer."""
        content = body or (json.dumps(told).encode() if told is not None else b"")
        given = {"host": "localhost:4300", **headers}
        scope = {
            "type": "http", "http_version": "1.1", "method": "POST" if content else "GET",
            "path": "/_preview/comments", "raw_path": b"", "query_string": b"",
            "headers": [(name.encode(), it.encode()) for name, it in given.items()],
        }  # fmt: skip
        sent: list[Any] = []

        parts = [{"type": "http.request", "body": content, "more_body": not ends}]

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()
            return parts.pop()

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.application(scope, receive, send))
        answer = b"".join(it.get("body", b"") for it in sent[1:])
        status: int = sent[0]["status"]
        named = dict(sent[0]["headers"])
        assert status == 405 or b"script-src" in named[b"content-security-policy"]
        return status, json.loads(answer) if answer.startswith(b"{") else answer.decode()


@pytest.fixture
def visited(tmp_path: Path) -> Visited:
    """A preview of an empty folder."""
    (tmp_path / "_output").mkdir()
    return Visited(tmp_path)


def test_words_of_a_page_are_anchored_in_the_document(visited: Visited) -> None:
    """As the author has them: the citation that a page prints is a key there."""
    assert visited.ask(SAID)[0] == 201
    comment = read_reviews(visited.root).threads[0].comment
    assert (comment.anchor.words, comment.text) == ("survey said", "Which <survey>?")
    assert comment.anchor.paragraph == "Of all, 54 agreed [@smith], as the survey said."
    listed = visited.ask()[1]["comments"][0]
    assert listed["page"] == PAGE
    assert PRINTED[listed["start"] : listed["end"]] == "survey said"
    assert visited.told == 1


def test_a_comment_that_never_comes_is_not_waited_for(
    visited: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever begins to send one and sends no more holds nobody up."""
    monkeypatch.setattr(commenting, "PATIENCE", 0.01)
    status, answer = visited.ask(SAID, ends=False)
    assert (status, answer["why"]) == (408, "The comment took too long to come; send it again.")
    assert visited.told == 0


def test_numbers_citations_and_whole_pages_are_commented_on(visited: Visited) -> None:
    """A number by its statistic, a citation with its paragraph, what is nowhere on the page."""
    for changes in (
        {"start": 8, "end": 10, "label": "agree"},
        {"start": 18, "end": 31},
        {"paragraph": "", "start": 0, "end": 0},
        {"paragraph": "Quite other words.", "start": 0, "end": 5},
    ):
        assert visited.ask({**SAID, **changes})[0] == 201
    found = [it.comment for it in read_reviews(visited.root).threads]
    assert sorted((it.anchor.words[:9], it.anchor.label, it.text) for it in found) == [
        ("", "", "On ‘Quite’: Which <survey>?"),
        ("", "", "Which <survey>?"),
        ("54", "agree", "Which <survey>?"),
        ("Of all, 5", "", "Which <survey>?"),
    ]


def test_a_comment_is_shown_at_its_own_paragraph(visited: Visited) -> None:
    """Whether what the reviewer saw is kept or not; blocks may stand at one place of a file."""
    visited.ask({**SAID, "paragraph": "It was late.", "start": 7, "end": 11})
    comment = read_reviews(visited.root).threads[0].comment
    alone = replace(comment, id="urn:uuid:2", anchor=replace(comment.anchor, seen=""))
    whole = replace(comment, id="urn:uuid:3", anchor=Anchor("review", ""))
    append(visited.root, [alone, whole], {})
    told = {it["id"]: it for it in visited.ask()[1]["comments"]}
    shown = [(it["paragraph"], it.get("start"), it["page"]) for it in told.values()]
    assert sorted(shown, reverse=True)[:2] == [("It was late.", 7, PAGE)] * 2
    assert (told["urn:uuid:3"]["paragraph"], told["urn:uuid:3"]["page"]) == ("", PAGE)


def test_answers_settle_comments(visited: Visited) -> None:
    """Whoever writes them; an answer to nothing is refused."""
    visited.ask(SAID)
    id = visited.ask()[1]["comments"][0]["id"]
    reply = {"about": id, "author": "Bo", "text": "That of 2010.", "state": "resolved"}
    assert visited.ask(reply)[0] == 201
    told = visited.ask()[1]["comments"][0]
    assert (told["state"], told["replies"][0]["text"]) == ("resolved", "That of 2010.")
    assert visited.ask({**reply, "about": "urn:uuid:none"})[0] == 507
    assert visited.ask({**reply, "state": "deleted"})[0] == 400


@pytest.mark.parametrize(
    ("told", "headers", "status"),
    [
        (SAID, {**OWN, "origin": "http://evil.example"}, 403),
        (SAID, {"content-type": "application/json"}, 403),
        (SAID, {**OWN, "content-type": "text/plain"}, 415),
        ({**SAID, "text": "x" * 70_000}, OWN, 413),
        ({**SAID, "text": "x" * 10_001}, OWN, 400),
        ({**SAID, "author": " "}, OWN, 400),
        ({**SAID, "start": 9, "end": 3}, OWN, 400),
        ({**SAID, "page": "../../etc"}, OWN, 409),
        ([1], OWN, 400),
    ],
)
def test_what_no_page_would_send_is_refused(
    visited: Visited, told: Any, headers: Mapping[str, str], status: int
) -> None:
    """And nothing is written."""
    assert visited.ask(told, headers)[0] == status
    assert not (visited.root / "reviews").exists()


def test_nobody_writes_too_much(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many within a minute, readers are asked to wait; JSON that is too deep is none."""
    monkeypatch.setattr(commenting, "MOST_WRITTEN", 2)
    assert visited.ask(body=b"[" * 60_000)[0] == 400
    assert visited.ask(SAID)[0] == 201
    assert visited.ask(SAID)[0] == 201
    status, answer = visited.ask(SAID)
    assert (status, answer["why"][:17]) == (429, "Too many comments")


def test_comments_of_others_appear(visited: Visited) -> None:
    """Those that git or another command has brought."""
    visited.ask(SAID)
    comment = read_reviews(visited.root).threads[0].comment
    (visited.root / "reviews" / "ada.jsonl").unlink()
    append(visited.root, [comment], {})
    assert visited.ask()[1]["comments"][0]["text"] == "Which <survey>?"


def test_the_look_of_comments_leaves_the_page_as_it_is() -> None:
    """The style sheet is the page's as well as the panel's, and names what is ours alone."""
    rules = (standalone.ASSETS / "review.css").read_text("utf-8").partition("*/")[2]
    ours = (":host", ".imprint-review-", "#imprint-review", "html.imprint-reviewing", "::highlight")
    selectors = [line.strip() for it in re.findall(r"([^{}]+)\{", rules) for line in it.split("\n")]
    assert [it for it in selectors if it and not it.startswith((*ours, "@media"))] == []


def test_without_review_there_are_no_comments(tmp_path: Path) -> None:
    """The preview is as it was."""
    visited = Visited(tmp_path)
    visited.application = server.application(Pages(tmp_path), Board(), Reach(4300), {})
    assert visited.ask(SAID) == (405, "Method Not Allowed")
    assert not (tmp_path / "reviews").exists()
