"""`date: today` and the like -> the day that is meant, the same for every render of a commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imprint.core.commit import build_time, commit_time, iso_time
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
    time = build_time(root) if word != "last-modified" else commit_time(root, file)
    return iso_time(time or int((root / file).stat().st_mtime))[:10]
