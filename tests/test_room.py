"""What the system allows too little of is told in one line, before a render stumbles over it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits")

LIMITED = """
import os, resource, sys
from imprint.core.problems import ReportError
from imprint.build.room import keep_own_files, require_room
resource.setrlimit(getattr(resource, sys.argv[1]), (int(sys.argv[2]), int(sys.argv[3])))
try:
    require_room()
    print(*resource.getrlimit(getattr(resource, sys.argv[1])))
except ReportError as error:
    print(error)
os.umask(int(sys.argv[4], 8))
keep_own_files()
print(oct(os.umask(0)))
"""


def limited(name: str, soft: int, hard: int, mask: str = "22") -> list[str]:
    """What a process with this limit and this mask of rights says."""
    words = [sys.executable, "-c", LIMITED, name, str(soft), str(hard), mask]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "most", "told"),
    [
        (
            "RLIMIT_NOFILE",
            40,
            "ulimit: the system allows 40 open files, of which 256 are needed",
        ),
        ("RLIMIT_AS", 2**29, "ulimit: the system allows 524288 KiB of memory, of which 1000000"),
    ],
)
def test_too_little_room_is_told(name: str, most: int, told: str) -> None:
    """With what is needed, and the command that allows it."""
    said = limited(name, most, most)
    assert said[0].startswith(told)
    assert "fix: allow more: `ulimit -" in said[1]


def test_limits_are_raised_where_they_may_be() -> None:
    """As far as they are needed, for programs that we start as well."""
    assert limited("RLIMIT_NOFILE", 40, 1000)[0] == "256 1000"
    assert limited("RLIMIT_NOFILE", 400, 1000)[0] == "400 1000"


def test_a_mask_takes_nothing_from_ourselves() -> None:
    """What we have written we can read; what others may do stays as it was asked for."""
    assert limited("RLIMIT_NOFILE", 400, 400, "777")[-1] == "0o77"
    assert limited("RLIMIT_NOFILE", 400, 400, "22")[-1] == "0o22"


@pytest.mark.skipif(os.name != "posix", reason="a shell sets the limit")
def test_a_check_says_it_in_one_line(tmp_path: Path) -> None:
    """And no traceback."""
    (tmp_path / "_quarto.yml").write_text("project: {type: default, render: [a.qmd]}\n")
    (tmp_path / "a.qmd").write_text("Text.\n")
    command = f"ulimit -n 40; exec {sys.executable} -m imprint check"
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "the system allows 40 open files, of which 256 are needed" in ran.stdout
