"""The preview's web application: pages with its script put in, the events, and nothing else.

It answers only who calls it by its own name, so that no page of another site can read a
report that is not published yet (DNS rebinding), and who knows its token, so that no other user of
the machine can; and it only reads below the folder it serves.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imprint.core import digests
from imprint.core.problems import Problem
from imprint.preview.admission import Admission, PasswordAdmission, Reach
from imprint.preview.board import Board
from imprint.preview.commenting import Commenting
from imprint.preview.pages import INDEX, Pages
from imprint.review import standalone
from imprint.write.site.policy import POLICY

Ask = Callable[[], None]

ASSETS = Path(__file__).with_name("assets")
OURS = "/_preview/"
"""Where what is the preview's own stands among the addresses."""
SCRIPT = "preview.js"
PATIENCE = 15.0
"""Seconds of silence after which a connection is tried with an empty line."""

TYPES = {
    ".bib": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Content types; a system's own table may know others, or none."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
"""Of every answer."""

_NOTICE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark; font: 1.1rem/1.5 sans-serif }}
body {{ max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem }}</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def application(
    pages: Pages,
    board: Board,
    reach: Reach,
    asks: Mapping[str, Ask],
    commenting: Commenting | None = None,
) -> ASGIApp:
    """The application, for a server that is reached as told.

    `asks` are what a page may ask for: `pdfs`, or `render` to try again. Only who has the token or
    the password is answered; without either, whoever calls. With `commenting`, readers may comment.
    """

    def page(request: Request) -> Response:
        return _page(pages, board, request.url.path, scripts)

    async def events(request: Request) -> Response:
        stream = _events(pages, board, request.query_params.get("page", ""))
        return StreamingResponse(stream, media_type="text/event-stream")

    def asking(what: Ask) -> Callable[[Request], Response]:
        def ask(request: Request) -> Response:
            if not _is_own(request, reach):
                return Response("Only the preview's own pages may ask.\n", 403)
            what()
            return Response(status_code=204)

        return ask

    async def comments(request: Request) -> Response:
        if not commenting or (request.method == "POST" and not _is_own(request, reach)):
            return Response("Only the preview's own pages may comment.\n", 403)
        return await commenting.answer(request)

    scripts = (SCRIPT, standalone.SCRIPT) if commenting else (SCRIPT,)
    routes, assets = [Route(f"{OURS}events", events)], [*ASSETS.iterdir()]
    if commenting:
        routes += [Route(f"{OURS}comments", comments, methods=["GET", "POST"])]
        assets += standalone.ASSETS.iterdir()
    routes += [Route(f"{OURS}{path.name}", _asset(path)) for path in assets]
    routes += [Route(f"{OURS}{name}", asking(ask), methods=["POST"]) for name, ask in asks.items()]
    routes += [Route("/{path:path}", page)]
    answering: ASGIApp = Starlette(routes=routes)
    if reach.password:
        answering = PasswordAdmission(answering, reach.password)
    elif reach.token:
        answering = Admission(answering, reach.port, reach.token)
    return _Guarded(answering, reach)


def page_state(pages: Pages, board: Board, path: str) -> dict[str, Any]:
    """The state as the page at `path` gets it."""
    state = board.state
    return {
        "session": board.session,
        "edition": state.edition,
        "comments": state.comments,
        "page": pages.digest(unquote(path)),
        "stage": state.stage,
        "doing": state.doing,
        "behind": bool(state.stopping),
        "problems": [_plain(found) for found in state.problems],
        "pdfs": {
            "stage": state.pdfs.stage,
            "current": state.pdfs.are_current,
            "links": [{"label": label, "href": quote(f"/{at}")} for label, at in state.pdfs.links],
        },
        "files": {quote(f"/{name}"): digest for name, digest in state.files.items()},
    }


async def _events(pages: Pages, board: Board, path: str) -> AsyncIterator[str]:
    yield "retry: 500\n\n"
    async for state in board.states(PATIENCE):
        if state is None:
            yield ": still here\n\n"
        else:
            yield f"data: {json.dumps(page_state(pages, board, path))}\n\n"


def _is_own(request: Request, reach: Reach) -> bool:
    """Whether a page of the preview asks: one of another site may post here without being able to
    read; its origin tells."""
    return request.headers.get("origin", "") in reach.origins()


def _page(pages: Pages, board: Board, path: str, scripts: Iterable[str]) -> Response:
    """A file of the folder that is served; pages get the preview's script."""
    file = pages.find(path)
    if file is None:
        return _missing(pages, board, path)
    if file.name == INDEX and not path.endswith((INDEX, "/")):
        return RedirectResponse(quote(f"/{path.strip('/')}/"))
    try:
        content = file.read_bytes()
    except OSError:
        return _missing(pages, board, path)
    media = TYPES.get(file.suffix.lower(), "application/octet-stream")
    if file.suffix == ".html":
        content = with_script(content, digests.bytes_digest(content), board, scripts)
    return Response(content, media_type=media)


def with_script(
    page: bytes, digest: str, board: Board, scripts: Iterable[str] = (SCRIPT,)
) -> bytes:
    """A page with the preview's scripts at the end of its head.

    They say what the page is: its `digest`, the preview, and the edition of the files it will load.
    """
    what = f'data-page="{digest}" data-session="{board.session}"'
    what += f' data-edition="{board.state.edition}"'
    script = "".join(f'<script src="{OURS}{it}" {what}></script>\n' for it in scripts).encode()
    head, end, rest = page.partition(b"</head>")
    return head + script + end + rest if end else script + page


def _missing(pages: Pages, board: Board, path: str) -> Response:
    if not pages.folder.is_dir() or (path == "/" and board.state.stage == "rendering"):
        return _message_page(
            board, 200, "The first pages are being made", "They appear here once they are there."
        )
    text = "No page of the report stands here. <a href='/'>All publications</a>"
    return _message_page(board, 404, "Nothing here", text)


def _message_page(board: Board, status: int, title: str, text: str) -> Response:
    page = _NOTICE.format(title=title, text=text).encode()
    return Response(with_script(page, "", board), status, media_type=TYPES[".html"])


def _asset(path: Path) -> Callable[[Request], Response]:
    """What answers with one of the preview's own files."""
    return lambda _: Response(path.read_bytes(), media_type=TYPES[path.suffix])


def _plain(found: Problem) -> dict[str, str]:
    return {
        "place": str(found.place),
        "file": found.place.file,
        "code": found.code,
        "message": found.message,
        "fix": found.fix,
        "severity": found.severity,
    }


class _Guarded:
    """Answers 400 to whoever calls the server by a name that is not its own, and sends `HEADERS`
    with every answer."""

    def __init__(self, within: ASGIApp, reach: Reach) -> None:
        self._within = within
        self._hosts = reach.host or "127.0.0.1 and localhost"
        self._names = {name.encode() for name in reach.names()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answering = self._within
        if scope["type"] == "http":
            hosts = [value for name, value in scope["headers"] if name == b"host"]
            if len(hosts) != 1 or hosts[0].lower() not in self._names:
                text = f"This preview answers to {self._hosts} alone.\n"
                answering = Response(text, 400, media_type=TYPES[".txt"])
        await answering(scope, receive, guarded)
