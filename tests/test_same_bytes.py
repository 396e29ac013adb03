"""The same commit gives the same bytes, whatever surrounds the render."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reports import ReportFolder, copy_report, tree

pytestmark = pytest.mark.slow

HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "HOME": "/nowhere"}
THERE = {
    "TZ": "Pacific/Auckland",
    "LC_ALL": "tr_TR.UTF-8",
    "LANGUAGE": "tr",
    "PYTHONHASHSEED": "2",
    "MPLBACKEND": "pdf",
    "OMP_NUM_THREADS": "7",
}
COMMITTED = "1290000000 +0100"
"""17 November 2010."""


def committed(folder: Path) -> ReportFolder:
    """A copy of the minimal report in a repository whose one commit has a fixed date."""
    made = copy_report("minimal", folder)
    identity = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")}  # fmt: skip
    dates = {"GIT_AUTHOR_DATE": COMMITTED, "GIT_COMMITTER_DATE": COMMITTED}
    environment = {**os.environ, **identity, **dates}
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)
    return made


def render_apart(
    made: ReportFolder, surroundings: Mapping[str, str], *words: str, umask: int = 0o022
) -> None:
    """Render in a process of its own, from a folder below the report's."""
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    ran = subprocess.run(
        [sys.executable, "-m", "imprint.cli", "render", "--engine", "embedded", *words],
        cwd=made.folder / "chapters",
        env={**environment, **surroundings},
        capture_output=True,
        text=True,
        umask=umask,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def differing(one: Path, other: Path) -> list[str]:
    """Files that are not the same in both folders."""
    first, second = tree(one / "_output"), tree(other / "_output")
    return [path for path in sorted({*first, *second}) if first.get(path) != second.get(path)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportFolder, ReportFolder]:
    """The same commit, rendered in two surroundings."""
    one = committed(tmp_path_factory.mktemp("one") / "report")
    other = committed(tmp_path_factory.mktemp("another place, ünïcode") / "a copy of it")
    render_apart(one, HERE)
    render_apart(other, THERE, "--jobs", "1", umask=0o077)
    return one, other


def test_same_commit_gives_same_bytes(pair: tuple[ReportFolder, ReportFolder]) -> None:
    """Time zone, locale, folder, hash seed and number of cores leave no trace in any file."""
    assert differing(pair[0].folder, pair[1].folder) == []


def test_a_second_render_gives_same_bytes(pair: tuple[ReportFolder, ReportFolder]) -> None:
    """What an earlier render left on disk leaves no trace either."""
    render_apart(pair[1], {**HERE, "TZ": "Asia/Kolkata"})
    assert differing(pair[0].folder, pair[1].folder) == []


def test_the_commit_gives_the_date(pair: tuple[ReportFolder, ReportFolder]) -> None:
    """The only date in the output is that of the commit."""
    assert '"date": "2010-11-17T13:20:00Z"' in pair[0].page("manifest.json")
    assert pair[0].pdf("review/small-report.pdf").metadata["/CreationDate"] == "D:20101117132000Z"
