"""What git tells of the sources: the one date of a build, and the state that a draft shows."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
_CHANGED = " with changes"
_UNKNOWN = "unknown"
_LAST_SECOND = 253_402_300_799
"""Of the year 9999, with which the calendars of Python and Typst end; no build is as late."""


def git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What git says when it is asked in a folder. Raises OSError where there is no git.

    Ask its plumbing, so that no one's settings colour or sign the answer. A checkout that belongs
    to another user, as in many containers, is asked like one's own.
    """
    # A hook of git's own sets these, for the repository that it runs in.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    asked = ["git", "-c", "safe.directory=*", "-C", str(root), *words]
    return subprocess.run(asked, capture_output=True, check=False, env=environment)


def commit_time(root: Path, *files: str) -> int:
    """Seconds since 1970 of the last commit, or of the last that changed these files; 0 where none
    has."""
    try:
        ran = git(root, "rev-list", "--timestamp", "--max-count=1", "HEAD", "--", *files)
    except OSError:
        return 0
    said = ran.stdout.split()
    return int(said[0]) if said and said[0].isdigit() else 0


def build_time(root: Path) -> int:
    """Seconds since 1970 that stand for 'now': SOURCE_DATE_EPOCH, the commit's date, or 0."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    known = given.isascii() and given.isdigit() and len(given) < len(str(_LAST_SECOND))
    return int(given) if known else commit_time(root)


def iso_time(epoch: int) -> str:
    """`2010-12-01T00:00:00Z` for seconds since 1970."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def revision(root: Path) -> str:
    """`3f2a91cd04`, `3f2a91cd04 with changes`, or `unknown` outside a git checkout.

    Always of ten letters, whatever else the repository holds.
    """
    asked = ("describe", "--always", "--abbrev=10", "--exclude=*", f"--dirty={_CHANGED}")
    try:
        return git(root, *asked).stdout.decode(errors="replace").strip() or _UNKNOWN
    except OSError:
        return _UNKNOWN


def whole_revision(root: Path) -> str:
    """The same where the commit holds all that is there; else empty."""
    found = revision(root)
    return "" if found == _UNKNOWN or found.endswith(_CHANGED) else found
