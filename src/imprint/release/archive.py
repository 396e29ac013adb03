"""A bundle's files -> a folder and one archive, and back.

The archive is the same bytes wherever it is made: files in the order of their paths, stored, all
with the date of the commit.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from imprint.core.files import ArchiveError, opened_archive, zip_entry
from imprint.core.problems import ReportError, problem

LARGEST = 2 * 1024**3
"""Bytes of all files of a bundle together; what says that it is larger is not unpacked."""
MOST_FILES = 100_000
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What the form can say."""


def packed(folder: str, files: Mapping[str, bytes], date: str) -> bytes:
    """The files below a folder as a zip archive; `date` as `2026-11-30T10:53:18Z`."""
    when = datetime.fromisoformat(date).timetuple()[:6]
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for path, content in sorted(files.items()):
            entry = zip_entry(f"{folder}/{path}", max(when, _EARLIEST))
            archive.writestr(entry, content, zipfile.ZIP_STORED)
    return into.getvalue()


def bundle_contents(path: Path) -> dict[str, bytes]:
    """The files of a bundle, a folder or an archive, by their paths in it.

    Raises ReportError for what is no bundle, and for a link, a path that leads out of it, two files
    of one path, or more than a bundle may hold: nothing is ever written.
    """
    if path.is_dir():
        return dict(_in_folder(path))
    try:
        with opened_archive(path) as archive:
            return dict(_in_archive(archive, path))
    except FileNotFoundError:
        raise unreadable(path, "there is no such file or folder", "name a bundle") from None
    except ArchiveError as error:
        raise unreadable(path, f"this is no bundle: {error}", "name another file") from None


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    size = 0
    for count, path in enumerate(sorted(folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise unreadable(folder, f"'{name}' is a link, and a bundle holds none")
        if path.is_file():
            size += path.stat().st_size
            _require_room(folder, size, count)
            yield name, path.read_bytes()


def _in_archive(archive: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, bytes]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _require_room(path, sum(entry.file_size for entry in entries), len(entries))
    seen: set[str] = set()
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        if entry.filename.startswith("/") or ".." in parts or "\\" in entry.filename:
            raise unreadable(path, f"'{entry.filename}' leads out of the bundle")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise unreadable(path, f"'{entry.filename}' is a link, and a bundle holds none")
        name = "/".join(parts[1:])
        if not name or name in seen:
            raise unreadable(path, f"'{entry.filename}' stands twice or in no folder")
        seen.add(name)
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise unreadable(path, f"'{entry.filename}' is not of the size it says")
        yield name, content


def _require_room(path: Path, size: int, count: int) -> None:
    if size > LARGEST or count > MOST_FILES:
        message = "this holds more than a bundle may: two gibibytes, or 100,000 files"
        raise unreadable(path, message)


_ANOTHER = "do not unpack it; get the bundle again from where it was released"


def unreadable(path: Path, message: str, fix: str = _ANOTHER) -> ReportError:
    """What is told of a bundle that is none."""
    return ReportError([problem("bundle-is-readable", path.as_posix(), 0, message, fix)])
