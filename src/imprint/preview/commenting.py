"""Comments in the preview: what pages are told of them, and what readers write."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from imprint.core.problems import ReportError
from imprint.read.schema import read_back
from imprint.review.anchoring import Anchoring
from imprint.review.comments import STATES, clean
from imprint.review.files import append, read_reviews, read_seen, seen_files
from imprint.review.pages import SENT, Texts, comment_of, shown, with_seen
from imprint.review.placed import Placed, reply_to
from imprint.review.seen import to_seen

MOST_BYTES = 65_536
"""Of what a page sends."""
MOST_WRITTEN = 30
"""Comments and answers that are taken within `PERIOD`, from all readers together."""
PERIOD = 60.0
"""Seconds."""
PATIENCE = 10.0
"""Seconds within which a comment must have come."""


class Commenting:
    """The comments of one preview. Its methods may run in several threads.

    `author` is whom pages take their reader for.
    """

    def __init__(
        self, root: Path, texts: Callable[[], Texts], told: Callable[[], None], author: str = ""
    ) -> None:
        self._root, self._texts, self._told, self._author = root, texts, told, author
        self._written: deque[float] = deque()
        self._lock = threading.Lock()
        self._placing: tuple[Texts, Anchoring] | None = None

    async def answer(self, request: Request) -> Response:
        """The comments; or the answer to one that is written."""
        if request.method == "GET":
            return JSONResponse(await asyncio.to_thread(self._listed))
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refused(415, "Comments are sent as JSON.")
        body = b""
        try:
            async with asyncio.timeout(PATIENCE):
                async for part in request.stream():
                    body += part
                    if len(body) > MOST_BYTES:
                        return _refused(413, "This comment is too long.")
        except TimeoutError:
            return _refused(408, "The comment took too long to come; send it again.")
        return await asyncio.to_thread(self._take, body)

    def _listed(self) -> dict[str, Any]:
        texts = self._texts()
        reviews = read_reviews(self._root)
        anchoring = self._anchoring(texts)
        with self._lock:
            placed = [
                Placed(thread, anchoring.position(thread.comment.anchor))
                for thread in (reviews.threads if texts.documents else ())
            ]
        return {
            "author": self._author,
            "comments": [shown(it, texts) for it in placed],
            "problems": [str(found) for found in reviews.problems],
        }

    def _anchoring(self, texts: Texts) -> Anchoring:
        """What places comments in the present texts, the same as long as they are."""
        with self._lock:
            if self._placing is None or self._placing[0] is not texts:
                seen = Anchoring(texts.documents, lambda digest: read_seen(self._root, digest))
                self._placing = texts, seen
            return self._placing[1]

    def _take(self, body: bytes) -> Response:
        try:
            told = read_back(body, SENT)
            if not self._has_room():
                return _refused(429, "Too many comments within a minute; try again shortly.")
            return self._reply(told) if "about" in told else self._comment(told)
        except ValueError:
            return _refused(400, "No page of the preview would send this as a comment.")
        except ReportError as error:
            return _refused(507, error.problems[0].message)

    def _comment(self, told: dict[str, Any]) -> Response:
        texts = self._texts()
        publication, chapter = texts.pages.get(told.get("page", ""), ("", ""))
        document = texts.document(publication)
        if document is None:
            return _refused(409, "This page is being made; try again in a moment.")
        seen = to_seen(document)
        comment = with_seen(comment_of(told, document, chapter), seen.digest)
        append(self._root, [comment], seen_files(seen))
        self._told()
        return JSONResponse({"id": comment.id}, 201)

    def _reply(self, told: dict[str, Any]) -> Response:
        names = ("about", "author", "text", "state")
        about, author, text, state = (clean(told.get(it, "")) for it in names)
        if not author or state not in STATES or not (text or state):
            raise ValueError(names)
        thread = read_reviews(self._root).thread(about)
        append(self._root, [reply_to(thread, author[:200], text, STATES[state])], {})
        self._told()
        return JSONResponse({}, 201)

    def _has_room(self) -> bool:
        now = time.monotonic()
        with self._lock:
            while self._written and self._written[0] < now - PERIOD:
                self._written.popleft()
            if len(self._written) >= MOST_WRITTEN:
                return False
            self._written.append(now)
            return True


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"why": why}, status)
