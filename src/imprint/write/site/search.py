"""Search: the pages of `_output/` -> Pagefind's index in `_output/search/`.

Pages mark what is searched of them: the chapter's own text. Pagefind reads a copy in which sections
are named by their headings.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import pagefind_bin

from imprint.core.problems import ReportError, problem
from imprint.core.scratch import scratch_folder

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

_SECTION = re.compile(r'<section id="([^"]+)"([^>]*>\s*)<(h[1-6])\b')


def write_search(folder: Path, names: Iterable[str], into: Path | None = None) -> None:
    """Index the named publications in `folder`, there or `into` another.

    Publications without pages are passed over. Raises ReportError when Pagefind fails.
    """
    with scratch_folder() as scratch:
        site, made = scratch / "site", scratch / "made"
        for page in (page for name in names for page in sorted((folder / name).rglob("*.html"))):
            target = site / page.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            # Pagefind takes sections from headings that have an identifier.
            text = _SECTION.sub(r'<section\2<\3 id="\1"', page.read_text(encoding="utf-8"))
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
