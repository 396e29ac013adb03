"""Search: the pages of `_output/` -> Pagefind's index in `_output/search/`.

Pagefind reads a copy of the pages that holds what is searched and nothing else: each chapter's own
text, its sections named by the anchors that the pages have.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pagefind_bin
from markupsafe import Markup, escape

from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder
from imprint.write.site.evidence import SOURCES_PAGE, STATISTICS_PAGE

INDEX = "search"
"""Folder of the index, from the output's."""
ENTRY = "pagefind-entry.json"
WASM = "wasm.en.pagefind"
SCRIPTS = ("pagefind.js", "pagefind-worker.js")
"""What a page of ours loads; Pagefind's own forms and other languages are left out."""

_ROOM = 1 << 17
"""Bytes; more than the largest of its scripts, which show nothing of where they end."""
_SIGNATURE = b"pagefind_dcd"
_PAGE_OF_META = re.compile(rb"en_[0-9a-f]+(?=[\x00-\x1b])")
_CHUNK_OF_META = re.compile(rb"en_[0-9a-f]+(?=[\x80-\x9f])")
"""The names of files in Pagefind's list of them, which is CBOR: a page's is followed by the number
of its words, a chunk's, which comes last in its entry, by another list."""

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
        # a disk that was full while Pagefind wrote, which it does not say, is full still
        (scratch / "room").write_bytes(bytes(_ROOM))
        for name in _index_files(made):
            target = (into or folder) / INDEX / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made / name, target)


def _index_files(made: Path) -> list[str]:
    """The files of the index in `made` that a page of ours loads.

    Each is looked at, for Pagefind says that it has done well even where the disk took nothing of
    what it wrote. Raises ReportError where one is missing or not whole: those that are packed hold
    their own size and checksum.
    """
    name = ENTRY
    try:
        entry = json.loads((made / name).read_bytes())["languages"]["en"]
        name = f"pagefind.{entry['hash']}.pf_meta"
        meta = _unpacked(made / name)
        pages = [f"fragment/{it.decode()}.pf_fragment" for it in _PAGE_OF_META.findall(meta)]
        chunks = [f"index/{it.decode()}.pf_index" for it in _CHUNK_OF_META.findall(meta)]
        if len(pages) != entry["page_count"] or not chunks:
            raise ValueError(f"{len(pages)} of {entry['page_count']} pages")
        files = [ENTRY, name, WASM, *pages, *chunks]
        for name in files[1:]:
            _unpacked(made / name)
        for name in SCRIPTS:
            if not (made / name).read_bytes():
                raise ValueError("it is empty")
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        message = f"Pagefind left an index that is not whole: {name}: {error or 'it is empty'}"
        fix = f"free some room in {tempfile.gettempdir()}, where it works, and render again"
        raise ReportError([problem("search-is-indexed", INDEX, 0, message, fix)]) from error
    return [*files, *SCRIPTS]


def _unpacked(file: Path) -> bytes:
    """Raises OSError, EOFError, zlib.error or ValueError for a file that is not whole."""
    content = gzip.decompress(file.read_bytes())
    if not content.startswith(_SIGNATURE):
        raise ValueError("it is empty")
    return content


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
