"""Search: the pages of `_output/` -> Pagefind's index in `_output/search/`.

Pagefind reads a copy of the pages that holds what is searched and nothing else: each chapter's own
text, its sections named by the anchors that the pages have.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pagefind_bin
from markupsafe import Markup, escape

from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.write.site.evidence import SOURCES_PAGE, STATISTICS_PAGE

INDEX = "search"
"""Folder of the index, from the output's."""
NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.en.pagefind")
"""What a page of ours loads; Pagefind's own forms and other languages are left out."""

_NOT_SEARCHED = {STATISTICS_PAGE, SOURCES_PAGE}
"""They repeat sentences of the chapters."""

_ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_FIRST_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_SECTION = re.compile(r'<section id="([^"]+)"([^>]*>\s*)<(h[1-6])\b')
_TAG = re.compile(r"<[^>]+>")


def write_search(folder: Path, labels: Mapping[str, str], into: Path | None = None) -> None:
    """Index the publications in `folder`, named as `labels` calls them, there or `into` another.

    Publications without pages are passed over. Raises ReportError when Pagefind fails.
    """
    with scratch_folder() as scratch:
        site, made = scratch / "site", scratch / "made"
        for path, text in _searched(folder, labels):
            target = site / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        if not site.is_dir():
            return
        command = [str(pagefind_bin.get_executable()), "--site", str(site), "--silent"]
        command += ["--output-path", str(made), "--force-language", "en", "--keep-index-url"]
        command += ["--exclude-selectors", ".permalink, .figure-data, .footnote-back"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            said = " ".join((ran.stderr or ran.stdout).split())[-400:] or "no message"
            message = f"Pagefind could not index the pages: {said}"
            raise ReportError([problem("search-is-indexed", INDEX, 0, message, "render again")])
        target = (into or folder) / INDEX
        target.mkdir(exist_ok=True)
        for found in (*made.glob("*.pf_meta"), *(made / name for name in NEEDED)):
            shutil.copyfile(found, target / found.name)
        for name in ("index", "fragment"):
            shutil.copytree(made / name, target / name)


def _searched(folder: Path, labels: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Every page that is searched: its path and the copy for Pagefind."""
    for name, label in labels.items():
        for path in sorted((folder / name).rglob("*.html")):
            if path.name in _NOT_SEARCHED:
                continue
            text = path.read_text(encoding="utf-8")
            article = _ARTICLE.search(text)
            if article:
                yield path.relative_to(folder), _copy(article[1], _title(text, article[1]), label)


def _title(page: str, article: str) -> str:
    """The chapter's title; a publication of one page has its own in the page's head."""
    found = _FIRST_HEADING.search(article) or _TITLE.search(page)
    words = _TAG.sub("", found[1]) if found else ""
    return Markup(" ".join(words.split())).unescape()


def _copy(article: str, title: str, label: str) -> str:
    # Pagefind takes sections from headings that have an identifier. It gets no filters: it writes
    # their values in an order of chance.
    named = _SECTION.sub(r'<section\2<\3 id="\1"', article)
    return (
        '<!DOCTYPE html>\n<html lang="en"><body><main data-pagefind-body>\n'
        f'<meta data-pagefind-meta="title[content]" content="{escape(title)}">\n'
        f'<meta data-pagefind-meta="publication[content]" content="{escape(label)}">\n'
        f"{named}\n</main></body></html>\n"
    )
