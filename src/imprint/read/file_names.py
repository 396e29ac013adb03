"""Addresses in a text -> the files that they name.

An address encodes what may not stand in it (`my%20box.png`), and pandoc encodes what an author left
as it is; file systems keep a name in either of Unicode's forms, whichever it was given in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote


def is_file(root: Path, path: str) -> bool:
    """Whether there is such a file; no for a path too long or too odd to be one's."""
    try:
        return (root / path).is_file()
    except (OSError, ValueError):
        return False


def named_file(root: Path, path: str) -> str | None:
    """The file that an address's path names, both from the root; None where there is none.

    What is found has the form in which the file system keeps it. Nothing outside the root is found.
    """
    for wanted in dict.fromkeys((unquote(path), path)):
        if wanted.startswith("/") or ".." in wanted.split("/") or "\0" in wanted:
            continue
        if is_file(root, wanted):
            return wanted
        if not wanted.isascii() and (found := stored_name(root, wanted)):
            return found
    return None


def meant_file(root: Path, path: str) -> str | None:
    """The file that a path would name if capitals were small letters, and `\\` were `/`."""
    wanted = posixpath.normpath(unquote(path).replace("\\", "/"))
    return None if wanted.startswith(("/", "..")) else stored_name(root, wanted, str.casefold)


def stored_name(
    root: Path, path: str, form: Callable[[str], str] = lambda name: name
) -> str | None:
    """The file whose path is the same in Unicode's normal form, or in this form of it, as the file
    system keeps it; None where there is none."""

    def plain(name: str) -> str:
        return form(normalize("NFC", name))

    found = ""
    for part in path.split("/"):
        try:
            names = [entry.name for entry in (root / found).iterdir()]
        except OSError:
            return None
        same = [name for name in sorted(names) if plain(name) == plain(part)]
        if not same:
            return None
        found = f"{found}/{part if part in same else same[0]}".lstrip("/")
    return found if is_file(root, found) else None
