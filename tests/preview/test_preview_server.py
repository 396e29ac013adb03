"""The preview's server: what it gives out, to whom, and what it never does."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from imprint.core.problems import problem
from imprint.preview import admission, server
from imprint.preview.admission import Reach, token_of
from imprint.preview.board import Board, Pdfs, State
from imprint.preview.pages import FOLDER, Pages

PORT = 4300
PAGE = "<html><head><title>A page</title></head><body><p>Words.</p></body></html>"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Site:
    """A served folder, and what came of it."""

    root: Path
    board: Board = field(default_factory=Board)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages = Pages(self.root)
        asks = {"pdfs": lambda: self.asked.append("pdfs")}
        self.application = server.application(self.pages, self.board, Reach(PORT), asks)

    def get(
        self,
        path: str,
        host: str = "127.0.0.1:4300",
        method: str = "GET",
        query: str = "",
        **headers: str,
    ) -> Answer:
        """Ask for a path exactly as written, as no browser would let one."""
        sent: list[Any] = []
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode()) for name, value in {"host": host, **headers}.items()
            ],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.application(scope, receive, send))
        start, *bodies = sent
        named = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], named, b"".join(body.get("body", b"") for body in bodies))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder of pages with a secret beside it."""
    folder = tmp_path / FOLDER
    (folder / "review").mkdir(parents=True)
    for name in ("index.html", "review/index.html", "review/a b.html"):
        (folder / name).write_text(PAGE, encoding="utf-8")
    (folder / "review/style.css").write_text("p {}", encoding="utf-8")
    (folder / ".hidden.html").write_text("secret", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "out.html").symlink_to(tmp_path / "secret.html")
    (folder / "up").symlink_to(tmp_path)
    return Site(tmp_path)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:4300", "localhost:4300", "LOCALHOST:4300", "[::1]:4300"]
)
def test_this_machine_is_answered(site: Site, host: str) -> None:
    """Whoever calls the preview by a name of this machine sees the pages."""
    assert site.get("/", host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:4300", "127.0.0.1", "127.0.0.1:80",
     "127.0.0.1.evil.example:4300", "localhost:4300.evil.example", "localhost.:4300",
     "[::2]:4300", ""],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/_preview/events", "/_preview/preview.js", "/nothing"])
def test_other_hosts_are_refused(site: Site, host: str, path: str) -> None:
    """A page of another site that has this address under its own name gets nothing."""
    answer = site.get(path, host)
    assert answer.status == 400
    assert b"Words" not in answer.body


@pytest.mark.parametrize(
    "path",
    ["/../../secret.html", "/review/../../../secret.html", "/..\\..\\secret.html", "//etc/passwd",
     "/out.html", "/up/secret.html", "/.hidden.html", "/%2e%2e/%2e%2e/secret.html", "/index.html\0",
     "/C:/secret.html", "/" + "a" * 5000, "/up/.imprint/preview/.hidden.html"],
)  # fmt: skip
def test_nothing_outside_is_served(site: Site, path: str) -> None:
    """Neither dots nor links on the disk lead out of the output, and hidden files stay hidden."""
    answer = site.get(path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_pages_get_the_script_and_keep_their_bytes(site: Site) -> None:
    """The script is put in on the way out alone: what stands on the disk is the page itself."""
    answer = site.get("/review/a b.html")
    assert b'<script src="/_preview/preview.js"' in answer.body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert (site.pages.folder / "review/a b.html").read_text(encoding="utf-8") == PAGE
    style = site.get("/review/style.css")
    assert (style.body, style.headers["content-type"]) == (b"p {}", "text/css; charset=utf-8")


def test_folder_without_slash_is_redirected(site: Site) -> None:
    """Relative links of an index work however it was asked for."""
    answer = site.get("/review")
    assert (answer.status, answer.headers["location"]) == (307, "/review/")


def test_missing_page_appears_once_it_is_there(tmp_path: Path) -> None:
    """Before the first pages there is a notice that waits for them, and a missing page says so."""
    fresh = Site(tmp_path)
    assert b"being made" in fresh.get("/").body
    (tmp_path / "_output").mkdir()
    (tmp_path / "_output" / "index.html").write_text(PAGE, encoding="utf-8")
    assert b"Words." in fresh.get("/").body
    assert fresh.get("/other.html").status == 404
    assert b'data-page=""' in fresh.get("/other.html").body


def test_only_own_pages_may_ask(site: Site) -> None:
    """Another site's page cannot set the preview to work, nor can one without an origin."""
    assert site.get("/_preview/pdfs", method="POST").status == 403
    assert site.get("/_preview/pdfs", method="POST", origin="http://evil.example").status == 403
    assert site.asked == []
    assert site.get("/_preview/pdfs", method="POST", origin="http://localhost:4300").status == 204
    assert site.asked == ["pdfs"]


def test_reader_who_was_away_is_told_everything(site: Site) -> None:
    """Each message is the whole state, so that one that was missed is no loss."""
    found = problem("citation-resolves", "chapters/a.qmd", 7, "no entry 'x'", "did you mean 'y'?")
    site.board.state = State("current", stopping=(found,), pdfs=Pdfs("made", (("R", "r/a b.pdf"),)))
    told = server.page_state(site.pages, site.board, "/review/a%20b.html")
    assert told["page"] == site.pages.digest("review/a b.html") != ""
    assert told["behind"]
    assert [(shown["place"], shown["fix"]) for shown in told["problems"]] == [
        ("chapters/a.qmd:7", "did you mean 'y'?")
    ]
    assert told["pdfs"]["links"] == [{"label": "R", "href": "/r/a%20b.pdf"}]
    assert json.loads(json.dumps(told)) == told


def test_board_tells_the_newest_and_ends() -> None:
    """Who is slow gets the newest state, silence is told, and the end reaches everyone."""

    async def story() -> list[str | None]:
        board, heard = Board(), []
        async for state in board.states(patience=0.01):
            heard.append(state and state.doing)
            if len(heard) == 1:
                board.post(doing="one")
                board.post(doing="two")
            elif state is None:
                board.close()
        return heard

    assert asyncio.run(story()) == ["", "two", None]


def test_files_are_replaced_only_where_they_changed(site: Site, tmp_path: Path) -> None:
    """What is made again to the byte is left alone; what is no longer made goes, PDFs stay."""
    (site.pages.own / "review/report.pdf").write_bytes(b"%PDF")
    before = (site.pages.own / "index.html").stat()
    assert not site.pages.put("index.html", PAGE.encode())
    assert site.pages.put("review/index.html", f"{PAGE}new".encode())
    gone = {"review/a b.html", "review/style.css", ".hidden.html", "out.html"}
    assert set(site.pages.keep_only({"index.html", "review/index.html"})) == gone
    after = (site.pages.own / "index.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert site.pages.find("review/report.pdf")
    assert not site.pages.find("review/a b.html")
    assert (tmp_path / "secret.html").exists()


def test_newer_output_is_shown_first(tmp_path: Path) -> None:
    """A render that came after the last preview is what its reader sees until the first build."""
    for name in (FOLDER, "_output"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "index.html").write_text(name, encoding="utf-8")
    assert Pages(tmp_path).folder == tmp_path / "_output"


# --- who may read --------------------------------------------------------------------------------


def test_only_who_has_the_token_is_answered(site: Site) -> None:
    """The address that the preview said lets a browser in, which keeps it in a cookie."""
    site.application = server.application(site.pages, site.board, Reach(PORT, "right"), {})
    for path in ("/review/", "/_preview/events", "/_preview/preview.js", "/none.html"):
        assert site.get(path).status == 403, path
    assert site.get("/review/", cookie="imprint-preview-4300=wrong").status == 403
    assert site.get("/review/", cookie="imprint-preview-9=right").status == 403
    assert b"Words" in site.get("/review/", cookie="a=b; imprint-preview-4300=right").body
    assert site.get("/review/", query="token=wrong").status == 403
    let_in = site.get("/review/", query="token=right")
    assert (let_in.status, let_in.headers["location"]) == (303, "/review/")
    assert "imprint-preview-4300=right; HttpOnly" in let_in.headers["set-cookie"]
    assert "SameSite=strict" in let_in.headers["set-cookie"]
    assert site.get("//evil.org/x", query="token=right").headers["location"] == "/evil.org/x"


def test_a_shared_preview_asks_for_its_password(site: Site) -> None:
    """At the name it was shared under, whatever name is given with the password."""
    reach = Reach(PORT, host="review.example", password="right")
    site.application = server.application(site.pages, site.board, reach, {})
    here = "review.example:4300"
    asked = site.get("/review/", here)
    assert asked.status == 401 and asked.headers["www-authenticate"].startswith("Basic ")
    for given in ("ada:wrong", "right", "right:", "ada:right2"):
        sent = base64.b64encode(given.encode()).decode()
        assert site.get("/review/", here, authorization=f"Basic {sent}").status == 401, given
    for header in ("Basic ???", "Bearer right", "Basic"):
        assert site.get("/review/", here, authorization=header).status == 401, header
    right = "Basic " + base64.b64encode(b"ada:right").decode()
    assert b"Words" in site.get("/review/", here, authorization=right).body
    assert site.get("/review/", "127.0.0.1:4300", authorization=right).status == 400
    assert reach.origins() == {"https://review.example:4300"}
    assert Reach(443, host="fd00::2").names() == {"[fd00::2]:443", "[fd00::2]"}


@pytest.mark.skipif(os.name != "posix", reason="rights are told by mode")
def test_a_token_is_its_owner_s_alone(tmp_path: Path) -> None:
    """It stays for the next preview; one that others could have read or set is no more used."""
    token = token_of(tmp_path)
    file = tmp_path / ".imprint/preview-token"
    assert len(token) == 43 and token_of(tmp_path) == token
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert (other := token_of(tmp_path)) != token
    file.unlink()
    (tmp_path / "theirs").write_text("a" * 43)
    file.symlink_to(tmp_path / "theirs")
    assert token_of(tmp_path) not in (other, "a" * 43)
    assert (tmp_path / "theirs").read_text() == "a" * 43


def test_slow_and_many_connections_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends no whole request in time, or is one too many, or sends too long a line."""
    monkeypatch.setattr(admission, "PATIENCE", 0.2)
    monkeypatch.setattr(admission, "MOST_CONNECTIONS", 2)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def told(port: int, sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        said = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return said[:13]

    async def tried() -> list[bytes]:
        config = uvicorn.Config(answer, port=0, http=admission.BoundedProtocol, log_config=None,
                                lifespan="off", timeout_keep_alive=1,
                                h11_max_incomplete_event_size=admission.MOST_BYTES)  # fmt: skip
        running = uvicorn.Server(config)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            task = asyncio.create_task(running.serve([listener]))
            while not running.started:
                await asyncio.sleep(0.01)
            port = listener.getsockname()[1]
            host = b"GET / HTTP/1.1\r\nHost: a\r\n"
            found = [await told(port, host), await told(port, host + b"\r\n")]
            found.append(await told(port, host + b"X: " + b"x" * 2 * admission.MOST_BYTES))
            found += await asyncio.gather(*(told(port, host) for _ in range(2)),
                                          told(port, host + b"\r\n"))  # fmt: skip
            running.should_exit = True
            await task
            return found

    slow, right, long, *_, one_too_many = asyncio.run(tried())
    assert (slow, right, one_too_many) == (b"", b"HTTP/1.1 204 ", b"")
    assert long in (b"HTTP/1.1 400 ", b"")
