"""Addresses of images and links in a chapter -> the files of the report that they mean."""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from imprint.core.files import read_file
from imprint.core.model import Executed
from imprint.read.file_names import named_file

File = dict[str, Any]
"""An address of a chapter as `lua/files.lua` lists it: `kind`, `needle`, `anchor`, and of the file
that it means `path`, from the root as it is stored, and `is_there`; `page` of a chapter that
another publication alone prints, from this one's folder; `is_whole` where `#` and `?` are letters
of the file's name, `size` of an image in CSS pixels, where its file tells; `is_misnamed` where its
ending is another image's, `holds` what its file holds instead of an image, which is then as good as
not there."""

_BEGINS = {
    "png": b"\x89PNG", "jpg": b"\xff\xd8", "jpeg": b"\xff\xd8", "gif": b"GIF8",
    "webp": b"RIFF....WEBP", "svg": b"(?:\xef\xbb\xbf)?\\s*<(?:\\?xml|!--|svg|!DOCTYPE svg)",
}  # fmt: skip
"""How files with these endings begin."""
_POINTER = b"version https://git-lfs"


def file_addressed(
    root: Path,
    executed: Mapping[str, Executed],
    elsewhere: Mapping[str, str],
    chapter: str,
    file: Mapping[str, str],
) -> File:
    """Find what an address of the chapter means: a chapter, an image that a cell displayed, a file.

    `executed` are the publication's chapters by path, `elsewhere` those of others, each with its
    page where there is one.
    """
    made = {*(it.lstrip("/") for it in executed[chapter].media), *executed, *elsewhere, ""}
    found = _meant(root, made, file)
    page = elsewhere.get(found["path"], "")
    head = _head(root / found["path"]) if file["kind"] == "image" else b""
    kinds = [kind for kind, begins in _BEGINS.items() if re.match(begins, head)]
    ending = found["path"].rpartition(".")[2].lower()
    holds = "" if kinds or not head or ending not in _BEGINS else "holds no image"
    if head.startswith(_POINTER):
        holds = "only tells Git LFS where the image is"
    return {
        **found,
        "page": page,
        "size": image_size(head) or (),
        "is_there": found["is_there"] and not holds,
        "is_misnamed": bool(kinds) and ending in _BEGINS and ending not in kinds,
        "holds": holds,
    }


def _head(path: Path) -> bytes:
    try:
        return read_file(path, 4096)
    except (OSError, ValueError):  # a name may be too long or too odd for a file, too
        return b""


def image_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in CSS pixels by how an SVG or PNG file begins; None where it tells none."""
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return int(width), int(height)
    found = re.search(
        rb'<svg\b[^>]*?\bviewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', head
    )
    if not found:
        return None
    points_to_pixels = 4 / 3 if re.search(rb'<svg\b[^>]*?\bwidth="[\d.]+pt"', head) else 1
    return round(float(found[1]) * points_to_pixels), round(float(found[2]) * points_to_pixels)


def _meant(root: Path, made: Collection[str], file: Mapping[str, str]) -> File:
    path, whole = file["path"], file["whole"]
    for read in (path, unquote(path)):
        if read in made:
            return {**file, "path": read, "is_there": True, "is_whole": False}
    stored = named_file(root, path)
    if stored in made:
        return {**file, "path": stored, "is_there": True, "is_whole": False}
    named_whole = None if stored or path == whole else named_file(root, whole)
    return {
        **file,
        "path": stored or named_whole or path,
        "anchor": "" if named_whole else file["anchor"],
        "is_there": bool(stored or named_whole),
        "is_whole": bool(named_whole),
    }
