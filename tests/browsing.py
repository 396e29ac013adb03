"""A report in a real browser: Debian's Chromium, driven by Playwright, on pages served here."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from thorough import THOROUGH

# A machine that runs other tests at the same time may be slow; what is right comes all the same.
PATIENCE = 60_000
"""Milliseconds after which what has not come does not come."""
expect.set_options(timeout=PATIENCE)

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # letters and colours are drawn alike whatever the machine's settings are
    *("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"),
)
WHOLE_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSERS = ("chromium-headless-shell", *WHOLE_BROWSERS)
"""The shell has no window to keep up and opens a page in half the time, but its letters differ."""
WIDTHS = (320, 768, 1440)
TRAINING = "review/chapters/training.html"
"""The chapter of this report that has a bit of everything."""
STICKING_OUT = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (el) => el && el !== document.body &&
    (getComputedStyle(el).overflowX !== "visible" || scrolls(el.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((el) => el.getBoundingClientRect().right > room + 1 && !scrolls(el.parentElement))
    .slice(0, 3).map((el) => `${location.pathname}: <${el.localName} class="${el.className}">`);
}"""
EACH_TEMPLATE = (
    *("index.html", "search.html"),
    *("review/index.html", TRAINING, "review/chapters/references.html"),
    *("review/statistics.html", "review/sources.html", "summary/index.html"),
)
"""A page of each template, and of each form that a page of text has."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of requests."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def launched(names: Sequence[str] = BROWSERS) -> Iterator[Browser]:
    """The first of these browsers that is there; tests skip without one, but in CI that fails."""
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        message = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


def new_window(browser: Browser, **preferences: Any) -> Page:
    """A window that shares nothing with others; motion is reduced so that nothing has to settle."""
    context = browser.new_context(reduced_motion="reduce", **preferences)
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@contextlib.contextmanager
def reading(browser: Browser, address: str, site: Path) -> Iterator[Reader]:
    """A reader of a site. The test fails when a page complains or asks another host."""
    sitting = Reader(browser, address, site)
    yield sitting
    sitting.leave()
    assert sitting.noted == []


_windows: WeakKeyDictionary[Browser, dict[str, Page]] = WeakKeyDictionary()
"""Windows that nobody reads in, by their preferences: a new one takes a second of a processor."""


@dataclass
class Reader:
    """Someone who reads the report: opens pages, and notes what goes wrong meanwhile."""

    browser: Browser
    address: str
    site: Path
    noted: list[str] = field(default_factory=list)
    _windows: list[tuple[Page, str]] = field(default_factory=list)
    """Each with its preferences, by which it is found again; none for one that is closed."""

    def sit_down(self, width: int = 1440, anew: bool = False, **preferences: Any) -> Page:
        """A window, as wide as asked for.

        It may be one in which another test has read, from which all that it left is gone but files
        that a browser keeps; where even these matter, ask for it `anew`.
        """
        kept = _windows.setdefault(self.browser, {})
        kind = repr(sorted(preferences.items()))
        page = None if anew else kept.pop(kind, None)
        if page is None:
            page = new_window(self.browser, **preferences)
        scheme = preferences.get("color_scheme", "light")
        page.emulate_media(media="null", color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 640 if width < 500 else 900})
        self._windows.append((page, "" if anew else kind))
        for event, hear in self._listeners:
            page.on(event, hear)  # type: ignore[call-overload]
        return page

    def open(self, path: str, width: int = 1440, **preferences: Any) -> Page:
        """Open a page of the report in a new window."""
        page = self.sit_down(width, **preferences)
        page.goto(self.address + path)
        return page

    @property
    def pages(self) -> list[str]:
        """Paths of all pages of the output."""
        return sorted(path.relative_to(self.site).as_posix() for path in self.site.rglob("*.html"))

    def pages_at(self, width: int, all_at: int) -> list[str]:
        """All pages at one width, one of each template at the others; all of them when thorough."""
        return self.pages if THOROUGH or width == all_at else list(EACH_TEMPLATE)

    def in_each_page(self, find: str) -> dict[str, Any]:
        """What a function finds in each page, given its document, in which no script has run and
        nothing is laid out, and its address."""
        looks = f"""(paths) => Promise.all(paths.map(async (path) => {{
          const {{url, text}} = await fetch(path).then(async (it) => ({{url: it.url,
            text: await it.text()}}));
          return [path, ({find})(new DOMParser().parseFromString(text, "text/html"), url)];
        }}))"""
        return dict(self.open("index.html").evaluate(looks, self.pages))

    def leave(self) -> None:
        """Leave all windows as they were before, or close them."""
        for page, kind in self._windows:
            if not kind:
                page.context.close()
                continue
            for event, hear in self._listeners:
                page.remove_listener(event, hear)
            page.unroute_all(behavior="ignoreErrors")
            page.evaluate("try { localStorage.clear() } catch {}")
            page.goto("about:blank")
            page.mouse.move(0, 0)
            _windows[self.browser][kind] = page

    @property
    def _listeners(self) -> tuple[tuple[str, Callable[[Any], None]], ...]:
        return (
            *(("console", self._hear), ("dialog", self._dismiss), ("pageerror", self._fail)),
            *(("request", self._see), ("response", self._get)),
        )

    def _fail(self, error: Error) -> None:
        self.noted.append(str(error))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.noted.append(f"{message.location.get('url', '')}: {message.text}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.noted.append(f"a script asks: {dialog.message}")
        dialog.dismiss()

    def _see(self, request: Request) -> None:
        own = (self.address, "data:", "blob:", "file:")
        if not request.url.startswith(own):
            self.noted.append(f"a request to {urlsplit(request.url).netloc}")

    def _get(self, response: Response) -> None:
        if response.status >= 400:
            self.noted.append(f"{response.url}: {response.status}")
