"""What a page's policy lets run in a browser: files of the site, and no script of the text."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import served
from imprint.write.site.policy import POLICY, policy

OURS = "document.title += ' ours';"
INLINE = "\ndocument.title += ' inline';"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}"><title>Ran:</title>
<script src="ours.js"></script><script type="module">{inline}</script></head>
<body><script>document.title += ' script';</script>
<img src="none.png" onerror="document.title += ' handler'">
<svg onload="document.title += ' drawing'"></svg>
<a href="javascript:document.title += ' link'">A</a>
<base href="https://example.org/"><p style="color: red">Text</p></body></html>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of two pages: one whose inline script its policy names, and one that names none."""
    (tmp_path / "ours.js").write_text(OURS, encoding="utf-8")
    for name, allowed in (("plain", POLICY), ("hashed", policy([INLINE]))):
        page = PAGE.format(policy=escape(allowed), inline=INLINE)
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("opened", ["as a file", "from a server"])
def test_only_our_scripts_run(folder: Path, browser: Browser, opened: str) -> None:
    """However the page is opened; what a page in one file holds of ours is named by its digest."""
    page = browser.new_page()
    try:
        with served(folder) as address:
            for name, ran in (("plain", "Ran: ours"), ("hashed", "Ran: ours inline")):
                local = (folder / f"{name}.html").as_uri()
                page.goto(local if opened == "as a file" else f"{address}{name}.html")
                page.get_by_role("link", name="A").click()
                page.wait_for_load_state("networkidle")
                assert page.title() == ran
                assert page.evaluate("document.baseURI") == page.url
                assert (
                    page.locator("p").evaluate("it => getComputedStyle(it).color")
                    == "rgb(255, 0, 0)"
                )
    finally:
        page.close()
