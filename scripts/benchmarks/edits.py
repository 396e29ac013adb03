"""Edits to a report in a running preview: how soon the page that a browser fetches holds them.

Measured as a browser lives it: it hears over the preview's events that the page has changed, asks
for the page, and has it when the new words are in it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import below, memory_of_all
from scenes import Subject, change_a_row, edit_a_cell, edit_a_sentence

PATIENCE = 600.0
"""Seconds after which a preview that says nothing has failed."""
EARLY = 50
"""Edits after which memory is looked at for the first time."""
_GRACE = 2.0
"""Seconds in which what the preview has started must be gone."""


@dataclass(frozen=True)
class Endured:
    """What many edits have left."""

    edits: int
    seconds: float
    early: float
    """MiB that all processes hold together after EARLY edits."""
    late: float
    """The same at the end."""
    processes: tuple[str, ...]
    """Command lines of processes that outlived the preview."""
    files: tuple[str, ...]
    """Temporary files that did."""


class _Browser:
    """Shows the chapter's page: hears what the preview tells, and fetches the page."""

    def __init__(self, address: str, page: str) -> None:
        self._address, self._page = address, page
        self._news = threading.Condition()
        self._state: dict[str, Any] = {}
        threading.Thread(target=self._hear, daemon=True).start()

    def at(self, page: str) -> _Browser:
        """Another one that shows another page."""
        return _Browser(self._address, page)

    def ask_pdfs(self) -> None:
        """Ask for PDFs of the sources as they are."""
        origin = {"Origin": self._address.rstrip("/")}
        asked = urllib.request.Request(f"{self._address}_preview/pdfs", b"", origin)
        urllib.request.urlopen(asked, timeout=PATIENCE).close()

    def wait_for_pdfs(self) -> None:
        """Wait until the PDFs show the same state as the pages."""
        self._wait(lambda state: state["pdfs"]["current"])

    def wait_for_edit(self) -> None:
        """Wait until the preview has noticed an edit: the PDFs are then older than the sources."""
        self._wait(lambda state: not state["pdfs"]["current"])

    def settle(self) -> None:
        """Wait until nothing is rendered or checked."""
        self._wait(lambda state: state.get("stage") == "current")

    def wait_for(self, words: str) -> None:
        """Wait for a page that holds the words; each change of the page is fetched."""
        shown = ""
        while True:
            state = self._wait(lambda state: state["page"] != shown or state["behind"])  # noqa: B023
            if state["behind"]:
                sys.exit(f"the preview cannot show an edit: {state['problems'][:1]}")
            shown = state["page"]
            with urllib.request.urlopen(self._address + self._page, timeout=PATIENCE) as answer:
                page = answer.read().decode()
            if words in " ".join(re.sub(r"<[^>]+>", "", page).split()):
                return

    def _wait(self, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        with self._news:
            if not self._news.wait_for(lambda: self._state and until(self._state), PATIENCE):
                sys.exit("the preview says nothing any more")
            return self._state

    def _hear(self) -> None:
        asked = f"{self._address}_preview/events?page=/{self._page}"
        # The preview ends the stream when it ends.
        ends = contextlib.suppress(OSError, http.client.HTTPException)
        with ends, urllib.request.urlopen(asked, timeout=PATIENCE) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    with self._news:
                        self._state = json.loads(line.removeprefix(b"data: "))
                        self._news.notify_all()


def edit_to_page(subject: Subject, temporary: Path, edits: int) -> list[float]:
    """Seconds from saving each edit to holding the page with its words."""
    took = []
    with _previewed(subject, temporary) as browser:
        for number in range(edits):
            browser.settle()
            words = edit_a_sentence(subject, number)
            begun = time.monotonic()
            browser.wait_for(words)
            took.append(time.monotonic() - begun)
    return took


def row_to_all(subject: Subject, temporary: Path, edits: int) -> list[float]:
    """Seconds from saving a changed row to the pages with its words and current PDFs of all
    publications; not before the first PDFs, without which no one waits for them."""
    took = []
    with _previewed(subject, temporary) as browser:
        register = browser.at("review/statistics.html")
        for number in range(edits + 1):
            browser.settle()
            begun = time.monotonic()
            words = change_a_row(subject, number)
            if number:
                browser.wait_for_edit()
            browser.ask_pdfs()
            register.wait_for(words)
            browser.wait_for_pdfs()
            took.append(time.monotonic() - begun)
    return took[1:]


def endure(subject: Subject, temporary: Path, edits: int) -> Endured:
    """Edit sentences, now and then a cell or a row with them, and have PDFs made now and then; see
    what grows or stays."""
    begun, early = time.monotonic(), 0.0
    known = set(below(os.getpid()))
    with _previewed(subject, temporary) as browser:
        for number in range(edits):
            browser.settle()
            if number == EARLY:
                early = memory_of_all()
            if number % 10 == 8:
                edit_a_cell(subject, number)
            elif number % 25 == 24:
                change_a_row(subject, number // 25 % 3)
            browser.wait_for(edit_a_sentence(subject, number))
            if number % 50 == 25:
                browser.ask_pdfs()
                browser.wait_for_pdfs()
        browser.settle()
        late = memory_of_all()
    time.sleep(_GRACE)
    left = [_command(pid) for pid in below(os.getpid()) if pid not in known]
    files = tuple(str(path) for path in temporary.rglob("*"))
    seconds = time.monotonic() - begun
    return Endured(edits, seconds, early or late, late, tuple(filter(None, left)), files)


@contextlib.contextmanager
def _previewed(subject: Subject, temporary: Path) -> Iterator[_Browser]:
    """A preview of the report; ended by Ctrl-C, and with what it has started still there to see."""
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "imprint.cli", "preview", "--no-browser", "--open-to-all-users"],
        cwd=subject.folder,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        if address is None:
            sys.exit("the preview does not start: run scripts/preview for the reason")
        page = f"review/{Path(subject.chapter).with_suffix('.html').as_posix()}"
        yield _Browser(address[0], page)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process.stdout.close()


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return ""
