"""`date: today` and the like -> the day that is meant, the same for every render of a commit."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imprint.core.commit import build_time, iso_time
from imprint.read.project.option_values import DATE_WORDS


def with_day(root: Path, file: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata with a day for such a word: `today` and `now` are the commit's, `last-modified`
    is that of the last commit that changed the file; outside git all are the file's own."""
    own = dict(metadata)
    book = own.get("book")
    if isinstance(book, Mapping) and book.get("date") in DATE_WORDS:
        own["book"] = {**book, "date": _day(root, file, str(book["date"]))}
    if own.get("date") in DATE_WORDS:
        own["date"] = _day(root, file, str(own["date"]))
    return own


def _day(root: Path, file: str, word: str) -> str:
    time = build_time(root) if word != "last-modified" else _changed(root, file)
    return iso_time(time or int((root / file).stat().st_mtime))[:10]


def _changed(root: Path, file: str) -> int:
    """When a commit last changed the file; 0 where none has."""
    asked = ["git", "-c", "safe.directory=*", "-C", str(root)]
    asked += ["rev-list", "--timestamp", "--max-count=1", "HEAD", "--", file]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return 0
    return int(said[0]) if said and said[0].isdigit() else 0
