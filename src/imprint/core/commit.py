"""What git tells of the sources: the one date of a build, and the state that a draft shows."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def build_time(root: Path) -> int:
    """Seconds since 1970 that stand for 'now': SOURCE_DATE_EPOCH, the commit's date, or 0."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    # Plumbing, so that no one's git settings colour or sign the answer; a checkout that belongs to
    # another user, as in many containers, has the same date.
    asked = ["git", "-c", "safe.directory=*", "-C", str(root)]
    asked += ["rev-list", "--timestamp", "--max-count=1", "HEAD"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return 0
    return int(said[0]) if said and said[0].isdigit() else 0


def iso_time(epoch: int) -> str:
    """`2010-12-01T00:00:00Z` for seconds since 1970."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_CHANGED = " with changes"
_UNKNOWN = "unknown"


def revision(root: Path) -> str:
    """`3f2a91cd04`, `3f2a91cd04 with changes`, or `unknown` outside a git checkout.

    Always of ten letters, whatever else the repository holds.
    """
    asked = ["git", "-c", "safe.directory=*", "-C", str(root), "describe", "--always"]
    asked += ["--abbrev=10", "--exclude=*", f"--dirty={_CHANGED}"]
    try:
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return _UNKNOWN
    return ran.stdout.strip() or _UNKNOWN


def whole_revision(root: Path) -> str:
    """The same where the commit holds all that is there; else empty."""
    found = revision(root)
    return "" if found == _UNKNOWN or found.endswith(_CHANGED) else found
