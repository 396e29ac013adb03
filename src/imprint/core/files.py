"""Files: read as text, written whole or not at all, with what is refused told as a problem."""

from __future__ import annotations

import codecs
import errno
import itertools
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from imprint.core.problems import Problem, ReportError, problem

if TYPE_CHECKING:
    import zipfile

OUTPUT = "_output"
"""What readers get, from the project's root."""
DRAWN = "figures/drawn"
"""Where figures are drawn, with the rows behind them and records of what they drew."""
PAGE_DRAWINGS = ("wide.svg", "narrow.svg")
"""How the names end of what pages show of a figure, in wide columns and in narrow ones; such a file
is empty where the image is shown instead."""
MADE_IMAGES = (DRAWN, "figures/cells")
"""The same, and where the images that cells display are."""
SHARED = ("_extensions/", "styles/", "src/imprint/", "uv.lock")
"""Beginnings of paths of files that have a hand in every page."""
SCRATCH = ".imprint"
"""What builds keep and throw away, from the project's root."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
AS_ESCAPES = "backslashreplace"
"""How JSON is encoded that names files whose names are no text: what stands for their bytes is
written as JSON's own escapes."""
LARGEST = 2**30
"""Bytes of a file that is read."""
_LOOKED_AT = 1_000
"""Bytes whose NULs tell UTF-16 from a text that holds one."""


class EncodingError(ValueError):
    """These bytes are no text in UTF-8; `line` says where, `fix` what to do."""

    def __init__(self, line: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.line = line
        self.fix = fix


class ArchiveError(Exception):
    """This is no archive that can be read; the message says why."""


@contextmanager
def opened_archive(source: Path | BinaryIO) -> Iterator[zipfile.ZipFile]:
    """A zip archive to read in the block. Raises ArchiveError for whatever is wrong with it there,
    and FileNotFoundError where there is none."""
    import lzma  # few commands read archives
    import zipfile
    import zlib

    damaged = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError)
    # Under a password; packed in a way that Python does not know.
    refused = (RuntimeError, NotImplementedError)
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError:
        raise
    except (*damaged, *refused) as error:
        raise ArchiveError(str(error)) from error


def read_file(path: Path, most: int = -1) -> bytes:
    """The bytes of a file, or so many at its beginning. Raises OSError, also for what can be read
    without end: a pipe that nobody writes to, a device, a file larger than memory."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no file but a pipe or a device", str(path))
        if found.st_size > LARGEST:
            said = f"it is larger than {LARGEST // 2**20:,} MiB"
            raise OSError(errno.EFBIG, said, str(path))
        return stream.read(most)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; a link that leads to itself is none."""
    return entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and Path(entry.path).is_dir())


def decoded(data: bytes) -> str:
    """The text without a byte order mark.

    Raises EncodingError for UTF-16, NUL bytes and other encodings.
    """
    if data.startswith(_UTF_16) or data[:_LOOKED_AT].count(0) > min(len(data), _LOOKED_AT) / 4:
        raise EncodingError(1, "file is UTF-16, not UTF-8", "save the file as UTF-8")
    if (at := data.find(0)) >= 0:
        fix = "delete it; the file may be damaged"
        raise EncodingError(data.count(b"\n", 0, at) + 1, "line holds a NUL byte", fix)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise EncodingError(line, message, "save the file as UTF-8") from error


def plain_lines(text: str) -> str:
    """The text with line feeds alone between its lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Tell what the disk refuses as a problem of the file. Raises ReportError for any OSError."""
    try:
        yield
    except OSError as error:
        raise ReportError([_disk_problem(error, root)]) from error


_parts = itertools.count(1)


def write_atomically(*files: tuple[Path, bytes]) -> None:
    """Write files in one step, or none, whoever else writes them: each is the old one or the new
    one, never half of it. Raises OSError."""
    parts = [path.with_name(f".{path.name}.{os.getpid()}-{next(_parts)}.part") for path, _ in files]
    try:
        for part, (_, content) in zip(parts, files, strict=True):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
        for part, (path, _) in zip(parts, files, strict=True):
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def zip_entry(
    name: str, when: tuple[int, int, int, int, int, int] = (1980, 1, 1, 0, 0, 0)
) -> zipfile.ZipInfo:
    """A file of an archive that is the same bytes wherever it is made."""
    import zipfile

    entry = zipfile.ZipInfo(name, when)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, wherever it is made: the permissions below are its
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def write_json(path: Path, value: Any) -> None:
    """Write sorted, indented JSON with a final newline."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", errors=AS_ESCAPES, newline="\n")


def _disk_problem(error: OSError, root: Path) -> Problem:
    """Name the file as the author sees it: what is staged would have stood in the output."""
    path = Path(error.filename or root / OUTPUT)
    for base, shown in ((root / SCRATCH / "staging", OUTPUT), (root, "")):
        if path.is_relative_to(base):
            path = shown / path.relative_to(base)
            break
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    if error.errno == errno.ENOENT:
        fix = "restore it, or render again, which makes what was drawn anew"
        return problem("file-exists", path.as_posix(), 0, "it is not there any more", fix)
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        message, fix = "a file stands where a folder belongs", "move it elsewhere"
        return problem("output-is-writable", path.as_posix(), 0, message, fix)
    return problem(
        "disk-has-room" if full else "output-is-writable",
        path.as_posix(),
        0,
        f"it cannot be written: {(error.strerror or str(error)).lower()}",
        "free some room on the disk" if full else "allow writing to the project's folder",
    )
