"""The folder that is served: `.imprint/preview/`, or `_output/` until there is something newer.

A file is replaced in one step, and only where its bytes have changed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from imprint.core import digests
from imprint.core.files import OUTPUT, SCRATCH, write_atomically

FOLDER = f"{SCRATCH}/preview"
INDEX = "index.html"


class Pages:
    """The pages of a preview, and what their files hold."""

    def __init__(self, root: Path) -> None:
        self.own = root / FOLDER
        self._last = root / OUTPUT
        self._is_ours = 0 < _time(self.own) >= _time(self._last)
        self._digests = _digests(self.folder)

    @property
    def are_ours(self) -> bool:
        """Whether the preview's own folder is served."""
        return self._is_ours

    @property
    def folder(self) -> Path:
        """The folder that is served now; it may not be there yet."""
        return self.own if self._is_ours else self._last

    def put(self, name: str, content: bytes) -> str:
        """Put a file in its place; its digest where its bytes are not those that are served now,
        else an empty string. Raises OSError where the folder cannot be written."""
        digest = digests.bytes_digest(content)
        target = self.own / name
        # Another preview of the same project may have written it already.
        if not target.is_file() or digests.file_digest(target) != digest:
            write_atomically((target, content))
        is_new = self._digests.get(name) != digest
        self._digests[name] = digest
        return digest if is_new else ""

    def keep_only(self, names: Collection[str]) -> list[str]:
        """Delete all other files but PDFs, and serve these from now on; the names of those that
        were served before."""
        kept = set(names)
        for path in _files(self.own):
            if path.relative_to(self.own).as_posix() not in kept and path.suffix != ".pdf":
                path.unlink(missing_ok=True)
        gone = [name for name in self._digests if name not in kept]
        for name in gone:
            del self._digests[name]
        self._is_ours = True
        os.utime(self.own)
        return gone

    def find(self, path: str) -> Path | None:
        """The file that a path of an address names, an index where it names a folder.

        None where there is none, where it is hidden, and where it leads out of the folder, be it
        by its words or by a link on the disk.
        """
        parts = [part for part in path.split("/") if part]
        if any(part.startswith(".") or set(part) & set("\\:\0") for part in parts):
            return None
        try:
            folder = self.folder.resolve()
            file = folder.joinpath(*parts).resolve()
            if file.is_dir():
                file = (file / INDEX).resolve()
            return file if file.is_relative_to(folder) and file.is_file() else None
        except (OSError, RuntimeError, ValueError):
            return None

    def digest(self, path: str) -> str:
        """Digest of the file that a path of an address names; empty where there is none."""
        file = self.find(path)
        return digests.file_digest(file) if file else ""


def _time(folder: Path) -> int:
    """When a folder of pages was made, in nanoseconds; 0 where there is none."""
    if not (folder / INDEX).is_file():
        return 0
    return folder.stat().st_mtime_ns


def _digests(folder: Path) -> dict[str, str]:
    found = {}
    for path in _files(folder):
        with contextlib.suppress(OSError):
            found[path.relative_to(folder).as_posix()] = digests.file_digest(path)
    return {name: digest for name, digest in found.items() if not name.endswith(".pdf")}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
