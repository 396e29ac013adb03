"""A report as it is typed: a copy whose files are links but for those that are not saved yet."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from imprint.core.files import OUTPUT, SCRATCH

_WHOLE = ("node_modules", "__pycache__", OUTPUT)
"""Folders, with hidden ones, into which no author types."""


def write_copy(root: Path, copy: Path, texts: Mapping[str, str]) -> None:
    """Make `copy` the report at `root`, with other texts in some of its files, by their paths.

    What the copy holds already and is the same stays, so that readers with a memory find it so.
    Files behind links are never written. Raises OSError.
    """
    folders = {path.rpartition("/")[0] for path in texts}
    _copy(root, copy, "", texts)
    for folder in sorted(folders):
        (copy / folder).mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        target, content = copy / path, text.encode("utf-8", errors="replace")
        if target.is_symlink() or not target.exists() or target.read_bytes() != content:
            target.unlink(missing_ok=True)
            target.write_bytes(content)


def _copy(source: Path, target: Path, at: str, texts: Mapping[str, str]) -> None:
    target.mkdir(exist_ok=True)
    names = {entry.name: entry for entry in source.iterdir()}
    for entry in list(target.iterdir()):
        if entry.name not in names and f"{at}{entry.name}" not in texts and entry.name != SCRATCH:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    for name, entry in sorted(names.items()):
        path, link = f"{at}{name}", target / name
        is_whole = name[0] == "." or name in _WHOLE or entry.is_symlink()
        if entry.is_dir() and not is_whole:
            _copy(entry, link, f"{path}/", texts)
        elif path not in texts and not link.is_symlink() and not link.is_dir():
            _link(entry, link, is_whole=is_whole)


def _link(entry: Path, link: Path, *, is_whole: bool) -> None:
    """Link a file or folder; where the system has no links for us, copy a file."""
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(entry, target_is_directory=entry.is_dir())
    except OSError:
        if entry.is_file() and not is_whole:
            shutil.copy2(entry, link)
