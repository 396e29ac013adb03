"""Which state of the sources a draft shows: the commit, and whether files differ from it."""

from __future__ import annotations

import subprocess
from pathlib import Path


def revision(root: Path) -> str:
    """`3f2a91c`, `3f2a91c with changes`, or `unknown` outside a git checkout."""
    asked = ["git", "-c", "safe.directory=*", "-C", str(root), "describe", "--always"]
    asked += ["--exclude=*", "--dirty= with changes"]
    try:
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return ran.stdout.strip() or "unknown"
