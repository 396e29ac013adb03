"""What a chapter's code asks the system is noted: a change of it runs the chapter again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imprint.run.current import Current

PROGRAM = """
import sys
from pathlib import Path
from imprint.run import recorder
root = Path.cwd()
recorder.listen(root, (), ())
exec(compile(sys.argv[1], "<cell>", "exec"), {"__name__": "__main__"})
print(recorder.notes_as_json())
"""


def noted(root: Path, code: str) -> dict[str, Any]:
    """The notes of a cell's code that runs in the folder `root`."""
    words = [sys.executable, "-c", PROGRAM, code]
    said = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def states(root: Path, code: str) -> set[tuple[str, str]]:
    """What the code asked of files and the machine."""
    reads = noted(root, f"import glob, os, platform, socket; from pathlib import Path\n{code}")[
        "reads"
    ]
    return {(name, aspect) for kind, name, aspect, _ in reads if kind in ("state", "machine")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("one")
    return tmp_path


ASKS = {
    "os.path.exists('none.txt')": ("none.txt", "kind"),
    "Path('none.txt').exists()": ("none.txt", "kind"),
    "Path('a.txt').is_file()": ("a.txt", "kind"),
    "os.path.isdir('sub')": ("sub", "kind"),
    "os.path.getsize('a.txt')": ("a.txt", "state"),
    "os.stat('a.txt').st_mtime": ("a.txt", "state"),
    "Path('a.txt').stat()": ("a.txt", "state"),
    "os.access('a.txt', os.X_OK)": ("a.txt", "state"),
    "os.path.islink('a.txt')": ("a.txt", "kind"),
    "os.path.exists('.imprint/cache/x')": (".imprint/cache/x", "kind"),
    "platform.node()": ("name", ""),
    "socket.gethostname()": ("name", ""),
    "os.cpu_count()": ("processors", ""),
    "os.umask(0o22)": ("umask", ""),
}


def test_what_code_asks_of_the_system_is_noted(root: Path) -> None:
    """In whichever way it asks."""
    for_all = states(root, "\n".join(ask for ask in ASKS))
    assert for_all == set(ASKS.values())
    assert states(root, "import json, decimal; Path('x').resolve(); os.makedirs('y/z')") == set()


@pytest.mark.skipif(os.name != "posix", reason="Windows has links for few, and no open folders")
def test_links_and_open_folders_are_noted(root: Path) -> None:
    (root / "l").symlink_to("a.txt")
    assert states(root, "os.readlink('l')") == {("l", "link")}
    by_folder = "import os; os.open('a.txt', 0, dir_fd=os.open('.', 0))"
    assert noted(root, by_folder)["unfollowed"] == "it names files from a folder that it has opened"


def test_a_change_of_what_was_asked_is_seen(root: Path) -> None:
    """By the digests that a later render takes of the same things; a touch is none for `exists`."""
    code = "import os; os.path.exists('b.txt'); os.path.isfile('a.txt'); os.stat('a.txt')"
    reads = [tuple(read) for read in noted(root, code)["reads"] if read[0] == "state"]
    assert len(reads) == 3

    def changed() -> set[tuple[str, str]]:
        now = Current(root)
        return {read[1:3] for read in reads if now.digest(read[:3]) != read[3]}

    assert changed() == set()
    os.utime(root / "a.txt", (1, 1))
    assert changed() == {("a.txt", "state")}
    (root / "b.txt").touch()
    assert ("b.txt", "kind") in changed()


def test_a_new_module_counts_for_who_could_import_it(root: Path) -> None:
    """By the names that code looked for, found or not, and those that every Python has."""
    code = "import json\ntry: import helper\nexcept ImportError: pass"
    (read,) = [tuple(it) for it in noted(root, code)["reads"] if it[0] == "modules"]
    (root / "other.py").touch()
    assert Current(root).digest(read[:3]) == read[3]
    for name in ("helper.py", "random.py", "imprint/__init__.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
        assert Current(root).digest(read[:3]) != read[3], name
        (root / name).unlink()
