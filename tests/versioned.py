"""A report in a git repository of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from reports import ReportFolder


def git(folder: Path, *words: str) -> None:
    """Run git as somebody without settings of their own."""
    who = {f"GIT_{role}_{name}": "ada@example.org" for role in ("AUTHOR", "COMMITTER")
           for name in ("NAME", "EMAIL")}  # fmt: skip
    asked = ["git", "-c", "commit.gpgsign=false", "-C", str(folder), *words]
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(asked, check=True, capture_output=True, env={**os.environ, **who, **alone})


def versioned(report: ReportFolder) -> ReportFolder:
    """The report with all its files in a first commit on `main`."""
    git(report.folder, "init", "-q", "-b", "main")
    git(report.folder, "add", "-A")
    git(report.folder, "commit", "-qm", "First version")
    return report
