"""Comments with the places of their words, as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.core.document import Document
from imprint.core.escaping import one_line
from imprint.core.problems import Place, ReportError, problem
from imprint.review.anchoring import Anchoring, Position
from imprint.review.comments import Anchor, Reply, State, clean
from imprint.review.files import FOLDER, Reviews, Thread, new_id, now, read_seen, short_id

_SHOWN = 100
"""Characters of a quotation in a list."""


@dataclass(frozen=True)
class Placed:
    """A thread, and where the words that it is about stand now."""

    thread: Thread
    position: Position | None
    """None where the words are gone: the comment is detached."""

    @property
    def state(self) -> str:
        """`open`, `resolved`, or `detached` where it is open and its words are gone."""
        if not self.thread.is_open:
            return "resolved"
        return "open" if self.position else "detached"


def place_all(root: Path, reviews: Reviews, documents: Iterable[Document]) -> tuple[Placed, ...]:
    """The threads in the order of the text, those that are detached behind their chapters'."""
    found = list(documents)
    anchoring = Anchoring(found, lambda digest: read_seen(root, digest))
    placed = [Placed(it, anchoring.position(it.comment.anchor)) for it in reviews.threads]
    chapters = [chapter.path for document in found for chapter in document.chapters]
    order = {path: number for number, path in reversed(list(enumerate(chapters)))}

    def key(it: Placed) -> tuple[int, bool, Place]:
        chapter = it.thread.comment.anchor.chapter
        if it.position is None:
            return order.get(chapter, len(order)), True, Place("")
        block = it.position.block
        return order.get(block.chapter if block else chapter, -1), False, it.position.place

    return tuple(sorted(placed, key=key))


def as_data(placed: Placed) -> dict[str, Any]:
    """Everything that there is to say of a comment."""
    comment, position = placed.thread.comment, placed.position
    place = position.place if position else Place("")
    return {
        "id": short_id(comment.id),
        "author": comment.author,
        "created": comment.created,
        "publication": comment.anchor.publication,
        "chapter": comment.anchor.chapter,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "label": comment.anchor.label,
        "quoted": comment.anchor.words,
        "words": position.words if position else "",
        "is_edited": bool(position and position.is_edited),
        "text": comment.text,
        "proposed": comment.proposed,
        "is_blocking": comment.is_blocking,
        "state": placed.state,
        "replies": [
            {"author": it.author, "created": it.created, "text": it.text, "state": it.state}
            for it in placed.thread.replies
        ],
    }


def lines(placed: Placed) -> Iterator[str]:
    """A comment for people: where, who and when, the words, what is said."""
    comment, position = placed.thread.comment, placed.position
    anchor = comment.anchor
    where = str(position.place) if position else f"{anchor.chapter or anchor.publication}: detached"
    marks = [placed.state] if placed.state == "resolved" else []
    marks += ["blocking"] if comment.is_blocking else []
    marks += ["edited since"] if position and position.is_edited else []
    date = comment.created[:10]
    head = f"{where}: {comment.author}, {date} [{short_id(comment.id)[:8]}]"
    yield head + (f" ({', '.join(marks)})" if marks else "")
    if anchor.words or anchor.label:
        yield f"  on: {_shown(anchor)}"
    yield from (f"  {line}" for line in comment.text.splitlines())
    if comment.proposed is not None:
        proposed = one_line(comment.proposed)
        yield f"  proposes: ‘{proposed}’" if proposed else "  proposes to delete this"
    for reply in placed.thread.replies:
        said = one_line(reply.text)
        state = f"({reply.state})" if reply.state else ""
        yield f"  {reply.author}: {' '.join(filter(None, (said, state)))}"


def _shown(anchor: Anchor) -> str:
    words = clean(anchor.words)
    words = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    return f"‘{words}’" if words else anchor.label


def counted(placed: Iterable[Placed]) -> str:
    """How many there are of each state: `3 open, 1 of them blocking; 1 detached`."""
    found = list(placed)
    states = [it.state for it in found]
    blocking = sum(it.thread.is_open and it.thread.comment.is_blocking for it in found)
    said = f"{states.count('open') + states.count('detached')} open"
    said += f", {blocking} of them blocking" if blocking else ""
    said += f"; {states.count('detached')} detached" if "detached" in states else ""
    return said + (f"; {states.count('resolved')} resolved" if "resolved" in states else "")


def reply_to(thread: Thread, author: str, text: str, state: State) -> Reply:
    """A new answer."""
    return Reply(new_id(), author, now(), thread.comment.id, text, state)


def require_settled(reviews: Reviews) -> None:
    """Raise ReportError with what keeps a report from its release: rubbish, and each blocking
    comment that is open."""
    found = list(reviews.problems)
    for thread in reviews.open:
        comment = thread.comment
        if comment.is_blocking:
            said = one_line(comment.text) or "other words are proposed"
            message = f"a blocking comment is open: {comment.author}: ‘{said}’"
            fix = f"settle it, then `imprint comments resolve {short_id(comment.id)[:8]}`"
            place = comment.anchor.chapter or FOLDER
            found.append(problem("comment-is-settled", place, 0, message, fix))
    if found:
        raise ReportError(found)
